//! The Rust compiler for `wasm32-unknown-unknown`: the active toolchain, to which rustup adds the target.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::run::{self, Step};
use crate::setup::tools;

/// The page's target triple.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// rustup downloads some 20 MB for a target; on a dead network it would retry for very long.
const RUSTUP_LIMIT: Duration = Duration::from_secs(300);

/// The triple of this machine.
pub fn host() -> Option<String> {
    let version = run::answer(command(&rustc()).arg("-vV"))?;
    version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

/// The cargo that builds the page.
pub fn cargo() -> Command {
    command(&active_cargo())
}

/// Command of any program that takes part in the page's build: the installed tools come first in its `PATH`.
pub fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    // Its own target folder, so that it and a native build need not wait for each other.
    command.env("PATH", path()).env("CARGO_TARGET_DIR", paths::target().join("page"));
    command
}

fn path() -> OsString {
    let inherited = env::var_os("PATH").unwrap_or_default();
    let dirs = tools::bin().into_iter().chain(env::split_paths(&inherited));
    env::join_paths(dirs).unwrap_or(inherited)
}

/// The cargo that runs this program, or the one in `PATH`.
pub fn active_cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

fn rustc() -> PathBuf {
    env::var_os("RUSTC").map_or_else(|| PathBuf::from("rustc"), PathBuf::from)
}

/// Sees to it that the toolchain has the target.
///
/// # Errors
/// When it has not and rustup cannot add it.
pub fn add_target() -> Result<()> {
    if has_target() {
        return Ok(());
    }
    let advice = format!("the page needs a Rust toolchain with the target {TARGET}: rustup target add {TARGET}");
    let rustup = paths::which("rustup").with_context(|| advice.clone())?;
    let step = Step { title: "Adding the wasm target with rustup", log: "rustup", limit: Some(RUSTUP_LIMIT) };
    step.run(Command::new(rustup).args(["target", "add", TARGET])).with_context(|| advice.clone())?;
    if !has_target() {
        bail!("{advice}");
    }
    Ok(())
}

fn has_target() -> bool {
    let is_std = |name: OsString| name.to_string_lossy().starts_with("libstd-");
    run::answer(Command::new(rustc()).args(["--print", "sysroot"])).is_some_and(|sysroot| {
        let library = Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib");
        library.read_dir().is_ok_and(|entries| entries.flatten().any(|entry| is_std(entry.file_name())))
    })
}
