//! Parametric rectified linear unit.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// Parametric rectified linear unit (He et al. 2015, <https://arxiv.org/abs/1502.01852>): `x` where that is positive, otherwise
/// `a x` with a trained slope `a` for each channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prelu {
    /// Name of the tensor of slopes, `[C]`.
    pub slopes: String,
}

impl Operator for Prelu {
    fn role(&self) -> Role {
        Role::Activation
    }

    fn parameters(&self) -> Vec<&str> {
        vec![&self.slopes]
    }

    fn shape(&self, input: Shape, Given { parameters, .. }: Given<'_>) -> Result<Shape, Fault> {
        if parameters.first().is_some_and(|slopes| slopes[..] == input[..1]) {
            return Ok(input);
        }
        let slopes = format_args!("{:?}", parameters.first());
        Err(fault!("prelu-slopes", "has slopes of shape {slopes} for {channels} channels", slopes, channels = input[0]))
    }
}
