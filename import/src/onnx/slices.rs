//! Parts of feature maps: slices, splits, and channels in another order.

use super::attributes::to_sizes;
use super::builder::Builder;
use super::call::Call;
use super::draft::Kind;
use super::view::{Axis, FeatureMap};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{Crop, Padding, SelectChannels};

/// A run of places along an axis.
#[derive(Clone, Copy, Debug)]
struct Run {
    axis: Axis,
    start: usize,
    end: usize,
    step: usize,
}

pub(super) fn slice(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    // Up to operator set 9 the bounds are attributes, afterwards they are inputs.
    let numbers = |attribute: &str, input: usize| match (call.attributes.ints(attribute), call.optional(input)) {
        (Some(values), _) => Ok(Some(values.to_vec())),
        (None, Some(name)) => builder.constant(name)?.known_integers().map(Some),
        (None, None) => Ok::<_, Fault>(None),
    };
    let (starts, ends) = (numbers("starts", 1)?.unwrap_or_default(), numbers("ends", 2)?.unwrap_or_default());
    let axes = numbers("axes", 3)?.unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = numbers("steps", 4)?.unwrap_or_else(|| vec![1; starts.len()]);
    let wrong = || fault!("onnx-map-slice", "takes a part of feature maps that is no run of channels, rows or columns");
    if [ends.len(), axes.len(), steps.len()].iter().any(|&length| length != starts.len()) {
        return Err(wrong());
    }
    let mut part = map;
    for index in 0..starts.len() {
        let axis = map.view.axis(axes[index]).ok_or_else(wrong)?;
        let Some(size) = map.view.size(axis, map.shape) else {
            // All images.
            if starts[index] == 0 && ends[index] > 0 && steps[index] == 1 {
                continue;
            }
            return Err(wrong());
        };
        // Of maps that were flattened with their channels last, a run of numbers is none of channels.
        if axis == Axis::Channels && !map.view.in_order() {
            return Err(wrong());
        }
        let size = size as i64;
        let place = |at: i64| if at < 0 { at.saturating_add(size) } else { at }.clamp(0, size) as usize;
        let step = usize::try_from(steps[index]).ok().filter(|&step| step > 0).ok_or_else(wrong)?;
        let run = Run { axis, start: place(starts[index]), end: place(ends[index]), step };
        if run.start >= run.end {
            return Err(wrong());
        }
        part = taken(builder, call, part, run)?;
    }
    Ok(part)
}

/// The parts that a split gives, one an output.
pub(super) fn split(builder: &mut Builder<'_>, call: &Call<'_>, outputs: usize) -> Result<Vec<FeatureMap>, Fault> {
    let map = builder.map(call.input(0)?)?;
    let wrong =
        || fault!("onnx-split", "splits feature maps along what are not their channels, or not into all of them");
    let axis = map.view.axis(call.attributes.int("axis").unwrap_or(0)).filter(|&axis| axis == Axis::Channels);
    let axis = axis.filter(|_| map.view.in_order()).ok_or_else(wrong)?;
    let channels = map.shape[0];
    let sizes = match (call.attributes.ints("split"), call.optional(1)) {
        (Some(sizes), _) => sizes.to_vec(),
        (None, Some(name)) => builder.constant(name)?.known_integers()?,
        (None, None) => {
            let each = channels.div_ceil(outputs.max(1));
            (0..outputs).map(|index| channels.saturating_sub(index * each).min(each) as i64).collect()
        }
    };
    let sizes: Vec<usize> =
        sizes.iter().map(|&size| to_sizes("split", &[size]).map(|[size]| size)).collect::<Result<_, _>>()?;
    if sizes.len() != outputs || sizes.contains(&0) || sizes.iter().sum::<usize>() != channels {
        return Err(wrong());
    }
    let mut start = 0;
    let mut parts = vec![];
    for size in sizes {
        parts.push(taken(builder, call, map, Run { axis, start, end: start + size, step: 1 })?);
        start += size;
    }
    Ok(parts)
}

fn taken(builder: &mut Builder<'_>, call: &Call<'_>, map: FeatureMap, run: Run) -> Result<FeatureMap, Fault> {
    let Run { axis, start, end, step } = run;
    let [_, height, width] = map.shape;
    let kind = match axis {
        Axis::Channels if start == 0 && end == map.shape[0] && step == 1 => return Ok(map),
        Axis::Channels => SelectChannels { channels: (start..end).step_by(step).collect() }.into(),
        Axis::Height => {
            let sides = Padding { top: start, bottom: height - end, ..Padding::default() };
            Crop { sides, stride: [step, 1] }.into()
        }
        Axis::Width => {
            let sides = Padding { left: start, right: width - end, ..Padding::default() };
            Crop { sides, stride: [1, step] }.into()
        }
        Axis::Images | Axis::Groups | Axis::Members => {
            return Err(fault!("onnx-slice-axis", "takes a part of images or groups"));
        }
    };
    builder.push(call.raw, &[map], Kind::Plain(kind), map.view)
}

/// Channels of groups that changed over, laid out one after the other again.
pub(super) fn unshuffled(
    builder: &mut Builder<'_>,
    raw: &str,
    map: FeatureMap,
    groups: usize,
) -> Result<FeatureMap, Fault> {
    let op = SelectChannels::shuffled(map.shape[0], groups);
    builder.push(raw, &[map], Kind::Plain(op.into()), super::view::View::Nchw)
}
