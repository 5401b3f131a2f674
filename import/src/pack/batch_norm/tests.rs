//! Batch normalizations against their formula.

use super::*;

fn vector(values: &[f32]) -> Tensor {
    FloatTensor { shape: vec![values.len()], values: values.to_vec() }.into()
}

fn tensors() -> BTreeMap<String, Tensor> {
    let kernel = FloatTensor { shape: vec![2, 1, 1, 2], values: vec![1.0, 2.0, 3.0, 4.0] }.into();
    let named = [
        ("c.weight", kernel),
        ("c.bias", vector(&[0.5, -0.5])),
        ("b.weight", vector(&[2.0, 3.0])),
        ("b.bias", vector(&[1.0, -1.0])),
        ("b.running_mean", vector(&[0.25, 4.0])),
        ("b.running_var", vector(&[3.0, 8.0])),
    ];
    named.map(|(name, tensor)| (name.to_owned(), tensor)).into()
}

fn read(readers: &[&str]) -> (Vec<BatchNorm>, Vec<Node>) {
    let mut nodes = vec![
        json!({ "name": "conv", "inputs": ["input"], "op": "conv2d", "weight": "c.weight", "bias": "c.bias" }),
        json!({ "name": "bn", "inputs": ["conv"], "op": "batch_norm", "tensors": "b", "epsilon": 1.0 }),
    ];
    nodes.extend(
        readers.iter().map(|&reader| json!({ "name": format!("relu {reader}"), "inputs": [reader], "op": "relu" })),
    );
    let norms = taken_out(&mut nodes).unwrap();
    (norms, nodes.into_iter().map(|node| serde_json::from_value(node).unwrap()).collect())
}

#[test]
fn it_becomes_part_of_the_layer_before_it() {
    let ((norms, mut nodes), mut tensors) = (read(&["bn"]), tensors());
    fold(&norms, Layout::Oihw, &mut nodes, &mut tensors).unwrap();
    assert_eq!(nodes.iter().map(|node| &node.name[..]).collect::<Vec<_>>(), ["conv", "relu bn"]);
    assert_eq!(nodes[1].inputs, ["conv"]);
    // Scales 2 / sqrt(3 + 1) and 3 / sqrt(8 + 1); shifts 1 - 0.25 and -1 - 4.
    assert_eq!(tensors["c.weight"].read().unwrap(), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(tensors["c.bias"].read().unwrap(), [0.5 + 0.75, -0.5 - 5.0]);
    assert_eq!(tensors.len(), 2, "its own tensors are used up");
}

#[test]
fn it_stays_where_another_reads_the_layer_too() {
    let ((norms, mut nodes), mut tensors) = (read(&["bn", "conv"]), tensors());
    fold(&norms, Layout::Oihw, &mut nodes, &mut tensors).unwrap();
    let Op::Conv2d(conv) = &nodes[1].op else { panic!("a convolution") };
    assert_eq!((conv.groups, tensors[&conv.weight].read().unwrap()), (2, vec![1.0, 1.0]));
    assert_eq!(tensors["bn/shift"].read().unwrap(), [0.75, -5.0]);
    assert_eq!(tensors["c.bias"].read().unwrap(), [0.5, -0.5]);
}

#[test]
fn what_is_wrong_with_one_is_said() {
    let mut nodes = [json!({ "name": "bn", "inputs": ["conv"], "op": "batch_norm", "tensor": "b" })];
    let error = taken_out(&mut nodes).unwrap_err().to_string();
    assert!(error.contains("bn") && error.contains("tensor"), "{error}");
    let ((norms, mut nodes), mut tensors) = (read(&["bn"]), tensors());
    tensors.insert("b.bias".into(), vector(&[1.0]));
    assert!(
        fold(&norms, Layout::Oihw, &mut nodes, &mut tensors).unwrap_err().to_string().contains("different lengths")
    );
}
