//! Numbers side by side.
//!
//! Everything here is plain Rust that the compiler turns into vector instructions.

use std::ops::{Add, Mul, Sub};

use crate::nn::cpu::PANEL;

/// Tiles of a panel, which are multiplied side by side.
pub(super) const WIDTH: usize = PANEL;

/// Tiles that are transformed side by side, a whole part of a panel.
pub(super) const LANES: usize = 8;

/// One number of each of [`LANES`] tiles.
#[derive(Clone, Copy)]
#[repr(align(32))]
pub(super) struct Lanes(pub(super) [f32; LANES]);

impl Lanes {
    pub(super) const ZERO: Self = Self([0.0; LANES]);

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
        for lane in 0..LANES {
            self.0[lane] += other.0[lane];
        }
        self
    }
}

impl Sub for Lanes {
    type Output = Self;

    #[inline(always)]
    fn sub(mut self, other: Self) -> Self {
        for lane in 0..LANES {
            self.0[lane] -= other.0[lane];
        }
        self
    }
}

impl Mul<f32> for Lanes {
    type Output = Self;

    #[inline(always)]
    fn mul(mut self, factor: f32) -> Self {
        for lane in 0..LANES {
            self.0[lane] *= factor;
        }
        self
    }
}
