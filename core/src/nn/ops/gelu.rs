//! Gaussian error linear unit.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};

/// Gaussian error linear unit (Hendrycks and Gimpel 2016, <https://arxiv.org/abs/1606.08415>): `x P(X <= x)` for a normal `X`, that
/// is `x (1 + erf(x / sqrt(2))) / 2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gelu {
    /// Whether it is the paper's approximation, `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2`.
    #[serde(default)]
    pub tanh: bool,
}

impl Operator for Gelu {
    fn role(&self) -> Role {
        Role::Activation
    }
}
