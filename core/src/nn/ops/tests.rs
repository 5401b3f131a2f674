//! Ops as `model.json` writes them, to the byte, and what they know about themselves.

use serde_json::{from_value, json, to_string, to_value};

use super::*;
use crate::nn::Node;

const NODES: [(&str, Role); 15] = [
    (
        r#"{"name":"n","inputs":["input"],"op":"conv2d","weight":"w","bias":"b","stride":[1,2],"padding":{"top":1,"left":2,"bottom":3,"right":4},"dilation":[1,1],"groups":2}"#,
        Role::Linear,
    ),
    (r#"{"name":"n","inputs":["input"],"op":"relu"}"#, Role::Activation),
    (r#"{"name":"n","inputs":["input"],"op":"silu"}"#, Role::Activation),
    (r#"{"name":"n","inputs":["input"],"op":"clip","min":0.0,"max":6.0}"#, Role::Activation),
    (r#"{"name":"n","inputs":["input"],"op":"pad","padding":{"top":0,"left":1,"bottom":0,"right":1}}"#, Role::Shape),
    (
        r#"{"name":"n","inputs":["input"],"op":"max_pool","kernel":[3,3],"stride":[2,2],"padding":{"top":0,"left":0,"bottom":0,"right":0},"ceil_mode":true}"#,
        Role::Pool,
    ),
    (
        r#"{"name":"n","inputs":["input"],"op":"average_pool","kernel":[3,3],"stride":[2,2],"padding":{"top":0,"left":0,"bottom":0,"right":0},"count_include_pad":false}"#,
        Role::Pool,
    ),
    (r#"{"name":"n","inputs":["input"],"op":"global_average_pool"}"#, Role::GlobalPool),
    (r#"{"name":"n","inputs":["input"],"op":"dense","weight":"w"}"#, Role::Linear),
    (r#"{"name":"n","inputs":["a","b"],"op":"concat"}"#, Role::Join),
    (r#"{"name":"n","inputs":["a","b"],"op":"add"}"#, Role::Join),
    (r#"{"name":"n","inputs":["input"],"op":"flatten"}"#, Role::Shape),
    (r#"{"name":"n","inputs":["input"],"op":"softmax"}"#, Role::Probability),
    (r#"{"name":"n","inputs":["input"],"op":"sigmoid"}"#, Role::Probability),
    (r#"{"name":"n","inputs":["input"],"op":"opposites"}"#, Role::Linear),
];

#[test]
fn every_op_is_read_and_written_as_it_always_was() {
    let mut names = vec![];
    for (text, role) in NODES {
        let node: Node = serde_json::from_str(text).unwrap();
        assert_eq!(to_string(&node).unwrap(), text);
        assert_eq!(to_value(&node.op).unwrap()["op"], node.op.name());
        assert_eq!(node.op.role(), role, "{text}");
        names.push(node.op.name());
    }
    assert_eq!(Op::NAMES, names, "an op lacks its line in this test");
}

#[test]
fn what_is_left_out_has_its_usual_value_and_what_is_unknown_is_passed_over() {
    let read = |value| from_value::<Op>(value).unwrap();
    let conv = Conv2d {
        weight: "w".into(),
        bias: None,
        stride: [1, 1],
        padding: Padding::default(),
        dilation: [1, 1],
        groups: 1,
    };
    assert_eq!(read(json!({ "op": "conv2d", "weight": "w" })), conv.into());
    for name in ["relu", "global_average_pool", "concat", "flatten", "softmax"] {
        assert_eq!(read(json!({ "op": name, "of_a_later_version": 1 })).name(), name);
    }
    assert!(from_value::<Op>(json!({ "op": "conv2d" })).unwrap_err().to_string().contains("missing field `weight`"));
    let node = json!({ "name": "a", "op": "warp" });
    let error = check_known(&node).unwrap_err().to_string();
    assert!(error.contains("the unknown op warp") && error.contains("average_pool, global_average_pool"), "{error}");
}

#[test]
fn only_joins_take_several_inputs() {
    let shapes = [[1, 2, 3], [1, 2, 3]];
    for (text, role) in NODES {
        let op = serde_json::from_str::<Node>(text).unwrap().op;
        assert_eq!(op.output_shape(&[], &[]).unwrap_err().to_string(), "has no input");
        match role {
            Role::Join => assert!(op.output_shape(&shapes, &[]).is_ok(), "{text}"),
            _ => assert_eq!(op.output_shape(&shapes, &[]).unwrap_err().to_string(), "takes one input, not 2"),
        }
    }
    let error = Op::from(Add {}).output_shape(&[[1, 2, 3], [1, 2, 4]], &[]).unwrap_err();
    assert_eq!(error.to_string(), "adds feature maps of different shapes: [[1, 2, 3], [1, 2, 4]]");
}
