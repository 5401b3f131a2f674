//! Eight numbers side by side, and the work split over the cores.
//!
//! Everything here is plain Rust that the compiler turns into vector instructions.

use std::ops::{Add, Mul, Sub};

/// How many tiles are transformed side by side.
pub(super) const WIDTH: usize = 8;

/// One number of each of [`WIDTH`] tiles.
#[derive(Clone, Copy)]
#[repr(align(32))]
pub(super) struct Lanes(pub(super) [f32; WIDTH]);

impl Lanes {
    pub(super) const ZERO: Self = Self([0.0; WIDTH]);
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

/// As many lanes as there are numbers, the others 0.
#[inline(always)]
pub(super) fn load(numbers: &[f32]) -> Lanes {
    // A copy of a length that the compiler knows is one instruction; any other is a call.
    if let Ok(lanes) = numbers.try_into() {
        return Lanes(lanes);
    }
    let mut lanes = Lanes::ZERO;
    lanes.0.iter_mut().zip(numbers).for_each(|(lane, &number)| *lane = number);
    lanes
}

/// Stores as many lanes as there is room for.
#[inline(always)]
pub(super) fn store(numbers: &mut [f32], lanes: Lanes) {
    if let Ok(numbers) = <&mut [f32; WIDTH]>::try_from(&mut *numbers) {
        *numbers = lanes.0;
        return;
    }
    numbers.iter_mut().zip(lanes.0).for_each(|(number, lane)| *number = lane);
}

/// Runs `work` with the widest vectors this processor has; what it calls must be inlined into it.
#[inline]
pub(super) fn vectorized<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = pulp::x86::V3::try_new() {
        return avx2.vectorize(work);
    }
    work()
}

/// Gives `work` the pieces of `data`, `length` numbers each, with their indices, on all cores where there are several.
pub(super) fn for_each_piece(data: &mut [f32], length: usize, work: impl Fn(usize, &mut [f32]) + Sync) {
    #[cfg(not(target_family = "wasm"))]
    {
        use rayon::prelude::*;
        data.par_chunks_mut(length).enumerate().for_each(|(index, piece)| vectorized(|| work(index, piece)));
    }
    #[cfg(target_family = "wasm")]
    data.chunks_mut(length).enumerate().for_each(|(index, piece)| work(index, piece));
}
