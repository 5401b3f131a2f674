//! The GPU path, natively: whatever GPU there is, be it one that software imitates, must agree with the CPU.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::sync::Arc;

use common::{Noise, maps, tiny};
use convscope::device::{self, Choice, Opened};
use convscope::embedded;
use convscope::explain::AttributionMap;
use convscope::image::Image;
use convscope::model::{Codec, Source, load};
use convscope::predictions::Class;
use pollster::block_on;

/// The classes by index and the maps of the likeliest class at all layers.
fn answers<S: Source>(source: &S, opened: &Opened, image: &Image) -> (Vec<Class>, Vec<AttributionMap>) {
    let model = Arc::new(block_on(load(source, opened, |_| {})).unwrap());
    let seen = model.observe(image.clone()).unwrap();
    let mut classes = seen.classes().to_vec();
    let maps = maps(&seen, "grad_cam", classes[0].index, "all", "paper");
    classes.sort_by_key(|class| class.index);
    (classes, maps)
}

fn compare<S: Source>(name: &str, source: &S, gpu: &Opened, image: &Image) {
    let cpu = block_on(device::open(Choice::Cpu)).unwrap();
    let (expected, expected_maps) = answers(source, &cpu, image);
    let (actual, actual_maps) = answers(source, gpu, image);
    let probability = |class: &Class| class.probability.unwrap();
    let classes =
        expected.iter().zip(&actual).map(|(expected, actual)| (probability(expected) - probability(actual)).abs());
    let classes = classes.fold(0.0, f32::max);
    let mut maps = 0_f32;
    for (expected, actual) in expected_maps.iter().zip(&actual_maps) {
        assert_eq!((&expected.layer, expected.blank), (&actual.layer, actual.blank));
        let pairs = expected.normalised.values.iter().zip(&actual.normalised.values);
        maps = pairs.map(|(expected, actual)| (expected - actual).abs()).fold(maps, f32::max);
    }
    println!("{name}: largest difference {classes:e} in probabilities, {maps:e} in {} maps", expected_maps.len());
    assert!(classes <= 1e-3 && maps <= 1e-3);
}

#[test]
fn the_gpu_agrees_with_the_cpu() {
    let gpu = match block_on(device::open(Choice::Gpu)) {
        Ok(gpu) => gpu,
        Err(error) => {
            println!("SKIPPED: {error}");
            return;
        }
    };
    println!("{}", gpu.name);
    let mut noise = Noise(21);
    let rgb = (0..3 * 90 * 60).map(|_| noise.below(256) as u8).collect();
    let image = Image::from_rgb(90, 60, rgb).unwrap();
    compare("tiny", &tiny(Codec::F32, 1000), &gpu, &image);
    compare("squeezenet1_1", &embedded::SQUEEZENET, &gpu, &image);
}
