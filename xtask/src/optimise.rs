//! wasm-opt over a built site: minutes of work for a page of half the size, so done for `site` only.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::paths;
use crate::run::Step;

/// Debian's binaryen (108) cannot read what rustc now writes; this one on npm can.
const BINARYEN: &str = "132.0.0";

/// What npm installs, and the hash that it must have. Made anew by `npm install --package-lock-only --omit-lockfile-registry-resolved`.
const FILES: [(&str, &str); 2] = [
    ("package.json", include_str!("../binaryen/package.json")),
    ("package-lock.json", include_str!("../binaryen/package-lock.json")),
];

/// Flags for what rustc's output for `wasm32-unknown-unknown` with `simd128` may use.
const FLAGS: [&str; 9] = [
    "-Oz",
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Optimises every wasm file directly in `site`; on a machine of one's own it says so and leaves them alone where there is no npm.
///
/// # Errors
/// When wasm-opt fails or a file cannot be replaced, or a workflow (which sets `CI`) has no wasm-opt.
pub fn folder(site: &Path) -> Result<()> {
    let wasm_opt = match wasm_opt() {
        Ok(wasm_opt) => wasm_opt,
        Err(error) if std::env::var_os("CI").is_some() => return Err(error),
        Err(error) => {
            println!("No wasm-opt, so the page stays as rustc made it, about twice as large: {error:#}");
            return Ok(());
        }
    };
    for entry in fs::read_dir(site).with_context(|| format!("cannot read {}", site.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "wasm") {
            fs::copy(optimised(&wasm_opt, &path)?, &path)
                .with_context(|| format!("cannot replace {}", path.display()))?;
        }
    }
    Ok(())
}

/// The program, installed into the cache by npm, which runs no script of it and checks its hash.
fn wasm_opt() -> Result<PathBuf> {
    let root = paths::cache()?.join(format!("binaryen-{BINARYEN}"));
    let program = root.join("node_modules/.bin/wasm-opt");
    if program.is_file() {
        return Ok(program);
    }
    let Some(npm) = paths::which("npm") else { bail!("there is no npm to install binaryen with") };
    fs::create_dir_all(&root).with_context(|| format!("cannot create {}", root.display()))?;
    for (name, text) in FILES {
        fs::write(root.join(name), text).with_context(|| format!("cannot write {name}"))?;
    }
    let mut install = Command::new(npm);
    install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&root);
    let title = format!("Installing binaryen {BINARYEN} with npm");
    Step { title: &title, log: "npm", limit: None }.run(&mut install)?;
    Ok(program)
}

/// The optimised twin of `path` in the cache, where it is kept by the hash of what it was made from.
fn optimised(wasm_opt: &Path, path: &Path) -> Result<PathBuf> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut hash = Sha256::new_with_prefix(BINARYEN);
    FLAGS.iter().for_each(|flag| hash.update(flag));
    hash.update(&bytes);
    let hash: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let folder = paths::cache()?.join("optimised");
    let done = folder.join(format!("{hash}.wasm"));
    if !done.is_file() {
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let part = folder.join(format!(".{hash}.partial"));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let title = format!("Optimising {name} (minutes for a page of 30 MB)");
        let mut command = Command::new(wasm_opt);
        command.args(FLAGS).arg(path).arg("-o").arg(&part);
        Step { title: &title, log: "wasm-opt", limit: None }.run(&mut command)?;
        fs::rename(&part, &done).with_context(|| format!("cannot write {}", done.display()))?;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_npm_installs_is_named_by_version_and_hash() {
        let [package, lock] = FILES.map(|(_, text)| serde_json::from_str::<serde_json::Value>(text).expect("JSON"));
        assert_eq!(package["dependencies"], serde_json::json!({ "binaryen": BINARYEN }));
        let packages = lock["packages"].as_object().expect("packages");
        for (name, package) in packages.iter().filter(|(name, _)| !name.is_empty()) {
            let hash = package["integrity"].as_str().unwrap_or_default();
            assert!(hash.starts_with("sha512-"), "{name} has no hash");
        }
        assert_eq!(lock["packages"]["node_modules/binaryen"]["version"], BINARYEN);
    }
}
