//! Places where things live: the checkout, the cache folder that outlives it, and cargo's target folder.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the checkout this program works for: the one that cargo runs it in. Where checkouts share a target folder,
/// that need not be the one it was built from.
pub fn repo() -> PathBuf {
    let ran = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let xtask = ran.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).into());
    xtask.parent().unwrap_or(&xtask).to_path_buf()
}

/// The folder that keeps tools, downloads and unpacked sources between runs and checkouts:
/// `$CONVSCOPE_CACHE`, else `convscope` in the user's cache folder.
///
/// # Errors
/// When no environment variable says where the user's cache folder is.
pub fn cache() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("CONVSCOPE_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|dir| dir.join("convscope")))
        .or_else(|| set("HOME").map(|dir| dir.join(".cache/convscope")))
        .or_else(|| set("LOCALAPPDATA").map(|dir| dir.join("convscope")))
        .context("no cache folder: set CONVSCOPE_CACHE to a folder this user can write")
}

/// Cargo's target folder for native builds.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR").filter(|value| !value.is_empty()) {
        Some(dir) => repo().join(dir),
        None => repo().join("target"),
    }
}

/// Finds an executable by name in `PATH`.
pub fn which(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(&file)).find(|path| path.is_file())
}
