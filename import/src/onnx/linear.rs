//! Convolutions and dense layers.

use super::builder::Builder;
use super::call::Call;
use super::constant::Constant;
use super::draft::{Affine, Conv, Dense, Kind};
use super::view::{FeatureMap, View};
use super::windows::padding_of;
use crate::axes::{rows_to_chw, transpose};
use convscope_core::error::Fault;
use convscope_core::fault;

pub(super) fn conv(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.padded_map(call.input(0)?)?;
    let weight = builder.constant(call.input(1)?)?;
    let bias = match call.optional(2) {
        Some(name) => builder.constant(name)?.floats()?.into_owned(),
        None => vec![0.0; weight.shape.first().copied().unwrap_or(0)],
    };
    convolve(builder, call, map, weight, bias)
}

/// Convolution of a map with a weight and a bias, by a node's attributes.
pub(super) fn convolve(
    builder: &mut Builder<'_>,
    call: &Call<'_>,
    map: FeatureMap,
    weight: Constant,
    bias: Vec<f32>,
) -> Result<FeatureMap, Fault> {
    let &[out, per_group, height, width] = &weight.shape[..] else {
        let shape = format_args!("{:?}", weight.shape);
        return Err(fault!("onnx-conv-weight", "has a weight of shape {shape}, not of a 2-D convolution", shape));
    };
    if weight.shape.contains(&0) {
        let shape = format_args!("{:?}", weight.shape);
        return Err(fault!("onnx-conv-empty", "has a weight of the empty shape {shape}", shape));
    }
    if map.view != View::Nchw {
        return Err(fault!("onnx-conv-view", "convolves what is no [N, C, H, W]"));
    }
    let kernel = [height, width];
    let stride = call.attributes.sizes("strides")?.unwrap_or([1, 1]);
    let dilation = call.attributes.sizes("dilations")?.unwrap_or([1, 1]);
    let groups = call.attributes.int("group").unwrap_or(1);
    let groups = usize::try_from(groups).map_err(|_| fault!("onnx-groups", "has {groups} groups", groups))?;
    let own = padding_of(call, &map, kernel, stride, dilation)?;
    let padding = map.pad.and(own);
    let weight_shape = [out, per_group, height, width];
    let conv = Conv { weight: owned(weight)?, weight_shape, bias, stride, padding, dilation, groups };
    let inner = builder.unpadded(map);
    builder.push(call.raw, &[inner], Kind::Conv(conv), View::Nchw)
}

pub(super) fn gemm(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    if call.attributes.int("transA").unwrap_or(0) != 0 {
        return Err(fault!("onnx-gemm-input", "transposes its input"));
    }
    let alpha = call.attributes.float("alpha").unwrap_or(1.0);
    let beta = call.attributes.float("beta").unwrap_or(1.0);
    let name = call.input(1)?;
    let turned = call.attributes.int("transB").unwrap_or(0) != 0;
    let weight = if turned { builder.transposed(name)? } else { builder.constant(name)? };
    let bias = call.optional(2).map(|name| builder.constant(name)).transpose()?;
    let bias =
        bias.map(|bias| Ok::<_, Fault>(bias.floats()?.iter().map(|value| value * beta).collect())).transpose()?;
    dense(builder, call, map, weight, bias, alpha)
}

pub(super) fn matmul(builder: &mut Builder<'_>, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    if map.view != View::Nhwc {
        let weight = builder.constant(call.input(1)?)?;
        return dense(builder, call, map, weight, None, 1.0);
    }
    // A matrix for the channels of each place is a convolution of one pixel.
    let weight = builder.transposed(call.input(1)?)?;
    let &[out, into] = &weight.shape[..] else { return Err(no_matrix(&weight.shape)) };
    let weight_shape = [out, into, 1, 1];
    let affine = Affine { scale: owned(weight)?, shift: vec![0.0; out] };
    let conv = Conv { weight_shape, groups: 1, ..Conv::depthwise(affine) };
    builder.push(call.raw, &[map], Kind::Conv(conv), View::Nhwc)
}

fn no_matrix(shape: &[usize]) -> Fault {
    let shape = format_args!("{shape:?}");
    fault!("onnx-dense-weight", "has a weight of shape {shape}, not of a matrix", shape)
}

fn dense(
    builder: &mut Builder<'_>,
    call: &Call<'_>,
    map: FeatureMap,
    weight: Constant,
    bias: Option<Vec<f32>>,
    scale: f32,
) -> Result<FeatureMap, Fault> {
    let &[into, out] = &weight.shape[..] else {
        return Err(no_matrix(&weight.shape));
    };
    if into == 0 || out == 0 || !matches!(map.view, View::Flat | View::FlatHwc(_) | View::FlatParts(_) | View::Single) {
        return Err(fault!(
            "onnx-dense-input",
            "multiplies by a matrix of {into} x {out} what is no vector of that length",
            into,
            out
        ));
    }
    let mut weight = owned(weight)?;
    let parts = builder.parts(&map);
    if parts.iter().map(|part| part.iter().product::<usize>()).sum::<usize>() == into {
        let mut rest = &mut weight[..];
        for part in parts {
            let (rows, later) = rest.split_at_mut(part.iter().product::<usize>() * out);
            rows_to_chw(rows, part, out);
            rest = later;
        }
    }
    if scale != 1.0 {
        weight.iter_mut().for_each(|value| *value *= scale);
    }
    let bias = match bias {
        Some(bias) if bias.len() == 1 => vec![bias[0]; out],
        Some(bias) => bias,
        None => vec![0.0; out],
    };
    let dense = Dense { weight, weight_shape: [into, out], bias };
    let view = if map.view == View::Single { View::Single } else { View::Flat };
    builder.push(call.raw, &[map], Kind::Dense(dense), view)
}

/// One number a channel, from ONNX's order of maps that were flattened one behind the other to ours.
pub(super) fn vector_to_chw(values: &[f32], parts: &[[usize; 3]]) -> Vec<f32> {
    let mut rest = values;
    let part = |&[channels, height, width]: &[usize; 3]| {
        let (now, later) = rest.split_at((channels * height * width).min(rest.len()));
        rest = later;
        transpose(now, height * width, channels)
    };
    parts.iter().flat_map(part).collect()
}

fn owned(constant: Constant) -> Result<Vec<f32>, Fault> {
    match constant.data {
        super::constant::Data::Floats(values) => Ok(values),
        super::constant::Data::Ints(_) => Err(fault!("onnx-weight-integers", "has a weight of whole numbers")),
    }
}
