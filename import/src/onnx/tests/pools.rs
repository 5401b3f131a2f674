//! Zero pads and max pools of many kinds, as onnxruntime 1.32.0 has them (`tests/tools/make_pools.py`).

use burn::tensor::{Device, Tensor, TensorData};
use serde::Deserialize;

use super::build::{self, Graph, ints, text, whole};
use super::{import, read};
use crate::Options;
use convscope::nn::{self, Network, ReluRule};

#[derive(Debug, Deserialize)]
struct Case {
    size: [usize; 2],
    zeros: [i64; 4],
    kernel: [i64; 2],
    strides: [i64; 2],
    pads: [i64; 4],
    ceil_mode: i64,
    auto_pad: String,
    shape: [usize; 3],
    output: String,
}

impl Case {
    fn graph(&self) -> Graph {
        let [height, width] = self.size.map(|side| side as i64);
        let [top, left, bottom, right] = self.zeros;
        let own = match self.auto_pad.as_str() {
            "NOTSET" => ints("pads", &self.pads),
            auto => text("auto_pad", auto),
        };
        let kernel = [ints("kernel_shape", &self.kernel), ints("strides", &self.strides)];
        let attributes = kernel.into_iter().chain([build::int("ceil_mode", self.ceil_mode), own]).collect();
        Graph::new("x", &[1, 3, height, width])
            .constant(whole("zeros", &[8], &[0, 0, top, left, 0, 0, bottom, right]))
            .node("Pad", "pad", &["x", "zeros"], "p", vec![])
            .node("MaxPool", "pool", &["p"], "y", attributes)
            .output("y")
    }

    fn network(&self) -> Network {
        let imported = import(&self.graph());
        let [height, width] = self.size;
        let graph = nn::Graph::new(imported.nodes, [3, height, width], |_| None).unwrap();
        Network::new(graph, |_| None, Device::flex()).unwrap()
    }

    fn tensor(&self, values: &[f32]) -> Tensor<4> {
        let [height, width] = self.size;
        Tensor::from_data(TensorData::new(values.to_vec(), [1, 3, height, width]), &Device::flex())
    }

    fn forward(&self, network: &Network, values: &[f32]) -> Vec<f32> {
        let last = network.graph().nodes().len() - 1;
        numbers(network.output(&network.forward(self.tensor(values), &[last]), last))
    }
}

fn numbers(tensor: Tensor<4>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../../../tests/data/pools.json")).unwrap()
}

#[test]
fn pads_and_pools_equal_onnxruntime() {
    for (index, case) in cases().iter().enumerate() {
        let mut state = index as u32 + 1;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((state >> 16) % 10) as f32 - 5.0
        };
        let input: Vec<f32> = (0..3 * case.size[0] * case.size[1]).map(|_| next()).collect();
        let network = case.network();
        let last = network.graph().nodes().len() - 1;
        assert_eq!(network.graph().shape(last), case.shape, "{case:?}");
        let expected: Vec<f32> = case.output.bytes().map(|digit| f32::from(digit) - f32::from(b'5')).collect();
        assert_eq!(case.forward(&network, &input), expected, "{index}: {case:?}");
    }
}

#[test]
fn pullbacks_of_pads_and_pools_equal_finite_differences() {
    for (index, case) in cases().iter().enumerate() {
        let network = case.network();
        let last = network.graph().nodes().len() - 1;
        let [height, width] = case.size;
        // No two are alike, and none is 0: steps of a quarter change no maximum.
        let count = 3 * height * width;
        let input: Vec<f32> = (0..count).map(|place| ((place * 101 + index) % count) as f32 - 20.5).collect();
        let outputs: usize = case.shape.iter().product();
        let weights: Vec<f32> = (0..outputs).map(|place| ((place * 7 + 3) % 8) as f32 - 3.0).collect();
        let score = |input: &[f32]| -> f32 {
            case.forward(&network, input).iter().zip(&weights).map(|(value, weight)| value * weight).sum()
        };
        let trace = network.forward(case.tensor(&input), &[]);
        let [channels, rows, columns] = case.shape;
        let seed = Tensor::from_data(TensorData::new(weights.clone(), [1, channels, rows, columns]), &Device::flex());
        let actual = numbers(network.pullback(&trace, last, seed, ReluRule::Gradient, &[None]).remove(0).unwrap());
        for place in 0..count {
            let moved = |step: f32| {
                let mut input = input.clone();
                input[place] += step;
                score(&input)
            };
            let difference = (moved(0.25) - moved(-0.25)) / 0.5;
            assert!(
                (actual[place] - difference).abs() < 1e-2,
                "{index} at {place}: {} for {difference}: {case:?}",
                actual[place]
            );
        }
    }
}

#[test]
fn zeros_win_ties_that_come_first_and_lose_their_gradient() {
    // By hand, for y = max_pool2d(pad(x, (1, 0, 1, 0)), 2, 2); y.sum().backward() for x = [[0, 0], [0, 3]] x 3.
    let case = Case {
        size: [3, 3],
        zeros: [1, 1, 0, 0],
        kernel: [2, 2],
        strides: [2, 2],
        pads: [0; 4],
        ceil_mode: 0,
        auto_pad: "NOTSET".into(),
        shape: [3, 2, 2],
        output: String::new(),
    };
    let network = case.network();
    let input = [[0.0, 0.0, 2.0], [0.0, 0.0, 1.0], [4.0, 0.0, 1.0]].concat().repeat(3);
    let last = network.graph().nodes().len() - 1;
    let trace = network.forward(case.tensor(&input), &[]);
    let seed = Tensor::ones([1, 3, 2, 2], &Device::flex());
    let actual = numbers(network.pullback(&trace, last, seed, ReluRule::Gradient, &[None]).remove(0).unwrap());
    assert_eq!(actual, [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]].concat().repeat(3));
}

#[test]
fn a_pool_of_nothing_but_padding_is_refused() {
    let graph = Graph::new("x", &[1, 3, 4, 4])
        .node("MaxPool", "pool", &["x"], "y", vec![ints("kernel_shape", &[2, 2]), ints("pads", &[2, 2, 2, 2])])
        .output("y");
    let error = read(graph.bytes(), &Options::default()).unwrap_err();
    assert!(error.contains("pool") && error.contains("nothing but padding"), "{error}");
}
