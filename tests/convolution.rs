//! The fast convolutions and their pullbacks against plain loops in float64, on random shapes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::sync::LazyLock;

use burn::tensor::{Device, Tensor, TensorData};
use common::Noise;
use convscope::device::{self, Choice};
use convscope::nn::{Graph, Network, Node, Op, Padding, Params, ReluRule};

/// A single convolution of a random shape.
struct Case {
    batch: usize,
    into: usize,
    out: usize,
    size: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
    groups: usize,
    padding: Padding,
    bias: bool,
    rectified: bool,
}

impl Case {
    /// Windows of 3 x 3 and step 1, which Winograd's tiles are for.
    fn tiled(noise: &mut Noise) -> Self {
        let mut pad = || noise.below(3);
        let padding = Padding { top: pad(), left: pad(), bottom: pad(), right: pad() };
        let channels = [1, 2, 3, 8, 13, 40];
        Self {
            batch: 1 + noise.below(3),
            into: channels[noise.below(6)],
            out: channels[noise.below(6)],
            size: [3 + noise.below(17), 3 + noise.below(17)],
            kernel: [3, 3],
            stride: [1, 1],
            dilation: [1, 1],
            groups: 1,
            padding,
            bias: noise.below(2) == 0,
            rectified: noise.below(2) == 0,
        }
    }

    /// Kernels of 1 x 1, on feature maps of few pixels and many.
    fn pointwise(noise: &mut Noise) -> Self {
        let padding = Padding::default();
        Self { kernel: [1, 1], padding, size: [1 + noise.below(7), 1 + noise.below(7)], ..Self::tiled(noise) }
    }

    /// Any other.
    fn other(noise: &mut Noise) -> Self {
        let groups = 1 + noise.below(2);
        let kernel = [[1, 1], [3, 2], [2, 3], [3, 3], [5, 5]][noise.below(5)];
        let stride = [1 + noise.below(2), 1 + noise.below(2)];
        let dilation = [1 + noise.below(2), 1];
        Self {
            size: [9 + noise.below(9), 9 + noise.below(9)],
            kernel,
            stride,
            dilation,
            groups,
            into: 4,
            out: 6,
            ..Self::tiled(noise)
        }
    }

    fn output(&self) -> [usize; 2] {
        let Padding { top, left, bottom, right } = self.padding;
        let padded = [self.size[0] + top + bottom, self.size[1] + left + right];
        [0, 1].map(|axis| (padded[axis] - self.dilation[axis] * (self.kernel[axis] - 1) - 1) / self.stride[axis] + 1)
    }

