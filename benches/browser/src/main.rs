//! Times Convscope and its peers in Chromium, in turns, and prints what it measured as JSON.
//!
//! Every contestant has a browser of its own, so that one that dies or fills its memory does not touch the others; only one of
//! them works at a time. Rounds go through all contestants, so that a machine that slows down slows all of them.

mod memory;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use convscope_browser_tests::{Browser, Gpu, Server, Setting};
use serde::{Deserialize, Serialize};

/// The task that peers have no way to do: they begin anew for another class.
const OURS_ALONE: &str = "another_class";

/// The contestants' modules in `pages`.
const CONTESTANTS: [&str; 3] = ["convscope", "tfjs", "onnxruntime"];

/// TensorFlow.js does not start where strings may not become code.
const POLICY: &str =
    "default-src 'self'; script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval' blob:; worker-src 'self' blob:";

/// `$CONVSCOPE_SITE` names the folder that `cargo xtask bench` has put together.
#[derive(Parser)]
struct Cli {
    /// The packed models, folders of `weights`.
    #[arg(long, value_delimiter = ',', default_value = "squeezenet1_1,vgg16_base")]
    models: Vec<String>,
    /// `cpu` and `webgpu`.
    #[arg(long, value_delimiter = ',', default_value = "cpu,webgpu")]
    devices: Vec<String>,
    /// What is timed.
    #[arg(long, value_delimiter = ',', default_value = "forward,grad_cam,all_layers,input_gradient")]
    tasks: Vec<String>,
    /// Who takes part.
    #[arg(long, value_delimiter = ',', default_values_t = CONTESTANTS.map(str::to_owned))]
    contestants: Vec<String>,
    /// How many times each, after one to warm up.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Instead of all that: prints what the engine's memory is after 20 and after so many explanations by each model.
    #[arg(long)]
    explanations: Option<usize>,
    /// Beside `explanations`: the folder of the built page, of which memory and the time to the first heatmap are printed.
    #[arg(long)]
    page: Option<PathBuf>,
    /// Seconds after which a task is given up.
    #[arg(long, default_value_t = 240)]
    patience: u64,
}

/// Record of what a contestant did.
#[derive(Debug, Serialize)]
struct Record {
    model: String,
    device: String,
    task: String,
    contestant: String,
    about: String,
    /// Milliseconds of each round, without the warm-up.
    milliseconds: Vec<f64>,
    /// Milliseconds of the warm-up, which compiles kernels.
    first: Option<f64>,
    /// Sum and Euclidean norm of the result, by which contestants are compared.
    sum: f64,
    norm: f64,
    count: usize,
    /// Bytes that the contestant says it holds.
    memory: Option<f64>,
    /// Counts of what it asked of the GPU in the last round.
    gpu: Option<Counts>,
    /// Reason why it did not come to an end.
    failed: Option<String>,
}

/// Answer of a page about one run.
#[derive(Debug, Deserialize)]
struct Run {
    milliseconds: f64,
    count: usize,
    sum: f64,
    norm: f64,
    memory: Option<f64>,
    gpu: Option<Counts>,
}

/// Counts of `pages/count.js`.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Counts {
    dispatches: f64,
    submits: f64,
    pipelines: f64,
    moved: f64,
    uploaded: f64,
    copied: f64,
    held: f64,
}

#[tokio::main]
async fn main() -> Result<()> {
    let cli = Cli::parse();
    let setting = Setting::find("bench").context("the benchmark needs its pages and a browser")?;
    if let Some(count) = cli.explanations {
        for model in &cli.models {
            memory::explanations(&setting, model, count).await?;
            if let Some(site) = &cli.page {
                let page = Setting { site: site.clone(), ..setting.clone() };
                memory::page(&page, model).await.unwrap_or_else(|error| println!("{error}"));
            }
        }
        return Ok(());
    }
    let server = Server::with_policy(&setting.site, |_, content| Some(content), POLICY).await;
    let server = server.context("there is no free port")?;
    let mut records = Vec::new();
    for model in &cli.models {
        for device in &cli.devices {
            records.extend(compete(&cli, &setting, &server, model, device).await);
        }
    }
    println!("{}", serde_json::to_string(&records)?);
    Ok(())
}

/// All contestants on one model and device.
async fn compete(cli: &Cli, setting: &Setting, server: &Server, model: &str, device: &str) -> Vec<Record> {
    let mut open = Vec::new();
    for contestant in &cli.contestants {
        let browser = Browser::start(setting, if device == "cpu" { Gpu::Off } else { Gpu::Software }).await;
        browser.allow_scripts(Duration::from_secs(cli.patience)).await;
        browser.go(&format!("{}?contestant={contestant}&device={device}&model={model}", server.address)).await;
        let about = ask::<String>(&browser, "about()").await;
        eprintln!(
            "{model}, {device}: {}",
            about.as_ref().map_or_else(|error| format!("{contestant}: {error}"), Clone::clone)
        );
        open.push((contestant, browser, about));
    }
    let mut records = Vec::new();
    for task in &cli.tasks {
        let mut these: Vec<Record> = open
            .iter()
            .map(|(contestant, _, about)| Record {
                model: model.into(),
                device: device.into(),
                task: task.clone(),
                contestant: (*contestant).clone(),
                about: about.as_ref().cloned().unwrap_or_default(),
                milliseconds: vec![],
                first: None,
                sum: 0.0,
                norm: 0.0,
                count: 0,
                memory: None,
                gpu: None,
                failed: about.as_ref().err().map(ToString::to_string),
            })
            .collect();
        these.retain(|record| task != OURS_ALONE || record.contestant == CONTESTANTS[0]);
        for round in 0..=cli.rounds {
            for (record, (_, browser, _)) in these.iter_mut().zip(&open) {
                if record.failed.is_none() {
                    record.take(ask::<Run>(browser, &format!("run({task:?})")).await, round);
                }
            }
        }
        for record in &these {
            let outcome = match (&record.failed, median(&record.milliseconds)) {
                (Some(why), _) => why.clone(),
                (None, median) => format!("{median:.0} ms"),
            };
            eprintln!("{model}, {device}, {task}, {}: {outcome}; norm {:.6e}", record.contestant, record.norm);
        }
        records.append(&mut these);
    }
    for (_, browser, _) in open {
        browser.close().await;
    }
    records
}

impl Record {
    fn take(&mut self, run: Result<Run>, round: usize) {
        match run {
            Ok(run) => {
                (self.sum, self.norm, self.count, self.memory) = (run.sum, run.norm, run.count, run.memory);
                self.gpu = run.gpu;
                match round {
                    0 => self.first = Some(run.milliseconds),
                    _ => self.milliseconds.push(run.milliseconds),
                }
            }
            Err(error) => self.failed = Some(error.to_string()),
        }
    }
}

/// Asks the page of a contestant.
async fn ask<T: for<'a> Deserialize<'a>>(browser: &Browser, call: &str) -> Result<T> {
    // The module may still be on its way.
    let script =
        format!("while (!window.bench) await new Promise((next) => setTimeout(next, 20)); return window.bench.{call};");
    let script = format!("return (async () => {{ {script} }})()");
    let value = browser.attempt(&script).await.map_err(|error| anyhow!(first_line(&error)))?;
    serde_json::from_value(value).context("the page answers something else")
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
