//! Concatenation.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};
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

    fn shape(
        &self,
        first @ [channels, height, width]: [usize; 3],
        others: &[[usize; 3]],
        _: &[Vec<usize>],
    ) -> Result<[usize; 3], Fault> {
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
