//! Nodes that only change how numbers are laid out, and the mean over all positions.

use super::builder::{Builder, FeatureMap, View};
use super::call::Call;
use super::draft::Kind;
use super::shapes::dims;
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{Flatten, GlobalAveragePool};

/// Feature maps as a vector. Ours has the channels first; what ONNX sees may have them last.
fn flatten(builder: &mut Builder<'_>, raw: &str, map: FeatureMap) -> Result<FeatureMap, Fault> {
    let [channels, height, width] = map.shape;
    let view = match map.view {
        View::Nhwc if channels > 1 && height * width > 1 => View::FlatHwc(map.shape),
        View::FlatHwc(shape) => View::FlatHwc(shape),
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
    let channels = map.shape[0] as i64;
    let single = map.shape[1..] == [1, 1];
    match sizes[..] {
        [_] => flatten(builder, call.raw, map),
        _ if from[1..].iter().copied().eq(sizes.iter().copied().map(Some)) => Ok(map),
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
fn axes(builder: &Builder<'_>, call: &Call<'_>, rank: i64) -> Result<Option<Vec<i64>>, Fault> {
    let axes = match (call.attributes.ints("axes"), call.optional(1)) {
        (Some(axes), _) => axes.to_vec(),
        (None, Some(name)) => builder.constant(name)?.known_integers()?,
        (None, None) => return Ok(None),
    };
    let mut axes: Vec<i64> = axes.iter().map(|&axis| if axis < 0 { axis.saturating_add(rank) } else { axis }).collect();
    axes.sort_unstable();
    Ok(Some(axes))
}

/// The two axes of positions.
fn positions(view: View) -> Option<[i64; 2]> {
    match view {
        View::Nchw => Some([2, 3]),
        View::Nhwc => Some([1, 2]),
        View::Flat | View::FlatHwc(_) => None,
    }
}

pub(super) fn reduce_mean(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    let axes = axes(builder, call, 4)?;
    if axes.is_none() || axes.as_deref() != positions(map.view).as_ref().map(|axes| &axes[..]) {
        return Err(fault!(
            "onnx-mean-axes",
            "takes the mean over the axes {axes}, which are not height and width",
            axes = format_args!("{:?}", axes.unwrap_or_default())
        ));
    }
    let view = if call.attributes.int("keepdims").unwrap_or(1) == 0 { View::Flat } else { map.view };
    builder.push(call.raw, &[map], Kind::Plain(GlobalAveragePool {}.into()), view)
}

pub(super) fn squeeze(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    let axes = axes(builder, call, 4)?;
    let all = positions(map.view).is_some_and(|positions| axes.as_deref() == Some(&positions[..]));
    if all && map.shape[1..] == [1, 1] {
        return Ok(FeatureMap { view: View::Flat, ..map });
    }
    Err(fault!(
        "onnx-squeeze",
        "takes away the axes {axes}, which are not height and width of 1",
        axes = format_args!("{:?}", axes.unwrap_or_default())
    ))
}

pub(super) fn unsqueeze(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    match (map.view, axes(builder, call, 4)?.as_deref()) {
        (View::Flat, Some([2, 3])) => Ok(FeatureMap { view: View::Nchw, ..map }),
        (View::Flat, Some([1, 2])) => Ok(FeatureMap { view: View::Nhwc, ..map }),
        (_, axes) => Err(fault!(
            "onnx-unsqueeze",
            "adds the axes {axes}, which are not height and width",
            axes = format_args!("{:?}", axes.unwrap_or_default())
        )),
    }
}

pub(super) fn transpose(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.padded_map(call.input(0)?)?;
    let perm = call.attributes.ints("perm").unwrap_or_default();
    let view = match (map.view, perm) {
        (View::Nhwc, [0, 3, 1, 2]) => View::Nchw,
        (View::Nchw, [0, 2, 3, 1]) => View::Nhwc,
        (view @ (View::Nchw | View::Nhwc), [0, 1, 2, 3]) => view,
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
