//! How much of a feature map goes down a deconvnet.

/// How much of the feature map goes down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(clap::ValueEnum))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// All of it.
    #[default]
    All,
    /// Its largest value alone (the first of equals).
    Max,
}
