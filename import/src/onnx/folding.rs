//! Constants computed of constants: what exporters leave in a graph of a normalization, of a reshaped bias, of a quantized weight.

use super::builder::Builder;
use super::call::Call;
use super::constant::{Constant, Data};
use crate::axes::permute;
use crate::count;
use convscope_core::error::Fault;
use convscope_core::fault;

/// Arithmetic of one or two constants: on whole numbers as shapes have them, or on floats with NumPy's broadcasting.
pub(super) fn arithmetic(builder: &Builder<'_>, kind: &str, call: &Call<'_>) -> Result<Constant, Fault> {
    let first = builder.constant(call.input(0)?)?;
    let one: Option<fn(f32) -> f32> = match kind {
        "Sqrt" => Some(f32::sqrt),
        "Exp" => Some(f32::exp),
        "Log" => Some(f32::ln),
        "Neg" => Some(|value| -value),
        "Abs" => Some(f32::abs),
        "Reciprocal" => Some(f32::recip),
        _ => None,
    };
    if let Some(one) = one {
        let values = first.floats()?.iter().map(|&value| one(value)).collect();
        return Ok(Constant { shape: first.shape, data: Data::Floats(values) });
    }
    let second = builder.constant(call.input(1)?)?;
    if let (Data::Ints(_), Data::Ints(_)) = (&first.data, &second.data) {
        let op = match kind {
            "Add" => i64::checked_add,
            "Sub" => i64::checked_sub,
            "Mul" => i64::checked_mul,
            "Div" => i64::checked_div,
            _ => return Err(fault!("onnx-whole-arithmetic", "computes with whole numbers what shapes never are")),
        };
        return first.combine(&second, op);
    }
    let op: fn(f32, f32) -> f32 = match kind {
        "Add" => |one, two| one + two,
        "Sub" => |one, two| one - two,
        "Mul" => |one, two| one * two,
        "Div" => |one, two| one / two,
        _ => f32::powf,
    };
    broadcast(builder, &first, &second, op)
}

fn broadcast(
    builder: &Builder<'_>,
    one: &Constant,
    two: &Constant,
    op: fn(f32, f32) -> f32,
) -> Result<Constant, Fault> {
    let rank = one.shape.len().max(two.shape.len());
    let padded = |shape: &[usize]| [&vec![1; rank - shape.len()][..], shape].concat();
    let (shape_one, shape_two) = (padded(&one.shape), padded(&two.shape));
    let mut shape = vec![];
    for (&one, &two) in shape_one.iter().zip(&shape_two) {
        shape.push(match (one, two) {
            (one, two) if one == two => one,
            (1, size) | (size, 1) => size,
            _ => {
                return Err(fault!("onnx-broadcast", "computes with constants of the sizes {one} and {two}", one, two));
            }
        });
    }
    let numbers = count(&shape)?;
    builder.spend(numbers)?;
    let (values_one, values_two) = (one.floats()?, two.floats()?);
    let place = |mut index: usize, own: &[usize]| {
        let (mut place, mut stride) = (0, 1);
        for (&size, &own) in shape.iter().zip(own).rev() {
            place += if own == 1 { 0 } else { index % size * stride };
            stride *= own;
            index /= size;
        }
        place
    };
    let value = |index| op(values_one[place(index, &shape_one)], values_two[place(index, &shape_two)]);
    Ok(Constant { data: Data::Floats((0..numbers).map(value).collect()), shape })
}

/// A constant with its axes in another order.
pub(super) fn transposed(constant: Constant, order: &[i64]) -> Result<Constant, Fault> {
    let rank = constant.shape.len();
    let axes: Vec<usize> = order.iter().filter_map(|&axis| usize::try_from(axis).ok()).collect();
    let mut sorted = axes.clone();
    sorted.sort_unstable();
    if !sorted.into_iter().eq(0..rank) || axes.len() != order.len() {
        let perm = format_args!("{order:?}");
        return Err(fault!("onnx-constant-transpose", "permutes the axes of a constant by {perm}", perm));
    }
    let values = permute(&constant.floats()?, &constant.shape, &axes);
    Ok(Constant { shape: axes.iter().map(|&axis| constant.shape[axis]).collect(), data: Data::Floats(values) })
}

/// A constant with axes of size 1 more or less.
pub(super) fn axes(builder: &Builder<'_>, kind: &str, call: &Call<'_>) -> Result<Constant, Fault> {
    let constant = builder.constant(call.input(0)?)?;
    let axes = match (call.attributes.ints("axes"), call.optional(1)) {
        (Some(axes), _) => Some(axes.to_vec()),
        (None, Some(name)) => Some(builder.constant(name)?.known_integers()?),
        (None, None) => None,
    };
    let rank = constant.shape.len() + if kind == "Unsqueeze" { axes.as_ref().map_or(0, Vec::len) } else { 0 };
    let from_start = |&axis: &i64| if axis < 0 { axis.saturating_add(rank as i64) } else { axis };
    let axes: Option<Vec<i64>> = axes.map(|axes| axes.iter().map(from_start).collect());
    let is_named = |axis: usize| axes.as_ref().is_some_and(|axes| axes.contains(&(axis as i64)));
    let shape: Vec<usize> = if kind == "Unsqueeze" {
        let mut own = constant.shape.iter().copied();
        (0..rank).map(|axis| if is_named(axis) { 1 } else { own.next().unwrap_or(1) }).collect()
    } else {
        let goes = |axis: usize, size: usize| size == 1 && (axes.is_none() || is_named(axis));
        constant.shape.iter().enumerate().filter(|&(axis, &size)| !goes(axis, size)).map(|(_, &size)| size).collect()
    };
    if count(&shape)? != count(&constant.shape)? || rank > 8 {
        let shape = format_args!("{:?}", constant.shape);
        return Err(fault!("onnx-constant-axes", "changes the axes of a constant of shape {shape}", shape));
    }
    Ok(Constant { shape, ..constant })
}

/// A constant of one number again and again.
pub(super) fn filled(builder: &Builder<'_>, call: &Call<'_>) -> Result<Constant, Fault> {
    let sizes = builder.constant(call.input(0)?)?.known_integers()?;
    let sizes: Option<Vec<usize>> = sizes.iter().map(|&size| usize::try_from(size).ok()).collect();
    let shape = sizes.ok_or(fault!("onnx-filled", "fills a constant of a size below 0"))?;
    let numbers = count(&shape)?;
    builder.spend(numbers)?;
    let value = call.attributes.tensor("value").map(|value| Constant::read(value, builder.external)).transpose()?;
    let data = match value.map(|value| value.data) {
        Some(Data::Ints(values)) => Data::Ints(vec![values.first().copied().flatten().or(Some(0)); numbers]),
        Some(Data::Floats(values)) => Data::Floats(vec![values.first().copied().unwrap_or(0.0); numbers]),
        None => Data::Floats(vec![0.0; numbers]),
    };
    Ok(Constant { shape, data })
}
