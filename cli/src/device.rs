//! Opening the device, in silence.

use convscope::device::{self, Choice, Opened};
use convscope::error::Result;
use pollster::block_on;

/// Opens a device. Call it before anything is said or written: where there is no desktop, the program may begin again.
pub(super) fn open(choice: Choice) -> Result<Opened> {
    #[cfg(target_os = "linux")]
    if choice != Choice::Cpu {
        without_desktop();
    }
    block_on(device::open(choice))
}

/// Mesa's Vulkan layer asks the desktop which GPU it is on, and complains on standard error where there is none: twice for every
/// time that GPUs are listed. It hears of that only by its environment, which a program cannot change safely once it runs; so
/// this one begins again, in the same process. Whoever chooses a GPU by that layer has it left on.
#[cfg(target_os = "linux")]
fn without_desktop() {
    use std::os::unix::process::CommandExt;

    const LAYER_OFF: &str = "NODEVICE_SELECT";
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let chosen = ["MESA_VK_DEVICE_SELECT", "DRI_PRIME", LAYER_OFF].into_iter().any(set);
    if chosen || ["XDG_RUNTIME_DIR", "WAYLAND_DISPLAY"].into_iter().any(set) {
        return;
    }
    let mut arguments = std::env::args_os();
    let (Ok(program), Some(name)) = (std::env::current_exe(), arguments.next()) else { return };
    // It returns only where it fails: then there are two lines more on standard error, and nothing else is lost.
    let _ = std::process::Command::new(program).arg0(name).args(arguments).env(LAYER_OFF, "1").exec();
}
