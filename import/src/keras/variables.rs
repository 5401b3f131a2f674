//! Names of variables: by their paths; and in Keras 3's files of weights (`.weights.h5`), `layers/conv2d_1/vars/0`, by the kinds of the
//! layers and their order, and not by their names (`keras/src/saving/saving_lib.py`, `_save_container_state`).

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::graph::{is_model, layers_of};
use crate::Tensor;

/// Models within each other, more than any has.
const MAX_DEPTH: usize = 8;

/// The names `LAYER/kernel` and so on of a model's variables, by their paths in a file of weights that has these tensors.
pub(super) fn names(config: &str, tensors: &BTreeMap<String, Tensor>) -> BTreeMap<String, String> {
    let mut names = Names { tensors, found: BTreeMap::new() };
    if let Ok(model) = serde_json::from_str(config) {
        names.add(&model, "", 0);
    }
    names.found
}

/// The names found so far. There are no more of them than tensors, whatever a configuration claims.
struct Names<'a> {
    tensors: &'a BTreeMap<String, Tensor>,
    found: BTreeMap<String, String>,
}

impl Names<'_> {
    fn add(&mut self, model: &Value, path: &str, depth: usize) {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for layer in layers_of(model).into_iter().flatten().filter(|_| depth < MAX_DEPTH) {
            let class = layer.get("class_name").and_then(Value::as_str).unwrap_or_default();
            let config = layer.get("config").unwrap_or(&Value::Null);
            let name = config.get("name").or(layer.get("name")).and_then(Value::as_str).unwrap_or(class);
            let kind = snake_case(class);
            let count = seen.entry(kind.clone()).and_modify(|count| *count += 1).or_insert(0);
            let own = if *count == 0 { kind } else { format!("{kind}_{count}") };
            let path = format!("{path}layers/{own}/");
            if is_model(layer) {
                self.add(layer, &path, depth + 1);
            }
            for (place, variable) in variables(class, config).into_iter().enumerate() {
                let path = format!("{path}vars/{place}");
                if self.tensors.contains_key(&path) {
                    self.found.insert(path, format!("{name}/{variable}"));
                }
            }
        }
    }
}

/// The variables of a layer, in the order in which it makes them.
fn variables(class: &str, config: &Value) -> Vec<&'static str> {
    let has = |key: &str| config.get(key).and_then(Value::as_bool) != Some(false);
    let variables: &[(&str, bool)] = match class {
        "DepthwiseConv2D" => &[("depthwise_kernel", true), ("bias", has("use_bias"))],
        "SeparableConv2D" => &[("depthwise_kernel", true), ("pointwise_kernel", true), ("bias", has("use_bias"))],
        "BatchNormalization" => {
            &[("gamma", has("scale")), ("beta", has("center")), ("moving_mean", true), ("moving_variance", true)]
        }
        "PReLU" => &[("alpha", true)],
        "Conv2D" | "Dense" => &[("kernel", true), ("bias", has("use_bias"))],
        _ => &[],
    };
    variables.iter().filter(|(_, is_there)| *is_there).map(|(name, _)| *name).collect()
}

/// A class's name as Keras spells it in paths: `depthwise_conv2d`, `p_re_lu` (`keras/src/utils/naming.py`).
fn snake_case(class: &str) -> String {
    let letters: Vec<char> = class.chars().filter(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    let mut text = String::new();
    for (place, &letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).map(|place| letters[place]);
        let begins = letters.get(place + 1).is_some_and(char::is_ascii_lowercase);
        let is_word = before.is_some_and(|before| begins || before.is_ascii_lowercase());
        if letter.is_ascii_uppercase() && is_word {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// A parameter's name, `LAYER/kernel` say, from its path in a file of any version of Keras.
pub(super) fn parameter(path: &str) -> String {
    let (groups, last) = path.rsplit_once('/').unwrap_or(("", path));
    let layer = groups.rsplit('/').next().unwrap_or(groups);
    // TensorFlow's number of an output.
    let last = last.strip_suffix(":0").unwrap_or(last);
    let short = last.strip_prefix(layer).and_then(|rest| rest.strip_prefix('_')).unwrap_or(last);
    // TensorFlow's number of a second variable of one name.
    let short = match short.rsplit_once('_') {
        Some((rest, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => short,
    };
    let short = match short {
        "W" => "kernel",
        "b" => "bias",
        short => short,
    };
    if layer.is_empty() { short.to_owned() } else { format!("{layer}/{short}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FloatTensor;

    #[test]
    fn classes_are_spelled_as_keras_does() {
        // keras.src.utils.naming.to_snake_case of Keras 3.
        for (class, expected) in [
            ("Conv2D", "conv2d"),
            ("DepthwiseConv2D", "depthwise_conv2d"),
            ("BatchNormalization", "batch_normalization"),
            ("ReLU", "re_lu"),
            ("PReLU", "p_re_lu"),
            ("GlobalAveragePooling2D", "global_average_pooling2d"),
            ("Functional", "functional"),
        ] {
            assert_eq!(snake_case(class), expected);
        }
    }

    #[test]
    fn layers_are_counted_by_kind_in_each_model() {
        let conv = |name: &str| serde_json::json!({ "class_name": "Conv2D", "config": { "name": name } });
        let norm =
            serde_json::json!({ "class_name": "BatchNormalization", "config": { "name": "bn", "scale": false } });
        let inner = serde_json::json!({ "class_name": "Functional", "config": { "name": "base", "layers": [conv("a"), norm, conv("b")] } });
        let model = serde_json::json!({ "class_name": "Sequential", "config": { "layers": [inner, conv("c")] } });
        let expected = [
            ("layers/functional/layers/conv2d/vars/0", "a/kernel"),
            ("layers/functional/layers/conv2d_1/vars/1", "b/bias"),
            ("layers/functional/layers/batch_normalization/vars/0", "bn/beta"),
            ("layers/functional/layers/batch_normalization/vars/2", "bn/moving_variance"),
            ("layers/conv2d/vars/0", "c/kernel"),
        ];
        let tensors = expected.map(|(path, _)| (path.to_owned(), Tensor::from(FloatTensor::default()))).into();
        let names = names(&model.to_string(), &tensors);
        // Only those that the file has.
        assert_eq!(names, expected.map(|(path, name)| (path.to_owned(), name.to_owned())).into());
    }

    #[test]
    fn a_parameter_has_one_name_in_all_versions() {
        for (path, name) in [
            ("block1_conv1/block1_conv1_W_1:0", "block1_conv1/kernel"),
            ("fc1/fc1_b_1:0", "fc1/bias"),
            ("block1_conv1/block1_conv1/kernel:0", "block1_conv1/kernel"),
            ("predictions/predictions_1/bias:0", "predictions_1/bias"),
            ("fc1/vgg16/fc1/kernel", "fc1/kernel"),
            ("bn/bn/moving_mean:0", "bn/moving_mean"),
            ("dense_1/dense_1_W:0", "dense_1/kernel"),
            ("kernel", "kernel"),
        ] {
            assert_eq!(parameter(path), name, "{path}");
        }
    }
}
