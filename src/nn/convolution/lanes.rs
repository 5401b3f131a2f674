//! Numbers side by side, with the signs of arithmetic.

use std::ops::{Add, Mul, Sub};

use pulp::Simd;

use crate::nn::cpu::PANEL;

/// Places of a panel, which are multiplied side by side.
pub(super) const WIDTH: usize = PANEL;

/// One number of each of some tiles, in a register.
#[derive(Clone, Copy)]
pub(super) struct Lanes<S: Simd>(pub(super) S, pub(super) S::f32s);

impl<S: Simd> Lanes<S> {
    #[inline(always)]
    pub(super) fn zero(simd: S) -> Self {
        Self(simd, simd.splat_f32s(0.0))
    }

    /// The numbers from a place on.
    #[inline(always)]
    pub(super) fn read(simd: S, numbers: &[f32], place: usize) -> Self {
        Self(simd, S::as_simd_f32s(&numbers[place..place + S::F32_LANES]).0[0])
    }

    #[inline(always)]
    pub(super) fn write(self, numbers: &mut [f32], place: usize) {
        S::as_mut_simd_f32s(&mut numbers[place..place + S::F32_LANES]).0[0] = self.1;
    }
}

impl<S: Simd> Add for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(self.0, self.0.add_f32s(self.1, other.1))
    }
}

impl<S: Simd> Sub for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(self.0, self.0.sub_f32s(self.1, other.1))
    }
}

impl<S: Simd> Mul<f32> for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, factor: f32) -> Self {
        Self(self.0, self.0.mul_f32s(self.1, self.0.splat_f32s(factor)))
    }
}
