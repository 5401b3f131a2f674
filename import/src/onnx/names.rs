//! Names of layers, made of those of ONNX nodes.

use std::collections::HashSet;

use super::draft::{Draft, Kind};
use crate::Options;
use crate::wording::{beside, nearest};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{Graph, Op, Role};

/// The name of the layer that an ONNX node is part of.
///
/// TensorFlow (`functional_1/block1_conv1_1/BiasAdd__6`): the scope around the operation. PyTorch (`/layer1/layer1.0/conv1/Conv`):
/// the path of the module, `layer1.0.conv1`. A name without scopes (`Conv_0`) is the layer's.
fn layer(raw: &str, options: &Options) -> String {
    let mut scopes: Vec<&str> = raw.split('/').filter(|scope| !scope.is_empty()).collect();
    if scopes.len() > 1 {
        scopes.pop();
    }
    let name = if raw.starts_with('/') {
        scopes.iter().fold(String::new(), |path, scope| match scope.strip_prefix(path.as_str()) {
            _ if path.is_empty() => (*scope).to_owned(),
            Some(rest) if rest.starts_with('.') => (*scope).to_owned(),
            _ => format!("{path}.{scope}"),
        })
    } else {
        if scopes.len() > 1 && scopes.last().is_some_and(|&scope| scope == "batchnorm") {
            scopes.pop();
        }
        let name = scopes.last().copied().unwrap_or("layer");
        // tf2onnx numbers the nodes it adds, after two underscores.
        let name = without_number(name, "__");
        if options.strip_scope_suffix { without_number(name, "_") } else { name }.to_owned()
    };
    // Names become parts of file names and addresses.
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let name: String = name.trim_start_matches('.').chars().map(plain).collect();
    if name.is_empty() { "layer".into() } else { name }
}

fn without_number<'a>(name: &'a str, before: &str) -> &'a str {
    match name.rsplit_once(before) {
        Some((rest, number))
            if !rest.is_empty() && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) =>
        {
            rest
        }
        _ => name,
    }
}

/// A name for every draft, aliases included (theirs are not used).
///
/// An activation function that belongs to the layer before it has the layer's name, and the linear part `NAME/linear`; a softmax
/// there is `NAME/softmax`. One that is a layer of its own keeps its own name, as does the linear layer.
/// A new name for a layer that is not there is noted.
pub(super) fn names(drafts: &[Draft], options: &Options, notes: &mut Vec<Fault>) -> Vec<String> {
    let layers: Vec<String> = drafts.iter().map(|draft| layer(&draft.raw, options)).collect();
    let renamed = |layer: &str| options.rename.get(layer).cloned().unwrap_or_else(|| layer.to_owned());
    let is_linear = |id: usize| matches!(drafts[id].kind, Kind::Conv(_) | Kind::Dense(_));
    // The linear layer that an activation function is part of.
    let own = |id: usize| match (&drafts[id].kind, &drafts[id].inputs[..]) {
        (Kind::Plain(op), &[Some(input)])
            if op.role() == Role::Activation && is_linear(input) && layers[input] == layers[id] =>
        {
            Some(input)
        }
        _ => None,
    };
    let rectified: HashSet<usize> = (0..drafts.len()).filter_map(own).collect();
    let mut taken = HashSet::from([Graph::INPUT.to_owned()]);
    let mut names = vec![];
    let mut known: HashSet<String> = layers.iter().cloned().collect();
    for (id, draft) in drafts.iter().enumerate() {
        let layer = renamed(&layers[id]);
        let of_layer_before = draft.inputs.first().copied().flatten().is_some_and(|input| layers[input] == layers[id]);
        let name = match &draft.kind {
            Kind::Alias => layer,
            Kind::Conv(_) | Kind::Dense(_) if rectified.contains(&id) => format!("{layer}/linear"),
            Kind::Plain(Op::Softmax(_)) if of_layer_before => format!("{layer}/softmax"),
            Kind::Plain(op) if taken.contains(&layer) => format!("{layer}/{}", word(op)),
            _ => layer,
        };
        known.insert(name.clone());
        let name = options.rename.get(&name).cloned().unwrap_or(name);
        names.push(if matches!(draft.kind, Kind::Alias) { name } else { unique(name, &mut taken) });
    }
    for (old, new) in options.rename.iter().filter(|(old, _)| !known.contains(*old)) {
        let old = beside(old.clone(), nearest(old, known.iter().map(String::as_str)));
        notes.push(fault!(
            "note-rename",
            "no layer is called {old}: the recipe's new name {new} is for none",
            old,
            new
        ));
    }
    names
}

/// `name`, with a number if others have it.
pub(super) fn unique(name: String, taken: &mut HashSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name);
    taken.insert(free.clone());
    free
}

/// Word for a layer whose name is taken, put beside it.
fn word(op: &Op) -> &'static str {
    match op.role() {
        Role::Pool | Role::GlobalPool => "pool",
        Role::Linear => "linear",
        _ => op.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_called_as_their_framework_calls_them() {
        let keras = Options { strip_scope_suffix: true, ..Options::default() };
        for (raw, name) in [
            ("functional_1/block1_conv1_1/BiasAdd__6", "block1_conv1"),
            ("functional_1/dense_1/MatMul", "dense"),
            ("functional_1/dense_1_2/MatMul", "dense_1"),
            ("functional_1/batch_normalization_1_2/batchnorm/mul_1", "batch_normalization_1"),
            ("functional_1/add_1/Add", "add"),
        ] {
            assert_eq!(layer(raw, &keras), name, "{raw}");
        }
        for (raw, name) in [
            ("/features/features.0/Conv", "features.0"),
            ("/layer1/layer1.0/conv1/Conv", "layer1.0.conv1"),
            ("/features/features.3/expand1x1_activation/Relu", "features.3.expand1x1_activation"),
            ("/Flatten", "Flatten"),
            ("Conv_0", "Conv_0"),
            ("model/conv1_relu/Relu", "conv1_relu"),
            ("", "layer"),
            ("/../../etc/Relu", "etc"),
            ("a b:0", "a_b_0"),
        ] {
            assert_eq!(layer(raw, &Options::default()), name, "{raw}");
        }
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut taken = HashSet::new();
        let names: Vec<_> = (0..3).map(|_| unique("pool".into(), &mut taken)).collect();
        assert_eq!(names, ["pool", "pool_2", "pool_3"]);
    }
}
