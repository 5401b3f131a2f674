//! Work of a survey: images are read and decoded on threads of their own, and looked at one after the other.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use convscope::artifact::Artifact;
use convscope::error::{Error, Result};
use convscope::export::joined;
use convscope::fault;
use convscope::image::Image;
use convscope::methods::how;
use convscope::model::Model;
use convscope::request::Request;
use convscope::target::Target;
use pollster::block_on;
use serde_json::{Value, json};

use super::earlier::Rows;
use super::journal::Journal;
use super::labels::{self, Labels};
use super::row::{Found, Row};
use super::walk;
use crate::files::Input;
use crate::listen::{collect, collect_measured};
use crate::say::{complain, note};
use crate::{bars, stop};

/// Form of the journal.
const VERSION: u32 = 1;

/// Work that every image gets.
pub(super) struct Plan {
    pub(super) request: Request,
    pub(super) metrics: Vec<Request>,
    pub(super) labels: Labels,
}

impl Plan {
    /// The first line of a journal: runs that have the same may be made one.
    pub(super) fn head(&self, model: &Model) -> Result<Value> {
        let metrics: Vec<Value> = self.metrics.iter().map(how).collect::<Result<_>>()?;
        let request = joined(
            json!({ "method": self.request.method, "layers": self.request.layers.to_string() }),
            how(&self.request)?,
        );
        Ok(json!({
            "survey": VERSION, "program": env!("CARGO_PKG_VERSION"), "model": model.manifest.id, "model_sha256": model.hash,
            "request": request, "metrics": metrics,
        }))
    }

    /// What is found in an image.
    fn found(&self, model: &Arc<Model>, image: &Arc<Image>) -> Result<Found> {
        let seen = block_on(model.observe_async(image.clone()))?;
        let Some(top) = seen.top() else { return Err(model.manifest.no_classifier()) };
        let request = Request { target: Some(Target::from(top)), ..self.request.clone() };
        let map = collect(&seen, &request)?.into_iter().find_map(Artifact::into_map);
        let Some(map) = map else {
            return Err(Error::Nothing(fault!("survey-no-map", "the method gave no map of this image")));
        };
        let maps = [map];
        let mut metrics = BTreeMap::new();
        for metric in &self.metrics {
            let of = Some(Box::new(request.clone()));
            let asked = Request { target: request.target.clone(), map: of, ..metric.clone() };
            let value = collect_measured(&seen, &asked, &maps)?.first().and_then(|one| one.reading.value);
            metrics.insert(metric.method.clone(), value);
        }
        Found::new(seen.classes(), &maps[0], metrics).ok_or_else(|| model.manifest.no_classifier())
    }
}

/// Image that was read, or why not, with its place among all.
type Decoded = (usize, std::result::Result<Input, Error>);

/// Looks at all images that have no row yet; whether the program was to stop before the last.
pub(super) fn survey(
    plan: &Plan,
    model: &Arc<Model>,
    images: &[walk::Found],
    jobs: u8,
    rows: &mut Rows,
    journal: &mut Journal,
) -> Result<bool> {
    let (to, from) = sync_channel(2 * usize::from(jobs));
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            let (to, next) = (to.clone(), &next);
            scope.spawn(move || decode(images, next, &to));
        }
        drop(to);
        look(plan, model, images, &from, rows, journal)
    })
}

/// Reads and decodes one image after the other, as long as somebody takes them.
fn decode(images: &[walk::Found], next: &AtomicUsize, to: &SyncSender<Decoded>) {
    while let Some((index, image)) =
        Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, images.get(at)?)))
    {
        if stop::asked() || to.send((index, Input::read(&image.path))).is_err() {
            return;
        }
    }
}

fn look(
    plan: &Plan,
    model: &Arc<Model>,
    images: &[walk::Found],
    from: &Receiver<Decoded>,
    rows: &mut Rows,
    journal: &mut Journal,
) -> Result<bool> {
    let bar = bars::bar(images.len(), "{bar:30} {pos}/{len} {per_sec} {msg}, {eta} left");
    let (start, mut done) = (Instant::now(), 0_usize);
    // A file that was looked at under another name is not looked at again.
    let known = |row: &Row| row.found.is_some().then(|| (row.sha256.clone(), row.path.clone()));
    let mut names: HashMap<String, String> = rows.values().filter_map(known).collect();
    for (index, input) in from {
        if stop::asked() {
            return Ok(true);
        }
        let name = &images[index].name;
        bar.inc(1);
        let sha256 = input.as_ref().map(Input::sha256).unwrap_or_default();
        if rows.get(name).is_some_and(|row| row.found.is_some() && row.sha256 == sha256) {
            continue;
        }
        let twin = names.get(&sha256).and_then(|name| rows.get(name)?.found.clone());
        let found = match twin {
            Some(found) => Ok(found),
            None => input.and_then(|input| plan.found(model, &input.image)),
        };
        let truth = plan.labels.of(name);
        let truth_index = truth.as_deref().and_then(|label| labels::class(&model.manifest, label));
        let row = Row { path: name.clone(), sha256, truth, truth_index, ..Row::default() };
        let row = match found {
            Ok(found) => Row { found: Some(found), ..row },
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
