//! How much of a feature map goes down a deconvnet.

use crate::named::named;

/// How much of the feature map goes down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// All of it.
    #[default]
    All,
    /// Its largest value alone (the first of equals).
    Max,
}

named!(Mode {
    All = "all", "All of it";
    Max = "max", "Its largest value alone (the first of equals)";
});
