//! Concatenation.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};

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
    ) -> Result<[usize; 3], String> {
        if others.iter().any(|&[_, h, w]| [h, w] != [height, width]) {
            return Err(format!("joins feature maps of different sizes: {:?}", [&[first], others].concat()));
        }
        Ok([channels + others.iter().map(|shape| shape[0]).sum::<usize>(), height, width])
    }
}
