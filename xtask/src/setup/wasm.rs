//! A Rust compiler for `wasm32-unknown-unknown`, by the first of three ways that works.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::run::{self, Step};
use crate::setup::{std_build, tools};

/// The page's target triple.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// rustup downloads some 20 MB for a target; on a dead network it would retry for very long.
const RUSTUP_LIMIT: Duration = Duration::from_secs(300);

/// The compiler that builds the page, which need not be the one that builds native code.
#[derive(Clone, Debug)]
pub struct WasmToolchain {
    /// The folder that must come first in `PATH`, and whose `rustc` and `cargo` are used; none for the active
    /// toolchain.
    bin: Option<PathBuf>,
}

impl WasmToolchain {
    /// The active toolchain, which has the target.
    fn active() -> Self {
        Self { bin: None }
    }

    /// Debian's toolchain in `/usr/bin`.
    fn debian() -> Self {
        Self { bin: Some(PathBuf::from("/usr/bin")) }
    }

    /// One line for the user.
    pub fn describe(&self) -> String {
        let version = run::answer(self.command(&self.program("rustc")).arg("--version"));
        let version = version.unwrap_or_else(|| "unknown rustc".into());
        let origin = if self.bin.is_some() { "Debian's" } else { "the active toolchain's" };
        format!("{origin} {version}")
    }

    /// The triple of this machine.
    pub fn host(&self) -> Option<String> {
        let version = run::answer(self.command(&self.program("rustc")).arg("-vV"))?;
        version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
    }

    /// A cargo of this toolchain.
    pub fn cargo(&self) -> Command {
        let cargo = match &self.bin {
            Some(bin) => bin.join("cargo"),
            None => active_cargo(),
        };
        self.command(&cargo)
    }

    /// The clippy of this toolchain, in the form that stands in for rustc.
    pub fn clippy_driver(&self) -> String {
        self.program("clippy-driver").display().to_string()
    }

    /// Command of any program, in an environment in which `cargo`, `rustc` and the installed tools are the right ones.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env("PATH", self.path());
        if let Some(bin) = &self.bin {
            command.env("RUSTC", bin.join("rustc")).env("RUSTDOC", bin.join("rustdoc"));
            // Set by the outer cargo for its own toolchain's shared libraries.
            command.env_remove("LD_LIBRARY_PATH").env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO");
        }
        // Its own target folder: two compilers in one would wait for each other's lock.
        command.env("CARGO_TARGET_DIR", paths::target().join("page"));
        command
    }

    fn program(&self, name: &str) -> PathBuf {
        self.bin.as_ref().map_or_else(|| PathBuf::from(name), |bin| bin.join(name))
    }

    fn path(&self) -> OsString {
        let tools = tools::bin().into_iter();
        let inherited = env::var_os("PATH").unwrap_or_default();
        let dirs = tools.chain(self.bin.clone()).chain(env::split_paths(&inherited));
        env::join_paths(dirs).unwrap_or(inherited)
    }
}

/// The cargo that runs this program, or the one in `PATH`.
pub fn active_cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// Finds a toolchain with the target, installing one if need be.
///
/// `CONVSCOPE_WASM=debian` leaves out rustup, for machines whose rustup must not be changed.
///
/// # Errors
/// When none of the three ways works; the message names them.
pub fn find_or_install() -> Result<WasmToolchain> {
    if env::var_os("CONVSCOPE_WASM").is_none_or(|way| way != "debian") {
        if active_has_target() {
            return Ok(WasmToolchain::active());
        }
        if rustup_adds_target() {
            return Ok(WasmToolchain::active());
        }
    }
    match std_build::install() {
        Ok(()) => Ok(WasmToolchain::debian()),
        Err(error) => bail!(
            "no Rust compiler for {TARGET}: use a toolchain that has the target, or run `rustup target add {TARGET}`, \
             or run this as root on Debian so that its rustc-web can be installed (which was tried: {error:#})"
        ),
    }
}

fn active_has_target() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    run::answer(Command::new(rustc).args(["--print", "sysroot"]))
        .is_some_and(|sysroot| has_std(&Path::new(&sysroot).join("lib/rustlib").join(TARGET).join("lib")))
}

/// Whether a target's library folder holds a compiled standard library.
pub fn has_std(lib: &Path) -> bool {
    let is_std = |name: OsString| name.to_string_lossy().starts_with("libstd-");
    lib.read_dir().is_ok_and(|entries| entries.flatten().any(|entry| is_std(entry.file_name())))
}

fn rustup_adds_target() -> bool {
    let Some(rustup) = paths::which("rustup") else { return false };
    let step = Step { title: "Adding the wasm target with rustup", log: "rustup", limit: Some(RUSTUP_LIMIT) };
    let added = step.run(Command::new(rustup).args(["target", "add", TARGET])).context("rustup cannot add the target");
    if let Err(error) = &added {
        println!("{}; trying Debian's toolchain", error.to_string().lines().next().unwrap_or_default());
    }
    added.is_ok() && active_has_target()
}
