//! `cargo xtask lint`: what the packages hold, and clippy without mercy, for the host and for wasm.

use anyhow::Result;

use crate::setup::wasm::{self, TARGET};
use crate::{native, packages, paths, run};

/// Checks the packages, then lints this program, the engine with the command line and all tests, and the page.
///
/// # Errors
/// When a package lacks a file, there is no clippy, or it has something to say.
pub fn run() -> Result<()> {
    packages::check()?;
    let mut own = native::cargo();
    own.args(["clippy", "--package=xtask", "--package=convscope-browser-tests", "--package=convscope-browser-bench"]);
    own.args(["--all-targets", "--locked"]);
    own.args(["--", "--deny=warnings"]);
    run::shown("Linting xtask and the end-to-end tests", &mut own)?;
    let mut engine = native::cargo();
    engine.arg("clippy").args(native::PACKAGE).args(native::TESTED).args([
        "--examples",
        "--package=convscope-kernels-bench",
        "--package=convscope-python",
    ]);
    engine.args(["--", "--deny=warnings"]);
    run::shown("Linting convscope", &mut engine)?;
    page(&["--no-default-features", "--features=worker", "--bin=worker"], "Linting the page's worker")?;
    page(&["--bin=gpu", "--bin=bench"], "Linting the page's worker for GPUs")?;
    page(&["--no-default-features", "--features=importer", "--bin=importer"], "Linting the page's importer")?;
    page(&["--no-default-features", "--features=page", "--bin=app"], "Linting the page")
}

/// A build of the page with clippy in rustc's place.
///
/// That is what `cargo clippy` does to `cargo check`. But a check shares nothing with a build and would go through all
/// of burn once more for this target; this shares everything with the page's build but the workspace's own crates.
fn page(which: &[&str], title: &str) -> Result<()> {
    wasm::add_target()?;
    let mut build = wasm::cargo();
    build.current_dir(paths::repo());
    build.args(["build", "--release", "--package=convscope-web", "--target", TARGET, "--locked"]).args(which);
    build.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    build.env("CLIPPY_ARGS", "--deny=warnings__CLIPPY_HACKERY__");
    run::shown(title, &mut build)
}
