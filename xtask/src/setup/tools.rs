//! trunk and wasm-bindgen, installed by cargo into the cache at the versions the page needs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::run::{self, Step};
use crate::setup::wasm::active_cargo;

/// The last trunk that the workspace's Rust version can build.
const TRUNK: &str = "0.21.14";

/// The package with wasm-bindgen's program; its version is that of the page's lock file, which a test compares.
const BINDGEN: &str = "xtask/wasm-bindgen";

/// The folder of the installed tools' programs.
pub fn bin() -> Option<PathBuf> {
    paths::cache().ok().map(|cache| cache.join("tools/bin"))
}

/// Installs trunk, and the wasm-bindgen that matches the lock file, unless they are there.
///
/// # Errors
/// When the lock file cannot be read or cargo cannot install a tool.
pub fn install() -> Result<()> {
    let lock = paths::repo().join("Cargo.lock");
    let text = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let Some(bindgen) = locked_version(&text, "wasm-bindgen") else {
        bail!("{} names no wasm-bindgen, whose version its command-line tool must match", lock.display());
    };
    let root = paths::cache()?.join("tools");
    let (trunk, own) = (format!("trunk@{TRUNK}"), paths::repo().join(BINDGEN).display().to_string());
    let tools = [
        Tool { program: "trunk", version: TRUNK, source: &[&trunk] },
        Tool { program: "wasm-bindgen", version: &bindgen, source: &["--path", &own] },
    ];
    for tool in &tools {
        tool.install(&root)?;
    }
    // Only kept while an install may have been interrupted: it holds what is compiled already.
    let _ = fs::remove_dir_all(root.join("build"));
    Ok(())
}

struct Tool<'a> {
    program: &'a str,
    version: &'a str,
    /// Its package, for cargo, which takes the versions and hashes of all that it is built from out of the package's lock file.
    source: &'a [&'a str],
}

impl Tool<'_> {
    fn install(&self, root: &Path) -> Result<()> {
        if self.present(root) {
            return Ok(());
        }
        let mut cargo = Command::new(active_cargo());
        cargo
            .args(["install", "--locked", "--force", "--root"])
            .arg(root)
            .args(self.source)
            .env("CARGO_TARGET_DIR", root.join("build"))
            // The tools' own release profiles spend minutes on link-time optimisation.
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .current_dir(root.parent().unwrap_or(root));
        let title = format!("Installing {} {}", self.program, self.version);
        Step { title: &title, log: self.program, limit: None }.run(&mut cargo)?;
        if !self.present(root) {
            bail!("{} was installed but is not {}", self.program, self.version);
        }
        Ok(())
    }

    fn present(&self, root: &Path) -> bool {
        let program = root.join("bin").join(format!("{}{}", self.program, std::env::consts::EXE_SUFFIX));
        run::answer(Command::new(program).arg("--version"))
            .is_some_and(|said| said.split_whitespace().any(|word| word == self.version))
    }
}

/// The version of `package` in the text of a `Cargo.lock`.
fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::{BINDGEN, locked_version};
    use crate::paths;

    const LOCK: &str = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"9.9.9\"\n\n\
                        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";

    #[test]
    fn reads_the_exact_package() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
    }

    #[test]
    fn the_program_is_of_the_page_s_version() {
        let read = |path: &str| std::fs::read_to_string(paths::repo().join(path)).expect("a lock file");
        let (own, program) = (read("Cargo.lock"), read(&format!("{BINDGEN}/Cargo.lock")));
        let library = locked_version(&own, "wasm-bindgen").expect("a library");
        assert_eq!(locked_version(&program, "wasm-bindgen-cli"), Some(library));
    }

    #[test]
    fn a_missing_package_has_no_version() {
        assert_eq!(locked_version(LOCK, "wasm"), None);
        assert_eq!(locked_version("", "wasm-bindgen"), None);
    }
}
