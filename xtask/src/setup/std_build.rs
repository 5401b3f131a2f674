//! Debian's Rust toolchain with a standard library for wasm, which Debian ships only as source.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::{self, Step};
use crate::setup::debian;
use crate::setup::wasm::{TARGET, has_std};
use crate::{atomic, paths};

/// The compiler, its sources, the native library for build scripts, clippy, and the linker for wasm.
const PACKAGES: [&str; 6] =
    ["rustc-web", "rust-web-src", "libstd-rust-web-dev", "cargo-web", "rust-web-clippy", "lld-22"];
const RUSTC: &str = "/usr/bin/rustc";
const RUSTLIB: &str = "/usr/lib/rustlib";
/// Names the compiler the library was built by: a library of another version is useless.
const STAMP: &str = "convscope-built-by";

/// Installs the packages and builds the library, each only if it is not there yet.
///
/// # Errors
/// When this is not Debian as root, or a step fails.
pub fn install() -> Result<()> {
    debian::install(&PACKAGES)?;
    let version = run::answer(Command::new(RUSTC).arg("-vV")).context("Debian's /usr/bin/rustc does not run")?;
    link_linker(&version)?;
    let place = Path::new(RUSTLIB).join(TARGET);
    let whole = has_std(&place.join("lib"));
    if whole && fs::read_to_string(place.join(STAMP)).is_ok_and(|built_by| built_by == version) {
        return Ok(());
    }
    let scratch = build()?;
    let deps = scratch.join("target").join(TARGET).join("release/deps");
    atomic::folder(&place, |part| {
        copy_libraries(&deps, &part.join("lib"))?;
        Ok(fs::write(part.join(STAMP), &version)?)
    })?;
    let _ = fs::remove_dir_all(scratch);
    Ok(())
}

/// Puts the packaged lld where rustc looks for the linker of wasm programs.
fn link_linker(version: &str) -> Result<()> {
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc -vV names no host")?;
    let link = Path::new(RUSTLIB).join(host).join("bin/rust-lld");
    if link.exists() || paths::which("rust-lld").is_some() {
        return Ok(());
    }
    let linker = paths::which("lld-22").context("Debian's lld-22 is installed but not in PATH")?;
    let name = link.display().to_string();
    fs::create_dir_all(link.parent().unwrap_or(&link))
        .with_context(|| format!("cannot create the folder of {name}"))?;
    let status = Command::new("ln").arg("-sfn").arg(linker).arg(link).status();
    if !status.is_ok_and(|status| status.success()) {
        bail!("cannot link the wasm linker to {name}");
    }
    Ok(())
}

/// Builds the standard library as a by-product of an empty crate and returns that crate's folder.
fn build() -> Result<PathBuf> {
    let scratch = paths::cache()?.join("build-std");
    // Its own workspace, so that a cache folder inside some other workspace does not join it.
    let manifest = "[package]\nname = \"std-build\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n";
    atomic::write(&scratch.join("Cargo.toml"), manifest.as_bytes())?;
    atomic::write(&scratch.join("src/main.rs"), b"fn main() {}\n")?;
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo
        .current_dir(&scratch)
        .args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort,proc_macro"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", RUSTC)
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .env("PATH", format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default()));
    for inherited in ["LD_LIBRARY_PATH", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTUP_TOOLCHAIN", "CARGO"] {
        cargo.env_remove(inherited);
    }
    Step { title: "Building the standard library for wasm", log: "build-std", limit: None }.run(&mut cargo)?;
    Ok(scratch)
}

fn copy_libraries(deps: &Path, lib: &Path) -> Result<()> {
    fs::create_dir_all(lib)?;
    for entry in fs::read_dir(deps).with_context(|| format!("cannot read {}", deps.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "rlib") {
            fs::copy(&path, lib.join(path.file_name().unwrap_or_default()))?;
        }
    }
    if !has_std(lib) {
        bail!("the build left no standard library in {}", deps.display());
    }
    Ok(())
}
