//! Configurations as Keras 2 and 3 write them.

use serde_json::json;

use super::*;
use convscope_core::nn::{Clip, Conv2d, HardSigmoid, Padding, Relu};

/// Where a layer reads from, as Keras 2 has it (a list) or Keras 3 (tensors with histories).
fn inbound_of(is_third: bool, names: &[&str]) -> Value {
    if !is_third {
        return json!([names.iter().map(|name| json!([name, 0, 0, {}])).collect::<Vec<_>>()]);
    }
    let tensor = |name: &&str| json!({ "class_name": "__keras_tensor__", "config": { "keras_history": [name, 0, 0] } });
    let tensors: Vec<Value> = names.iter().map(tensor).collect();
    let args = if tensors.len() == 1 { json!(tensors) } else { json!([tensors]) };
    json!([{ "args": args, "kwargs": {} }])
}

fn layer(is_third: bool, class: &str, name: &str, config: Value, reads: &[&str]) -> Value {
    let mut config = config;
    config["name"] = json!(name);
    let nodes = if reads.is_empty() { json!([]) } else { inbound_of(is_third, reads) };
    json!({ "class_name": class, "config": config, "name": name, "inbound_nodes": nodes })
}

fn input(is_third: bool, shape: Value) -> Value {
    let key = if is_third { "batch_shape" } else { "batch_input_shape" };
    layer(is_third, "InputLayer", "image", json!({ key: shape }), &[])
}

