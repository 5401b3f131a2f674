//! The graph's input, an image.

use super::builder::View;
use super::proto::{ValueInfoProto, data_type};
use convscope_core::error::Fault;
use convscope_core::fault;

/// The largest side of the image, in pixels.
const MAX_SIDE: i64 = 4096;

/// Whether the image is asked for in whole numbers.
pub(super) fn is_whole(input: &ValueInfoProto) -> Result<bool, Fault> {
    let tensor = input.r#type.as_ref().and_then(|kind| kind.tensor_type.as_ref());
    match tensor.and_then(|tensor| tensor.elem_type).unwrap_or(data_type::FLOAT) {
        kind if data_type::is_float(kind) => Ok(false),
        data_type::UINT8 | data_type::UINT16 | data_type::INT16 | data_type::INT32 | data_type::INT64 => Ok(true),
        kind => Err(fault!(
            "onnx-input-type",
            "the input {name} takes numbers of ONNX data type {kind}, which hold no pixels of 0 to 255; export the model with a float input",
            name = input.name.as_deref().unwrap_or_default(),
            kind
        )),
    }
}

/// Layout of the image in the graph's input, and its height and width if they are fixed.
pub(super) fn layout(input: &ValueInfoProto) -> Result<(View, Option<[usize; 2]>), Fault> {
    let name = input.name.as_deref().unwrap_or_default();
    let tensor = input.r#type.as_ref().and_then(|kind| kind.tensor_type.as_ref());
    let shape = tensor.and_then(|tensor| tensor.shape.as_ref());
    let sizes: Vec<i64> =
        shape.map_or(vec![], |shape| shape.dim.iter().map(|dim| dim.dim_value.unwrap_or(0)).collect());
    let (view, height, width) = match sizes[..] {
        [_, 3, height, width] => (View::Nchw, height, width),
        [_, height, width, 3] => (View::Nhwc, height, width),
        _ => {
            return Err(fault!(
                "onnx-input-sizes",
                "the input {name} has the sizes {sizes} (0: open), not [N, 3, H, W] or [N, H, W, 3] of a colour image; \
                 choose a network that sees one",
                name,
                sizes = format_args!("{sizes:?}")
            ));
        }
    };
    if height.max(width) > MAX_SIDE {
        return Err(fault!(
            "onnx-input-too-large",
            "the input {name} has {height} x {width} pixels, more than can be computed with; export it smaller",
            name,
            height,
            width
        ));
    }
    let side = |side: i64| usize::try_from(side).ok().filter(|&side| side > 0);
    Ok((view, side(height).zip(side(width)).map(|(height, width)| [height, width])))
}
