//! Gaussian error linear unit, which falls left of -0.752 and is flat nowhere.

use std::f32::consts::{FRAC_1_SQRT_2, PI};

use burn::tensor::Tensor;

use super::{Holds, Inputs, Operator};
use crate::nn::{Gelu, Site};

/// Factor of the cube in the paper's approximation.
const CUBE: f32 = 0.044_715;

impl Operator for Gelu {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        x.clone() * share(*self, x.clone())
    }

    /// Two inputs give the same output.
    fn holds(&self) -> Holds {
        Holds::Input
    }

    /// `g (p(x) + x p'(x))`, where `p` is the share of `x` that is let through.
    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let x = at.input(0);
        let slope = if self.tanh {
            let t = inner(x.clone()).tanh();
            let inside = (x.clone() * x.clone() * (3.0 * CUBE) + 1.0) * (2.0 / PI).sqrt();
            (-(t.clone() * t) + 1.0) * inside * 0.5
        } else {
            (x.clone() * x.clone() * -0.5).exp() * (1.0 / (2.0 * PI).sqrt())
        };
        gradient * (share(*self, x.clone()) + x * slope)
    }

    fn is_monotone(&self) -> bool {
        false
    }
}

/// The share of `x` that is let through.
fn share(Gelu { tanh }: Gelu, x: Tensor<4>) -> Tensor<4> {
    let odd = if tanh { inner(x).tanh() } else { (x * FRAC_1_SQRT_2).erf() };
    (odd + 1.0) * 0.5
}

/// `sqrt(2 / pi) (x + 0.044715 x^3)`.
fn inner(x: Tensor<4>) -> Tensor<4> {
    (x.clone() * x.clone() * CUBE + 1.0) * x * (2.0 / PI).sqrt()
}
