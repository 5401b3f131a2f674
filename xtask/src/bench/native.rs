//! The contestants on this machine, each a process that waits for the name of a task.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{OURS_ALONE, Plan, Record, name, peers};
use crate::run::Step;
use crate::{native, paths};

/// Pause before each turn. Threads of ONNX Runtime wait busily for a while after their work, on the cores that the next one wants:
/// SqueezeNet's forward pass took 5.3 ms right after it, and 3.4 after a pause.
const PAUSE: Duration = Duration::from_millis(30);

/// Runs all contestants on all models.
///
/// # Errors
/// When Convscope cannot be built or fails.
pub fn run(plan: &Plan, device: &str) -> Result<Vec<Record>> {
    build()?;
    let mut records = Vec::new();
    for model in &plan.models {
        records.extend(compete(plan, model, device)?);
    }
    Ok(records)
}

fn build() -> Result<()> {
    let mut build = native::cargo();
    build.arg("build").args(native::PACKAGE).args(["--example", "contestant"]);
    Step { title: "Building the native contestant", log: "build-bench", limit: None }.run(&mut build)
}

fn ours(plan: &Plan, model: &Path, device: &str) -> Result<Contestant> {
    let program = paths::target().join(format!("release/examples/contestant{}", std::env::consts::EXE_SUFFIX));
    let mut ours = Command::new(program);
    Contestant::start(ours.arg(model).arg(device).env("RAYON_NUM_THREADS", plan.threads.to_string()))
}

/// Explains that many times with each model on the CPU, all layers each time, and prints what is in memory after the 20th and the
/// last time.
///
/// # Errors
/// As [`run`].
pub fn explanations(plan: &Plan, count: usize) -> Result<()> {
    build()?;
    for model in &plan.models {
        let mut contestant = ours(plan, model, "cpu")?;
        let mut memory = Vec::with_capacity(count);
        for _ in 0..count {
            let answer = contestant.ask("all_layers")?;
            memory.push(answer["resident"].as_f64().context("the system does not tell what is in memory")?);
        }
        let at = |index: usize| memory.get(index.min(count) - 1).copied().unwrap_or(f64::NAN);
        let (early, late) = (at(20), at(count));
        println!(
            "{}, native: {:.1} MB in memory after explanation 20, {:.1} MB after {count}: {:.3} times",
            name(model),
            early / 1e6,
            late / 1e6,
            late / early
        );
    }
    Ok(())
}

fn compete(plan: &Plan, model: &Path, device: &str) -> Result<Vec<Record>> {
    let threads = plan.threads.to_string();
    let mut contestants = vec![("convscope", ours(plan, model, device)?)];
    // The peers have no GPU of their own here.
    if let Some(peers) = plan.peers.as_ref().filter(|_| device == "cpu") {
        for peer in ["tensorflow", "onnxruntime"] {
            contestants
                .push((peer, Contestant::start(peers.script("contestant.py").arg(peer).arg(model).arg(&threads))?));
        }
    }
    if let Some(python) = plan.pytorch.filter(|_| device == "cpu") {
        let script = peers::script(python, "contestant.py");
        contestants.push(("pytorch", Contestant::start({ script }.arg("pytorch").arg(model).arg(&threads))?));
    }
    let mut records = Vec::new();
    for task in plan.tasks {
        let record = |(contestant, process): &(&str, Contestant)| Record {
            model: name(model),
            device: format!("native-{device}"),
            task: task.clone(),
            contestant: (*contestant).into(),
            about: process.about.clone(),
            milliseconds: vec![],
            first: None,
            sum: 0.0,
            norm: 0.0,
            count: 0,
            memory: None,
            gpu: None,
            failed: None,
        };
        let mut these: Vec<Record> = contestants.iter().map(record).collect();
        these.truncate(if task == OURS_ALONE { 1 } else { these.len() });
        for _ in 0..=plan.rounds {
            for (record, (_, process)) in these.iter_mut().zip(&mut contestants) {
                if record.failed.is_none() {
                    std::thread::sleep(PAUSE);
                    process.run(task, record)?;
                }
            }
        }
        records.append(&mut these);
    }
    Ok(records)
}

/// A running contestant.
struct Contestant {
    about: String,
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Contestant {
    fn start(command: &mut Command) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn();
        let mut process = child.with_context(|| format!("cannot start {program}"))?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            bail!("{program} has no pipes");
        };
        let mut contestant = Self { about: program, process, input, output: BufReader::new(output) };
        contestant.about = contestant.answer()?;
        println!("{}", contestant.about);
        Ok(contestant)
    }

    fn answer<T: DeserializeOwned>(&mut self) -> Result<T> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("{} ended; what it said is above", self.about);
        }
        serde_json::from_str(&line).with_context(|| format!("{} answers {line}", self.about))
    }

    fn ask(&mut self, task: &str) -> Result<Value> {
        writeln!(self.input, "{task}")?;
        self.input.flush()?;
        self.answer()
    }

    fn run(&mut self, task: &str, record: &mut Record) -> Result<()> {
        let answer = self.ask(task)?;
        if let Some(why) = answer["failed"].as_str() {
            record.failed = Some(why.into());
            return Ok(());
        }
        let number = |key: &str| answer[key].as_f64().with_context(|| format!("{} answers {answer}", self.about));
        let milliseconds = number("milliseconds")?;
        (record.sum, record.norm, record.count) = (number("sum")?, number("norm")?, number("count")? as usize);
        if record.first.is_none() {
            record.first = Some(milliseconds);
        } else {
            record.milliseconds.push(milliseconds);
        }
        Ok(())
    }
}

impl Drop for Contestant {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
