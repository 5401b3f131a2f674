//! Nodes that compute with feature maps.

use super::builder::{Builder, FeatureMap, View};
use super::call::Call;
use super::draft::{Affine, Kind};
use super::proto::data_type;
use super::{arithmetic, layout, linear, windows};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{Clip, Concat, GlobalAveragePool, MaxPool, Op, Padding, Relu, Sigmoid, Silu, Softmax};

/// Translates a node whose result is feature maps or a vector.
pub(super) fn translate(builder: &mut Builder<'_>, kind: &str, call: &Call<'_>) -> Result<FeatureMap, Fault> {
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
        "GlobalMaxPool" => global(builder, call, |[_, height, width]| {
            let (kernel, padding) = ([height, width], Padding::default());
            MaxPool { kernel, stride: [1, 1], padding, ceil_mode: false }.into()
        }),
        "ReduceMean" => layout::reduce_mean(builder, call),
        "Pad" => windows::pad(builder, call),
        "Flatten" => layout::flatten_node(builder, call),
        "Reshape" => layout::reshape(builder, call),
        "Squeeze" => layout::squeeze(builder, call),
        "Unsqueeze" => layout::unsqueeze(builder, call),
        "Transpose" => layout::transpose(builder, call),
        "Relu" => pointwise(builder, call, Relu {}),
        "Swish" if call.attributes.float("alpha").unwrap_or(1.0) == 1.0 => pointwise(builder, call, Silu {}),
        "Clip" => clip(builder, call),
        "Softmax" | "LogSoftmax" => softmax(builder, kind, call),
        "Concat" => concat(builder, call),
        "Identity" | "Dropout" => builder.padded_map(call.input(0)?),
        "Cast" => cast(builder, call),
        "Sigmoid" => sigmoid(builder, call),
        _ => Err(unknown(kind)),
    }
}

/// Fault of an operation that is none of the above.
fn unknown(kind: &str) -> Fault {
    let is_planned = matches!(
        kind,
        "Sigmoid"
            | "HardSigmoid"
            | "HardSwish"
            | "Tanh"
            | "Elu"
            | "LeakyRelu"
            | "PRelu"
            | "Gelu"
            | "Erf"
            | "Mish"
            | "LRN"
            | "LayerNormalization"
            | "InstanceNormalization"
            | "GroupNormalization"
            | "Max"
            | "Min"
            | "ReduceMax"
            | "Slice"
            | "Split"
            | "Resize"
            | "ArgMax"
            | "Pow"
            | "Sqrt"
            | "ConvTranspose"
    );
    let when = if is_planned {
        fault!("onnx-operation-planned", "a later version is planned to read")
    } else {
        fault!("onnx-operation-unplanned", "is not planned so far")
    };
    fault!(
        "onnx-operation",
        "is an operation that {cause}; this one reads Conv, Gemm, MatMul, BatchNormalization, Add, Sub, Mul and Div with constants, sums, \
         MaxPool, AveragePool, global pools, Pad with zeros, Relu, SiLU, Clip, Softmax, Concat, Flatten, Reshape, Transpose",
        cause = when
    )
}

/// A number format other than whole numbers, which would round.
fn cast(builder: &Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let to = call.attributes.int("to").unwrap_or(0);
    if i32::try_from(to).is_ok_and(data_type::is_float) {
        return builder.padded_map(call.input(0)?);
    }
    Err(fault!("onnx-cast", "rounds feature maps to whole numbers (ONNX data type {to})", to))
}

/// The end of a network with one logit, or with several classes that do not exclude each other.
fn sigmoid(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    if builder.map(call.input(0)?)?.shape[1..] == [1, 1] {
        pointwise(builder, call, Sigmoid {})
    } else {
        Err(unknown("Sigmoid"))
    }
}

fn pointwise(builder: &mut Builder<'_>, call: &Call<'_>, op: impl Into<Op>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    builder.push(call.raw, &[map], Kind::Plain(op.into()), map.view)
}

fn clip(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    // Up to operator set 10 the bounds are attributes, afterwards they are inputs.
    let bound = |attribute: &str, input: usize| match (call.attributes.float(attribute), call.optional(input)) {
        (Some(value), _) => Ok::<_, Fault>(Some(value)),
        (None, Some(name)) => Ok(builder.constant(name)?.floats()?.first().copied()),
        (None, None) => Ok(None),
    };
    // JSON has no infinity; the largest numbers bound as little.
    let min = bound("min", 1)?.unwrap_or(f32::MIN).max(f32::MIN);
    let max = bound("max", 2)?.unwrap_or(f32::MAX).min(f32::MAX);
    let op = if min == 0.0 && max == f32::MAX { Relu {}.into() } else { Op::from(Clip { min, max }) };
    pointwise(builder, call, op)
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
    let over_channels = match map.view {
        View::Nchw => axis == 1 || axis == -3,
        View::Nhwc => axis == 3 || axis == -1 || axis == 1 && single,
        View::Flat => axis == 1 || axis == -1,
        View::FlatHwc(_) => false,
    };
    if !over_channels || builder.opset < 13 && !single {
        return Err(fault!("onnx-softmax-axis", "goes along axis {axis}, which are not the channels", axis));
    }
    if kind == "LogSoftmax" {
        builder.notes.push(format!("the node {} gives logarithms of probabilities: taken as probabilities", call.raw));
    }
    builder.push(call.raw, &[map], Kind::Plain(Softmax {}.into()), map.view)
}

fn concat(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let maps = call.inputs.iter().map(|name| builder.map(name)).collect::<Result<Vec<_>, _>>()?;
    let view = maps.first().ok_or(fault!("onnx-concat-empty", "joins nothing"))?.view;
    let axis = call.attributes.int("axis").unwrap_or(1);
    let channels: &[i64] = match view {
        View::Nchw => &[1, -3],
        View::Nhwc => &[3, -1],
        View::Flat => &[1, -1],
        View::FlatHwc(_) => &[],
    };
    if !channels.contains(&axis) || maps.iter().any(|map| map.view != view) {
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
