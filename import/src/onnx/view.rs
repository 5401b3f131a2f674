//! Values of ONNX, their dimensions, and how these map to our `[N, C, H, W]`.

use super::constant::Constant;
use convscope_core::nn::Padding;

/// Dimensions of a value in ONNX, and how they map to our `[N, C, H, W]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// `[N, C, H, W]`.
    Nchw,
    /// `[N, H, W, C]`.
    Nhwc,
    /// `[N, C]`, of our `[N, C, 1, 1]`.
    Flat,
    /// `[N, H * W * C]`, where ours is `[N, C * H * W, 1, 1]`: flattened when the channels were last.
    FlatHwc([usize; 3]),
    /// Such vectors and others behind each other; their shapes are the builder's parts of that number.
    FlatParts(usize),
    /// `[C, H, W]` of one image.
    Chw,
    /// `[C]` of one image, of our `[1, C, 1, 1]`.
    Single,
    /// `[N, C, H]`, of our `[N, C, H, 1]`.
    Nch,
    /// `[N, groups, C / groups, H, W]`.
    Grouped(usize),
    /// `[N, C / groups, groups, H, W]`: groups and their members changed over, where ours are still in order.
    Shuffled(usize),
}

/// One dimension of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Images,
    Channels,
    Height,
    Width,
    /// Groups of channels.
    Groups,
    /// Channels of a group.
    Members,
}

/// Feature maps or a vector.
#[derive(Clone, Copy, Debug)]
pub(super) struct FeatureMap {
    /// The draft that gives it; `None` is the image.
    pub(super) node: Option<usize>,
    /// Shape `[C, H, W]`.
    pub(super) shape: [usize; 3],
    /// Dimensions in ONNX.
    pub(super) view: View,
    /// Zeros around it that `node`, an [`Op::Pad`](convscope_core::nn::Op::Pad), has made: a convolution takes them as its own.
    pub(super) pad: Padding,
}

/// Value of ONNX, translated.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Map(FeatureMap),
    Constant(Constant),
}

impl View {
    /// The dimensions, one after the other.
    pub(super) const fn axes(self) -> &'static [Axis] {
        use Axis::{Channels, Groups, Height, Images, Members, Width};
        match self {
            Self::Nchw => &[Images, Channels, Height, Width],
            Self::Nhwc => &[Images, Height, Width, Channels],
            Self::Flat | Self::FlatHwc(_) | Self::FlatParts(_) => &[Images, Channels],
            Self::Chw => &[Channels, Height, Width],
            Self::Single => &[Channels],
            Self::Nch => &[Images, Channels, Height],
            Self::Grouped(_) => &[Images, Groups, Members, Height, Width],
            Self::Shuffled(_) => &[Images, Members, Groups, Height, Width],
        }
    }

    /// Whether its channels are ours, one after the other.
    pub(super) const fn in_order(self) -> bool {
        !matches!(self, Self::FlatHwc(_) | Self::FlatParts(_))
    }

    /// The view of those dimensions, of which the others are 1.
    pub(super) fn of(axes: &[Axis]) -> Option<Self> {
        [Self::Nchw, Self::Nhwc, Self::Flat, Self::Chw, Self::Single, Self::Nch]
            .into_iter()
            .find(|view| view.axes() == axes)
    }

    /// The dimension of a number, which counts from the end where it is negative.
    pub(super) fn axis(self, number: i64) -> Option<Axis> {
        let axes = self.axes();
        let number = if number < 0 { number.checked_add(axes.len() as i64)? } else { number };
        axes.get(usize::try_from(number).ok()?).copied()
    }

    /// Size of a dimension of maps of shape `[C, H, W]`; the number of images is not known.
    pub(super) fn size(self, axis: Axis, [channels, height, width]: [usize; 3]) -> Option<usize> {
        let groups = if let Self::Grouped(groups) | Self::Shuffled(groups) = self { groups } else { 1 };
        Some(match axis {
            Axis::Images => return None,
            Axis::Channels => channels,
            Axis::Height => height,
            Axis::Width => width,
            Axis::Groups => groups,
            Axis::Members => channels / groups,
        })
    }
}
