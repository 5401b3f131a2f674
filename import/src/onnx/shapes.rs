//! Nodes that compute with constants and shapes: exporters leave them in to find out the number of images.

use super::builder::Builder;
use super::call::Call;
use super::constant::{Constant, Data};
use super::folding;
use super::view::{FeatureMap, Value};
use convscope_core::error::Fault;
use convscope_core::fault;

/// Numbers of a shape or of a list of places in one, more than any has.
const MAX_JOINED: usize = 1 << 10;

/// Translates a node whose result is no feature map; `None` if it is another kind of node.
pub(super) fn translate(builder: &Builder<'_>, kind: &str, call: &Call<'_>) -> Result<Option<Value>, Fault> {
    let constant = match kind {
        "Constant" => Some(literal(builder, call)?),
        "Shape" if call.optional(0).is_some_and(|name| builder.is_map(name)) => {
            let dims = Constant::ints(dims(&builder.padded_map(call.input(0)?)?));
            Some(dims.slice(call.attributes.int("start").unwrap_or(0), call.attributes.int("end").unwrap_or(i64::MAX))?)
        }
        _ if call.inputs.iter().any(|name| builder.is_map(name)) => None,
        _ => computed(builder, kind, call)?,
    };
    Ok(constant.map(Value::Constant))
}

/// A map's dimensions as ONNX sees them; the number of images is not known.
pub(super) fn dims(map: &FeatureMap) -> Vec<Option<i64>> {
    let size = |&axis| map.view.size(axis, map.shape).map(|size| size as i64);
    map.view.axes().iter().map(size).collect()
}

fn literal(builder: &Builder<'_>, call: &Call<'_>) -> Result<Constant, Fault> {
    let attributes = call.attributes;
    if let Some(tensor) = attributes.tensor("value") {
        return Constant::read(tensor, builder.external);
    }
    let one = |data| Constant { shape: vec![], data };
    let many = |length, data| Constant { shape: vec![length], data };
    if let Some(value) = attributes.int("value_int") {
        return Ok(one(Data::Ints(vec![Some(value)])));
    }
    if let Some(value) = attributes.float("value_float") {
        return Ok(one(Data::Floats(vec![value])));
    }
    if let Some(values) = attributes.ints("value_ints") {
        return Ok(many(values.len(), Data::Ints(values.iter().copied().map(Some).collect())));
    }
    match attributes.floats("value_floats") {
        Some(values) => Ok(many(values.len(), Data::Floats(values.to_vec()))),
        None => Err(fault!("onnx-constant-value", "has no value of 32-bit numbers")),
    }
}

fn computed(builder: &Builder<'_>, kind: &str, call: &Call<'_>) -> Result<Option<Constant>, Fault> {
    let first = || builder.constant(call.input(0)?);
    let second = || builder.constant(call.input(1)?);
    Ok(Some(match kind {
        // The number of images stays a whole number even where it is cast to another type.
        "Identity" | "Cast" | "Dropout" => first()?,
        "Transpose" => match call.attributes.ints("perm") {
            None | Some([1, 0]) => first()?.transposed()?,
            Some(perm) => folding::transposed(first()?, perm)?,
        },
        "Shape" => Constant::ints(first()?.shape.iter().map(|&size| Some(size as i64)).collect()),
        "Gather" => first()?.gather(&second()?)?,
        "Slice" => slice(builder, call)?,
        "Concat" => {
            let mut joined = vec![];
            for name in call.inputs {
                joined.extend(builder.constant(name)?.integers()?);
                if joined.len() > MAX_JOINED {
                    return Err(fault!(
                        "onnx-joined",
                        "joins more than {most} numbers, which no shape has",
                        most = MAX_JOINED
                    ));
                }
            }
            Constant::ints(joined)
        }
        "Squeeze" | "Unsqueeze" => folding::axes(builder, kind, call)?,
        "Reshape" => reshape(first()?, &second()?)?,
        "Add" | "Sub" | "Mul" | "Div" | "Pow" | "Sqrt" | "Exp" | "Log" | "Neg" | "Abs" | "Reciprocal" => {
            folding::arithmetic(builder, kind, call)?
        }
        "ConstantOfShape" => folding::filled(builder, call)?,
        "ReduceProd" => {
            let product =
                first()?.integers()?.into_iter().try_fold(1_i64, |product, value| product.checked_mul(value?));
            let shape = if call.attributes.int("keepdims") == Some(0) { vec![] } else { vec![1] };
            Constant { shape, data: Data::Ints(vec![product]) }
        }
        _ => return Ok(None),
    }))
}

fn slice(builder: &Builder<'_>, call: &Call<'_>) -> Result<Constant, Fault> {
    // Up to operator set 9 the bounds are attributes, afterwards they are inputs.
    let bound = |attribute: &str, input: usize| match call.attributes.ints(attribute) {
        Some(values) => Ok(values.to_vec()),
        None => builder.constant(call.input(input)?)?.known_integers(),
    };
    let steps = call.optional(4).map(|name| builder.constant(name)?.known_integers()).transpose()?;
    match (&bound("starts", 1)?[..], &bound("ends", 2)?[..], steps.as_deref()) {
        (&[start], &[end], None | Some([1])) => builder.constant(call.input(0)?)?.slice(start, end),
        _ => Err(fault!("onnx-slice", "takes more than one run of numbers out of a constant")),
    }
}

fn reshape(constant: Constant, target: &Constant) -> Result<Constant, Fault> {
    let found = crate::count(&constant.shape)?;
    let target = target.known_integers()?;
    let known: i64 = target.iter().filter(|&&size| size > 0).fold(1, |product, &size| product.saturating_mul(size));
    let open = found as i64 / known.max(1);
    let shape: Vec<usize> = target.iter().map(|&size| (if size < 0 { open } else { size }) as usize).collect();
    if crate::count(&shape)? != found {
        return Err(fault!(
            "onnx-constant-reshape",
            "reshapes a constant of {found} numbers to {target}",
            found,
            target = format_args!("{target:?}")
        ));
    }
    Ok(Constant { shape, ..constant })
}
