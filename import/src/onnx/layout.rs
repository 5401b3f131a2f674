//! Nodes that only change how numbers are laid out, and the mean over all positions.

use super::builder::Builder;
use super::call::Call;
use super::draft::Kind;
use super::shapes::dims;
use super::view::{Axis, FeatureMap, View};
use super::{ops, slices};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{AveragePool, Flatten, GlobalAveragePool, Op, Padding};

/// Feature maps as a vector. Ours has the channels first; what ONNX sees may have them last.
fn flatten(builder: &mut Builder<'_>, raw: &str, map: FeatureMap) -> Result<FeatureMap, Fault> {
    let [channels, height, width] = map.shape;
    let view = match map.view {
        View::Single => View::Single,
        View::Nhwc if channels > 1 && height * width > 1 => View::FlatHwc(map.shape),
        View::FlatHwc(_) | View::FlatParts(_) => map.view,
        _ => View::Flat,
    };
    if height * width == 1 {
        return Ok(FeatureMap { view, ..map });
    }
    builder.push(raw, &[map], Kind::Plain(Flatten {}.into()), view)
}

pub(super) fn flatten_node(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    match call.attributes.int("axis").unwrap_or(1) {
        1 => flatten(builder, call.raw, map),
        axis => Err(fault!("onnx-flatten", "flattens from axis {axis}, which mixes images or keeps channels", axis)),
    }
}

pub(super) fn reshape(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    let target = match call.attributes.ints("shape") {
        Some(shape) => shape.iter().copied().map(Some).collect(),
        None => builder.constant(call.input(1)?)?.integers()?,
    };
    let from = dims(&map);
    let wrong = || fault!("onnx-reshape", "reshapes {from} to {to}", from = shown(&from), to = shown(&target));
    let copied = call.attributes.int("allowzero").unwrap_or(0) == 0;
    let mut sizes = vec![];
    for (axis, &size) in target.iter().enumerate().skip(1) {
        sizes.push(match size {
            Some(0) if copied => from.get(axis).copied().flatten(),
            Some(-1) => None,
            size => size,
        });
    }
    let all: i64 = from.iter().flatten().product();
    let known = sizes.iter().flatten().try_fold(1_i64, |product, &size| product.checked_mul(size));
    let known = known.filter(|&known| known > 0).ok_or_else(wrong)?;
    if sizes.iter().filter(|size| size.is_none()).count() > 1 || all % known != 0 {
        return Err(wrong());
    }
    let sizes: Vec<i64> = sizes.into_iter().map(|size| size.unwrap_or(all / known)).collect();
    if sizes.iter().product::<i64>() != all {
        return Err(wrong());
    }
    if !map.view.axes().contains(&Axis::Images) {
        return Err(wrong());
    }
    let channels = map.shape[0] as i64;
    let single = map.shape[1..] == [1, 1];
    let positions = [map.shape[1] as i64, map.shape[2] as i64];
    let is_grouped = matches!(map.view, View::Grouped(_) | View::Shuffled(_));
    match sizes[..] {
        [_] if !is_grouped => flatten(builder, call.raw, map),
        _ if from[1..].iter().copied().eq(sizes.iter().copied().map(Some)) => Ok(map),
        [groups, members, h, w] if map.view == View::Nchw && groups * members == channels && [h, w] == positions => {
            Ok(FeatureMap { view: View::Grouped(groups as usize), ..map })
        }
        [c, h, w] if c == channels && [h, w] == positions && is_grouped => match map.view {
            View::Shuffled(groups) => slices::unshuffled(builder, call.raw, map, groups),
            _ => Ok(FeatureMap { view: View::Nchw, ..map }),
        },
        [c, 1, 1] if single && c == channels && map.view == View::Flat => Ok(FeatureMap { view: View::Nchw, ..map }),
        [1, 1, c] if single && c == channels && map.view == View::Flat => Ok(FeatureMap { view: View::Nhwc, ..map }),
        _ => Err(wrong()),
    }
}

fn shown(sizes: &[Option<i64>]) -> String {
    let sizes: Vec<_> = sizes.iter().map(|size| size.map_or("N".into(), |size| size.to_string())).collect();
    format!("[{}]", sizes.join(", "))
}

/// The axes a node names, as an attribute or (newer operator sets) as an input; negative ones count from the end.
fn axes(builder: &Builder<'_>, call: &Call<'_>, rank: usize) -> Result<Option<Vec<i64>>, Fault> {
    let axes = match (call.attributes.ints("axes"), call.optional(1)) {
        (Some(axes), _) => axes.to_vec(),
        (None, Some(name)) => builder.constant(name)?.known_integers()?,
        (None, None) => return Ok(None),
    };
    let from_start = |&axis: &i64| if axis < 0 { axis.saturating_add(rank as i64) } else { axis };
    let mut axes: Vec<i64> = axes.iter().map(from_start).collect();
    axes.sort_unstable();
    axes.dedup();
    Ok(Some(axes))
}

