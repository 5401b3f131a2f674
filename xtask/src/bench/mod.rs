//! `cargo xtask bench`: Convscope beside its peers, the same network, the same weights, the same input, in turns.

mod native;
mod page;
mod peers;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{paths, run, serve, weights};

/// `cargo xtask bench`.
#[derive(Args)]
pub struct Bench {
    /// SqueezeNet on the CPU only, three rounds.
    #[arg(long)]
    quick: bool,
    /// TensorFlow, ONNX Runtime and TensorFlow.js too: pinned versions from pip and npm, kept in the cache folder.
    #[arg(long)]
    peers: bool,
    /// PyTorch too: a Python that has torch and grad-cam, which are too large to be installed for this alone.
    #[arg(long, value_name = "PYTHON")]
    pytorch: Option<PathBuf>,
    /// The packed models.
    #[arg(long, value_delimiter = ',', default_value = "squeezenet1_1,vgg16_base")]
    models: Vec<String>,
    /// Where: `native-cpu`, `native-gpu`, `browser-cpu`, `browser-webgpu`. GPUs may be made of software, and slow.
    #[arg(long, value_delimiter = ',', default_value = "native-cpu,browser-cpu,browser-webgpu")]
    places: Vec<String>,
    /// What is timed: `forward`, `grad_cam` (last convolution), `all_layers` (Grad-CAM of all) and `input_gradient`, each with
    /// its forward pass; `another_class` (Grad-CAM of the last convolution without it), which is Convscope's alone; natively, methods
    /// by their ids: `METHOD:KEY=VALUE;KEY=VALUE`, `METHOD+METHOD@all`.
    #[arg(long, value_delimiter = ',', default_value = "forward,grad_cam,all_layers,input_gradient,another_class")]
    tasks: Vec<String>,
    /// How many times each, after one to warm up.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Threads of the native contestants; without it, one for each core.
    #[arg(long)]
    threads: Option<usize>,
    /// Run wasm-opt over the browser's engine first, as `site` does: minutes, the first time.
    #[arg(long)]
    optimise: bool,
    /// Instead of times: what is in memory after 20 and after 200 explanations natively and in the browser, what page and worker
    /// hold at most, and when the page shows its first heatmap.
    #[arg(long)]
    memory: bool,
    /// Where the results go as JSON.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// The task that peers have no way to do: they begin anew for another class.
const OURS_ALONE: &str = "another_class";

/// Explanations after which memory is measured.
const EXPLANATIONS: usize = 200;

/// Record of what one contestant did in one task; the browser's part prints a list of these.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    /// The packed model.
    pub model: String,
    /// `native-cpu` and so on; the browser's part says `cpu` or `webgpu`.
    pub device: String,
    /// Task that was timed.
    pub task: String,
    /// Name of the contestant.
    pub contestant: String,
    /// Name, version and device, in the contestant's words.
    pub about: String,
    /// Milliseconds of each round.
    pub milliseconds: Vec<f64>,
    /// Milliseconds of the warm-up.
    pub first: Option<f64>,
    /// Sum of the result's numbers.
    pub sum: f64,
    /// Euclidean norm of the result.
    pub norm: f64,
    /// Number of numbers of the result.
    pub count: usize,
    /// Bytes that the contestant says it holds.
    pub memory: Option<f64>,
    /// Counts of what it asked of the browser's GPU in the last round.
    pub gpu: Option<Counts>,
    /// Reason why there is no time.
    pub failed: Option<String>,
}

/// Counts of what a page asked of WebGPU in one run, at the browser's own calls (`benches/browser/pages/count.js`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Counts {
    /// Kernels that were run.
    pub dispatches: f64,
    /// Submissions to the queue.
    pub submits: f64,
    /// Pipelines that were made: none, once warm.
    pub pipelines: f64,
    /// Bytes bound to dispatches, each buffer once for each dispatch.
    pub moved: f64,
    /// Bytes written from JavaScript or wasm.
    pub uploaded: f64,
    /// Bytes copied from buffer to buffer, those read back among them.
    pub copied: f64,
    /// Bytes of all buffers that were made and not destroyed.
    pub held: f64,
}

/// Plan of what is timed and how often.
struct Plan<'a> {
    models: Vec<PathBuf>,
    tasks: &'a [String],
    rounds: usize,
    threads: usize,
    optimised: bool,
    peers: Option<peers::Peers>,
    pytorch: Option<&'a Path>,
}

impl Bench {
    /// Builds, runs, and prints a table for every model and place.
    ///
    /// # Errors
    /// When something cannot be built or installed, or Convscope itself fails.
    pub fn run(&self) -> Result<()> {
        serve::or_embedded(weights::all());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let names: Vec<String> = if self.quick { vec!["squeezenet1_1".into()] } else { self.models.clone() };
        let plan = Plan {
            models: names.iter().map(|name| folder(name)).collect::<Result<_>>()?,
            tasks: &self.tasks,
            rounds: if self.quick { 3 } else { self.rounds },
            threads: self.threads.unwrap_or(cores),
            optimised: self.optimise,
            peers: if self.peers { Some(peers::install()?) } else { None },
            pytorch: self.pytorch.as_deref(),
        };
        if self.memory {
            native::explanations(&plan, EXPLANATIONS)?;
            return page::explanations(&plan, EXPLANATIONS);
        }
        let places = self.places.iter().filter(|place| !self.quick || place.ends_with("cpu"));
        let mut records = Vec::new();
        for place in places {
            records.extend(match place.split_once('-') {
                Some(("native", device)) => native::run(&plan, device)?,
                Some(("browser", device)) => page::run(&plan, device)?,
                _ => anyhow::bail!(
                    "there is no place {place}: there are native-cpu, native-gpu, browser-cpu, browser-webgpu"
                ),
            });
        }
        let table = table::of(&records);
        println!("{table}");
        let out = self.out.clone().unwrap_or_else(|| paths::target().join("bench.json"));
        let about = json!({ "cores": cores, "threads": plan.threads, "commit": commit(), "records": records });
        fs::write(&out, serde_json::to_vec_pretty(&about)?)
            .with_context(|| format!("cannot write {}", out.display()))?;
        println!("The numbers are in {}", out.display());
        Ok(())
    }
}

/// The folder of a packed model.
fn folder(name: &str) -> Result<PathBuf> {
    let places = [weights::folder().join(name), paths::repo().join("models").join(name)];
    let found = places.iter().find(|folder| folder.join("model.json").is_file()).cloned();
    found.with_context(|| format!("there is no packed model {name}: pack it with `cargo xtask weights`"))
}

fn name(model: &Path) -> String {
    model.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn commit() -> Option<String> {
    run::answer(std::process::Command::new("git").current_dir(paths::repo()).args(["describe", "--always", "--dirty"]))
}
