//! Ops as `model.json` writes them, to the byte, and what they know about themselves.

use serde_json::{from_value, json, to_string, to_value};

use super::*;
use crate::nn::Node;

const NODES: [(&str, Role); 30] = [
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
    (r#"{"name":"n","inputs":["input"],"op":"leaky_relu","slope":0.25}"#, Role::Activation),
    (r#"{"name":"n","inputs":["input"],"op":"prelu","slopes":"w"}"#, Role::Activation),
    (r#"{"name":"n","inputs":["input"],"op":"elu","alpha":1.0}"#, Role::Activation),
    (r#"{"name":"n","inputs":["input"],"op":"tanh"}"#, Role::Activation),
    (r#"{"name":"n","inputs":["input"],"op":"gelu","tanh":false}"#, Role::Activation),
    (r#"{"name":"n","inputs":["input"],"op":"hard_sigmoid","slope":0.2,"shift":0.5}"#, Role::Activation),
    (r#"{"name":"n","inputs":["input"],"op":"hard_swish"}"#, Role::Activation),
    (r#"{"name":"n","inputs":["input"],"op":"layer_norm","epsilon":0.5}"#, Role::Normalization),
    (r#"{"name":"n","inputs":["input"],"op":"group_norm","groups":1,"epsilon":0.5}"#, Role::Normalization),
    (
        r#"{"name":"n","inputs":["input"],"op":"local_response_norm","size":5,"alpha":0.5,"beta":0.75,"bias":1.0}"#,
        Role::Normalization,
    ),
    (r#"{"name":"n","inputs":["a","b"],"op":"multiply"}"#, Role::Gate),
    (r#"{"name":"n","inputs":["input"],"op":"select_channels","channels":[0,0]}"#, Role::Shape),
    (
        r#"{"name":"n","inputs":["input"],"op":"crop","sides":{"top":0,"left":1,"bottom":0,"right":0},"stride":[2,1]}"#,
        Role::Shape,
    ),
    (
        r#"{"name":"n","inputs":["input"],"op":"reflect_pad","padding":{"top":0,"left":1,"bottom":0,"right":1}}"#,
        Role::Shape,
    ),
    (
        r#"{"name":"n","inputs":["input"],"op":"resize","scale":[2.0,1.5],"mode":"linear","places":"half_pixel"}"#,
        Role::Shape,
    ),
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
            Role::Join | Role::Gate => assert!(op.output_shape(&shapes, &[]).is_ok(), "{text}"),
            _ => assert_eq!(op.output_shape(&shapes, &[]).unwrap_err().to_string(), "takes one input, not 2"),
        }
    }
    let error = Op::from(Add {}).output_shape(&[[1, 2, 3], [1, 2, 4]], &[]).unwrap_err();
    assert_eq!(error.to_string(), "adds feature maps of different shapes: [[1, 2, 3], [1, 2, 4]]");
    let product = |gate| Op::from(Multiply {}).output_shape(&[[4, 2, 3], gate], &[]);
    assert!([[4, 1, 1], [1, 2, 3], [4, 2, 3]].into_iter().all(|gate| product(gate) == Ok([4, 2, 3])));
    assert!(product([2, 2, 3]).is_err() && product([8, 1, 1]).is_err());
}
