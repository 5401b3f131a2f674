//! Eight numbers side by side.
//!
//! Everything here is plain Rust that the compiler turns into vector instructions.

use std::ops::{Add, Mul, Sub};

/// Tiles that are transformed side by side.
pub(super) const WIDTH: usize = 8;

/// One number of each of [`WIDTH`] tiles.
#[derive(Clone, Copy)]
#[repr(align(32))]
pub(super) struct Lanes(pub(super) [f32; WIDTH]);

impl Lanes {
    pub(super) const ZERO: Self = Self([0.0; WIDTH]);

    /// Sum with a bias, and nothing less than a floor.
    #[inline(always)]
    pub(super) fn bias_relu(mut self, bias: f32, floor: f32) -> Self {
        for number in &mut self.0 {
            *number += bias;
            // Not `max`, which would replace NaN by the floor.
            *number = if *number < floor { floor } else { *number };
        }
        self
    }
}

impl Add for Lanes {
    type Output = Self;

    #[inline(always)]
    fn add(mut self, other: Self) -> Self {
        for lane in 0..WIDTH {
            self.0[lane] += other.0[lane];
        }
        self
    }
}

impl Sub for Lanes {
    type Output = Self;

    #[inline(always)]
    fn sub(mut self, other: Self) -> Self {
        for lane in 0..WIDTH {
            self.0[lane] -= other.0[lane];
        }
        self
    }
}

impl Mul<f32> for Lanes {
    type Output = Self;

    #[inline(always)]
    fn mul(mut self, factor: f32) -> Self {
        for lane in 0..WIDTH {
            self.0[lane] *= factor;
        }
        self
    }
}
