//! Local response normalisation.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// Local response normalisation (Krizhevsky et al. 2012, section 3.3): `x / (bias + alpha / size * sum(x^2))^beta`, with the sum over
/// `size` channels around each, `(size - 1) / 2` of them before it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocalResponseNorm {
    /// Number of channels in the sum.
    pub size: usize,
    /// Factor of the sum's mean.
    pub alpha: f32,
    /// Exponent.
    pub beta: f32,
    /// Number added to the sum.
    pub bias: f32,
}

impl Operator for LocalResponseNorm {
    fn role(&self) -> Role {
        Role::Normalization
    }

    fn shape(&self, input: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        let Self { size, alpha, bias, .. } = *self;
        if size > 0 && alpha >= 0.0 && bias > 0.0 {
            return Ok(input);
        }
        Err(fault!(
            "response-norm",
            "normalizes over {size} channels with alpha {alpha} and bias {bias}",
            size,
            alpha,
            bias
        ))
    }
}
