//! Part of a feature map that goes down a deconvnet.

use crate::named::named;

/// Part of the feature map that goes down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// All of it.
    #[default]
    All,
    /// Largest value alone (the first of equals).
    Max,
}

named!(Mode {
    All = "all", "All of it";
    Max = "max", "Its largest value alone (the first of equals)";
});
