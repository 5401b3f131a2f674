//! Sums of feature maps, and arithmetic with one constant a channel.

use super::builder::Builder;
use super::call::Call;
use super::constant::Constant;
use super::draft::{Affine, Kind};
use super::linear::vector_to_chw;
use super::ops::affine;
use super::product;
use super::view::{Axis, FeatureMap, View};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::Add;

pub(super) fn batch_normalization(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    if map.view.axis(1) != Some(Axis::Channels) {
        return Err(fault!("onnx-normalization-view", "normalizes what is no [N, C, H, W]"));
    }
    if call.attributes.int("training_mode").unwrap_or(0) != 0 {
        builder.note_once(fault!(
            "note-training-mode",
            "batch normalizations are exported in training mode, which would make a class depend on the other images: took their \
             running statistics, as model.eval() does; other runtimes answer otherwise until the model is exported in evaluation mode"
        ));
    }
    let epsilon = call.attributes.float("epsilon").unwrap_or(1e-5);
    let channels = map.shape[0];
    let input = |index: usize| {
        let values = builder.constant(call.input(index)?)?.floats()?.into_owned();
        let count = values.len();
        if count == channels {
            return Ok(values);
        }
        Err(fault!("onnx-normalization-length", "has {count} numbers for {channels} channels", count, channels))
    };
    let (gamma, beta, mean, variance) = (input(1)?, input(2)?, input(3)?, input(4)?);
    let scale: Vec<f32> = gamma
        .iter()
        .zip(&variance)
        .map(|(&gamma, &variance)| (f64::from(gamma) / (f64::from(variance) + f64::from(epsilon)).sqrt()) as f32)
        .collect();
    let mut shift: Vec<f32> = (0..channels).map(|channel| beta[channel] - mean[channel] * scale[channel]).collect();
    let mut scale = scale;
    if !map.view.in_order() {
        let parts = builder.parts(&map);
        (scale, shift) = (vector_to_chw(&scale, &parts), vector_to_chw(&shift, &parts));
    }
    affine(builder, call.raw, map, Affine { scale, shift })
}

pub(super) fn add(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    if let [one, two] = call.inputs
        && builder.is_map(one) != builder.is_map(two)
    {
        return scale(builder, "Add", call);
    }
    let maps = call.inputs.iter().map(|name| builder.map(name)).collect::<Result<Vec<_>, _>>()?;
    let view = maps.first().ok_or(fault!("onnx-add-empty", "adds nothing"))?.view;
    if maps.iter().any(|map| map.view != view) {
        return Err(fault!("onnx-add-views", "adds feature maps of different layouts"));
    }
    if let [only] = maps[..] {
        return Ok(only);
    }
    builder.push(call.raw, &maps, Kind::Plain(Add {}.into()), view)
}

/// One map less another: its sum with the other's opposite.
fn difference(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let (one, two) = (builder.map(call.input(0)?)?, builder.map(call.input(1)?)?);
    if one.view != two.view {
        return Err(fault!("onnx-subtract-views", "subtracts feature maps of different layouts"));
    }
    let (view, channels) = (one.view, two.shape[0]);
    let opposite = affine(builder, call.raw, two, Affine { scale: vec![-1.0; channels], shift: vec![0.0; channels] })?;
    builder.push(call.raw, &[one, opposite], Kind::Plain(Add {}.into()), view)
}

/// Add, Mul, Sub or Div of feature maps and a constant.
pub(super) fn scale(builder: &mut Builder<'_>, kind: &str, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let (one, two) = (call.input(0)?, call.input(1)?);
    let constant_first = !builder.is_map(one);
    if !constant_first && builder.is_map(two) {
        return match kind {
            "Mul" => product::multiply(builder, call),
            "Sub" => difference(builder, call),
            _ => Err(fault!("onnx-two-maps", "combines two feature maps")),
        };
    }
    let map = builder.map(if constant_first { two } else { one })?;
    let constant = builder.constant(if constant_first { one } else { two })?;
    let values = per_channel(&map, &constant)?;
    let ones = || vec![1.0; values.len()];
    let zeros = || vec![0.0; values.len()];
    let (scale, shift) = match (kind, constant_first) {
        ("Add", _) => (ones(), values),
        ("Mul", _) => {
            let shift = zeros();
            (values, shift)
        }
        ("Sub", false) => (ones(), values.iter().map(|value| -value).collect()),
        ("Sub", true) => (vec![-1.0; values.len()], values),
        ("Div", false) => (values.iter().map(|value| 1.0 / value).collect(), zeros()),
        _ => return Err(fault!("onnx-divides", "divides by feature maps")),
    };
    affine(builder, call.raw, map, Affine { scale, shift })
}

/// A constant that is broadcast over everything but the channels, as one number a channel.
pub(super) fn per_channel(map: &FeatureMap, constant: &Constant) -> Result<Vec<f32>, Fault> {
    let values = constant.floats()?;
    let channels = map.shape[0];
    if let [value] = values[..] {
        return Ok(vec![value; channels]);
    }
    let shape = &constant.shape[..];
    let fits = match map.view {
        View::Nchw | View::Chw => matches!(shape, [c, 1, 1] | [1, c, 1, 1] if *c == channels),
        View::Nhwc => matches!(shape, [c] | [1, c] | [1, 1, c] | [1, 1, 1, c] if *c == channels),
        View::Flat | View::FlatHwc(_) | View::Single => matches!(shape, [c] | [1, c] if *c == channels),
        View::Nch => matches!(shape, [c, 1] | [1, c, 1] if *c == channels),
        View::FlatParts(_) | View::Grouped(_) | View::Shuffled(_) => false,
    };
    match map.view {
        _ if !fits => Err(fault!(
            "onnx-per-channel",
            "has a constant of shape {shape}, not one number for each of {channels} channels",
            shape = format_args!("{shape:?}"),
            channels
        )),
        View::FlatHwc(shape) => Ok(vector_to_chw(&values, &[shape])),
        _ => Ok(values.into_owned()),
    }
}
