//! The graph's input, an image.

use super::draft::{Affine, Conv};
use super::proto::{ValueInfoProto, data_type};
use super::view::View;
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

/// Layout of the image in the graph's input.
pub(super) struct Layout {
    pub(super) view: View,
    /// Number of channels: 1 (grey), 3 or 4 (with opacity).
    pub(super) channels: usize,
    /// Height and width if they are fixed.
    pub(super) size: Option<[usize; 2]>,
}

/// Layer before a network that sees images of another number of channels than three.
pub(super) struct Conversion {
    pub(super) name: &'static str,
    pub(super) note: Fault,
    pub(super) conv: Conv,
}

/// Weights of red, green and blue in grey (ITU-R BT.601), as Pillow's mode `L` has them.
const GREY: [f32; 3] = [0.299, 0.587, 0.114];

/// The layer that makes that many channels of red, green and blue; none of three.
pub(super) fn conversion(channels: usize) -> Option<Conversion> {
    let (name, note, weight, bias) = match channels {
        1 => (
            "grey",
            fault!("note-grey", "the network sees grey images: made them of 0.299 red, 0.587 green and 0.114 blue"),
            GREY.to_vec(),
            vec![0.0],
        ),
        4 => {
            let note = fault!(
                "note-fourth-channel",
                "the network sees a fourth channel, as of opacity: set it to 1 everywhere"
            );
            let mut weight = vec![0.0; 12];
            (0..3).for_each(|channel| weight[4 * channel] = 1.0);
            ("opaque", note, weight, vec![0.0, 0.0, 0.0, 1.0])
        }
        _ => return None,
    };
    let affine = Affine { scale: weight, shift: bias };
    let conv = Conv { weight_shape: [channels, 3, 1, 1], groups: 1, ..Conv::depthwise(affine) };
    Some(Conversion { name, note, conv })
}

/// Layout of the image in the graph's input.
pub(super) fn layout(input: &ValueInfoProto) -> Result<Layout, Fault> {
    let name = input.name.as_deref().unwrap_or_default();
    let tensor = input.r#type.as_ref().and_then(|kind| kind.tensor_type.as_ref());
    let shape = tensor.and_then(|tensor| tensor.shape.as_ref());
    let sizes: Vec<i64> =
        shape.map_or(vec![], |shape| shape.dim.iter().map(|dim| dim.dim_value.unwrap_or(0)).collect());
    let (view, channels, height, width) = match sizes[..] {
        [_, 3, height, width] => (View::Nchw, 3, height, width),
        [_, height, width, 3] => (View::Nhwc, 3, height, width),
        [_, channels @ (1 | 4), height, width] => (View::Nchw, channels as usize, height, width),
        [_, height, width, channels @ (1 | 4)] => (View::Nhwc, channels as usize, height, width),
        // Nothing is said: three channels, first, as exporters of PyTorch leave all sizes open.
        [_, 0, height, width] => (View::Nchw, 3, height, width),
        [3, height, width] => (View::Chw, 3, height, width),
        _ => {
            return Err(fault!(
                "onnx-input-sizes",
                "the input {name} has the sizes {sizes} (0: open), not [N, 3, H, W] or [N, H, W, 3] of a colour image, nor those of a grey one; \
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
    Ok(Layout { view, channels, size: side(height).zip(side(width)).map(|(height, width)| [height, width]) })
}
