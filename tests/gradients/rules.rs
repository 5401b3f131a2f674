//! The rules for activation functions against their papers and other programs.

use burn::tensor::{Device, Tensor, TensorData};
use convscope::nn::{Clip, Graph, Network, Node, Relu, ReluRule};

use crate::values;

#[test]
fn relu_rules_equal_their_papers() {
    // y = max(x, 0) for x of each sign, and what comes from above of each sign: the tables of arXiv 1412.6806, figure 1.
    let device = Device::flex();
    let nodes = vec![Node { name: "relu".into(), inputs: vec!["input".into()], op: Relu {}.into() }];
    let graph = Graph::new(nodes, [1, 2, 2], |_| None).unwrap();
    let network = Network::new(graph, |_| None, device.clone()).unwrap();
    let plane = |values: [f32; 4]| Tensor::<4>::from_data(TensorData::new(values.to_vec(), [1, 1, 2, 2]), &device);
    let trace = network.forward(plane([1.0, 2.0, -1.0, -2.0]), &[]);
    for (rule, expected) in [
        (ReluRule::Gradient, [3.0, -4.0, 0.0, 0.0]),
        (ReluRule::GuidedBackprop, [3.0, 0.0, 0.0, 0.0]),
        (ReluRule::Deconvnet, [3.0, 0.0, 5.0, 0.0]),
    ] {
        let pulled = network.pullback(&trace, 0, plane([3.0, -4.0, 5.0, -6.0]), rule, &[None]);
        assert_eq!(values(pulled.into_iter().next().flatten().unwrap()), expected, "{rule:?}");
    }
}

#[test]
fn a_rectifier_with_a_maximum_obeys_the_same_rules() {
    // xplique's test: x = [5, 0, -5, 10], y = ReLU(max 3), y^2: deconvnet gives [6, 0, 0, 6]. A negative gradient is never passed, and
    // guided backpropagation passes none where the true gradient is none.
    let device = Device::flex();
    let op = Clip { min: 0.0, max: 3.0 }.into();
    let nodes = vec![Node { name: "relu".into(), inputs: vec!["input".into()], op }];
    let graph = Graph::new(nodes, [1, 2, 2], |_| None).unwrap();
    let network = Network::new(graph, |_| None, device.clone()).unwrap();
    let plane = |values: [f32; 4]| Tensor::<4>::from_data(TensorData::new(values.to_vec(), [1, 1, 2, 2]), &device);
    for (x, above, rule, expected) in [
        ([5.0, 0.0, -5.0, 10.0], [6.0, 0.0, 0.0, 6.0], ReluRule::Deconvnet, [6.0, 0.0, 0.0, 6.0]),
        ([5.0, 1.0, -5.0, 2.0], [6.0, -2.0, 7.0, 4.0], ReluRule::Deconvnet, [6.0, 0.0, 7.0, 4.0]),
        ([5.0, 1.0, -5.0, 2.0], [6.0, -2.0, 7.0, 4.0], ReluRule::GuidedBackprop, [0.0, 0.0, 0.0, 4.0]),
        ([5.0, 1.0, -5.0, 2.0], [6.0, -2.0, 7.0, 4.0], ReluRule::Gradient, [0.0, -2.0, 0.0, 4.0]),
    ] {
        let trace = network.forward(plane(x), &[]);
        let pulled = network.pullback(&trace, 0, plane(above), rule, &[None]);
        assert_eq!(values(pulled.into_iter().next().flatten().unwrap()), expected, "{rule:?}");
    }
}
