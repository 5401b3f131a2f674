//! The native build of Convscope: one selection of packages and targets for every use.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::Result;

use crate::paths;
use crate::run::Step;
use crate::setup::wasm::active_cargo;

/// The packages and profile of every native cargo call: another profile, or another choice of packages and thereby of features,
/// would be a second build of burn.
pub const PACKAGE: [&str; 7] = [
    "--release",
    "--locked",
    "--package=convscope",
    "--package=convscope-core",
    "--package=convscope-import",
    "--package=convscope-cli",
    "--package=convscope-page",
];

/// Everything that is tested or linted.
pub const TESTED: [&str; 3] = ["--lib", "--bins", "--tests"];

/// The end-to-end tests: a package of its own, so that what they need changes nothing in burn's build.
pub const BROWSER_TESTS: [&str; 3] = ["--release", "--package=convscope-browser-tests", "--locked"];

/// The active toolchain's cargo, in the checkout.
pub fn cargo() -> Command {
    let mut cargo = Command::new(active_cargo());
    cargo.current_dir(paths::repo()).env("CARGO_TARGET_DIR", paths::target());
    cargo
}

/// Convscope's own program with the page in that archive as a part of it. The next build without it takes it out again.
///
/// # Errors
/// When it cannot be built.
pub fn with_page(page: &Path) -> Result<PathBuf> {
    let title = "Building the program with the page";
    Step { title, log: "build-with-page", limit: None }
        .run(cargo().arg("build").args(PACKAGE).arg("--bins").env("CONVSCOPE_PAGE", page))?;
    Ok(paths::target().join(format!("release/convscope{EXE_SUFFIX}")))
}

/// Convscope's own program, built once in a run.
///
/// # Errors
/// When it cannot be built.
pub fn convscope() -> Result<Command> {
    static BUILT: OnceLock<()> = OnceLock::new();
    if BUILT.get().is_none() {
        let title = "Building convscope (the first time takes 15 minutes or more)";
        Step { title, log: "build", limit: None }.run(cargo().arg("build").args(PACKAGE).arg("--bins"))?;
        let _ = BUILT.set(());
    }
    Ok(Command::new(paths::target().join(format!("release/convscope{EXE_SUFFIX}"))))
}
