//! Convolution.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Padding, Reach, Role, Shape, affine, windows};
use crate::error::Fault;
use crate::fault;

/// Convolution, that is cross-correlation, with a weight `[out, in / groups, kernel height, kernel width]` plus a bias `[out]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conv2d {
    /// The weight tensor's name.
    pub weight: String,
    /// The bias tensor's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<String>,
    /// Pixels from one window to the next.
    #[serde(default = "ones")]
    pub stride: [usize; 2],
    /// Zeros around the input.
    #[serde(default)]
    pub padding: Padding,
    /// Distance between kernel elements.
    #[serde(default = "ones")]
    pub dilation: [usize; 2],
    /// Number of channel groups that do not see each other.
    #[serde(default = "one")]
    pub groups: usize,
}

const fn one() -> usize {
    1
}

const fn ones() -> [usize; 2] {
    [1, 1]
}

impl Operator for Conv2d {
    fn role(&self) -> Role {
        Role::Linear
    }

    fn reach(&self, parameters: &[Vec<usize>]) -> Option<Reach> {
        let &[_, _, height, width] = &parameters.first()?[..] else { return None };
        Some(Reach::of([height, width], self.stride, self.dilation, self.padding))
    }

    fn parameters(&self) -> Vec<&str> {
        affine::names(&self.weight, self.bias.as_deref())
    }

    fn shape(&self, [channels, height, width]: Shape, Given { parameters, .. }: Given<'_>) -> Result<Shape, Fault> {
        let Self { stride, padding, dilation, groups, .. } = *self;
        let weight = affine::weight(parameters)?;
        let &[out, per_group, kernel_height, kernel_width] = weight else {
            return Err(fault!(
                "conv2d-weight",
                "has a weight of shape {weight}, not [out, in, height, width]",
                weight = format_args!("{weight:?}")
            ));
        };
        if groups == 0 || per_group * groups != channels || out % groups != 0 {
            return Err(fault!(
                "conv2d-groups",
                "has a weight of shape {weight} in {groups} groups for {channels} input channels",
                weight = format_args!("{weight:?}"),
                groups,
                channels
            ));
        }
        affine::check_bias(parameters, out)?;
        let kernel = [kernel_height, kernel_width];
        let [height, width] = windows::count([height, width], kernel, stride, dilation, padding, false)?;
        Ok([out, height, width])
    }
}
