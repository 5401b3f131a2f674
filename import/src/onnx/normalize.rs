//! Normalizations that depend on the image.

use super::builder::Builder;
use super::call::Call;
use super::draft::{Affine, Kind};
use super::ops::affine;
use super::view::{Axis, FeatureMap, View};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{GroupNorm, LayerNorm, LocalResponseNorm, Op};

/// Epsilon that a node leaves out.
const EPSILON: f32 = 1e-5;

/// Translates a normalization; `None` if it is another kind of node.
pub(super) fn translate(builder: &mut Builder<'_>, kind: &str, call: &Call<'_>) -> Result<Option<FeatureMap>, Fault> {
    let epsilon = call.attributes.float("epsilon").unwrap_or(EPSILON);
    let map = || builder.map(call.input(0)?);
    match kind {
        "LayerNormalization" => {
            let map = map()?;
            let last = map.view.axes().last().copied();
            let axis = map.view.axis(call.attributes.int("axis").unwrap_or(-1));
            if axis != Some(Axis::Channels) || axis != last {
                return Err(fault!("onnx-layer-norm", "normalizes over other axes than the channels"));
            }
            scaled(builder, call, map, LayerNorm { epsilon }.into()).map(Some)
        }
        "InstanceNormalization" | "GroupNormalization" => {
            let map = map()?;
            if map.view != View::Nchw {
                return Err(fault!("onnx-group-norm-view", "normalizes groups of what is no [N, C, H, W]"));
            }
            let channels = map.shape[0];
            let groups = call.attributes.int("num_groups").and_then(|groups| usize::try_from(groups).ok());
            let groups = if kind == "InstanceNormalization" { channels } else { groups.unwrap_or(1) };
            scaled(builder, call, map, GroupNorm { groups, epsilon }.into()).map(Some)
        }
        "LRN" => {
            let map = map()?;
            if map.view != View::Nchw {
                return Err(fault!("onnx-lrn-view", "normalizes over the channels of what is no [N, C, H, W]"));
            }
            let size = call.attributes.int("size").and_then(|size| usize::try_from(size).ok());
            let size = size.filter(|&size| size <= 2 * map.shape[0] + 1);
            let size = size.ok_or(fault!("onnx-lrn-size", "normalizes over more channels than there are, or none"))?;
            let float = |name: &str, usual: f32| call.attributes.float(name).unwrap_or(usual);
            let (alpha, beta, bias) = (float("alpha", 1e-4), float("beta", 0.75), float("bias", 1.0));
            let op = LocalResponseNorm { size, alpha, beta, bias };
            builder.push(call.raw, &[map], Kind::Plain(op.into()), map.view).map(Some)
        }
        _ => Ok(None),
    }
}

/// A normalization, and the scale and shift of each channel behind it, if it has them.
fn scaled(builder: &mut Builder<'_>, call: &Call<'_>, map: FeatureMap, op: Op) -> Result<FeatureMap, Fault> {
    let channels = map.shape[0];
    let numbers = |input: usize, usual: f32| match call.optional(input) {
        None => Ok(vec![usual; channels]),
        Some(name) => {
            let values = builder.constant(name)?.floats()?.into_owned();
            let count = values.len();
            let fits = count == channels;
            if fits {
                Ok(values)
            } else {
                Err(fault!("onnx-norm-scale", "has {count} numbers for {channels} channels", count, channels))
            }
        }
    };
    let (scale, shift) = (numbers(1, 1.0)?, numbers(2, 0.0)?);
    let map = builder.push(call.raw, &[map], Kind::Plain(op), map.view)?;
    if call.optional(1).is_none() && call.optional(2).is_none() {
        return Ok(map);
    }
    affine(builder, call.raw, map, Affine { scale, shift })
}
