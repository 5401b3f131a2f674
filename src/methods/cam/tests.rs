//! Class activation maps against small cases with known answers: the net of captum's `BasicModel_ConvNet_One_Conv`.

use burn::tensor::{Device, Tensor, TensorData};
use serde_json::json;

use super::{Cam, by_gradients, grad_cam, grad_cam_plus_plus, hires_cam, layer_cam, refine_cam, xgrad_cam};
use crate::explain::{Alpha, Convention};
use crate::methods::Explain;
use crate::nn::{Graph, Network, Node, Parameter, ReluRule};
use crate::param::{Kind, Value};

/// One channel of 4 x 4, whose numbers are 0 to 15; a convolution of ones to two channels with biases -50 and -75; ReLU; dense.
fn net_a() -> (Network, Tensor<4>) {
    let device = Device::flex();
    let nodes: Vec<Node> = serde_json::from_value(json!([
        { "name": "conv/linear", "op": "conv2d", "inputs": ["input"], "weight": "w", "bias": "b" },
        { "name": "conv", "op": "relu", "inputs": ["conv/linear"] },
        { "name": "flat", "op": "flatten", "inputs": ["conv"] },
        { "name": "logits/linear", "op": "dense", "inputs": ["flat"], "weight": "d" },
        { "name": "logits", "op": "relu", "inputs": ["logits/linear"] },
    ]))
    .unwrap();
    let shape = |name: &str| match name {
        "w" => Some(vec![2, 1, 3, 3]),
        "b" => Some(vec![2]),
        "d" => Some(vec![8, 4]),
        _ => None,
    };
    let graph = Graph::new(nodes, [1, 4, 4], shape).unwrap();
    let row = [1.0_f32, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0];
    let dense: Vec<f32> = row.iter().flat_map(|&value| [value; 4]).collect();
    let of = |values: Vec<f32>, shape: [usize; 4]| Tensor::<4>::from_data(TensorData::new(values, shape), &device);
    let bias = Tensor::from_data(TensorData::new(vec![-50.0_f32, -75.0], [2]), &device);
    let weight = Tensor::from_data(TensorData::new(dense, [8, 4]), &device);
    let kernel = of(vec![1.0; 18], [2, 1, 3, 3]);
    let parameters = |name: &str| match name {
        "w" => Some(Parameter::Kernel(kernel.clone())),
        "b" => Some(Parameter::Vector(bias.clone())),
        _ => Some(Parameter::Columns(vec![weight.clone()])),
    };
    let input = of((0..16).map(|value| value as f32).collect(), [1, 1, 4, 4]);
    (Network::new(graph, parameters, device).unwrap(), input)
}

