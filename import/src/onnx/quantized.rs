//! Quantized graphs, read as the networks of real numbers that they stand for: weights are dequantized, and activations are not
//! rounded. What saturates at a zero point of the smallest number is a ReLU that was merged into it.

use super::builder::Builder;
use super::call::Call;
use super::constant::{Constant, Data};
use super::draft::Kind;
use super::linear::convolve;
use super::proto::data_type;
use super::view::{FeatureMap, Value};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{Clip, Op, Relu};

/// Translates a node of quantized numbers; `None` if it is another kind of node.
pub(super) fn translate(builder: &mut Builder<'_>, kind: &str, call: &Call<'_>) -> Result<Option<Value>, Fault> {
    match kind {
        "QuantizeLinear" => {
            let map = builder.map(call.input(0)?)?;
            saturated(builder, call, map, call.optional(2)).map(|map| Some(Value::Map(map)))
        }
        "DequantizeLinear" if builder.is_map(call.input(0)?) => {
            Ok(Some(Value::Map(builder.padded_map(call.input(0)?)?)))
        }
        "DequantizeLinear" => {
            let axis = call.attributes.int("axis").unwrap_or(1);
            dequantized(builder, call.input(0)?, call.input(1)?, call.optional(2), axis)
                .map(|constant| Some(Value::Constant(constant)))
        }
        "QLinearConv" => {
            let map = builder.padded_map(call.input(0)?)?;
            let weight = dequantized(builder, call.input(3)?, call.input(4)?, call.optional(5), 0)?;
            let out = weight.shape.first().copied().unwrap_or(0);
            let bias = match call.optional(8) {
                None => vec![0.0; out],
                Some(name) => {
                    let step = builder.constant(call.input(1)?)?.floats()?.first().copied().unwrap_or(1.0);
                    let steps = builder.constant(call.input(4)?)?.floats()?.into_owned();
                    let of = |index: usize| step * steps[if steps.len() == 1 { 0 } else { index }];
                    let bias = builder.constant(name)?.floats()?.into_owned();
                    if steps.len() != 1 && steps.len() != bias.len() {
                        return Err(wrong());
                    }
                    bias.iter().enumerate().map(|(index, value)| value * of(index)).collect()
                }
            };
            let map = convolve(builder, call, map, weight, bias)?;
            saturated(builder, call, map, call.optional(7)).map(|map| Some(Value::Map(map)))
        }
        _ => Ok(None),
    }
}

fn wrong() -> Fault {
    fault!("onnx-quantized", "has scales or zero points that do not fit its numbers")
}

/// What is left of a map when it is quantized to numbers with that zero point.
fn saturated(
    builder: &mut Builder<'_>,
    call: &Call<'_>,
    map: FeatureMap,
    zero: Option<&str>,
) -> Result<FeatureMap, Fault> {
    builder.note_once(fault!(
        "note-quantized",
        "the file is quantized: took its weights as they are, and did not round its activations"
    ));
    let smallest = match zero.map(|name| builder.data_type(name)) {
        Some(Some(data_type::INT8)) => -128.0,
        Some(Some(data_type::INT16)) => -32768.0,
        _ => 0.0,
    };
    let zero =
        zero.map(|name| Ok::<_, Fault>(builder.constant(name)?.floats()?.first().copied())).transpose()?.flatten();
    let is_positive = match map.node.map(|id| &builder.drafts[id].kind) {
        None | Some(Kind::Plain(Op::Relu(_) | Op::HardSigmoid(_) | Op::Sigmoid(_) | Op::Softmax(_))) => true,
        Some(Kind::Plain(Op::Clip(Clip { min, .. }))) => *min >= 0.0,
        // These have no other numbers than what they read, which was quantized too.
        Some(Kind::Plain(op)) => op.selects() || matches!(op, Op::GlobalAveragePool(_) | Op::AveragePool(_)),
        _ => false,
    };
    if is_positive || zero.unwrap_or(0.0) != smallest {
        return Ok(map);
    }
    builder.push(call.raw, &[map], Kind::Plain(Relu {}.into()), map.view)
}

/// `(x - zero point) * scale` of a constant, whose scales may be one each along an axis.
fn dequantized(builder: &Builder<'_>, x: &str, scale: &str, zero: Option<&str>, axis: i64) -> Result<Constant, Fault> {
    let constant = builder.constant(x)?;
    let scales = builder.constant(scale)?.floats()?.into_owned();
    let zeros = match zero {
        Some(name) => builder.constant(name)?.floats()?.into_owned(),
        None => vec![0.0],
    };
    let shape = constant.shape.clone();
    let rank = shape.len() as i64;
    let axis = usize::try_from(if axis < 0 { axis + rank } else { axis }).map_err(|_| wrong())?;
    let stride: usize = shape.iter().skip(axis + 1).product();
    let size = shape.get(axis).copied().unwrap_or(1);
    if [scales.len(), zeros.len()].iter().any(|&length| length != 1 && length != size) {
        return Err(wrong());
    }
    let at = |values: &[f32], index: usize| values[if values.len() == 1 { 0 } else { index / stride.max(1) % size }];
    let values = constant.floats()?;
    let values = values.iter().enumerate().map(|(index, value)| (value - at(&zeros, index)) * at(&scales, index));
    Ok(Constant { shape, data: Data::Floats(values.collect()) })
}
