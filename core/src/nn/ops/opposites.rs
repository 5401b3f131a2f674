//! Two classes of one logit.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// One logit `x` as those of two classes, `[-x, x]`: `[1, H, W]` to `[2, H, W]`. Their sigmoids add up to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opposites {}

impl Operator for Opposites {
    fn role(&self) -> Role {
        Role::Linear
    }

    fn shape(&self, [channels, height, width]: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        if channels == 1 {
            Ok([2, height, width])
        } else {
            Err(fault!("opposites-logits", "makes two classes of one logit, not of {channels}", channels))
        }
    }
}
