//! Two classes of one logit.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};
use crate::error::Fault;
use crate::fault;

/// One logit `x` as those of two classes, `[-x, x]`: `[1, H, W]` to `[2, H, W]`. Their sigmoids add up to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opposites {}

impl Operator for Opposites {
    fn role(&self) -> Role {
        Role::Linear
    }

    fn shape(
        &self,
        [channels, height, width]: [usize; 3],
        _: &[[usize; 3]],
        _: &[Vec<usize>],
    ) -> Result<[usize; 3], Fault> {
        if channels == 1 {
            Ok([2, height, width])
        } else {
            Err(fault!("opposites-logits", "makes two classes of one logit, not of {channels}", channels))
        }
    }
}
