//! What the climb needs of a network: other input sizes, and gradients where nothing fires.

use burn::tensor::{Device, Tensor, TensorData};
use convscope::model::Codec;
use convscope::nn::{Graph, Network, Node, ReluRule};
use serde_json::{Value, json};

use super::common::{Noise, model, tiny};

#[test]
fn a_network_at_another_size_is_the_same_network() {
    let model = model(&tiny(Codec::F32, 1000));
    let network = &model.network;
    let device = Device::flex();
    let input = |height: usize, width: usize| {
        let values = Noise(3).many(2 * 3 * height * width);
        Tensor::<4>::from_data(TensorData::new(values, [2, 3, height, width]), &device)
    };
    for name in ["sum", "join"] {
        let id = network.graph().id(name).unwrap();
        let own = network.at_size(id, [8, 8]).unwrap();
        let last = own.graph().nodes().len() - 1;
        assert_eq!(own.graph().nodes()[last].name, name);
        assert!(name != "sum" || own.graph().id("c").is_none(), "what it does not depend on is gone");
        let theirs = network.output(&network.forward(input(8, 8), &[]), id);
        let ours = own.output(&own.forward(input(8, 8), &[]), last);
        ours.into_data().assert_eq(&theirs.into_data(), true);
        let other = network.at_size(id, [12, 20]).unwrap();
        assert_eq!(other.output(&other.forward(input(12, 20), &[]), last).dims()[2..], [6, 10]);
    }
    let small = network.at_size(network.graph().id("small").unwrap(), [2, 2]).unwrap_err().to_string();
    assert!(small.contains("small does not take images of 2 x 2 pixels: the node small has a window of 2"), "{small}");
}

#[test]
fn a_gradient_is_redirected_only_where_nothing_passes() {
    let node = |value: Value| serde_json::from_value::<Node>(value).unwrap();
    for (op, images, gradients, expected) in [
        // Of the first image something passes; of the second nothing would, so what pushes up does.
        (
            json!({ "op": "relu" }),
            [[1.0, -1.0, -1.0], [-1.0, -1.0, -1.0]],
            [2.0, 3.0, -4.0],
            [[2.0, 0.0, 0.0], [2.0, 3.0, 0.0]],
        ),
        // At the upper bound, what pushes down.
        (
            json!({ "op": "clip", "min": 0.0, "max": 6.0 }),
            [[7.0, 1.0, -1.0], [7.0, 7.0, -1.0]],
            [2.0, -3.0, 4.0],
            [[0.0, -3.0, 0.0], [0.0, -3.0, 4.0]],
        ),
    ] {
        let mut value = op;
        value["name"] = json!("one");
        value["inputs"] = json!(["input"]);
        let graph = Graph::new(vec![node(value)], [3, 1, 1], |_| None).unwrap();
        let device = Device::flex();
        let network = Network::new(graph, |_| None, device.clone()).unwrap();
        let tensor = |values: Vec<f32>| Tensor::<4>::from_data(TensorData::new(values, [2, 3, 1, 1]), &device);
        let trace = network.forward(tensor(images.concat()), &[]);
        let seed = tensor([gradients, gradients].concat());
        let actual = network.pullback(&trace, 0, seed, ReluRule::Redirected, &[None]).remove(0).unwrap();
        assert_eq!(actual.into_data().try_into_vec::<f32>().unwrap(), expected.concat());
    }
}
