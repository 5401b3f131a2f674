//! The same on a GPU, where there is one.

use std::sync::LazyLock;

use burn::tensor::{Device, Tensor, TensorData};
use convscope::device::{self, Choice, Opened};
use convscope::nn::{Graph, MaxPool, Network, Node, Op, Pad, Padding, ReluRule};

use crate::case::Case;
use crate::common::Noise;

/// Whatever GPU there is, be it one that software imitates; a process opens it once. Without one, each test that asks says that it
/// is skipped, so that `cargo xtask test` counts it as such.
fn gpu() -> Option<Device> {
    static GPU: LazyLock<Result<Opened, String>> =
        LazyLock::new(|| pollster::block_on(device::open(Choice::Gpu)).map_err(|error| error.to_string()));
    match &*GPU {
        Ok(opened) => {
            println!("{}", opened.name);
            Some(opened.device.clone())
        }
        Err(error) => {
            println!("SKIPPED: {error}");
            None
        }
    }
}

#[test]
fn a_gpu_gives_the_convolution_and_its_pullback() {
    let Some(gpu) = gpu() else { return };
    let mut noise = Noise(53);
    let mut worst = [0.0_f64; 2];
    let mut take = |case: Case, noise: &mut Noise| {
        let errors = case.errors(noise, &gpu);
        worst = [worst[0].max(errors[0]), worst[1].max(errors[1])];
        assert!(worst[0] < 5e-6 && worst[1] < 5e-6, "{worst:?}");
    };
    for _ in 0..40 {
        take(Case::tiled(&mut noise), &mut noise);
    }
    // Every block of threads that products are cut into, and rows that are no multiples of 4.
    for (into, out, side) in [(1, 130, 1), (9, 255, 4), (33, 70, 23), (17, 18, 60), (5, 3, 90), (256, 256, 14)] {
        let (size, padding) = ([side, side + 1], Padding::all(1));
        take(Case { batch: 1, into, out, size, padding, ..Case::tiled(&mut noise) }, &mut noise);
    }
    for (into, out, side) in [(1, 1, 1), (64, 16, 13), (16, 64, 12), (3, 130, 5), (140, 6, 2), (9, 2, 40)] {
        let (size, padding, kernel) = ([side, side + 1], Padding::default(), [1, 1]);
        take(Case { into, out, size, padding, kernel, ..Case::tiled(&mut noise) }, &mut noise);
    }
    println!("largest errors: forward {:.2e}, pullback {:.2e}", worst[0], worst[1]);
}

#[test]
fn a_gpu_takes_planes_in_several_runs() {
    let Some(gpu) = gpu() else { return };
    let mut noise = Noise(59);
    // 36 values of each of 507 tiles for 1024 channels are more than a buffer holds, forward and back.
    let (into, out, size, padding) = (1024, 2, [49, 50], Padding::all(1));
    let case = Case { batch: 3, into, out, size, padding, ..Case::tiled(&mut noise) };
    let errors = case.errors(&mut noise, &gpu);
    println!("{into} channels: forward {:.2e}, pullback {:.2e}", errors[0], errors[1]);
    assert!(errors[0] < 1e-5 && errors[1] < 1e-5, "{errors:?}");
}

#[test]
fn a_gpu_gives_other_windows_steps_and_groups() {
    let Some(gpu) = gpu() else { return };
    let mut noise = Noise(61);
    for index in 0..40 {
        let case = Case::other(&mut noise);
        // Half of them have windows of 3 x 3 whose pullback goes by tiles whatever the step.
        let tiled = |case: Case| Case { kernel: [3, 3], dilation: [1, 1], groups: 1, ..case };
        let case = if index % 2 == 0 { case } else { tiled(case) };
        let errors = case.errors(&mut noise, &gpu);
        assert!(errors[0] < 5e-6 && errors[1] < 5e-6, "{errors:?}");
    }
}

#[test]
fn a_gpu_pools_with_padding_of_every_kind() {
    let Some(gpu) = gpu() else { return };
    let mut noise = Noise(67);
    for index in 0..24 {
        let kernel = [2 + noise.below(2), 2 + noise.below(2)];
        let stride = [1 + noise.below(3), 1 + noise.below(3)];
        let mut pad = |kernel: usize| noise.below(kernel);
        let [top, left, bottom, right] = [pad(kernel[0]), pad(kernel[1]), pad(kernel[0]), pad(kernel[1])];
        let padding = if index % 3 == 0 { Padding::default() } else { Padding { top, left, bottom, right } };
        let zeros = Padding { top: index % 2, left: 0, bottom: 1, right: index % 3 };
        let pool = MaxPool { kernel, stride, padding, ceil_mode: index % 4 < 2 };
        let node = |name: &str, input: &str, op: Op| Node { name: name.into(), inputs: vec![input.into()], op };
        let nodes = vec![node("pad", Graph::INPUT, Pad { padding: zeros }.into()), node("pool", "pad", pool.into())];
        let size = [2, 5 + noise.below(4), 5 + noise.below(4)];
        let graph = Graph::new(nodes, size, |_| None).unwrap();
        let [channels, rows, columns] = graph.shape(1);
        // No two are alike, so that there are no ties.
        let count = size.iter().product();
        let x: Vec<f32> = (0..count).map(|place| ((place * 101 + index) % count) as f32 - 9.5).collect();
        let weights = noise.many(channels * rows * columns);
        let run = |device: &Device| {
            let network = Network::new(graph.clone(), |_| None, device.clone()).unwrap();
            let input = Tensor::from_data(TensorData::new(x.clone(), [1, size[0], size[1], size[2]]), device);
            let trace = network.forward(input, &[1]);
            let seed = Tensor::from_data(TensorData::new(weights.clone(), [1, channels, rows, columns]), device);
            let back = network.pullback(&trace, 1, seed, ReluRule::Gradient, &[None]).remove(0).unwrap();
            let numbers = |tensor: Tensor<4>| tensor.into_data().try_into_vec::<f32>().unwrap();
            [numbers(network.output(&trace, 1)), numbers(back)]
        };
        let ([forward, back], [right_forward, right_back]) = (run(&gpu), run(&Device::flex()));
        assert_eq!(forward, right_forward, "{index}");
        assert!(back.iter().zip(&right_back).all(|(one, other)| (one - other).abs() < 1e-5), "{index}: {back:?}");
    }
}
