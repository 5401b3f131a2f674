//! Finding a device and opening it.

#[cfg(feature = "gpu")]
mod gpu;

pub use burn::tensor::Device;
pub use convscope_core::Choice;

#[cfg(not(feature = "gpu"))]
use crate::error::Error;
use crate::error::Result;
#[cfg(not(feature = "gpu"))]
use crate::fault;

/// The device that was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// burn's handle.
    pub device: Device,
    /// Name for people: `GPU: name (Vulkan)` or `CPU`.
    pub name: String,
    /// wgpu's handle, of a GPU.
    #[cfg(feature = "gpu")]
    gpu: Option<wgpu::Device>,
}

impl Opened {
    /// The CPU, which every machine has.
    pub fn cpu() -> Self {
        Self {
            device: Device::flex(),
            name: "CPU".into(),
            #[cfg(feature = "gpu")]
            gpu: None,
        }
    }
}

/// Opens a device; in a program, call it once and keep the result. A GPU needs the feature `gpu`.
///
/// # Errors
/// [`Error::Device`](crate::Error::Device) where a GPU was asked for and there is none, or it refuses.
pub async fn open(choice: Choice) -> Result<Opened> {
    match choice {
        Choice::Cpu => Ok(Opened::cpu()),
        #[cfg(feature = "gpu")]
        // A GPU that is there but refuses must not keep anybody from an answer.
        Choice::Auto => Ok(gpu::real().await.unwrap_or_else(|_| Opened::cpu())),
        #[cfg(feature = "gpu")]
        Choice::Gpu => gpu::any().await,
        #[cfg(not(feature = "gpu"))]
        Choice::Auto => Ok(Opened::cpu()),
        #[cfg(not(feature = "gpu"))]
        Choice::Gpu => Err(Error::Device(fault!(
            "cpu-alone",
            "this program computes on the CPU alone; use the CPU, or build it anew with its feature gpu"
        ))),
    }
}