/// A functional model: two looks at the image, one within a model of its own, added, and a dense end.
fn functional(is_third: bool) -> String {
    let conv = |filters: usize| json!({ "filters": filters, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same", "activation": "linear", "use_bias": false });
    let l = |class: &str, name: &str, config: Value, reads: &[&str]| layer(is_third, class, name, config, reads);
    let inner = json!({
        "class_name": "Functional",
        "name": "inner",
        "config": { "name": "inner", "layers": [
            input(is_third, json!([null, 9, 8, 3])),
            l("Conv2D", "conv", conv(4), &["image"]),
            l("BatchNormalization", "bn", json!({ "epsilon": 0.001, "scale": false }), &["conv"]),
            l("ReLU", "relu", json!({ "max_value": 6.0 }), &["bn"]),
        ], "output_layers": [["relu", 0, 0]] },
        "inbound_nodes": inbound_of(is_third, &["image"]),
    });
    let layers = json!([
        input(is_third, json!([null, 9, 8, 3])),
        inner,
        l("Conv2D", "conv", conv(4), &["image"]),
        l("Activation", "gate", json!({ "activation": "hard_sigmoid" }), &["conv"]),
        l("Add", "add", json!({}), &["inner", "gate"]),
        l("Dropout", "dropout", json!({}), &["add"]),
        l("GlobalAveragePooling2D", "pool", json!({}), &["dropout"]),
        l("Dense", "fc", json!({ "units": 5, "activation": "softmax" }), &["pool"]),
        l("Dense", "other", json!({ "units": 7, "activation": "relu" }), &["pool"]),
    ]);
    json!({ "class_name": "Functional", "config": { "name": "net", "layers": layers, "output_layers": [["fc", 0, 0]] } }).to_string()
}

#[test]
fn both_ways_to_write_a_graph_are_read() {
    for is_third in [false, true] {
        let written = read(&functional(is_third), is_third, None).unwrap();
        let names: Vec<&str> = written.nodes.iter().map(|node| node.name.as_str()).collect();
        assert_eq!(names, ["conv", "bn", "relu", "conv_", "gate", "add", "pool", "fc", "fc/softmax"]);
        assert_eq!((written.size, written.scope.trim()), (Some([9, 8]), "net inner"));
        let inputs = |name: &str| &written.nodes.iter().find(|node| node.name == name).unwrap().inputs;
        assert_eq!(
            (inputs("add"), inputs("conv_")),
            (&vec!["relu".to_owned(), "gate".into()], &vec!["input".to_owned()])
        );
        assert_eq!(written.nodes[2].op, Clip { min: 0.0, max: 6.0 }.into());
        // Keras 3 made it of ReLU6.
        let slope = if is_third { 1.0 / 6.0 } else { 0.2 };
        assert_eq!(written.nodes[4].op, HardSigmoid { slope, shift: 0.5 }.into());
        // 9 pixels take 4 steps of 2 and a window of 3: 1 before and 1 behind; 8 take 1 less, behind.
        let Op::Conv2d(Conv2d { padding, .. }) = written.nodes[0].op else { panic!("a convolution") };
        assert_eq!(padding, Padding { top: 1, left: 0, bottom: 1, right: 1 });
        assert_eq!(written.constants, [("bn/gamma".to_owned(), vec![4], 1.0)]);
        assert_eq!(written.batch_norms.iter().map(BatchNorm::name).collect::<Vec<_>>(), ["bn"]);
    }
}

#[test]
fn a_row_of_layers_reads_one_the_other() {
    let layers = json!([
        { "class_name": "Rescaling", "config": { "name": "rescaling", "scale": 0.5, "offset": -1.0, "batch_input_shape": [null, 8, 8, 3] } },
        { "class_name": "DepthwiseConv2D", "config": { "name": "deep", "kernel_size": [3, 3], "depth_multiplier": 2, "activation": "relu" } },
        { "class_name": "SeparableConv2D", "config": { "name": "parts", "kernel_size": [3, 3], "filters": 5, "use_bias": true } },
        { "class_name": "MaxPooling2D", "config": { "name": "pool", "pool_size": [2, 2], "strides": null, "padding": "valid" } },
        { "class_name": "Flatten", "config": { "name": "flat" } },
        { "class_name": "Dense", "config": { "name": "fc", "units": 1, "activation": "sigmoid" } },
    ]);
    let model = json!({ "class_name": "Sequential", "config": { "name": "row", "layers": layers } }).to_string();
    let written = read(&model, true, None).unwrap();
    let names: Vec<&str> = written.nodes.iter().map(|node| node.name.as_str()).collect();
    let expected = ["rescaling", "deep/linear", "deep", "parts/depthwise", "parts", "pool", "flat", "fc", "fc/sigmoid"];
    assert_eq!(names, expected);
    assert_eq!((written.own_scale, written.size), (Some(0.5), Some([8, 8])));
    assert_eq!(written.constants[1], ("rescaling/bias".to_owned(), vec![3], -1.0));
    assert_eq!(written.nodes[2].op, Relu {}.into());
    // A size that is asked for comes before the file's.
    assert!(read(&model, true, Some([5, 5])).unwrap_err().to_string().contains("pool"));
}

#[test]
fn what_is_not_read_is_named() {
    let with = |extra: Value| {
        let layers = json!([input(true, json!([null, 8, 8, 3])), extra]);
        let model = json!({ "class_name": "Functional", "config": { "layers": layers } }).to_string();
        read(&model, true, None).unwrap_err().to_string()
    };
    let l = |class: &str, config: Value| layer(true, class, "it", config, &["image"]);
    let mut twice = l("Flatten", json!({}));
    twice["inbound_nodes"] = json!([[["image", 0, 0, {}]], [["image", 0, 0, {}]]]);
    let mut deep = l("Flatten", json!({}));
    for _ in 0..12 {
        deep = json!({ "class_name": "Sequential", "config": { "name": "it", "layers": [deep] }, "inbound_nodes": [[["image", 0, 0, {}]]] });
    }
    for (extra, part) in [
        (l("Lambda", json!({})), "the layer it (Lambda)"),
        (l("MultiHeadAttention", json!({})), "MultiHeadAttention"),
        (l("Activation", json!({ "activation": "mish" })), "mish"),
        (l("Conv2D", json!({ "kernel_size": [3, 3], "filters": 0 })), "filters"),
        (l("Conv2D", json!({ "kernel_size": [0, 3], "filters": 1 })), "kernel_size"),
        (l("MaxPooling2D", json!({ "pool_size": 99 })), "it"),
        (layer(true, "Flatten", "it", json!({}), &["nowhere"]), "nowhere"),
        (input(true, json!([null, 8, 8, 3])), "second input"),
        (twice, "used 2 times"),
        (deep, "too deep"),
    ] {
        let error = with(extra);
        assert!(error.contains(part), "{part}: {error}");
    }
    let grey = json!({ "class_name": "Functional", "config": { "layers": [input(true, json!([null, 8, 8, 1]))] } });
    assert!(read(&grey.to_string(), true, None).unwrap_err().to_string().contains("[8,8,1]"));
    assert!(read("{", true, None).is_err() && read("{}", true, None).is_err());
}
