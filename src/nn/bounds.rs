//! Bounds that an activation function keeps numbers within, as an op before it may do when it writes them.

use burn::tensor::{Tensor, activation};
use pulp::Simd;

use super::{Clip, Op};

/// The least and the largest number that is let through; NaN is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) min: f32,
    pub(super) max: f32,
}

impl Bounds {
    /// No bounds.
    pub(super) const NONE: Self = Self { min: f32::NEG_INFINITY, max: f32::INFINITY };
    /// Those of the rectified linear unit.
    pub(super) const RELU: Self = Self { min: 0.0, ..Self::NONE };

    /// Bounds that an op keeps to and does nothing else.
    pub(super) fn of(op: &Op) -> Option<Self> {
        match *op {
            Op::Relu(_) => Some(Self::RELU),
            Op::Clip(Clip { min, max }) => Some(Self { min, max }),
            _ => None,
        }
    }

    /// The nearest number within.
    #[inline(always)]
    pub(super) fn keep(self, number: f32) -> f32 {
        // Neither maximum nor `clamp`: these replace NaN, or stop where a bound is.
        let number = if number < self.min { self.min } else { number };
        if number > self.max { self.max } else { number }
    }

    /// The nearest numbers within.
    #[inline(always)]
    pub(super) fn keep_all<S: Simd>(self, simd: S, numbers: S::f32s) -> S::f32s {
        let (min, max) = (simd.splat_f32s(self.min), simd.splat_f32s(self.max));
        let numbers = simd.select_f32s(simd.less_than_f32s(numbers, min), min, numbers);
        simd.select_f32s(simd.less_than_f32s(max, numbers), max, numbers)
    }

    /// Feature maps within.
    pub(super) fn apply(self, x: Tensor<4>) -> Tensor<4> {
        match self {
            Self::NONE => x,
            Self::RELU => activation::relu(x),
            Self { min, max } => x.clamp(min, max),
        }
    }
}
