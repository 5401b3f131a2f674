//! Runs, heard: progress in a bar, each artifact as it comes, and a way out.

use std::cell::{OnceCell, RefCell};
use std::pin::Pin;

use convscope::artifact::Artifact;
use convscope::error::Result;
use convscope::explain::AttributionMap;
use convscope::measurement::Measurement;
use convscope::observation::Observation;
use convscope::request::Request;
use convscope::run::{Heard, Listener, Subject, measure, run};
use indicatif::ProgressBar;
use pollster::block_on;

use super::{bars, stop};

/// Carries out a request and does `each` with every artifact, until the program is to stop.
pub(super) fn listen<'a>(
    subject: impl Into<Subject<'a>>,
    request: &Request,
    each: impl FnMut(Artifact) -> Result<()>,
) -> Result<()> {
    let ear = Ear { bar: OnceCell::new(), each: RefCell::new(each), failed: RefCell::new(Ok(())) };
    let done = block_on(run(subject, request, &ear));
    ear.finish(done)
}

/// What a metric says of maps that are known already.
pub(super) fn collect_measured(
    seen: &Observation,
    request: &Request,
    maps: &[AttributionMap],
) -> Result<Vec<Measurement>> {
    let mut measurements = vec![];
    let each = |artifact| {
        if let Artifact::Measurement(one) = artifact {
            measurements.push(one);
        }
        Ok(())
    };
    let ear = Ear { bar: OnceCell::new(), each: RefCell::new(each), failed: RefCell::new(Ok(())) };
    let done = block_on(measure(seen, request, maps, &ear));
    ear.finish(done)?;
    Ok(measurements)
}

/// Does some work that tells of its progress, until the program is to stop.
pub(super) fn heard<T>(work: impl AsyncFnOnce(&dyn Listener) -> Result<T>) -> Result<T> {
    let ear = Ear { bar: OnceCell::new(), each: RefCell::new(|_| Ok(())), failed: RefCell::new(Ok(())) };
    let done = block_on(work(&ear));
    if let Some(bar) = ear.bar.get() {
        bar.finish_and_clear();
    }
    done
}

/// Everything that a request gives.
pub(super) fn collect<'a>(subject: impl Into<Subject<'a>>, request: &Request) -> Result<Vec<Artifact>> {
    let mut artifacts = vec![];
    listen(subject, request, |artifact| {
        artifacts.push(artifact);
        Ok(())
    })?;
    Ok(artifacts)
}

struct Ear<F> {
    bar: OnceCell<ProgressBar>,
    each: RefCell<F>,
    /// Outcome of `each`.
    failed: RefCell<Result<()>>,
}

impl<F> Ear<F> {
    /// Clears the bar; says what `each` ended with, or what the run did.
    fn finish(self, done: Result<()>) -> Result<()> {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
        self.failed.into_inner().and(done)
    }
}

impl<F: FnMut(Artifact) -> Result<()>> Listener for Ear<F> {
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        match heard {
            Heard::Progress { done, total } => {
                let bar = self.bar.get_or_init(|| bars::bar(total, "{bar:30} {percent} %, {eta} left"));
                bar.set_length(total as u64);
                bar.set_position(done as u64);
            }
            Heard::Artifact(artifact) => *self.failed.borrow_mut() = (self.each.borrow_mut())(artifact),
        }
        let goes_on = self.failed.borrow().is_ok() && !stop::asked();
        Box::pin(std::future::ready(goes_on))
    }
}
