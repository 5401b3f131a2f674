//! The graphs beside recipes that were written by hand, and what they ask of a file. What they compute is tested beside torchvision, in
//! `tests/architectures.rs`.

use std::collections::HashSet;
use std::path::Path;

use super::{Architecture, Drawn, architectures};
use crate::pack::{Layout, Recipe, wanted};
use convscope_core::nn::{Graph, Node};

fn drawn(id: &str) -> Drawn {
    Architecture::named(id).unwrap().drawn(1000)
}

fn recipe(id: &str) -> Recipe {
    Recipe::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes").join(id).join("recipe.json")).unwrap()
}

/// A node's op and inputs, these by the places of the nodes that they are.
fn plain(nodes: &[Node]) -> Vec<(String, Vec<Option<usize>>)> {
    let place = |name: &String| nodes.iter().position(|node| node.name == *name);
    let op = |node: &Node| {
        let mut op = serde_json::to_value(&node.op).unwrap();
        // Batch normalizations are named after their nodes.
        let made = op["weight"].as_str().is_some_and(|weight| weight.ends_with("/scale"));
        if made {
            op["weight"] = "scale".into();
            op["bias"] = "shift".into();
        }
        op.to_string()
    };
    nodes.iter().map(|node| (op(node), node.inputs.iter().map(place).collect())).collect()
}

#[test]
fn graphs_are_those_of_recipes_written_by_hand() {
    let by_hand = recipe("efficientnet_lite0");
    let lite = drawn("efficientnet_lite0");
    let expected = plain(by_hand.nodes.as_ref().unwrap());
    let actual = plain(&lite.nodes);
    assert_eq!(expected.len(), actual.len());
    for (expected, actual) in expected.iter().zip(&actual) {
        // A sum is the same either way round.
        let sorted = |inputs: &[Option<usize>]| {
            let mut inputs = inputs.to_vec();
            inputs.sort();
            inputs
        };
        assert_eq!((&expected.0, sorted(&expected.1)), (&actual.0, sorted(&actual.1)));
    }
    let lite0 = Architecture::named("efficientnet_lite0").unwrap();
    assert_eq!(lite0.preprocessing([224; 2]), by_hand.preprocessing);
    for (by_hand, built_in) in [("vgg16_torchvision", "vgg16"), ("vgg16_keras", "vgg16_keras")] {
        assert_eq!(plain(recipe(by_hand).nodes.as_ref().unwrap()), plain(&drawn(built_in).nodes));
    }
    let keras = Architecture::named("vgg16_keras").unwrap();
    assert_eq!(keras.preprocessing([224; 2]), recipe("vgg16_keras").preprocessing);
}

#[test]
fn every_graph_is_whole_and_says_all_its_tensors() {
    for architecture in architectures() {
        let Drawn { nodes, batch_norms, shapes, head } = architecture.drawn(7);
        let names: HashSet<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
        assert_eq!(names.len(), nodes.len(), "{}: each node has a name of its own", architecture.id);
        let wanted = wanted(&nodes, &batch_norms, architecture.layout());
        assert!(wanted.iter().eq(shapes.keys()), "{}", architecture.id);
        assert_eq!(shapes[&head], [7], "{}", architecture.id);
        // Batch normalizations have tensors that are made later.
        let shape = |name: &str| {
            let made = batch_norms.iter().find(|norm| norm.makes(name));
            let made = made.map(|norm| {
                let channels = shapes[&norm.tensors(Layout::Oihw)[0]][0];
                if name.ends_with("scale") { vec![channels, channels, 1, 1] } else { vec![channels] }
            });
            // Ours are of PyTorch's layout but for those of dense layers, which are of Keras's.
            made.or_else(|| shapes.get(name).cloned()).map(|shape| match (architecture.layout(), &shape[..]) {
                (Layout::Oihw, &[out, input]) => vec![input, out],
                (Layout::Hwio, &[height, width, input, out]) => vec![out, input, height, width],
                _ => shape,
            })
        };
        let graph = Graph::checked(nodes, [3, 224, 224], shape);
        assert!(graph.is_ok(), "{}: {}", architecture.id, graph.unwrap_err());
    }
}

#[test]
fn an_unknown_name_is_answered_by_those_there_are() {
    let said = Architecture::named("resnet81").unwrap_err().to_string();
    assert!(said.contains("did you mean resnet18") && said.contains("vgg19_bn"), "{said}");
}
