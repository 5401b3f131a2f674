//! Selection of channels.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// Some of the channels, in an order of their own: slices, splits, and the shuffle of groups (Zhang et al. 2017,
/// <https://arxiv.org/abs/1707.01083>).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectChannels {
    /// The input's channel that each channel of the output is.
    pub channels: Vec<usize>,
}

impl SelectChannels {
    /// The channels of `groups` groups, the first of each, the second of each, and so on.
    pub fn shuffled(channels: usize, groups: usize) -> Self {
        let each = channels / groups.max(1);
        Self { channels: (0..each).flat_map(|place| (0..groups).map(move |group| group * each + place)).collect() }
    }
}

impl Operator for SelectChannels {
    fn role(&self) -> Role {
        Role::Shape
    }

    fn selects(&self) -> bool {
        true
    }

    fn shape(&self, [channels, height, width]: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        if self.channels.is_empty() || self.channels.iter().any(|&channel| channel >= channels) {
            return Err(fault!(
                "select-channels",
                "takes channels that an input of {channels} does not have, or none",
                channels
            ));
        }
        Ok([self.channels.len(), height, width])
    }
}
