//! Dense layer.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Reach, Role, Shape, affine};
use crate::error::Fault;
use crate::fault;

/// Dense layer: `x W + b` on a vector, with a weight `[in, out]` and a bias `[out]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dense {
    /// The weight tensor's name.
    pub weight: String,
    /// The bias tensor's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<String>,
}

impl Operator for Dense {
    fn role(&self) -> Role {
        Role::Linear
    }

    fn parameters(&self) -> Vec<&str> {
        affine::names(&self.weight, self.bias.as_deref())
    }

    fn reach(&self, _: &[Vec<usize>]) -> Option<Reach> {
        None
    }

    fn shape(&self, input: Shape, Given { parameters, .. }: Given<'_>) -> Result<Shape, Fault> {
        let weight = affine::weight(parameters)?;
        let &[into, out] = weight else {
            return Err(fault!(
                "dense-weight",
                "has a weight of shape {weight}, not [in, out]",
                weight = format_args!("{weight:?}")
            ));
        };
        if input != [into, 1, 1] {
            let input = format_args!("{input:?}");
            return Err(fault!("dense-input", "takes [{into}, 1, 1] but is given {input}", into, input));
        }
        affine::check_bias(parameters, out)?;
        Ok([out, 1, 1])
    }
}
