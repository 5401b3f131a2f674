//! Work of a survey: images are read and decoded on threads of their own, and looked at one after the other.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use convscope::error::{Error, Fault, Result};
use convscope::export::{joined, sha256};
use convscope::find;
use convscope::image::Image;
use convscope::methods::how;
use convscope::model::Model;
use convscope::preprocess::Region;
use convscope::request::Request;
use convscope::survey::{Found, Row, no_row};
use pollster::block_on;
use serde_json::{Value, json};

use super::drawn::Drawn;
use super::earlier::Rows;
use super::journal::{self, Journal};
use super::labels::Labels;
use super::walk;
use crate::files::Input;
use crate::listen::heard;
use crate::say::{complain, note};
use crate::{bars, stop};

/// Work that every image gets.
pub(super) struct Plan {
    pub(super) request: Request,
    pub(super) metrics: Vec<Request>,
    pub(super) labels: Labels,
    /// Boxes around objects.
    pub(super) boxes: Drawn,
    /// The model that is asked too.
    pub(super) against: Option<Arc<Model>>,
}

/// Findings of both models, if there are two.
type Pair = (Found, Option<Found>);

impl Plan {
    /// The first line of a journal: runs that have the same may be made one.
    pub(super) fn head(&self, model: &Model) -> Result<Value> {
        let told = |request: &Request| Ok(joined(json!({ "method": request.method }), how(request)?));
        let metrics: Vec<Value> = self.metrics.iter().map(told).collect::<Result<_>>()?;
        let request = joined(json!({ "layers": self.request.layers.to_string() }), told(&self.request)?);
        let mut head = json!({
            "survey": journal::VERSION, "program": env!("CARGO_PKG_VERSION"), "model": model.manifest.id, "model_sha256": model.hash,
            "request": request, "metrics": metrics,
        });
        if let Some(sha256) = &self.boxes.sha256 {
            head["boxes"] = json!(sha256);
        }
        if let Some(other) = &self.against {
            head["against"] = json!({ "model": other.manifest.id, "model_sha256": other.hash });
        }
        Ok(head)
    }

    /// What is found in an image; an error says which.
    fn look(&self, model: &Arc<Model>, input: &Input, boxes: &[Region]) -> Result<Pair> {
        if let Some(text) = input.image.note() {
            note(&format!("{}: {text}", input.name()));
        }
        input.say_doubt(model);
        let found = self.found(model, &input.image, &self.metrics, boxes);
        let other = || self.against.as_ref().map(|other| self.found(other, &input.image, &[], &[])).transpose();
        found.and_then(|found| Ok((found, other()?))).map_err(|error| match error {
            Error::Cancelled => error,
            error => no_row(&input.name(), Fault::from(&error)),
        })
    }

    /// What a model finds in an image.
    fn found(&self, model: &Arc<Model>, image: &Arc<Image>, metrics: &[Request], boxes: &[Region]) -> Result<Found> {
        let seen = block_on(model.observe_async(image.clone()))?;
        heard(async |listener| find(&seen, &self.request, metrics, boxes, listener).await)
    }
}

/// Image file that was read.
struct Got {
    /// Its place among all.
    index: usize,
    /// SHA-256 of the file; empty where it could not be read.
    sha256: String,
    /// The image, or why there is none; none where it need not be looked at again.
    image: Option<Result<Input>>,
}

/// Looks at all images that have no row yet; whether the program was to stop before the last.
pub(super) fn survey(
    plan: &Plan,
    model: &Arc<Model>,
    images: &[walk::Found],
    jobs: u8,
    rows: &mut Rows,
    journal: &mut Journal,
) -> Result<bool> {
    let found = rows.values().filter(|row| row.found.is_some());
    let known: HashSet<String> = found.map(|row| plan.boxes.key(&row.sha256, &row.path)).collect();
    let (to, from) = sync_channel(2 * usize::from(jobs));
    let (next, known, boxes) = (&AtomicUsize::new(0), &known, &plan.boxes);
    // What comes is heard in here and given up with it: where that ends early, nobody waits to be heard.
    std::thread::scope(move |scope| {
        for _ in 0..jobs {
            let (to, next, known) = (to.clone(), next, known);
            scope.spawn(move || read(images, boxes, next, known, &to));
        }
        drop(to);
        look(plan, model, images, from, rows, journal)
    })
}

/// Reads one file after the other, as long as somebody takes them, and decodes those that are not `known` by what decides about them.
fn read(images: &[walk::Found], boxes: &Drawn, next: &AtomicUsize, known: &HashSet<String>, to: &SyncSender<Got>) {
    while let Some((index, image)) =
        Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, images.get(at)?)))
    {
        // By its name alone: another machine has the folder elsewhere, and its results are the same.
        let name = Path::new(&image.name);
        let file = std::fs::read(&image.path).map_err(|error| Error::read(name, error));
        let sha256 = file.as_ref().map(|file| sha256(file)).unwrap_or_default();
        let image =
            (!known.contains(&boxes.key(&sha256, &image.name))).then(|| file.and_then(|file| Input::of(name, file)));
        if stop::asked() || to.send(Got { index, sha256, image }).is_err() {
            return;
        }
    }
}

fn look(
    plan: &Plan,
    model: &Arc<Model>,
    images: &[walk::Found],
    from: Receiver<Got>,
    rows: &mut Rows,
    journal: &mut Journal,
) -> Result<bool> {
    let bar = bars::bar(images.len(), "{bar:30} {pos}/{len} {per_sec} {msg}, {eta} left");
    let (start, mut done) = (Instant::now(), 0_usize);
    // A file that was looked at under another name is not looked at again.
    let known = |row: &Row| row.found.is_some().then(|| (plan.boxes.key(&row.sha256, &row.path), row.path.clone()));
    let mut names: HashMap<String, String> = rows.values().filter_map(known).collect();
    for Got { index, sha256, image } in from {
        if stop::asked() {
            return Ok(true);
        }
        let name = &images[index].name;
        bar.inc(1);
        if rows.get(name).is_some_and(|row| row.found.is_some() && row.sha256 == sha256) {
            continue;
        }
        let row = Row { path: name.clone(), sha256, ..Row::default() };
        let twin = names
            .get(&plan.boxes.key(&row.sha256, name))
            .and_then(|name| rows.get(name))
            .map(|row| (row.found.clone(), row.other.clone()));
        let twin = twin.and_then(|(found, other)| Some((found?, other)));
        let found = match (twin, image) {
            (Some(found), _) => Ok(found),
            (None, Some(image)) => image.and_then(|input| plan.look(model, &input, plan.boxes.of(name))),
            // Known when the run began, and not any more: a file is given up only with its row.
            (None, None) => continue,
        };
        let row = match found {
            Ok((found, other)) => Row { found: Some(found), other, ..row },
            Err(Error::Cancelled) if stop::asked() => return Ok(true),
            Err(error) => {
                complain(&error);
                Row { error: Some(error.to_string()), ..row }
            }
        };
        journal.row(&row)?;
        names.extend(known(&row));
        rows.insert(row.path.clone(), row);
        done += 1;
    }
    bar.finish_and_clear();
    let seconds = start.elapsed().as_secs_f64();
    if done > 0 {
        note(&format!("{done} images in {seconds:.1} s, {:.1} a second", done as f64 / seconds));
    }
    Ok(stop::asked())
}
