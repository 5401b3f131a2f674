//! `contestant PACKED DEVICE`: Convscope in the native benchmark. It says what it is, then does the task named on each line of its
//! input; each answer is one line of JSON, as that of `benches/peers/contestant.py`.
//!
//! A task is one of [`BenchTask`], or `METHOD+METHOD..@LAYERS:KEY=VALUE;..`: the forward pass of an image and the maps of all these
//! methods, or, where a family stands in their place, of those of its methods that take few passes through the network.
//! `@LAYERS` (the last one, unless said) and settings may be absent.

use std::io::{BufRead, Write, stdin, stdout};
use std::sync::Arc;
use std::time::Instant;

use convscope::artifact::Artifact;
use convscope::bench::{Bench, BenchTask, noise};
use convscope::card::Family;
use convscope::device::{self, Choice};
use convscope::image::Image;
use convscope::methods::{Explain, method, methods};
use convscope::model::{self, Folder, Model};
use convscope::named::Named;
use mimalloc::MiMalloc;
use serde_json::json;

/// Allocator of the command line.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, device] = &arguments[..] else { return Err("usage: contestant PACKED cpu|gpu".into()) };
    let choice = if device == "cpu" { Choice::Cpu } else { Choice::Gpu };
    let opened = pollster::block_on(device::open(choice))?;
    let source = Folder(folder.into());
    let model = pollster::block_on(model::load(&source, &opened, |_| {}))?;
    let explaining = Arc::new(model.clone());
    let input = noise(model.network.graph().shape_of(None));
    let bench = Bench::new(model, input)?;
    say(&json!(format!("Convscope, {}", opened.name)))?;
    for line in stdin().lock().lines() {
        let line = line?;
        let start = Instant::now();
        let values = match BenchTask::named(line.trim()) {
            Ok(task) => pollster::block_on(bench.run(task))?,
            Err(unknown) => explain(&explaining, line.trim())?.ok_or(unknown)?,
        };
        let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
        let wide = || values.iter().map(|&value| f64::from(value));
        let (sum, norm) = (wide().sum::<f64>(), wide().map(|value| value * value).sum::<f64>().sqrt());
        say(
            &json!({ "milliseconds": milliseconds, "count": values.len(), "sum": sum, "norm": norm, "resident": resident() }),
        )?;
    }
    Ok(())
}

/// The numbers of all maps of one image that a task asks for; none where it names neither a method nor a family.
fn explain(model: &Arc<Model>, task: &str) -> convscope::Result<Option<Vec<f32>>> {
    let (what, settings) = task.split_once(':').unwrap_or((task, ""));
    let (what, layers) = what.split_once('@').unwrap_or((what, "last"));
    let asked: Vec<&dyn Explain> = match Family::named(what) {
        Some(family) => {
            methods().filter(|method| method.card().family == family && !method.card().many_passes).collect()
        }
        None => match what.split('+').map(method).collect() {
            Ok(asked) => asked,
            Err(_) => return Ok(None),
        },
    };
    let [_, height, width] = model.network.graph().shape_of(None);
    let pixels = noise([3, height, width]).into_iter().map(|value| (value + 100.0) as u8).collect();
    let seen = model.observe(Image::from_rgb(width as u32, height as u32, pixels)?)?;
    let mut numbers = Vec::new();
    for method in asked {
        let mut explanation = seen.explain_by(method).layer(layers);
        for (key, value) in settings.split(';').filter_map(|setting| setting.split_once('=')) {
            explanation = explanation.set(key, value)?;
        }
        for artifact in explanation.artifacts()? {
            if let Artifact::Map(map) = artifact {
                numbers.extend(map.signed.values);
            }
        }
    }
    Ok(Some(numbers))
}

/// Bytes of this process that lie in memory, where Linux tells it.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.split_whitespace().next()?;
    Some(kilobytes.parse::<u64>().ok()? * 1024)
}

fn say(answer: &serde_json::Value) -> std::io::Result<()> {
    println!("{answer}");
    stdout().flush()
}
