//! Rules at single layers against iNNvestigate's reference arrays (`tests/tools/make_innvestigate.py`).

use burn::tensor::{Device, Tensor, TensorData};
use convscope::nn::lrp::{AlphaBeta, Bounded, Epsilon, Flat, SquaredWeights};
use convscope::nn::{Graph, Network, Node, Parameter, ReluRule};
use serde_json::{Value, from_value, json};

use crate::{relative_difference, values};

/// A window of a layer, with what is known of it.
struct Case {
    network: Network,
    input: Vec<f32>,
    shape: [usize; 4],
    output: f32,
    attribution: Vec<f32>,
}

impl Case {
    fn new(layer: &str, case: &Value) -> Self {
        let numbers = |name: &str| from_value::<Vec<f32>>(case[name].clone()).unwrap();
        let input = numbers("input");
        let side = if layer == "Dense" {
            1
        } else if layer.starts_with("Conv2D") {
            3
        } else {
            2
        };
        let shape = [1, input.len() / (side * side), side, side];
        let windows = json!([side, side]);
        let layer_of = |name: &str| json!({ "name": "one", "op": name, "inputs": ["input"], "kernel": windows, "stride": windows });
        let convolution = json!({ "name": "one", "op": "conv2d", "inputs": ["input"], "weight": "w", "bias": "b" });
        let nodes = match layer {
            "AveragePooling2D" => json!([layer_of("average_pool")]),
            "MaxPooling2D" => json!([layer_of("max_pool")]),
            "Conv2D_relu" => json!([convolution, { "name": "two", "op": "relu", "inputs": ["one"] }]),
            _ => json!([convolution]),
        };
        let device = Device::flex();
        let kernel = || Tensor::from_data(TensorData::new(numbers("kernel"), shape), &device);
        let bias = || Tensor::from_data(TensorData::new(vec![case["bias"].as_f64().unwrap() as f32], [1]), &device);
        let parameter = |name: &str| match name {
            "w" => Some(Parameter::Kernel(kernel())),
            "b" => Some(Parameter::Vector(bias())),
            _ => None,
        };
        let nodes: Vec<Node> = from_value(nodes).unwrap();
        let shape_of = |name: &str| parameter(name).map(|parameter| parameter.shape());
        let graph = Graph::new(nodes, [shape[1], side, side], shape_of).unwrap();
        let network = Network::new(graph, parameter, device.clone()).unwrap();
        let output = case["output"].as_f64().unwrap() as f32;
        Self { network, input, shape, output, attribution: numbers("attribution") }
    }

    /// What comes back of 1 or of the output for the input times `scale`.
    fn back(&self, rules: impl convscope::nn::Composite, by_output: bool, scale: f32) -> Vec<f32> {
        let input = self.input.iter().map(|value| value * scale).collect();
        let input = Tensor::from_data(TensorData::new(input, self.shape), self.network.device());
        let last = self.network.graph().nodes().len() - 1;
        let trace = self.network.forward(input, &[last]);
        let output = self.network.output(&trace, last);
        assert_eq!(output.dims(), [1; 4]);
        if scale == 1.0 {
            assert!((values(output.clone())[0] - self.output).abs() < 1e-5, "the same layer");
        }
        let seed = if by_output { output } else { output.ones_like() };
        values(self.network.pullback(&trace, last, seed, rules, &[None]).remove(0).unwrap())
    }

    fn by(&self, analyser: &str) -> Vec<f32> {
        let epsilon = 1e-7;
        let split = |alpha, beta| AlphaBeta { alpha, beta, epsilon };
        let times_input =
            |gradient: Vec<f32>| gradient.iter().zip(&self.input).map(|(one, other)| one * other).collect();
        match analyser {
            "Gradient" => self.back(ReluRule::Gradient, false, 1.0),
            "InputTimesGradient" => times_input(self.back(ReluRule::Gradient, false, 1.0)),
            "Deconvnet" => self.back(ReluRule::Deconvnet, true, 1.0),
            "GuidedBackprop" => self.back(ReluRule::GuidedBackprop, true, 1.0),
            "IntegratedGradients" => {
                // 64 steps, each at its left end.
                let mut mean = vec![0.0; self.input.len()];
                for step in 0..64 {
                    let gradient = self.back(ReluRule::Gradient, false, step as f32 / 64.0);
                    mean.iter_mut().zip(gradient).for_each(|(mean, value)| *mean += value / 64.0);
                }
                times_input(mean)
            }
            "LRPZ" | "LRPEpsilon" => self.back(Epsilon { epsilon }, true, 1.0),
            // Without biases, as all these layers are, the three are one.
            "LRPZPlus" | "LRPAlpha1Beta0" => self.back(split(1.0, 0.0), true, 1.0),
            "LRPAlpha2Beta1" => self.back(split(2.0, 1.0), true, 1.0),
            "LRPFlat" => self.back(Flat { epsilon }, true, 1.0),
            "LRPWSquare" => self.back(SquaredWeights { epsilon }, true, 1.0),
            "LRPZ_boxed_input_layer_rule" => {
                let bound = |bound| vec![bound; self.shape[1]];
                self.back(Bounded { low: bound(-10.0), high: bound(10.0), epsilon }, true, 1.0)
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn single_layers_are_innvestigates_by_every_rule() {
    let file: Value = serde_json::from_str(include_str!("../data/innvestigate.json")).unwrap();
    let analysers = file.as_object().unwrap();
    assert_eq!(analysers.len(), 13);
    let mut worst = 0_f32;
    for (analyser, layers) in analysers {
        for (layer, case) in layers.as_object().unwrap() {
            let case = Case::new(layer, case);
            let difference = relative_difference(&case.by(analyser), &case.attribution);
            println!("{analyser} {layer}: {difference:e}");
            assert!(difference < 1e-4, "{analyser} {layer}: {difference}");
            worst = worst.max(difference);
        }
    }
    println!("largest difference to iNNvestigate: {worst:e}");
}
