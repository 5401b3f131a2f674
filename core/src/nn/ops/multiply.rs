//! Product of feature maps.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// Product of a signal and its gates, number by number. A gate of `[C, 1, 1]`, as that of squeeze and excitation (Hu et al. 2017,
/// <https://arxiv.org/abs/1709.01507>), or of `[1, H, W]` is stretched to the signal, the first input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Multiply {}

impl Operator for Multiply {
    fn role(&self) -> Role {
        Role::Gate
    }

    fn shape(&self, first: Shape, Given { others, .. }: Given<'_>) -> Result<Shape, Fault> {
        let fits = |gate: &Shape| gate.iter().zip(first).all(|(&gate, signal)| gate == signal || gate == 1);
        if others.is_empty() || !others.iter().all(fits) {
            let shapes = [&[first], others].concat();
            let shapes = format_args!("{shapes:?}");
            return Err(fault!(
                "multiply-shapes",
                "multiplies feature maps of shapes that do not fit: {shapes}",
                shapes
            ));
        }
        Ok(first)
    }
}
