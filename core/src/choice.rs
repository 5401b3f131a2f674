//! Choice of the device to compute on.

use serde::{Deserialize, Serialize};

use crate::named::named;

/// Choice of the device to compute on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// A real GPU if there is one, else the CPU.
    #[default]
    Auto,
    /// The GPU, be it one that software imitates.
    Gpu,
    /// The CPU.
    Cpu,
}

named!(Choice {
    Auto = "auto", "A real GPU if there is one, else the CPU";
    Gpu = "gpu", "The GPU, be it one that software imitates";
    Cpu = "cpu", "The CPU";
});

/// Names of adapters that are the CPU in disguise.
const IMITATIONS: [&str; 5] = ["swiftshader", "llvmpipe", "lavapipe", "software", "basic render"];

/// Whether the words in which a driver describes an adapter are those of software that imitates a GPU.
pub fn is_imitation(words: &str) -> bool {
    let words = words.to_lowercase();
    IMITATIONS.iter().any(|name| words.contains(name))
}
