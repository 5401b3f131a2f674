//! Resizing of feature maps.

use super::builder::Builder;
use super::call::Call;
use super::draft::Kind;
use super::view::{FeatureMap, View};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{Resize, ResizeMode, ResizePlaces};

pub(super) fn resize(builder: &mut Builder<'_>, kind: &str, call: &Call<'_>) -> Result<FeatureMap, Fault> {
    let map = builder.map(call.input(0)?)?;
    if map.view != View::Nchw {
        return Err(fault!("onnx-resize-view", "resizes what is no [N, C, H, W]"));
    }
    let [channels, height, width] = map.shape;
    let of = |name: &str| call.attributes.text(name);
    let is_old = kind == "Upsample" || builder.opset < 11;
    let places = match of("coordinate_transformation_mode") {
        _ if is_old => ResizePlaces::Asymmetric,
        None | Some("half_pixel" | "pytorch_half_pixel" | "half_pixel_symmetric") => ResizePlaces::HalfPixel,
        Some("asymmetric") => ResizePlaces::Asymmetric,
        Some("align_corners") => ResizePlaces::AlignCorners,
        Some(other) => return Err(fault!("onnx-resize-places", "has the coordinates {other}", other)),
    };
    let mode = match (of("mode").unwrap_or("nearest"), of("nearest_mode").unwrap_or("round_prefer_floor")) {
        ("linear", _) => ResizeMode::Linear,
        ("nearest", _) if is_old => ResizeMode::Floor,
        ("nearest", "round_prefer_floor") => ResizeMode::NearestBefore,
        ("nearest", "round_prefer_ceil") => ResizeMode::NearestBehind,
        ("nearest", "floor") => ResizeMode::Floor,
        ("nearest", "ceil") => ResizeMode::Ceil,
        (mode, _) => return Err(fault!("onnx-resize-mode", "resizes in the mode {mode}", mode)),
    };
    let wrong =
        || fault!("onnx-resize-size", "resizes to a size that is not known, or other axes than height and width");
    let scales = match (call.attributes.floats("scales"), call.optional(if is_old { 1 } else { 2 })) {
        (Some(scales), _) => scales.to_vec(),
        (None, Some(name)) => builder.constant(name)?.floats()?.into_owned(),
        (None, None) => vec![],
    };
    let scale: [f64; 2] = match (&scales[..], call.optional(3)) {
        (&[1.0, 1.0, down, along], _) => [down, along].map(f64::from),
        ([], Some(name)) => match builder.constant(name)?.integers()?[..] {
            // The number of images may be unknown.
            [_, Some(same), Some(rows), Some(columns)] if same == channels as i64 => {
                [rows as f64 / height as f64, columns as f64 / width as f64]
            }
            _ => return Err(wrong()),
        },
        _ => return Err(wrong()),
    };
    if call.attributes.text("keep_aspect_ratio_policy").is_some_and(|policy| policy != "stretch")
        || call.attributes.int("antialias").unwrap_or(0) != 0
    {
        return Err(fault!("onnx-resize-policy", "resizes with smoothing, or keeps the aspect ratio"));
    }
    builder.push(call.raw, &[map], Kind::Plain(Resize { scale, mode, places }.into()), map.view)
}