fn numbers(tensor: Tensor<4>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// Equal but for float32 rounding.
fn close(actual: &[f32], expected: &[f32]) {
    let equal = actual.iter().zip(expected).all(|(actual, expected)| (actual - expected).abs() <= 1e-4);
    assert!(equal && actual.len() == expected.len(), "{actual:?} is not {expected:?}");
}

/// The features at a layer and the gradients of class 0 there.
fn at(layer: &str) -> (Tensor<4>, Tensor<4>) {
    let (network, input) = net_a();
    let [layer, logits] = [layer, "logits"].map(|name| network.graph().id(name).unwrap());
    let trace = network.forward(input, &[layer, logits]);
    close(&numbers(network.output(&trace, logits))[..1], &[54.0]);
    let seed = Tensor::from_data(TensorData::new(vec![1.0_f32, 0.0, 0.0, 0.0], [1, 4, 1, 1]), network.device());
    let gradient = network.pullback(&trace, logits, seed, ReluRule::Gradient, &[Some(layer)]).remove(0).unwrap();
    (network.output(&trace, layer), gradient)
}

/// The map of a method, not rectified, at a layer.
fn map(cam: &Cam, layer: &str) -> Vec<f32> {
    let (features, gradients) = at(layer);
    numbers(cam.of(features, gradients, &Convention::PAPER).values)
}

#[test]
fn grad_cam_is_captums() {
    close(&map(&grad_cam::METHOD, "conv/linear"), &[11.25, 13.5, 20.25, 22.5]);
    close(&map(&grad_cam::METHOD, "conv"), &[0.0, 4.0, 28.0, 32.5]);
}

#[test]
fn hires_cam_and_layer_cam_weigh_place_by_place() {
    close(&map(&hires_cam::METHOD, "conv"), &[0.0, 4.0, 25.0, 25.0]);
    close(&map(&layer_cam::METHOD, "conv"), &[0.0, 4.0, 31.0, 40.0]);
}

#[test]
fn xgrad_cam_averages_gradients_where_features_are() {
    // By hand: weights 75 / 75 and -21 / 21 after ReLU; 75 / 70 and -21 / -30 before it.
    close(&map(&xgrad_cam::METHOD, "conv"), &[0.0, 4.0, 25.0, 25.0]);
    close(&map(&xgrad_cam::METHOD, "conv/linear"), &[-26.357_143, -10.414_286, 37.414_286, 53.357_143]);
}

#[test]
fn grad_cam_plus_plus_is_the_papers_and_not_xpliques() {
    // Features and gradients of ones, 2 x 2: alpha is 1 / (2 + 4), where a mean over the features would give 1 / 3.
    let ones = || Tensor::<4>::ones([1, 1, 2, 2], &Device::flex());
    let map = numbers(grad_cam_plus_plus::METHOD.of(ones(), ones(), &Convention::PAPER).values);
    assert!(map.iter().all(|value| (value - 4.0 / 6.0).abs() < 1e-6), "{map:?}");
}

#[test]
fn grad_cam_plus_plus_weighs_as_its_convention_says() {
    // One channel, features 1, 2, 3 (sum 6, mean 2), gradients 1, -1, 0.5: alpha is 1 / (2 + 6) and 0.25 / (0.5 + 0.125 * 6) with
    // the sum; 1 / (2 + 2) and 0.25 / (0.5 + 0.125 * 2) with the mean; and of the place with -1, 1 / (2 - 6) and 1 / 0, which is 1.
    let of = |values: [f32; 3]| Tensor::<4>::from_data(TensorData::new(values.to_vec(), [1, 1, 1, 3]), &Device::flex());
    let weight = |alpha| {
        let convention = Convention { alpha, ..Convention::PAPER };
        numbers(grad_cam_plus_plus::METHOD.of(of([1.0, 2.0, 3.0]), of([1.0, -1.0, 0.5]), &convention).values)[0]
    };
    let close = |found: f32, right: f32| assert!((found - right).abs() < 1e-5, "{found} for {right}");
    close(weight(Alpha::Sum), 1.0 / 8.0 + 0.5 * 0.2);
    close(weight(Alpha::Mean), (1.0 / 4.0 + 0.5 / 3.0) / 3.0);
    close(weight(Alpha::Shares), (1.0 / 8.0 + 0.5 * 0.2) / (1.0 / 8.0 - 1.0 / 4.0 + 0.2));
    close(weight(Alpha::Squares), 1.0 + 0.25 * 0.5);
}

/// What arrives at the input from class 0's score under a rule.
fn at_input(rule: ReluRule) -> (Vec<f32>, Tensor<4>) {
    let (network, input) = net_a();
    let logits = network.graph().id("logits").unwrap();
    let trace = network.forward(input.clone(), &[logits]);
    let seed = Tensor::from_data(TensorData::new(vec![1.0_f32, 0.0, 0.0, 0.0], [1, 4, 1, 1]), network.device());
    (numbers(network.pullback(&trace, logits, seed, rule, &[None]).remove(0).unwrap()), input)
}

#[test]
fn the_gradient_and_its_grad_cam_at_the_input_are_captums() {
    let (gradient, input) = at_input(ReluRule::Gradient);
    close(&gradient, &[[0.0, 1.0, 1.0, 1.0].repeat(3), vec![0.0; 4]].concat());
    let gradient = Tensor::<4>::from_data(TensorData::new(gradient, [1, 1, 4, 4]), &Device::flex());
    let map = numbers(grad_cam::METHOD.of(input, gradient, &Convention::PAPER).values);
    close(&map, &(0..16).map(|value| 0.5625 * value as f32).collect::<Vec<_>>());
}

#[test]
fn deconvnet_is_captums() {
    let expected = [2.0, 3.0, 3.0, 1.0, 3.0, 5.0, 5.0, 2.0, 3.0, 5.0, 5.0, 2.0, 1.0, 2.0, 2.0, 1.0];
    close(&at_input(ReluRule::Deconvnet).0, &expected);
}

#[test]
fn every_class_activation_map_by_gradients_can_be_refined() {
    let cams =
        [&grad_cam::METHOD, &grad_cam_plus_plus::METHOD, &layer_cam::METHOD, &hires_cam::METHOD, &xgrad_cam::METHOD];
    let names = |cam: &Cam| (cam.card.id.clone(), cam.card.title.clone());
    let expected = cams.map(names);
    assert_eq!(by_gradients().map(names).collect::<Vec<_>>(), expected);
    let param = refine_cam::METHOD.card().param("refined").unwrap();
    let Kind::Choice { choices, .. } = &param.kind else { panic!("{param:?} is no choice") };
    assert_eq!((choices[..].to_vec(), param.default()), (expected.to_vec(), Value::Text("grad_cam_plus_plus".into())));
}
