//! Where the network runs: a GPU through wgpu (Vulkan, Metal, DX12; WebGPU in the browser) or the CPU through burn's Flex.

#[cfg(feature = "engine")]
mod opened;

use serde::{Deserialize, Serialize};

#[cfg(feature = "engine")]
pub use opened::{Opened, open};

/// Which device is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(clap::ValueEnum))]
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
