//! GPUs: finding one, opening it, and hearing that it is lost.

use burn::tensor::Device;
use burn::tensor::wgpu::WgpuBackend;
use convscope_core::choice::is_imitation;

use super::Opened;
use crate::error::{Error, Result};
use crate::fault;

impl Opened {
    /// Device with the name that a browser gives it where wgpu has none.
    #[must_use]
    pub fn called(mut self, adapter: Option<String>) -> Self {
        if let Some(adapter) = adapter {
            self.name = self.name.replace(NAMELESS, &adapter);
        }
        self
    }

    /// Has `tell` called, once, with the reason, when the GPU is lost: its driver was reset or replaced, it was unplugged, the
    /// browser took it away. Nothing can be computed with it from then on. A CPU is never lost.
    pub fn on_lost(&self, tell: impl FnOnce(String) + Send + 'static) {
        let Some(gpu) = &self.gpu else { return };
        let tell = std::sync::Mutex::new(Some(tell));
        gpu.set_device_lost_callback(move |reason, message| {
            let tell = tell.lock().ok().and_then(|mut tell| tell.take());
            if let Some(tell) = tell {
                tell(if message.is_empty() { format!("{reason:?}") } else { message });
            }
        });
    }
}

/// Name of a GPU whose driver gives none.
const NAMELESS: &str = "adapter without a name";

/// A GPU as its driver describes it.
struct Adapter {
    name: String,
    software: bool,
    backend: wgpu::Backend,
}

/// The GPU, be it one that software imitates.
///
/// # Errors
/// [`Error::Device`] where there is none, or it refuses.
pub(super) async fn any() -> Result<Opened> {
    open(find_adapter().await?).await
}

/// A GPU that is one; the CPU where software imitates it.
///
/// # Errors
/// [`Error::Device`] where there is none, or it refuses.
pub(super) async fn real() -> Result<Opened> {
    match find_adapter().await? {
        adapter if adapter.software => Ok(Opened::cpu()),
        adapter => open(adapter).await,
    }
}

async fn open(adapter: Adapter) -> Result<Opened> {
    let refused = |error: &dyn std::fmt::Display| {
        Error::Device(fault!(
            "gpu-refused",
            "the GPU {gpu} cannot be used ({error}); use the CPU instead",
            gpu = adapter.name,
            error
        ))
    };
    let mut options = Device::wgpu_options();
    if adapter.backend == wgpu::Backend::Vulkan {
        // Left to itself, burn asks OpenGL too where software imitates the GPU, and may take another than was found.
        options = options.graphics_api(WgpuBackend::Vulkan);
    }
    let (device, setup) = options.init_with_setup_async().await.map_err(|error| refused(&error))?;
    Ok(Opened { device, name: format!("GPU: {}", adapter.name), gpu: Some(setup.device) })
}

async fn find_adapter() -> Result<Adapter> {
    let none = |error: &dyn std::fmt::Display| {
        Error::Device(fault!("no-gpu", "there is no GPU that can be used here ({error}); use the CPU instead", error))
    };
    // OpenGL is not among them: burn does not compute with it, and asking for it makes some drivers complain on standard error.
    let backends = wgpu::Backends::PRIMARY;
    let descriptor = wgpu::InstanceDescriptor { backends, ..wgpu::InstanceDescriptor::new_without_display_handle() };
    let instance = wgpu::Instance::new(descriptor);
    // The same wish that burn's default device has, so that this is the adapter it will take.
    let options =
        wgpu::RequestAdapterOptions { power_preference: wgpu::PowerPreference::HighPerformance, ..Default::default() };
    let adapter = instance.request_adapter(&options).await.map_err(|error| none(&error))?;
    let info = adapter.get_info();
    let words = [info.name.as_str(), info.driver.as_str(), info.driver_info.as_str()].join(" ");
    // In a browser, the name alone tells that an adapter is a CPU in disguise.
    let software = info.device_type == wgpu::DeviceType::Cpu || is_imitation(&words);
    let mut name = if info.name.is_empty() { NAMELESS.to_owned() } else { info.name };
    let backend = match info.backend {
        wgpu::Backend::BrowserWebGpu => "WebGPU".into(),
        backend => format!("{backend:?}"),
    };
    name.push_str(&format!(" ({backend}{})", if software { ", in software" } else { "" }));
    Ok(Adapter { name, software, backend: info.backend })
}