    /// Calls `with` for every product of the convolution: the places of the output, the input and the weight.
    fn products(&self, mut with: impl FnMut(usize, usize, usize)) {
        let ([height, width], [rows, columns]) = (self.size, self.output());
        let (per_group, out_per_group) = (self.into / self.groups, self.out / self.groups);
        for sample in 0..self.batch {
            for out in 0..self.out {
                for into in 0..per_group {
                    let channel = out / out_per_group * per_group + into;
                    for row in 0..rows {
                        for column in 0..columns {
                            for i in 0..self.kernel[0] {
                                for j in 0..self.kernel[1] {
                                    let y =
                                        (row * self.stride[0] + i * self.dilation[0]).wrapping_sub(self.padding.top);
                                    let x = (column * self.stride[1] + j * self.dilation[1])
                                        .wrapping_sub(self.padding.left);
                                    if y < height && x < width {
                                        with(
                                            ((sample * self.out + out) * rows + row) * columns + column,
                                            ((sample * self.into + channel) * height + y) * width + x,
                                            ((out * per_group + into) * self.kernel[0] + i) * self.kernel[1] + j,
                                        );
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The largest errors of the forward pass and the pullback, as shares of the largest right number.
    fn errors(&self, noise: &mut Noise, device: &Device) -> [f64; 2] {
        let Self { batch, into, out, size: [height, width], .. } = *self;
        let [rows, columns] = self.output();
        let shape = [out, into / self.groups, self.kernel[0], self.kernel[1]];
        let weight = noise.many(shape.iter().product());
        let bias = noise.many(out);
        let x = noise.many(batch * into * height * width);
        let gradient = noise.many(batch * out * rows * columns);
        let op = Op::Conv2d {
            weight: "w".into(),
            bias: self.bias.then(|| "b".into()),
            stride: self.stride,
            padding: self.padding,
            dilation: self.dilation,
            groups: self.groups,
        };
        let mut nodes = vec![Node { name: "linear".into(), inputs: vec![Graph::INPUT.into()], op }];
        if self.rectified {
            nodes.push(Node { name: "relu".into(), inputs: vec!["linear".into()], op: Op::Relu });
        }
        let last = nodes.len() - 1;
        let parameter = |name: &str| Some(if name == "w" { shape.to_vec() } else { vec![out] });
        let graph = Graph::new(nodes, [into, height, width], parameter).unwrap();
        let vector = self.bias.then(|| Tensor::from_data(TensorData::new(bias.clone(), [out]), device));
        let kernel = Tensor::from_data(TensorData::new(weight.clone(), shape), device);
        let mut params = vec![Params::Conv(kernel, vector)];
        params.resize_with(last + 1, || Params::None);
        let network = Network::new(graph, params, device.clone());
        let input = Tensor::from_data(TensorData::new(x.clone(), [batch, into, height, width]), device);
        let trace = network.forward(input, &[last]);
        let seed = Tensor::from_data(TensorData::new(gradient.clone(), [batch, out, rows, columns]), device);
        let back = network.pullback(&trace, last, seed, ReluRule::Gradient, &[None]).remove(0).unwrap();

        let mut y = vec![0.0; gradient.len()];
        if self.bias {
            for (index, y) in y.iter_mut().enumerate() {
                *y = f64::from(bias[index / (rows * columns) % out]);
            }
        }
        self.products(|output, input, place| y[output] += f64::from(x[input]) * f64::from(weight[place]));
        let found: Vec<f32> = network.output(&trace, last).into_data().try_into_vec().unwrap();
        if self.rectified {
            y.iter_mut().for_each(|y| *y = y.max(0.0));
        }
        let mut expected = vec![0.0; x.len()];
        self.products(|output, input, place| {
            let open = !self.rectified || found[output] > 0.0;
            expected[input] += f64::from(gradient[output]) * f64::from(weight[place]) * f64::from(u8::from(open));
        });
        let back: Vec<f32> = back.into_data().try_into_vec().unwrap();
        [error(&found, &y), error(&back, &expected)]
    }
}

/// The largest difference as a share of the largest number.
fn error(found: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let largest = expected.iter().fold(0.0_f64, |largest, number| largest.max(number.abs()));
    let difference = |(&found, expected): (&f32, &f64)| (f64::from(found) - expected).abs();
    found.iter().zip(expected).map(difference).fold(0.0, f64::max) / largest.max(1e-30)
}

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
fn other_windows_steps_and_groups_give_the_convolution_and_its_pullback() {
    let mut noise = Noise(43);
    for _ in 0..120 {
        let case = Case::other(&mut noise);
        let errors = case.errors(&mut noise, &Device::flex());
        assert!(errors[0] < 3e-6 && errors[1] < 3e-6, "{errors:?}");
    }
}

#[test]
fn many_channels_give_the_convolution() {
    let mut noise = Noise(47);
    for (channels, size) in [(256, 14), (512, 7)] {
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

/// Whatever GPU there is, be it one that software imitates; a process opens it once.
fn gpu() -> Option<Device> {
    static GPU: LazyLock<Option<Device>> = LazyLock::new(|| match pollster::block_on(device::open(Choice::Gpu)) {
        Ok(opened) => {
            println!("{}", opened.name);
            Some(opened.device)
        }
        Err(error) => {
            println!("SKIPPED: {error}");
            None
        }
    });
    GPU.clone()
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
fn max_pools_of_step_two_keep_the_first_maximum_and_its_place() {
    let mut noise = Noise(53);
    for index in 0..60 {
        let (kernel, ceil_mode) = ([2, 3][index % 2], index % 4 < 2);
        let [channels, height, width] = [1 + noise.below(3), 3 + noise.below(9), 3 + noise.below(9)];
        let op = Op::MaxPool { kernel: [kernel; 2], stride: [2, 2], padding: Padding::default(), ceil_mode };
        let node = Node { name: "pool".into(), inputs: vec![Graph::INPUT.into()], op };
        let graph = Graph::new(vec![node], [channels, height, width], |_| None).unwrap();
        let [_, rows, columns] = graph.shape(0);
        let network = Network::new(graph, vec![Params::None], Device::flex());
        // Few different numbers, so that many windows have several maxima.
        let x: Vec<f32> = (0..2 * channels * height * width).map(|_| noise.below(4) as f32 - 2.0).collect();
        let input = Tensor::from_data(TensorData::new(x.clone(), [2, channels, height, width]), &Device::flex());
        let trace = network.forward(input, &[0]);
        let found: Vec<f32> = network.output(&trace, 0).into_data().try_into_vec().unwrap();
        let gradient = noise.many(found.len());
        let seed = Tensor::from_data(TensorData::new(gradient.clone(), [2, channels, rows, columns]), &Device::flex());
        let back = network.pullback(&trace, 0, seed, ReluRule::Gradient, &[None]).remove(0).unwrap();
        let back: Vec<f32> = back.into_data().try_into_vec().unwrap();

        let mut expected = vec![0.0; x.len()];
        for (output, &maximum) in found.iter().enumerate() {
            let (plane, row, column) = (output / (rows * columns), output / columns % rows, output % columns);
            let window = (2 * row..(2 * row + kernel).min(height)).flat_map(|y| {
                (2 * column..(2 * column + kernel).min(width)).map(move |x| (plane * height + y) * width + x)
            });
            let mut best: Option<usize> = None;
            for place in window {
                if best.is_none_or(|best| x[place] > x[best]) {
                    best = Some(place);
                }
            }
            assert_eq!(maximum, x[best.unwrap()], "{kernel}, {ceil_mode}, {height} x {width}, {output}");
            expected[best.unwrap()] += gradient[output];
        }
        for (found, expected) in back.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-5, "{kernel}, {ceil_mode}, {height} x {width}");
        }
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
        let pool = Op::MaxPool { kernel, stride, padding, ceil_mode: index % 4 < 2 };
        let node = |name: &str, input: &str, op| Node { name: name.into(), inputs: vec![input.into()], op };
        let nodes = vec![node("pad", Graph::INPUT, Op::Pad { padding: zeros }), node("pool", "pad", pool)];
        let size = [2, 5 + noise.below(4), 5 + noise.below(4)];
        let graph = Graph::new(nodes, size, |_| None).unwrap();
        let [channels, rows, columns] = graph.shape(1);
        // No two are alike, so that there are no ties.
        let count = size.iter().product();
        let x: Vec<f32> = (0..count).map(|place| ((place * 101 + index) % count) as f32 - 9.5).collect();
        let weights = noise.many(channels * rows * columns);
        let run = |device: &Device| {
            let network = Network::new(graph.clone(), vec![Params::None, Params::None], device.clone());
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
