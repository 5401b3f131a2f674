//! The fast convolutions and max pools and their pullbacks against plain loops in float64, on random shapes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod case;
#[path = "../common/mod.rs"]
mod common;
mod gpu;
mod max_pool;

use std::hash::{DefaultHasher, Hash, Hasher};

use burn::tensor::Device;
use case::Case;
use common::Noise;
use convscope::nn::Padding;

#[test]
fn tiles_of_every_shape_give_the_convolution_and_its_pullback() {
    let mut noise = Noise(41);
    let mut worst = [0.0_f64; 2];
    for _ in 0..60 {
        let case = Case::tiled(&mut noise);
        let errors = case.errors(&mut noise, &Device::flex());
        worst = [worst[0].max(errors[0]), worst[1].max(errors[1])];
    }
    println!("largest errors: forward {:.2e}, pullback {:.2e}", worst[0], worst[1]);
    assert!(worst[0] < 3e-6 && worst[1] < 3e-6, "{worst:?}");
}

#[test]
fn kernels_of_one_pixel_give_the_convolution_and_its_pullback() {
    let mut noise = Noise(45);
    for _ in 0..80 {
        let case = Case::pointwise(&mut noise);
        let errors = case.errors(&mut noise, &Device::flex());
        assert!(errors[0] < 3e-6 && errors[1] < 3e-6, "{errors:?}");
    }
}

#[test]
fn a_kernel_for_each_channel_gives_the_convolution_and_its_pullback() {
    let mut noise = Noise(49);
    for _ in 0..120 {
        let case = Case::depthwise(&mut noise);
        let errors = case.errors(&mut noise, &Device::flex());
        assert!(errors[0] < 2e-6 && errors[1] < 2e-6, "{errors:?}");
    }
}

#[test]
fn other_windows_steps_and_groups_give_the_convolution_and_its_pullback() {
    let mut noise = Noise(43);
    for _ in 0..120 {
        let case = Case::other(&mut noise);
        let errors = case.errors(&mut noise, &Device::flex());
        assert!(errors[0] < 3e-6 && errors[1] < 3e-6, "{errors:?}");
    }
}

/// Every bit of what convolutions of all kinds are away from the right numbers.
fn digest() -> u64 {
    let mut noise = Noise(53);
    let mut hasher = DefaultHasher::new();
    for _ in 0..10 {
        let cases = [Case::tiled, Case::pointwise, Case::depthwise, Case::other];
        for case in cases.map(|case| case(&mut noise)) {
            case.errors(&mut noise, &Device::flex()).map(f64::to_bits).hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// Where the processor has AVX-512, a process of its own does without it.
#[test]
fn vectors_of_other_widths_give_the_same_numbers() {
    const MASK: &str = "CONVSCOPE_AVX512";
    if std::env::var_os(MASK).is_some() {
        println!("digest {:x}.", digest());
        return;
    }
    let masked = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "vectors_of_other_widths_give_the_same_numbers", "--nocapture"])
        .env(MASK, "0")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&masked.stdout);
    assert!(said.contains(&format!("digest {:x}.", digest())), "{said}");
}

#[test]
fn many_channels_give_the_convolution() {
    let mut noise = Noise(47);
    for (channels, size) in [(256, 20), (256, 14), (512, 7)] {
        let case = Case {
            batch: 1,
            into: channels,
            out: channels,
            size: [size, size],
            padding: Padding::all(1),
            bias: true,
            rectified: false,
            ..Case::tiled(&mut noise)
        };
        let errors = case.errors(&mut noise, &Device::flex());
        println!("{channels} channels of {size} x {size}: forward {:.2e}, pullback {:.2e}", errors[0], errors[1]);
        assert!(errors[0] < 1e-5 && errors[1] < 1e-5, "{errors:?}");
    }
}
