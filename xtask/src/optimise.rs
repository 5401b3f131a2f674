//! wasm-opt over a built site: minutes of work for a page of half the size, so done for `site` only.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::paths;
use crate::run::Step;

/// Debian's binaryen (108) cannot read what rustc now writes; this one on npm can.
const BINARYEN: &str = "132.0.0";

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

/// Optimises every wasm file directly in `site`; says so and leaves them alone where there is no npm.
///
/// # Errors
/// When wasm-opt fails or a file cannot be replaced.
pub fn folder(site: &Path) -> Result<()> {
    let Some(wasm_opt) = wasm_opt() else { return Ok(()) };
    for entry in fs::read_dir(site).with_context(|| format!("cannot read {}", site.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "wasm") {
            fs::copy(optimised(&wasm_opt, &path)?, &path)
                .with_context(|| format!("cannot replace {}", path.display()))?;
        }
    }
    Ok(())
}

/// The program, installed into the cache if npm can.
fn wasm_opt() -> Option<PathBuf> {
    let root = paths::cache().ok()?.join(format!("binaryen-{BINARYEN}"));
    let program = root.join("node_modules/.bin/wasm-opt");
    let Some(npm) = paths::which("npm").filter(|_| !program.is_file()) else {
        if !program.is_file() {
            println!("No npm, so no wasm-opt: the page stays as rustc made it, about twice as large.");
        }
        return program.is_file().then_some(program);
    };
    let mut install = Command::new(npm);
    install.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&root).arg(format!("binaryen@{BINARYEN}"));
    let title = format!("Installing binaryen {BINARYEN} with npm");
    let step = Step { title: &title, log: "npm", limit: None };
    match step.run(&mut install) {
        Ok(()) => Some(program),
        Err(error) => {
            println!("No wasm-opt, so the page stays as rustc made it: {error:#}");
            None
        }
    }
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
