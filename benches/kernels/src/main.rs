//! Times the kernels on the CPU, at the shapes of VGG16 and SqueezeNet 1.1. Words after the command choose among them.

use std::fmt;

use burn::tensor::{Device, Tensor, TensorData};
use convscope::bench::noise;
use convscope::model::{Codec, decode, encode};
use convscope::nn::{Conv2d, Graph, MaxPool, Network, Node, Op, Padding, Parameter, ReluRule};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

fn main() {
    divan::Divan::from_args().run_benches();
}

/// A convolution of square kernels and feature maps, padded so that step 1 keeps the size.
struct Convolution {
    name: &'static str,
    into: usize,
    out: usize,
    size: usize,
    kernel: usize,
    step: usize,
}

const fn convolution(name: &'static str, into: usize, out: usize, size: usize, kernel: usize) -> Convolution {
    Convolution { name, into, out, size, kernel, step: 1 }
}

const CONVOLUTIONS: [Convolution; 11] = [
    convolution("VGG16 block1_conv1", 3, 64, 224, 3),
    convolution("VGG16 block1_conv2", 64, 64, 224, 3),
    convolution("VGG16 block2_conv2", 128, 128, 112, 3),
    convolution("VGG16 block3_conv3", 256, 256, 56, 3),
    convolution("VGG16 block4_conv3", 512, 512, 28, 3),
    convolution("VGG16 block5_conv3", 512, 512, 14, 3),
    Convolution { step: 2, ..convolution("SqueezeNet conv1", 3, 64, 224, 3) },
    convolution("SqueezeNet fire2/squeeze1x1", 64, 16, 55, 1),
    convolution("SqueezeNet fire2/expand3x3", 16, 64, 55, 3),
    convolution("SqueezeNet fire9/expand3x3", 64, 256, 13, 3),
    convolution("SqueezeNet conv10", 512, 1000, 13, 1),
];

impl fmt::Display for Convolution {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

impl Convolution {
    /// A network of nothing else, and an input.
    fn network(&self) -> (Network, Tensor<4>) {
        let Self { into, out, size, kernel, step, .. } = *self;
        let shape = [out, into, kernel, kernel];
        let padding = Padding::all(if step == 1 { kernel / 2 } else { 0 });
        let (weight, bias) = ("weight".to_owned(), Some("bias".to_owned()));
        let op = Conv2d { weight, bias, stride: [step; 2], padding, dilation: [1, 1], groups: 1 };
        let (kernel, zeros) = (numbers(shape), Tensor::zeros([out], &Device::flex()));
        let parameter = |name: &str| {
            Some(if name == "weight" { Parameter::Kernel(kernel.clone()) } else { Parameter::Vector(zeros.clone()) })
        };
        (network(op.into(), [into, size, size], parameter), numbers([1, into, size, size]))
    }

    fn multiplications(&self, network: &Network) -> ItemsCount {
        let [out, height, width] = network.graph().shape(0);
        ItemsCount::new(out * height * width * self.into * self.kernel * self.kernel)
    }
}

/// A network of one node.
fn network(op: Op, shape: [usize; 3], parameter: impl Fn(&str) -> Option<Parameter>) -> Network {
    let node = Node { name: "it".into(), inputs: vec![Graph::INPUT.into()], op };
    let graph = Graph::new(vec![node], shape, |name| parameter(name).map(|parameter| parameter.shape()));
    let network = graph.and_then(|graph| Network::new(graph, parameter, Device::flex()));
    network.unwrap_or_else(|error| panic!("a shape of the list: {error}"))
}

fn numbers(shape: [usize; 4]) -> Tensor<4> {
    let [batch, channels, height, width] = shape;
    Tensor::from_data(TensorData::new(noise([batch * channels, height, width]), shape), &Device::flex())
}

#[divan::bench(args = CONVOLUTIONS)]
fn forward(bencher: Bencher, convolution: &Convolution) {
    let (network, input) = convolution.network();
    let bencher = bencher.counter(convolution.multiplications(&network));
    bencher.bench_local(|| network.forward(input.clone(), &[0]));
}

#[divan::bench(args = CONVOLUTIONS)]
fn pullback(bencher: Bencher, convolution: &Convolution) {
    let (network, input) = convolution.network();
    let trace = network.forward(input, &[0]);
    let seed = network.output(&trace, 0);
    let bencher = bencher.counter(convolution.multiplications(&network));
    bencher.bench_local(|| network.pullback(&trace, 0, seed.clone(), ReluRule::Gradient, &[None]));
}

/// Channels, size and kernel of the first pools of VGG16 and SqueezeNet.
#[divan::bench(args = [(64, 224, 2), (64, 111, 3)])]
fn max_pool(bencher: Bencher, (channels, size, kernel): (usize, usize, usize)) {
    let op = MaxPool { kernel: [kernel; 2], stride: [2, 2], padding: Padding::default(), ceil_mode: false };
    let network = network(op.into(), [channels, size, size], |_| None);
    let input = numbers([1, channels, size, size]);
    bencher.bench_local(|| network.forward(input.clone(), &[0]));
}

/// Decoding of a kernel of VGG16's last layers.
#[divan::bench(args = [Codec::F32, Codec::F16, Codec::Int8, Codec::Int16, Codec::Int4])]
fn decoding(bencher: Bencher, codec: Codec) {
    let shape = [512, 512, 3, 3];
    let values = noise([512, 512, 9]);
    let bytes = encode(codec, &values, &shape, 0).unwrap_or_else(|error| panic!("{error}"));
    let bencher = bencher.counter(BytesCount::of_slice(&values));
    bencher.bench_local(|| decode(codec, black_box(&bytes), &shape, 0));
}
