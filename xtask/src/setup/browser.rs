//! Chromium and its driver, for the tests that use the page as a visitor would.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::paths::which;
use crate::setup::debian;

const CHROMIUM: [&str; 5] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// A browser that tests can drive.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The browser's executable.
    pub chromium: PathBuf,
    /// The WebDriver server that goes with it.
    pub driver: PathBuf,
}

fn find() -> Option<Browser> {
    Some(Browser { chromium: CHROMIUM.iter().find_map(|name| which(name))?, driver: which("chromedriver")? })
}

/// Finds Chromium and chromedriver, installing Debian's if they are missing and can be.
///
/// # Errors
/// When they are missing and cannot be installed; the message says how to get them.
pub fn find_or_install() -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    if debian::can_install() {
        debian::install(&["chromium", "chromium-driver"])?;
    }
    match find() {
        Some(browser) => Ok(browser),
        None => {
            bail!("no Chromium with chromedriver in PATH: install Chromium or Chrome and its matching chromedriver")
        }
    }
}

/// Installs a Vulkan driver that runs on the CPU, so that the native GPU path can be tested without a GPU.
///
/// Returns whether one is there; the GPU tests say themselves that they skip where there is none.
pub fn software_vulkan() -> bool {
    debian::can_install() && debian::install(&["mesa-vulkan-drivers"]).is_ok()
}
