//! The native build of Convscope: one selection of packages and targets for every use.

use std::env::consts::EXE_SUFFIX;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::Result;

use crate::paths;
use crate::run::Step;
use crate::setup::wasm::active_cargo;

/// What every native cargo call builds. The tests' own dependencies turn on features of shared crates, so that a build
/// without the tests would compile most of burn a second time.
pub const SELECTION: [&str; 6] = ["--release", "--package=convscope", "--lib", "--bins", "--tests", "--locked"];

/// The active toolchain's cargo, in the checkout.
pub fn cargo() -> Command {
    let mut cargo = Command::new(active_cargo());
    cargo.current_dir(paths::repo()).env("CARGO_TARGET_DIR", paths::target());
    cargo
}

/// Convscope's own program, built once in a run.
///
/// # Errors
/// When it cannot be built.
pub fn convscope() -> Result<Command> {
    static BUILT: OnceLock<()> = OnceLock::new();
    if BUILT.get().is_none() {
        let title = "Building convscope (the first time takes 15 minutes or more)";
        Step { title, log: "build", limit: None }.run(cargo().arg("build").args(SELECTION))?;
        let _ = BUILT.set(());
    }
    Ok(Command::new(paths::target().join(format!("release/convscope{EXE_SUFFIX}"))))
}
