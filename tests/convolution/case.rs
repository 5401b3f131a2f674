//! A convolution, run by the engine and by plain loops in float64.

use burn::tensor::{Device, Tensor, TensorData};
use convscope::nn::{Conv2d, Graph, Network, Node, Padding, Parameter, Relu, ReluRule};

use crate::common::Noise;

/// A single convolution of a random shape.
pub(crate) struct Case {
    pub(crate) batch: usize,
    pub(crate) into: usize,
    pub(crate) out: usize,
    pub(crate) size: [usize; 2],
    pub(crate) kernel: [usize; 2],
    pub(crate) stride: [usize; 2],
    pub(crate) dilation: [usize; 2],
    pub(crate) groups: usize,
    pub(crate) padding: Padding,
    pub(crate) bias: bool,
    pub(crate) rectified: bool,
}

impl Case {
    /// Windows of 3 x 3 and step 1, which Winograd's tiles are for.
    pub(crate) fn tiled(noise: &mut Noise) -> Self {
        let mut pad = || noise.below(3);
        let padding = Padding { top: pad(), left: pad(), bottom: pad(), right: pad() };
        let channels = [1, 2, 3, 8, 13, 40];
        // Small feature maps go by small tiles.
        let sides = [17, 50][noise.below(2)];
        Self {
            batch: 1 + noise.below(3),
            into: channels[noise.below(6)],
            out: channels[noise.below(6)],
            size: [3 + noise.below(sides), 3 + noise.below(sides)],
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
    pub(crate) fn pointwise(noise: &mut Noise) -> Self {
        let padding = Padding::default();
        Self { kernel: [1, 1], padding, size: [1 + noise.below(12), 1 + noise.below(12)], ..Self::tiled(noise) }
    }

    /// Any other.
    pub(crate) fn other(noise: &mut Noise) -> Self {
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

    /// A kernel for each channel, on lines of one, two and more vectors.
    pub(crate) fn depthwise(noise: &mut Noise) -> Self {
        let channels = [2, 5, 8][noise.below(3)];
        let kernel = [[3, 3], [5, 5], [1, 3], [4, 2]][noise.below(4)];
        let size = [11 + noise.below(9), [11, 17, 33, 70][noise.below(4)] + noise.below(9)];
        let stride = [1 + noise.below(3), 1 + noise.below(3)];
        Self { kernel, size, stride, groups: channels, into: channels, out: channels, ..Self::other(noise) }
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
    pub(crate) fn errors(&self, noise: &mut Noise, device: &Device) -> [f64; 2] {
        let Self { batch, into, out, size: [height, width], .. } = *self;
        let [rows, columns] = self.output();
        let shape = [out, into / self.groups, self.kernel[0], self.kernel[1]];
        let weight = noise.many(shape.iter().product());
        let bias = noise.many(out);
        let x = noise.many(batch * into * height * width);
        let gradient = noise.many(batch * out * rows * columns);
        let op = Conv2d {
            weight: "w".into(),
            bias: self.bias.then(|| "b".into()),
            stride: self.stride,
            padding: self.padding,
            dilation: self.dilation,
            groups: self.groups,
        };
        let mut nodes = vec![Node { name: "linear".into(), inputs: vec![Graph::INPUT.into()], op: op.into() }];
        if self.rectified {
            nodes.push(Node { name: "relu".into(), inputs: vec!["linear".into()], op: Relu {}.into() });
        }
        let last = nodes.len() - 1;
        let vector = Tensor::from_data(TensorData::new(bias.clone(), [out]), device);
        let kernel = Tensor::from_data(TensorData::new(weight.clone(), shape), device);
        let parameter = |name: &str| {
            Some(if name == "w" { Parameter::Kernel(kernel.clone()) } else { Parameter::Vector(vector.clone()) })
        };
        let shapes = |name: &str| parameter(name).map(|parameter| parameter.shape());
        let graph = Graph::new(nodes, [into, height, width], shapes).unwrap();
        let network = Network::new(graph, parameter, device.clone()).unwrap();
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
        let actual: Vec<f32> = network.output(&trace, last).into_data().try_into_vec().unwrap();
        if self.rectified {
            y.iter_mut().for_each(|y| *y = y.max(0.0));
        }
        let mut expected = vec![0.0; x.len()];
        self.products(|output, input, place| {
            let open = !self.rectified || actual[output] > 0.0;
            expected[input] += f64::from(gradient[output]) * f64::from(weight[place]) * f64::from(u8::from(open));
        });
        let back: Vec<f32> = back.into_data().try_into_vec().unwrap();
        [error(&actual, &y), error(&back, &expected)]
    }
}

/// The largest difference as a share of the largest number.
fn error(actual: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(actual.len(), expected.len());
    let largest = expected.iter().fold(0.0_f64, |largest, number| largest.max(number.abs()));
    let difference = |(&actual, expected): (&f32, &f64)| (f64::from(actual) - expected).abs();
    actual.iter().zip(expected).map(difference).fold(0.0, f64::max) / largest.max(1e-30)
}
