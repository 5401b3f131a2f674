//! The peers, by pinned version, in the cache folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::Step;
use crate::{paths, sources};

/// Packages that npm installs. `--ignore-scripts`, since nothing of it runs outside the browser.
const NPM: [&str; 4] = [
    "@tensorflow/tfjs@4.22.0",
    "@tensorflow/tfjs-backend-wasm@4.22.0",
    "@tensorflow/tfjs-backend-webgpu@4.22.0",
    "onnxruntime-web@1.30.0",
];

/// The files of them that a page loads.
const FILES: [&str; 12] = [
    "@tensorflow/tfjs/dist/tf.min.js",
    "@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js",
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm",
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm",
    "@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js",
    "onnxruntime-web/dist/ort.wasm.min.mjs",
    "onnxruntime-web/dist/ort.webgpu.min.mjs",
    "onnxruntime-web/dist/ort-wasm-simd-threaded.mjs",
    "onnxruntime-web/dist/ort-wasm-simd-threaded.wasm",
    "onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.mjs",
    "onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm",
];

/// Places of the peers.
pub struct Peers {
    python: PathBuf,
    modules: PathBuf,
}

/// Installs what is missing.
///
/// # Errors
/// When there is no Python or npm, or they cannot install.
pub fn install() -> Result<Peers> {
    let root = paths::cache()?.join("bench-peers");
    let python = python(&root.join("python"))?;
    let modules = root.join("npm/node_modules");
    if FILES.iter().any(|file| !modules.join(file).is_file()) {
        let npm = paths::which("npm").context("the browser's peers need npm: install it, or leave out --peers")?;
        fs::create_dir_all(root.join("npm"))?;
        let mut install = Command::new(npm);
        install.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]).arg(root.join("npm"));
        install.args(NPM);
        Step { title: "Installing the browser's peers with npm", log: "npm-peers", limit: None }.run(&mut install)?;
    }
    Ok(Peers { python, modules })
}

/// A virtual environment with the peers; its Python.
fn python(environment: &Path) -> Result<PathBuf> {
    let requirements = folder().join("requirements.txt");
    let wanted = fs::read(&requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let program = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let installed = environment.join("requirements.txt");
    if program.is_file() && fs::read(&installed).is_ok_and(|present| present == wanted) {
        return Ok(program);
    }
    let mut make = sources::python()?;
    make.args(["-m", "venv"]).arg(environment);
    Step { title: "Making a Python environment", log: "venv", limit: None }.run(&mut make)?;
    let mut pip = Command::new(&program);
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes", "-r"])
        .arg(&requirements);
    Step { title: "Installing TensorFlow and ONNX Runtime with pip", log: "pip-peers", limit: None }.run(&mut pip)?;
    fs::write(&installed, wanted)?;
    Ok(program)
}

/// The peers' scripts in the checkout.
fn folder() -> PathBuf {
    paths::repo().join("benches/peers")
}

/// A command by which a Python runs one of the scripts.
pub fn script(python: &Path, name: &str) -> Command {
    let mut command = Command::new(python);
    command.arg(folder().join(name)).env("TF_CPP_MIN_LOG_LEVEL", "3");
    command
}

impl Peers {
    /// A command that runs one of the scripts.
    pub fn script(&self, name: &str) -> Command {
        script(&self.python, name)
    }

    /// Copies what pages load into a folder.
    ///
    /// # Errors
    /// When a file is not there.
    pub fn copy_modules(&self, to: &Path) -> Result<()> {
        fs::create_dir_all(to)?;
        for file in FILES {
            let from = self.modules.join(file);
            let Some(name) = from.file_name() else { bail!("{file} has no name") };
            fs::copy(&from, to.join(name)).with_context(|| format!("cannot copy {}", from.display()))?;
        }
        Ok(())
    }
}