/// The mean or the maximum over positions: of whole maps, or of their rows or columns.
pub(super) fn reduce(builder: &mut Builder<'_>, kind: &str, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    let axes = axes(builder, call, map.view.axes().len())?.unwrap_or_default();
    let wrong = || {
        let axes = format_args!("{axes:?}");
        fault!("onnx-mean-axes", "takes the mean or maximum over the axes {axes}, which are not height and width", axes)
    };
    let reduced: Vec<Axis> = axes.iter().map(|&axis| map.view.axis(axis)).collect::<Option<_>>().ok_or_else(wrong)?;
    let [rows, columns] = [Axis::Height, Axis::Width].map(|axis| reduced.contains(&axis));
    if reduced.is_empty() || reduced.iter().any(|axis| !matches!(axis, Axis::Height | Axis::Width)) {
        return Err(wrong());
    }
    let left: Vec<Axis> = map.view.axes().iter().copied().filter(|axis| !reduced.contains(axis)).collect();
    let keeps = call.attributes.int("keepdims").unwrap_or(1) != 0;
    let view = if keeps { Some(map.view) } else { View::of(&left) }.ok_or_else(wrong)?;
    let [_, height, width] = map.shape;
    let whole = (rows || height == 1) && (columns || width == 1);
    let (op, from): (Op, _) = match (kind, whole) {
        ("ReduceMax", true) => (ops::whole_maximum(map.shape), map),
        ("ReduceMax", false) => return Err(wrong()),
        (_, true) => (GlobalAveragePool {}.into(), before_mean(builder, map)),
        (_, false) => {
            let kernel = [if rows { height } else { 1 }, if columns { width } else { 1 }];
            let (padding, stride) = (Padding::default(), [1, 1]);
            (AveragePool { kernel, stride, padding, count_include_pad: false, ceil_mode: false }.into(), map)
        }
    };
    builder.push(call.raw, &[from], Kind::Plain(op), view)
}

/// The maps that a mean over rows or columns was made of, so that the mean over the others of it is that over all places.
fn before_mean(builder: &Builder<'_>, map: FeatureMap) -> FeatureMap {
    let Some(draft) = map.node.map(|id| &builder.drafts[id]) else { return map };
    let (Kind::Plain(Op::AveragePool(pool)), &[input]) = (&draft.kind, &draft.inputs[..]) else { return map };
    let shape = input.map_or(map.shape, |input| builder.drafts[input].shape);
    let is_line = pool.kernel == [shape[1], 1] || pool.kernel == [1, shape[2]];
    if input.is_some() && is_line && pool.padding == Padding::default() {
        FeatureMap { node: input, shape, ..map }
    } else {
        map
    }
}

pub(super) fn squeeze(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    let all = map.view.axes();
    // One image is what a graph sees that takes away all sizes of 1.
    let is_one = |axis: Axis| map.view.size(axis, map.shape).unwrap_or(1) == 1;
    let axes = axes(builder, call, all.len())?;
    let goes =
        |(place, axis): (usize, &Axis)| axes.as_ref().map_or(is_one(*axis), |axes| axes.contains(&(place as i64)));
    let (gone, left): (Vec<_>, Vec<_>) = all.iter().enumerate().partition(|&(place, axis)| goes((place, axis)));
    let left: Vec<Axis> = left.into_iter().map(|(_, axis)| *axis).collect();
    let view = View::of(&left).filter(|_| gone.iter().all(|(_, axis)| is_one(**axis)));
    let view = view.filter(|view| *view != View::Chw || map.view == View::Nchw);
    let in_order = map.view.in_order();
    let shape = format_args!("{:?}", map.shape);
    let axes = format_args!("{:?}", axes.clone().unwrap_or_default());
    let wrong =
        || fault!("onnx-squeeze", "takes away the axes {axes} of maps of shape {shape}, which are not 1", axes, shape);
    view.filter(|_| in_order).map(|view| FeatureMap { view, ..map }).ok_or_else(wrong)
}

pub(super) fn unsqueeze(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    let given = map.view.axes();
    let added = match (call.attributes.ints("axes"), call.optional(1)) {
        (Some(axes), _) => axes.len(),
        (None, Some(name)) => builder.constant(name)?.known_integers()?.len(),
        (None, None) => 0,
    };
    let axes = axes(builder, call, given.len() + added)?.unwrap_or_default();
    let view = match (map.view, &axes[..]) {
        (View::Flat, [2, 3]) => Some(View::Nchw),
        (View::Flat, [1, 2]) => Some(View::Nhwc),
        (View::Flat, [2]) => Some(View::Nch),
        (View::Nch, [3]) | (View::Chw, [0]) => Some(View::Nchw),
        (View::Single, [0]) => Some(View::Flat),
        _ => None,
    };
    let axes = format_args!("{axes:?}");
    let wrong = || fault!("onnx-unsqueeze", "adds the axes {axes}, which are not height and width", axes);
    view.map(|view| FeatureMap { view, ..map }).ok_or_else(wrong)
}

pub(super) fn transpose(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.padded_map(call.input(0)?)?;
    let perm = call.attributes.ints("perm").unwrap_or_default();
    let view = match (map.view, perm) {
        (View::Nhwc, [0, 3, 1, 2]) => View::Nchw,
        (View::Nchw, [0, 2, 3, 1]) => View::Nhwc,
        (view @ (View::Nchw | View::Nhwc), [0, 1, 2, 3]) => view,
        (View::Grouped(groups), [0, 2, 1, 3, 4]) => View::Shuffled(groups),
        (view, [0, 1]) => view,
        _ => {
            return Err(fault!(
                "onnx-transpose",
                "permutes the axes by {perm}, which is no change of channels first or last",
                perm = format_args!("{perm:?}")
            ));
        }
    };
    Ok(FeatureMap { view, ..map })
}
