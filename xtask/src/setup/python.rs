//! A Python with the package in it, in an environment of its own in the cache.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::run::Step;
use crate::{native, paths, sources};

/// The environment's interpreter.
fn interpreter() -> Result<PathBuf> {
    let inside = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    Ok(paths::cache()?.join("tools/python").join(inside))
}

/// The package's tests, as a command to run: the package is built by the engine's own build, and installed as anybody would.
///
/// # Errors
/// When there is no Python with pip and venv, what it is built with cannot be fetched, or it does not compile.
pub fn with_convscope() -> Result<Command> {
    let (python, package) = (interpreter()?, paths::repo().join("python"));
    if !python.is_file() {
        let folder = paths::cache()?.join("tools/python");
        let mut venv = sources::python()?;
        venv.args(["-m", "venv", "--clear"]).arg(folder);
        Step { title: "Making an environment for Python", log: "python-venv", limit: None }.run(&mut venv)?;
    }
    let pip = |arguments: &[&str]| {
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input"]).args(arguments);
        pip.env("CARGO_TARGET_DIR", paths::target());
        pip
    };
    let mut tools = pip(&["--only-binary=:all:", "--require-hashes", "--requirement"]);
    tools.arg(package.join("tests/requirements.txt"));
    Step { title: "Fetching what the Python package is built with", log: "python-tools", limit: None }
        .run(&mut tools)?;
    // maturin is found beside the interpreter.
    let bin = python.parent().context("an interpreter lies in a folder")?;
    let path = std::env::join_paths(
        std::iter::once(bin.to_path_buf()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )?;
    let mut install = pip(&["--no-build-isolation", "--no-deps", "--force-reinstall"]);
    install.arg(&package).env("PATH", path);
    Step { title: "Building the Python package", log: "python-package", limit: None }.run(&mut install)?;
    let mut tests = Command::new(python);
    // Not in the checkout, whose folders must not stand in for what was installed. What it says comes on standard error.
    tests.args(["-c", RUN]).arg(package.join("tests")).current_dir(paths::cache()?);
    tests.env("CONVSCOPE_PROGRAM", native::convscope()?.get_program()).env_remove("CONVSCOPE_WEIGHTS");
    Ok(tests)
}

/// Runs all tests of a folder, with what they say on standard output.
const RUN: &str = "import sys, unittest; tests = unittest.defaultTestLoader.discover(sys.argv[1]); \
    sys.exit(not unittest.TextTestRunner(sys.stdout, verbosity=2).run(tests).wasSuccessful())";
