//! Nodes that compute with feature maps.

use super::builder::Builder;
use super::call::Call;
use super::draft::{Affine, Kind};
use super::proto::data_type;
use super::view::{Axis, FeatureMap, View};
use super::{activation, arithmetic, layout, linear, normalize, resize, slices, windows};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{Concat, GlobalAveragePool, MaxPool, Op, Padding, Relu, Softmax};

/// ONNX Runtime's own operations that are ONNX's in another place.
pub(super) const MICROSOFTS: [&str; 3] = ["Gelu", "QuantizeLinear", "DequantizeLinear"];

/// Translates a node whose result is feature maps or a vector.
pub(super) fn translate(builder: &mut Builder<'_>, kind: &str, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    if let Some(map) = activation::translate(builder, kind, call)? {
        return Ok(map);
    }
    if let Some(map) = normalize::translate(builder, kind, call)? {
        return Ok(map);
    }
    match kind {
        "Conv" => linear::conv(builder, call),
        "Gemm" => linear::gemm(builder, call),
        "MatMul" => linear::matmul(builder, call),
        "BatchNormalization" => arithmetic::batch_normalization(builder, call),
        "Add" | "Sum" => arithmetic::add(builder, call),
        "Mul" | "Sub" | "Div" => arithmetic::scale(builder, kind, call),
        "MaxPool" => windows::max_pool(builder, call),
        "AveragePool" => windows::average_pool(builder, call),
        "GlobalAveragePool" => global(builder, call, |_| GlobalAveragePool {}.into()),
        "GlobalMaxPool" => global(builder, call, whole_maximum),
        "ReduceMean" | "ReduceMax" => layout::reduce(builder, kind, call),
        "Pad" => windows::pad(builder, call),
        "Slice" => slices::slice(builder, call),
        "Resize" | "Upsample" => resize::resize(builder, kind, call),
        "Flatten" => layout::flatten_node(builder, call),
        "Reshape" => layout::reshape(builder, call),
        "Squeeze" => layout::squeeze(builder, call),
        "Unsqueeze" => layout::unsqueeze(builder, call),
        "Transpose" => layout::transpose(builder, call),
        "Softmax" | "LogSoftmax" => softmax(builder, kind, call),
        "ArgMax" | "TopK" => ranked(builder, kind, call),
        "Concat" => concat(builder, call),
        "Identity" | "Dropout" => builder.padded_map(call.input(0)?),
        "Cast" => cast(builder, call),
        _ => Err(unknown(kind)),
    }
}

/// Fault of an operation that is none of the above.
fn unknown(kind: &str) -> Fault {
    let is_planned = matches!(kind, "Mish" | "Pow" | "Sqrt" | "ReduceSum" | "ReduceL2" | "ConvTranspose" | "Softplus");
    let when = if is_planned {
        fault!("onnx-operation-planned", "a later version is planned to read")
    } else {
        fault!("onnx-operation-unplanned", "is not planned so far")
    };
    fault!(
        "onnx-operation",
        "is an operation that {cause}; this one reads Conv, Gemm, MatMul, normalizations, Add, Sub, Mul, pools, Pad, Resize, Slice, Split, \
         Concat, Softmax, the usual activation functions, and what changes the layout",
        cause = when
    )
}

/// The largest number of each map, as a pool of one window.
pub(super) fn whole_maximum([_, height, width]: [usize; 3]) -> Op {
    MaxPool { kernel: [height, width], stride: [1, 1], padding: Padding::default(), ceil_mode: false }.into()
}

/// ONNX Runtime's convolution with an activation function in it.
pub(super) fn fused_convolution(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = linear::conv(builder, call)?;
    match call.attributes.text("activation") {
        None => Ok(map),
        Some("Relu") => builder.push(call.raw, &[map], Kind::Plain(Relu {}.into()), map.view),
        Some(other) => Err(fault!("onnx-fused", "has the activation function {other} in it", other)),
    }
}

