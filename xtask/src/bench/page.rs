//! The contestants in a browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::{Plan, Record, name};
use crate::page::Build;
use crate::run::Step;
use crate::setup::wasm::{self, TARGET};
use crate::setup::{self, browser};
use crate::{atomic, native, optimise, paths};

/// The device that is no GPU.
const CPU: &str = "cpu";

/// Runs all contestants on all models.
///
/// # Errors
/// When something cannot be built, or the browser part fails as a whole.
pub fn run(plan: &Plan, device: &str) -> Result<Vec<Record>> {
    let mut bench = program(plan, device)?;
    bench.args(["--devices", device, "--tasks", &plan.tasks.join(",")]);
    bench.args(["--rounds", &plan.rounds.to_string()]);
    if plan.peers.is_none() {
        bench.args(["--contestants", "convscope"]);
    }
    let output =
        bench.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("the benchmark does not start")?;
    if !output.status.success() {
        bail!("the browser's benchmark failed ({}); what it said is above", output.status);
    }
    let mut records: Vec<Record> =
        serde_json::from_slice(&output.stdout).context("the benchmark prints something else")?;
    records.iter_mut().for_each(|record| record.device = format!("browser-{}", record.device));
    Ok(records)
}

/// Explains that many times with the engine in a browser, opens the page itself, and prints what is in memory.
///
/// # Errors
/// As [`run`].
pub fn explanations(plan: &Plan, count: usize) -> Result<()> {
    let build = if plan.optimised { Build::Site } else { Build::Kept };
    let page = crate::page::build(build)?;
    let mut bench = program(plan, CPU)?;
    bench.args(["--explanations", &count.to_string(), "--page"]).arg(page);
    let status = bench.stdin(Stdio::null()).status().context("the benchmark does not start")?;
    if !status.success() {
        bail!("the browser's benchmark failed ({status}); what it said is above");
    }
    Ok(())
}

/// The program that drives the browser, built, with everything it needs.
fn program(plan: &Plan, device: &str) -> Result<Command> {
    let browser = browser::find_or_install()?;
    let mut build = native::cargo();
    build.args(["build", "--release", "--locked", "--package=convscope-browser-bench"]);
    Step { title: "Building the browser's benchmark", log: "build-browser-bench", limit: None }.run(&mut build)?;
    let mut bench = Command::new(paths::target().join("release/convscope-browser-bench"));
    bench.env("CONVSCOPE_SITE", assemble(plan, device)?);
    bench.env("CONVSCOPE_CHROMIUM", browser.chromium).env("CONVSCOPE_CHROMEDRIVER", browser.driver);
    let names: Vec<String> = plan.models.iter().map(|model| name(model)).collect();
    bench.args(["--models", &names.join(",")]);
    Ok(bench)
}

/// Puts the pages, the engine, the models and the peers into one folder.
fn assemble(plan: &Plan, device: &str) -> Result<PathBuf> {
    let folder = paths::target().join("bench-site");
    let wasm = engine(plan.optimised, device)?;
    atomic::folder(&folder, |part| {
        atomic::copy_tree(&paths::repo().join("benches/browser/pages"), part)?;
        atomic::copy_tree(&wasm, part)?;
        for model in &plan.models {
            let to = part.join("weights").join(name(model));
            atomic::copy_tree(model, &to)?;
            if let Some(peers) = &plan.peers {
                let mut convert = peers.script("to_onnx.py");
                convert.arg(model).arg(to.with_extension("onnx"));
                Step { title: "Writing the model as ONNX", log: "to-onnx", limit: None }.run(&mut convert)?;
            }
        }
        plan.peers.as_ref().map_or(Ok(()), |peers| peers.copy_modules(&part.join("peers")))
    })?;
    Ok(folder)
}

/// The folder with `bench.js` and its wasm, with the features of the program that a visitor gets for the device.
fn engine(optimised: bool, device: &str) -> Result<PathBuf> {
    setup::for_page()?;
    let mut build = wasm::cargo();
    build.current_dir(paths::repo()).args(["build", "--release", "--locked", "--target", TARGET]);
    build.args(["--package=convscope-web", "--bin=bench"]);
    if device == CPU {
        build.args(["--no-default-features", "--features=worker"]);
    }
    Step { title: "Building the engine for the browser", log: "build-wasm-bench", limit: None }.run(&mut build)?;
    let out = paths::target().join("bench-wasm");
    fs::create_dir_all(&out)?;
    let mut bind = wasm::command(Path::new("wasm-bindgen"));
    bind.args(["--target", "web", "--no-typescript", "--out-name", "bench", "--out-dir"]).arg(&out);
    bind.arg(paths::target().join("page").join(TARGET).join("release/bench.wasm"));
    Step { title: "Binding it", log: "wasm-bindgen", limit: None }.run(&mut bind)?;
    if optimised {
        optimise::folder(&out)?;
    }
    Ok(out)
}
