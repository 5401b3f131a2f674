//! Hard sigmoid.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// Hard sigmoid: `min(max(slope x + shift, 0), 1)`, a logistic function of straight lines (Courbariaux et al. 2015,
/// <https://arxiv.org/abs/1511.00363>, with slope 0.2; Howard et al. 2019, <https://arxiv.org/abs/1905.02244>, with slope 1/6).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HardSigmoid {
    /// Slope of the middle part.
    pub slope: f32,
    /// Value at 0.
    pub shift: f32,
}

impl Operator for HardSigmoid {
    fn role(&self) -> Role {
        Role::Activation
    }

    fn shape(&self, input: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        let Self { slope, .. } = self;
        if *slope > 0.0 {
            return Ok(input);
        }
        Err(fault!("hard-sigmoid-slope", "has the slope {slope}, where a hard sigmoid rises", slope))
    }
}
