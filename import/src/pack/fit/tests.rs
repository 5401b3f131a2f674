//! Recipes and files that make a model, and those that do not.

use super::*;
use convscope_core::nn::{Dense, Node};

fn nodes(names: &[&str]) -> Vec<Node> {
    let node = |name: &&str| Node {
        name: (*name).to_owned(),
        inputs: vec![],
        op: Dense { weight: format!("{name}.weight"), bias: Some(format!("{name}.bias")) }.into(),
    };
    names.iter().map(node).collect()
}

/// Matches what nodes want.
fn matched(nodes: &[Node], found: &mut Tensors) -> Result<Vec<String>, Fault> {
    let notes = match_tensors(&nodes.iter().flat_map(|node| node.op.parameters()).collect(), found)?;
    Ok(notes.iter().map(ToString::to_string).collect())
}

fn tensors(names: &[&str]) -> Tensors {
    let tensor = |index: usize| Tensor::from(crate::FloatTensor { shape: vec![1], values: vec![index as f32] });
    names.iter().enumerate().map(|(index, name)| ((*name).to_owned(), tensor(index))).collect()
}

#[test]
fn a_prefix_that_all_tensors_have_is_dropped() {
    let nodes = nodes(&["features.0", "fc"]);
    for prefixes in [
        ["module.features.0", "module.fc"],
        ["_orig_mod.features.0", "_orig_mod.fc"],
        ["module._orig_mod.features.0", "module._orig_mod.fc"],
        ["model.backbone.features.0", "model.backbone.fc"],
        // The example of PyTorch for ImageNet wraps the features alone.
        ["features.module.0", "fc"],
        ["net.features._orig_mod.0", "net.fc"],
        // A head beside its backbone.
        ["backbone.features.0", "model.fc"],
    ] {
        let [features, fc] = prefixes;
        let names =
            [format!("{features}.weight"), format!("{features}.bias"), format!("{fc}.weight"), format!("{fc}.bias")];
        let mut found = tensors(&names.each_ref().map(String::as_str));
        let notes = matched(&nodes, &mut found).unwrap();
        let renamed = if fc == "fc" { features } else { fc };
        assert!(notes.len() == 1 && notes[0].contains(&format!("took {renamed}.bias for")), "{notes:?}");
        let values =
            ["features.0.weight", "features.0.bias", "fc.weight", "fc.bias"].map(|name| found[name].read().unwrap()[0]);
        assert_eq!(values, [0.0, 1.0, 2.0, 3.0], "{features}");
    }
    let mut same = tensors(&["features.0.weight", "features.0.bias", "fc.weight", "fc.bias", "module.fc.bias"]);
    let notes = matched(&nodes, &mut same).unwrap();
    assert_eq!(notes, ["left out tensors that the recipe has no use for: module.fc.bias"]);
    assert_eq!(same["fc.bias"].read().unwrap(), [3.0]);
}

#[test]
fn tensors_that_fit_in_two_ways_are_refused() {
    let mut both = tensors(&["student.fc.weight", "student.fc.bias", "teacher.fc.weight", "teacher.fc.bias"]);
    let error = matched(&nodes(&["fc"]), &mut both).unwrap_err().to_string();
    assert!(error.contains("student.fc.bias, teacher.fc.bias"), "{error}");
    let mut both = tensors(&["module.a.fc.weight", "module.a.fc.bias", "a.module.fc.weight", "a.module.fc.bias"]);
    assert!(matched(&nodes(&["fc"]), &mut both).is_err());
}

#[test]
fn what_is_missing_and_what_is_spare_is_listed() {
    let mut found = tensors(&["conv.weight", "conv.bias", "fc.weight", "fc.offset", "other"]);
    let error = matched(&nodes(&["conv", "fc"]), &mut found).unwrap_err().to_string();
    for part in ["1 of its 4", "fc.bias (", "the file has conv.bias [1], conv.weight [1]", "recipe"] {
        assert!(error.contains(part), "{part}: {error}");
    }
    let notes = matched(&nodes(&["conv"]), &mut found).unwrap();
    assert_eq!(notes, ["left out tensors that the recipe has no use for: fc.offset, fc.weight, other"]);
    let mut forgotten = nodes(&["conv"]);
    forgotten[0].op = Dense { weight: "conv.weight".into(), bias: None }.into();
    let notes = matched(&forgotten, &mut found).unwrap();
    assert!(notes[0].contains("conv.bias; name them"), "{notes:?}");
}
