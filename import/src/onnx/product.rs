//! Products of feature maps: gates, and activation functions that exporters write as several nodes, told by what is multiplied.

use super::builder::Builder;
use super::call::Call;
use super::draft::{Affine, Draft, Kind};
use super::ops::affine;
use super::view::FeatureMap;
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{Clip, Gelu, HardSigmoid, HardSwish, Multiply, Op, Padding, Silu};

/// Difference of a number in a file to the one it is meant to be, as a share: half-precision numbers have eleven bits.
const ROUNDING: f32 = 1e-3;

/// Function whose product with its own input is an activation function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Share {
    /// Logistic function: the product is SiLU.
    Logistic,
    /// `min(max(x + 3, 0), 6) / 6`: hard swish.
    Hard,
    /// `(1 + erf(x / sqrt(2))) / 2`: GELU.
    Normal,
}

/// A share of something, times a factor.
#[derive(Clone, Copy, Debug)]
struct Factor {
    share: Share,
    times: f32,
    /// The draft that it is the share of; `None` is the image.
    of: Option<usize>,
}

/// Translates the product of two maps.
pub(super) fn multiply(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let (one, two) = (builder.map(call.input(0)?)?, builder.map(call.input(1)?)?);
    if one.view != two.view {
        return Err(fault!("onnx-multiply-views", "multiplies feature maps of different layouts"));
    }
    for (signal, gate) in [(one, two), (two, one)] {
        if let Some(done) = activation(builder, call, signal, gate)? {
            return Ok(done);
        }
    }
    let numbers = |map: &FeatureMap| map.shape.iter().product::<usize>();
    let is_gate = |map: &FeatureMap| map.node.and_then(|id| share(&builder.drafts, id)).is_some();
    let turned = numbers(&two) > numbers(&one) || numbers(&two) == numbers(&one) && is_gate(&one) && !is_gate(&two);
    let (signal, gate) = if turned { (two, one) } else { (one, two) };
    let gate = straight(builder, call, gate)?;
    builder.push(call.raw, &[signal, gate], Kind::Plain(Multiply {}.into()), signal.view)
}

/// A signal times a share of itself.
fn activation(
    builder: &mut Builder<'_>,
    call: &Call<'_>,
    signal: FeatureMap,
    gate: FeatureMap,
) -> Result<Option<FeatureMap>, Fault> {
    let Some(factor) = gate.node.and_then(|id| share(&builder.drafts, id)) else { return Ok(None) };
    let own = match signal.node.map(|id| &builder.drafts[id]) {
        _ if signal.node == factor.of => 1.0,
        // The signal may be scaled before it is multiplied.
        Some(Draft { kind: Kind::Affine(affine), inputs, .. }) if inputs[..] == [factor.of] => match uniform(affine) {
            Some((scale, 0.0)) => scale,
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    let source = FeatureMap { node: factor.of, pad: Padding::default(), ..signal };
    let op: Op = match factor.share {
        Share::Logistic => Silu {}.into(),
        Share::Hard => HardSwish {}.into(),
        Share::Normal => Gelu { tanh: false }.into(),
    };
    let map = builder.push(call.raw, &[source], Kind::Plain(op), signal.view)?;
    scaled(builder, call, map, own * factor.times).map(Some)
}

/// A gate of straight lines as the one op that it is.
fn straight(builder: &mut Builder<'_>, call: &Call<'_>, gate: FeatureMap) -> Result<FeatureMap, Fault> {
    let factor = gate.node.and_then(|id| share(&builder.drafts, id)).filter(|factor| factor.share == Share::Hard);
    let Some(factor) = factor else { return Ok(gate) };
    let source = FeatureMap { node: factor.of, ..gate };
    let op = HardSigmoid { slope: 1.0 / 6.0, shift: 0.5 };
    let map = builder.push(call.raw, &[source], Kind::Plain(op.into()), gate.view)?;
    scaled(builder, call, map, factor.times)
}

fn scaled(builder: &mut Builder<'_>, call: &Call<'_>, map: FeatureMap, times: f32) -> Result<FeatureMap, Fault> {
    if is(times, 1.0) {
        return Ok(map);
    }
    let channels = map.shape[0];
    affine(builder, call.raw, map, Affine { scale: vec![times; channels], shift: vec![0.0; channels] })
}

/// The share that a draft is.
fn share(drafts: &[Draft], id: usize) -> Option<Factor> {
    let input = *drafts[id].inputs.first()?;
    let before = |input: Option<usize>| match input.map(|id| &drafts[id]) {
        Some(Draft { kind: Kind::Affine(affine), inputs, .. }) => Some((uniform(affine)?, *inputs.first()?)),
        _ => None,
    };
    let whole = |share| Some(Factor { share, times: 1.0, of: input });
    match &drafts[id].kind {
        Kind::Plain(Op::Sigmoid(_)) => whole(Share::Logistic),
        Kind::Plain(Op::HardSigmoid(HardSigmoid { slope, shift })) if is(*slope, 1.0 / 6.0) && is(*shift, 0.5) => {
            whole(Share::Hard)
        }
        Kind::Plain(Op::Clip(Clip { min: 0.0, max: 6.0 })) => {
            let ((scale, shift), of) = before(input)?;
            (is(scale, 1.0) && is(shift, 3.0)).then_some(Factor { share: Share::Hard, times: 6.0, of })
        }
        Kind::Affine(affine) => {
            let (scale, shift) = uniform(affine)?;
            let inner = input?;
            if matches!(drafts[inner].kind, Kind::Erf) {
                let ((inside, 0.0), of) = before(*drafts[inner].inputs.first()?)? else { return None };
                let fits = is(inside, std::f32::consts::FRAC_1_SQRT_2) && is(scale, shift);
                return fits.then_some(Factor { share: Share::Normal, times: 2.0 * scale, of });
            }
            let factor = share(drafts, inner).filter(|factor| shift == 0.0 && factor.share == Share::Hard)?;
            Some(Factor { times: factor.times * scale, ..factor })
        }
        _ => None,
    }
}

/// Scale and shift that are those of every channel.
fn uniform(Affine { scale, shift }: &Affine) -> Option<(f32, f32)> {
    let same = |values: &[f32]| values.first().copied().filter(|first| values.iter().all(|value| value == first));
    same(scale).zip(same(shift))
}

fn is(number: f32, meant: f32) -> bool {
    (number - meant).abs() <= ROUNDING * meant.abs()
}
