//! Group and instance normalisation.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// Group normalisation (Wu and He 2018, <https://arxiv.org/abs/1803.08494>): `(x - mean) / sqrt(variance + epsilon)` over all places
/// of a group of channels. With a channel a group it is instance normalisation. Scale and shift are a layer of their own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupNorm {
    /// Number of groups.
    pub groups: usize,
    /// Number added to the variance.
    pub epsilon: f32,
}

impl Operator for GroupNorm {
    fn role(&self) -> Role {
        Role::Normalization
    }

    fn shape(&self, input: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        let (groups, channels) = (self.groups, input[0]);
        if groups > 0 && channels.is_multiple_of(groups) {
            return Ok(input);
        }
        Err(fault!("group-norm-groups", "has {groups} groups for {channels} channels", groups, channels))
    }
}
