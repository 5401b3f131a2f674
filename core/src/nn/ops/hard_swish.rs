//! Hard swish.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};

/// Hard swish (Howard et al. 2019, <https://arxiv.org/abs/1905.02244>): `x min(max(x + 3, 0), 6) / 6`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HardSwish {}

impl Operator for HardSwish {
    fn role(&self) -> Role {
        Role::Activation
    }
}
