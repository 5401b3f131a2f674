//! Functions of each number.

use super::arithmetic::per_channel;
use super::builder::Builder;
use super::call::Call;
use super::draft::{Affine, Kind};
use super::ops::affine;
use super::view::FeatureMap;
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{Clip, Elu, Gelu, HardSigmoid, HardSwish, LeakyRelu, Op, Relu, Sigmoid, Silu, Tanh};

/// ONNX's values of what a node leaves out.
mod usual {
    pub(super) const LEAKY_SLOPE: f32 = 0.01;
    pub(super) const HARD_SLOPE: f32 = 0.2;
    pub(super) const HARD_SHIFT: f32 = 0.5;
    pub(super) const SELU: [f32; 2] = [1.673_263_2, 1.050_701];
}

/// Translates a node that is a function of each number; `None` if it is another kind of node.
pub(super) fn translate(builder: &mut Builder<'_>, kind: &str, call: &Call<'_>) -> Result<Option<FeatureMap>, Fault> {
    let float = |name: &str, usual: f32| call.attributes.float(name).unwrap_or(usual);
    let op: Op = match kind {
        "Relu" => Relu {}.into(),
        "Swish" if float("alpha", 1.0) == 1.0 => Silu {}.into(),
        "Sigmoid" => Sigmoid {}.into(),
        "Tanh" => Tanh {}.into(),
        "HardSwish" => HardSwish {}.into(),
        "HardSigmoid" => {
            HardSigmoid { slope: float("alpha", usual::HARD_SLOPE), shift: float("beta", usual::HARD_SHIFT) }.into()
        }
        "LeakyRelu" => LeakyRelu { slope: float("alpha", usual::LEAKY_SLOPE) }.into(),
        "Elu" => Elu { alpha: float("alpha", 1.0) }.into(),
        "Gelu" => Gelu { tanh: call.attributes.text("approximate") == Some("tanh") }.into(),
        "Selu" => return selu(builder, call).map(Some),
        "PRelu" => return prelu(builder, call).map(Some),
        "Erf" => {
            let map = builder.map(call.input(0)?)?;
            return builder.push(call.raw, &[map], Kind::Erf, map.view).map(Some);
        }
        "Clip" => return clip(builder, call).map(Some),
        "Max" | "Min" if call.inputs.len() == 2 => return bounded(builder, kind, call).map(Some),
        _ => return Ok(None),
    };
    pointwise(builder, call, op).map(Some)
}

fn pointwise(builder: &mut Builder<'_>, call: &Call<'_>, op: impl Into<Op>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    builder.push(call.raw, &[map], Kind::Plain(op.into()), map.view)
}

/// `gamma` times an exponential linear unit.
fn selu(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let [alpha, gamma] = usual::SELU;
    let alpha = call.attributes.float("alpha").unwrap_or(alpha);
    let map = pointwise(builder, call, Elu { alpha })?;
    let scale = vec![call.attributes.float("gamma").unwrap_or(gamma); map.shape[0]];
    affine(builder, call.raw, map, Affine { shift: vec![0.0; scale.len()], scale })
}

fn prelu(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    let slopes = per_channel(&map, &builder.constant(call.input(1)?)?)?;
    match slopes.first() {
        Some(&slope) if slopes.iter().all(|&other| other == slope) => pointwise(builder, call, LeakyRelu { slope }),
        _ => builder.push(call.raw, &[map], Kind::Prelu(slopes), map.view),
    }
}

fn clip(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    // Up to operator set 10 the bounds are attributes, afterwards they are inputs.
    let bound = |attribute: &str, input: usize| match (call.attributes.float(attribute), call.optional(input)) {
        (Some(value), _) => Ok::<_, Fault>(Some(value)),
        (None, Some(name)) => Ok(builder.constant(name)?.floats()?.first().copied()),
        (None, None) => Ok(None),
    };
    let (min, max) = (bound("min", 1)?, bound("max", 2)?);
    pointwise(builder, call, between(min, max))
}

/// The larger or smaller of a map and a number.
fn bounded(builder: &mut Builder<'_>, kind: &str, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let (one, two) = (call.input(0)?, call.input(1)?);
    let (map, number) = if builder.is_map(one) { (one, two) } else { (two, one) };
    let number = builder.constant(number)?;
    let values = number.floats()?;
    let first = values.first().copied();
    let Some(bound) = first.filter(|bound| values.iter().all(|value| value == bound)) else {
        return Err(fault!("onnx-bounds", "has a bound of its own for each number"));
    };
    let map = builder.map(map)?;
    let op = if kind == "Max" { between(Some(bound), None) } else { between(None, Some(bound)) };
    builder.push(call.raw, &[map], Kind::Plain(op), map.view)
}

/// The op that keeps numbers between bounds. JSON has no infinity; the largest numbers bound as little.
fn between(min: Option<f32>, max: Option<f32>) -> Op {
    let (min, max) = (min.unwrap_or(f32::MIN).max(f32::MIN), max.unwrap_or(f32::MAX).min(f32::MAX));
    if min == 0.0 && max == f32::MAX { Relu {}.into() } else { Clip { min, max }.into() }
}
