//! Pools, and the padding of whatever slides a window.

use super::attributes::to_sizes;
use super::builder::{Builder, LIMIT};
use super::call::Call;
use super::draft::{Affine, Conv, Kind};
use super::view::{FeatureMap, View};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{AveragePool, MaxPool, Pad, Padding, ReflectPad};

/// The padding that a node asks for itself, by numbers or by `auto_pad`.
pub(super) fn padding_of(
    call: &Call<'_>,
    map: &FeatureMap,
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
) -> Result<Padding, Fault> {
    let lower = match call.attributes.text("auto_pad").unwrap_or("NOTSET") {
        "NOTSET" => {
            let [top, left, bottom, right] = call.attributes.sizes("pads")?.unwrap_or_default();
            return Ok(Padding { top, left, bottom, right });
        }
        "VALID" => return Ok(Padding::default()),
        "SAME_UPPER" => false,
        "SAME_LOWER" => true,
        other => return Err(fault!("onnx-auto-pad", "has the auto_pad {other}", other)),
    };
    let sizes = [map.shape[1], map.shape[2]];
    let mut pads = [[0; 2]; 2];
    for axis in 0..2 {
        if stride[axis] == 0 || kernel[axis] == 0 {
            return Err(fault!("onnx-window-zero", "has a kernel or stride of 0"));
        }
        let reach = dilation[axis] * (kernel[axis] - 1) + 1;
        let all = ((sizes[axis].div_ceil(stride[axis]) - 1) * stride[axis] + reach).saturating_sub(sizes[axis]);
        let (small, large) = (all / 2, all - all / 2);
        pads[axis] = if lower { [large, small] } else { [small, large] };
    }
    let [[top, bottom], [left, right]] = pads;
    Ok(Padding { top, left, bottom, right })
}

/// Refuses to pool what has its channels elsewhere.
pub(super) fn check_view(map: &FeatureMap) -> Result<(), Fault> {
    if map.view == View::Nchw { Ok(()) } else { Err(fault!("onnx-pool-view", "pools what is no [N, C, H, W]")) }
}

fn window(call: &Call<'_>, map: &FeatureMap) -> Result<([usize; 2], [usize; 2], Padding), Fault> {
    check_view(map)?;
    let kernel = call.attributes.sizes("kernel_shape")?;
    let kernel = kernel.ok_or(fault!("onnx-no-kernel", "has no kernel_shape"))?;
    let stride = call.attributes.sizes("strides")?.unwrap_or([1, 1]);
    if !matches!(call.attributes.ints("dilations"), None | Some([1, 1])) {
        return Err(fault!("onnx-pool-dilations", "has holes in its window (dilations)"));
    }
    Ok((kernel, stride, padding_of(call, map, kernel, stride, [1, 1])?))
}

pub(super) fn max_pool(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    // Zeros in front of a pool (Keras's ZeroPadding2D) are no padding of its own: they can win, and they tie with a ReLU's.
    let map = builder.map(call.input(0)?)?;
    let (kernel, stride, padding) = window(call, &map)?;
    let ceil_mode = call.attributes.int("ceil_mode").unwrap_or(0) != 0;
    let op = MaxPool { kernel, stride, padding, ceil_mode };
    builder.push(call.raw, &[map], Kind::Plain(op.into()), map.view)
}

pub(super) fn average_pool(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    let (kernel, stride, padding) = window(call, &map)?;
    let ceil_mode = call.attributes.int("ceil_mode").unwrap_or(0) != 0;
    let count_include_pad = call.attributes.int("count_include_pad").unwrap_or(0) != 0;
    let op = AveragePool { kernel, stride, padding, count_include_pad, ceil_mode };
    builder.push(call.raw, &[map], Kind::Plain(op.into()), map.view)
}

/// Channels of zeros before and behind the others: a convolution of one pixel, since that is what they are.
fn pad_channels(
    builder: &mut Builder<'_>,
    call: &Call<'_>,
    map: FeatureMap,
    [before, after]: [usize; 2],
) -> Result<FeatureMap, Fault> {
    let map = FeatureMap { pad: Padding::default(), ..map };
    let channels = map.shape[0];
    let out = before + channels + after;
    if out > LIMIT as usize {
        return Err(fault!("onnx-pad-many", "pads to {out} channels", out));
    }
    let mut weight = vec![0.0; out * channels];
    (0..channels).for_each(|channel| weight[(before + channel) * channels + channel] = 1.0);
    let affine = Affine { scale: weight, shift: vec![0.0; out] };
    let conv = Conv { weight_shape: [out, channels, 1, 1], groups: 1, ..Conv::depthwise(affine) };
    builder.push(call.raw, &[map], Kind::Conv(conv), map.view)
}

/// Zeros around the maps, with those that are around them already.
pub(super) fn pad(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.padded_map(call.input(0)?)?;
    let mode = call.attributes.text("mode").unwrap_or("constant");
    let value = match (call.attributes.float("value"), call.optional(2)) {
        (Some(value), _) => value,
        (None, Some(name)) => builder.constant(name)?.floats()?.first().copied().unwrap_or(0.0),
        (None, None) => 0.0,
    };
    if !matches!(mode, "constant" | "reflect") || value != 0.0 || call.optional(3).is_some() {
        return Err(fault!(
            "onnx-pad-mode",
            "pads in the mode {mode} with {value} where zeros around [N, C, H, W] are known",
            mode,
            value
        ));
    }
    let pads = match call.attributes.ints("pads") {
        Some(pads) => pads.to_vec(),
        None => builder.constant(call.input(1)?)?.known_integers()?,
    };
    let [begin_n, begin_1, begin_2, begin_3, end_n, end_1, end_2, end_3] = to_sizes("pads", &pads)?;
    let (channels, pad) = match map.view {
        View::Nchw => ([begin_1, end_1], Padding { top: begin_2, left: begin_3, bottom: end_2, right: end_3 }),
        View::Nhwc => ([begin_3, end_3], Padding { top: begin_1, left: begin_2, bottom: end_1, right: end_2 }),
        _ => return Err(fault!("onnx-pad-vector", "pads a vector")),
    };
    if begin_n + end_n != 0 || channels != [0; 2] && (pad != Padding::default() || mode != "constant") {
        return Err(fault!("onnx-pad-channels", "pads images, or channels and more"));
    }
    if channels != [0; 2] {
        return pad_channels(builder, call, map, channels);
    }
    if mode == "reflect" {
        let map = FeatureMap { pad: Padding::default(), ..map };
        return builder.push(call.raw, &[map], Kind::Plain(ReflectPad { padding: pad }.into()), map.view);
    }
    let pad = map.pad.and(pad);
    let inner = builder.unpadded(map);
    if pad == Padding::default() {
        return Ok(inner);
    }
    Ok(FeatureMap { pad, ..builder.push(call.raw, &[inner], Kind::Plain(Pad { padding: pad }.into()), map.view)? })
}
