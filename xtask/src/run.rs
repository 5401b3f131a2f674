//! Runs other programs: as a quiet step with a log and a clock, or in the open.

use std::fs::{self, File};
use std::io::IsTerminal;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};

use crate::paths;

/// Lines of a failed step's log that are shown.
const TAIL: usize = 15;
/// Time between two lines of a long step that it is still running, where there is no terminal.
const HEARTBEAT: Duration = Duration::from_secs(60);

/// One quiet step: its output goes to a log file in the cache, the user sees a title and a clock.
pub struct Step<'a> {
    /// Phrase for what is being done: `Installing trunk 0.21.14`.
    pub title: &'a str,
    /// The log file's name, without ending.
    pub log: &'a str,
    /// The longest it may take, where waiting for ever is a danger.
    pub limit: Option<Duration>,
}

impl Step<'_> {
    /// Runs `command` to its end.
    ///
    /// # Errors
    /// When it cannot be started, exceeds the limit or fails; the log's last lines are part of the message.
    pub fn run(&self, command: &mut Command) -> Result<()> {
        let log = paths::cache()?.join("logs").join(format!("{}.log", self.log));
        fs::create_dir_all(log.parent().unwrap_or(&log))
            .with_context(|| format!("cannot create the folder of {}", log.display()))?;
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let started = Instant::now();
        let clock = Clock::start(self.title);
        let child = command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file).spawn();
        let child = child.with_context(|| format!("{}: cannot start {}", self.title, program(command)))?;
        let status = self.wait(child, &clock, started)?;
        let seconds = started.elapsed().as_secs_f32();
        clock.stop();
        if status.success() {
            println!("{}: done in {seconds:.0} s", self.title);
            return Ok(());
        }
        bail!("{} failed ({status}); the end of {}:\n{}", self.title, log.display(), tail(&log))
    }

    fn wait(&self, mut child: Child, clock: &Clock, started: Instant) -> Result<ExitStatus> {
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if self.limit.is_some_and(|limit| started.elapsed() > limit) {
                let _ = child.kill();
                let _ = child.wait();
                bail!("{} was stopped after {} s without an end", self.title, started.elapsed().as_secs());
            }
            clock.tick(self.title, started.elapsed());
            sleep(Duration::from_millis(100));
        }
    }
}

/// A spinner on a terminal, a plain line a minute elsewhere.
struct Clock {
    bar: Option<ProgressBar>,
    said: std::cell::Cell<Duration>,
}

impl Clock {
    fn start(title: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner().with_message(title.to_owned());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                bar.set_style(style);
            }
            bar
        });
        if bar.is_none() {
            println!("{title} ...");
        }
        Self { bar, said: std::cell::Cell::new(Duration::ZERO) }
    }

    fn tick(&self, title: &str, elapsed: Duration) {
        match &self.bar {
            Some(bar) => bar.tick(),
            None if elapsed >= self.said.get() + HEARTBEAT => {
                self.said.set(elapsed);
                println!("{title}: still running after {} s", elapsed.as_secs());
            }
            None => {}
        }
    }

    fn stop(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Runs `command` with its output shown as it comes.
///
/// # Errors
/// When it cannot be started or fails.
pub fn shown(title: &str, command: &mut Command) -> Result<()> {
    println!("{title} ...");
    let started = Instant::now();
    let status = command.stdin(Stdio::null()).status();
    let status = status.with_context(|| format!("{title}: cannot start {}", program(command)))?;
    if !status.success() {
        bail!("{title} failed ({status}); its output is above");
    }
    println!("{title}: done in {:.0} s", started.elapsed().as_secs_f32());
    Ok(())
}

/// The trimmed standard output of a short command, or nothing if it cannot be run or fails.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(TAIL)..].join("\n")
}
