//! `contestant PACKED DEVICE`: Convscope in the native benchmark. It says what it is, then does the task named on each line of its
//! input; each answer is one line of JSON, as that of `benches/peers/contestant.py`.

use std::io::{BufRead, Write, stdin, stdout};
use std::time::Instant;

use convscope::bench::{Bench, BenchTask, noise};
use convscope::device::{self, Choice};
use convscope::model::{self, Folder};
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
    let input = noise(model.network.graph().shape_of(None));
    let bench = Bench::new(model, input)?;
    say(&json!(format!("Convscope, {}", opened.name)))?;
    for line in stdin().lock().lines() {
        let task = BenchTask::named(line?.trim())?;
        let start = Instant::now();
        let values = pollster::block_on(bench.run(task))?;
        let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
        let wide = || values.iter().map(|&value| f64::from(value));
        let (sum, norm) = (wide().sum::<f64>(), wide().map(|value| value * value).sum::<f64>().sqrt());
        say(
            &json!({ "milliseconds": milliseconds, "count": values.len(), "sum": sum, "norm": norm, "resident": resident() }),
        )?;
    }
    Ok(())
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
