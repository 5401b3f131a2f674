//! Set-up of what a bare machine lacks: a compiler for wasm, trunk, wasm-bindgen and a browser.

pub mod browser;
mod debian;
pub mod python;
pub mod tools;
pub mod wasm;

use anyhow::Result;

/// Installs everything, the browser included, and says what is in use.
///
/// # Errors
/// When a part that serving or testing the page needs is missing and cannot be installed.
pub fn everything() -> Result<()> {
    for_page()?;
    match browser::find_or_install() {
        Ok(browser) => println!("browser: {} with {}", browser.chromium.display(), browser.driver.display()),
        Err(error) => println!("browser: none ({error:#}); the browser tests will be skipped"),
    }
    if !browser::software_vulkan() {
        println!(
            "vulkan: no software driver can be installed here; without a GPU, the native GPU tests will be skipped"
        );
    }
    Ok(())
}

/// Installs what building the page needs.
///
/// # Errors
/// When the wasm target or a tool is missing and cannot be installed.
pub fn for_page() -> Result<()> {
    wasm::add_target()?;
    tools::install()
}
