//! Concatenation.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// Concatenation: all inputs' channels, one input after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concat {}

impl Operator for Concat {
    fn role(&self) -> Role {
        Role::Join
    }

    fn selects(&self) -> bool {
        true
    }

    fn shape(&self, first @ [channels, height, width]: Shape, Given { others, .. }: Given<'_>) -> Result<Shape, Fault> {
        if others.iter().any(|&[_, h, w]| [h, w] != [height, width]) {
            let shapes = [&[first], others].concat();
            return Err(fault!(
                "concat-sizes",
                "joins feature maps of different sizes: {shapes}",
                shapes = format_args!("{shapes:?}")
            ));
        }
        Ok([channels + others.iter().map(|shape| shape[0]).sum::<usize>(), height, width])
    }
}