/// The end of a network that gives the likeliest class: what it chooses among.
fn ranked(builder: &mut Builder<'_>, kind: &str, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    let usual = if kind == "TopK" { -1 } else { 0 };
    if map.shape[1..] != [1, 1] || map.view.axis(call.attributes.int("axis").unwrap_or(usual)) != Some(Axis::Channels) {
        return Err(fault!("onnx-rank-axis", "chooses among other numbers than those of the classes"));
    }
    builder.note_once(fault!("note-argmax", "the graph ends in a choice of the likeliest class: left that out"));
    Ok(map)
}

/// A number format other than whole numbers, which would round.
fn cast(builder: &Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let to = call.attributes.int("to").unwrap_or(0);
    if i32::try_from(to).is_ok_and(data_type::is_float) {
        return builder.padded_map(call.input(0)?);
    }
    Err(fault!("onnx-cast", "rounds feature maps to whole numbers (ONNX data type {to})", to))
}

fn global(builder: &mut Builder<'_>, call: &Call<'_>, op: impl Fn([usize; 3]) -> Op) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    windows::check_view(&map)?;
    builder.push(call.raw, &[map], Kind::Plain(op(map.shape)), map.view)
}

fn softmax(builder: &mut Builder<'_>, kind: &str, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    let single = map.shape[1..] == [1, 1];
    let axis = call.attributes.int("axis").unwrap_or(if builder.opset < 13 { 1 } else { -1 });
    // Before operator set 13 a softmax went over all axes from the given one on.
    let over_channels = map.view.axis(axis) == Some(Axis::Channels) || map.view == View::Nhwc && axis == 1 && single;
    if !over_channels || !map.view.in_order() || builder.opset < 13 && !single {
        return Err(fault!("onnx-softmax-axis", "goes along axis {axis}, which are not the channels", axis));
    }
    if kind == "LogSoftmax" {
        builder.notes.push(fault!(
            "note-log-softmax",
            "the node {node} gives logarithms of probabilities: taken as probabilities",
            node = call.raw
        ));
    }
    builder.push(call.raw, &[map], Kind::Plain(Softmax {}.into()), map.view)
}

/// Vectors behind each other in one, more than any classifier joins.
const MAX_PARTS: usize = 1000;

fn concat(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let maps = call.inputs.iter().map(|name| builder.map(name)).collect::<Result<Vec<_>, _>>()?;
    let view = maps.first().ok_or(fault!("onnx-concat-empty", "joins nothing"))?.view;
    let axis = call.attributes.int("axis").unwrap_or(1);
    let is_vector = |map: &FeatureMap| matches!(map.view, View::Flat | View::FlatHwc(_) | View::FlatParts(_));
    if view.axis(axis) == Some(Axis::Channels)
        && maps.iter().all(is_vector)
        && !maps.iter().all(|map| map.view.in_order())
        // One that joins itself again and again is no classifier.
        && maps.iter().map(|map| builder.parts(map).len()).sum::<usize>() <= MAX_PARTS
    {
        let parts = maps.iter().flat_map(|map| builder.parts(map)).collect();
        builder.parts.push(parts);
        let view = View::FlatParts(builder.parts.len() - 1);
        return builder.push(call.raw, &maps, Kind::Plain(Concat {}.into()), view);
    }
    if view.axis(axis) != Some(Axis::Channels) || !view.in_order() || maps.iter().any(|map| map.view != view) {
        return Err(fault!(
            "onnx-concat-axis",
            "joins along axis {axis}, which are not the channels of all its inputs",
            axis
        ));
    }
    builder.push(call.raw, &maps, Kind::Plain(Concat {}.into()), view)
}

/// Adds `x * scale + shift`.
pub(super) fn affine(
    builder: &mut Builder<'_>,
    raw: &str,
    map: FeatureMap,
    affine: Affine,
) -> Result<FeatureMap, Fault> {
    builder.push(raw, &[map], Kind::Affine(affine), map.view)
}
