//! `survey`: what a classifier says of whole folders of images and what it looks at in them. Every image is a line of the journal as
//! soon as it is done; the tables and the page are made of the journal in the end, and so are those of several runs that shared the work.

mod cues;
mod drawn;
mod earlier;
mod journal;
pub(super) mod labels;
mod parquet;
mod table;
pub(super) mod walk;
mod work;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use convscope::card::LayersAsked;
use convscope::error::{Error, Result};
use convscope::explain::Convention;
use convscope::export::sha256;
use convscope::fault;
use convscope::image::Image;
use convscope::methods::method;
use convscope::model::Model;
use convscope::request::{Layers, Request};
use convscope::survey::summary::accuracy;
use convscope::survey::{self, CUES, Cue, PAGE, Row, picture};
use convscope::target::Target;

use super::ask::metrics::of_maps;
use super::ask::{maps, no_value, usual};
use super::files::{make_folder, write};
use super::named::Known;
use super::open::With;
use super::say::{note, print};
use super::stop;
use drawn::Drawn;
use earlier::{begun, merged, none_in};
use labels::Labels;
use serde_json::Value;
use walk::Shard;
use work::Plan;

/// What is asked.
#[derive(Debug, Args)]
pub(super) struct Ask {
    /// Folders of images, with all folders in them
    #[arg(required_unless_present = "merge", value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// The method whose maps are kept
    #[arg(long, default_value = usual(), value_parser = Known::new(maps()))]
    method: String,
    /// A layer's name, `last` or `fused`
    #[arg(long, default_value = "last")]
    layer: String,
    /// Another model to ask about the same images: where the two part, and whose heat moved
    #[arg(long, value_name = "ID")]
    against: Option<String>,
    /// A metric of each map; may be given several times, or joined by commas
    #[arg(long = "metric", value_name = "METRIC", value_delimiter = ',')]
    metrics: Vec<String>,
    /// A parameter of the method, as KEY=VALUE, or of a metric, as METRIC.KEY=VALUE; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Labels of the images: `folders`, where each lies in a folder that is called like its class, or a file of lines PATH,LABEL
    #[arg(long, value_name = "folders|FILE")]
    labels: Option<String>,
    /// Boxes around the objects, of which the heat inside is measured: a file of lines PATH,X,Y,WIDTH,HEIGHT in pixels of the image
    #[arg(long, value_name = "FILE")]
    boxes: Option<PathBuf>,
    /// Folder for the results; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Threads that read and decode images while others compute
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..))]
    jobs: u8,
    /// Go on with the survey that was begun in the folder for results
    #[arg(long)]
    resume: bool,
    /// Look at one part of the images only, as in 1/4: the parts of several runs are all images, each once
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Make one of the results of several runs; name the folders of images too, and the page shows them
    #[arg(long, value_name = "DIR", num_args = 1.., conflicts_with_all = ["resume", "shard", "jobs"])]
    merge: Vec<PathBuf>,
}

impl Ask {
    /// What is to be done. Whatever does not fit is an error, before any image is read.
    fn plan(&self, model: &Model, against: Option<Arc<Model>>) -> Result<Plan> {
        let card = method(&self.method)?.card();
        let layers = Layers::parse(&self.layer);
        for model in std::iter::once(model).chain(against.as_deref()) {
            if model.manifest.labels.is_empty() {
                return Err(model.manifest.no_classifier());
            }
            if model.layers(&layers, card.asks.layers)?.len() > 1 && layers.fusion().is_none() {
                return Err(Error::Request(fault!(
                    "survey-one-layer",
                    "a survey keeps one map an image; name one layer, or fused, which makes one map of all"
                )));
            }
        }
        let (metrics, sets) = of_maps(card, &self.metrics, &self.set)?;
        let mut request = Request { method: card.id.to_string(), layers, ..Request::default() };
        for text in sets {
            let (key, value) = text.split_once('=').ok_or_else(|| no_value(text))?;
            request.set(card, key, value)?;
        }
        let target = Some(Target::from(0));
        Request { target: target.clone(), ..request.clone() }.check(card)?;
        for metric in &metrics {
            let map = Some(Box::new(request.clone()));
            Request { target: target.clone(), map, ..metric.clone() }.check(method(&metric.method)?.card())?;
        }
        if card.asks.layers == LayersAsked::None {
            request.layers = Layers::default();
        }
        Ok(Plan {
            request,
            metrics,
            labels: Labels::read(self.labels.as_deref())?,
            boxes: Drawn::read(self.boxes.as_deref())?,
            against,
        })
    }
}

pub(super) fn run(with: &With, ask: &Ask) -> Result<ExitCode> {
    let model = with.model(None)?;
    let against = ask.against.as_ref().map(|id| with.other(id).model(None)).transpose()?;
    let plan = ask.plan(&model, against)?;
    let head = plan.head(&model)?;
    let images = if ask.folders.is_empty() { vec![] } else { walk::images(&ask.folders, &ask.out)? };
    let files: HashMap<String, PathBuf> = images.iter().map(|one| (one.name.clone(), one.path.clone())).collect();
    make_folder(&ask.out)?;
    let survey =
        |rows: &[Row]| finish(&ask.out, &Survey { model: &model, head: &head, plan: &plan, rows, files: &files });
    if !ask.merge.is_empty() {
        none_in(&ask.out)?;
        let mut rows = merged(&ask.merge, &head)?;
        // What is no longer there is no part of the results; without folders nobody knows.
        rows.retain(|row| files.is_empty() || files.contains_key(&row.path));
        if ask.labels.is_some() {
            plan.labels.name(&mut rows, &model.manifest, &files);
        }
        let code = survey(&rows)?;
        journal::save(&ask.out, &head, &rows)?;
        return Ok(code);
    }
    let (mut journal, mut rows) = begun(&ask.out, ask.resume, &head)?;
    stop::on_signals();
    let mine: Vec<walk::Found> =
        images.into_iter().filter(|one| ask.shard.is_none_or(|shard| shard.has(&one.name))).collect();
    let stopped = work::survey(&plan, &model, &mine, ask.jobs, &mut rows, &mut journal)?;
    let mut rows: Vec<Row> = mine.iter().filter_map(|one| rows.remove(&one.name)).collect();
    if stopped {
        let (done, folder) = (rows.len(), ask.out.display());
        note(&format!("stopped; {done} of {} images are done, and --resume goes on with them in {folder}", mine.len()));
        return Ok(ExitCode::FAILURE);
    }
    plan.labels.name(&mut rows, &model.manifest, &files);
    plan.boxes.strange(rows.iter().map(|row| &*row.path)).iter().for_each(|said| note(said));
    survey(&rows)
}

/// What was looked at, and what with.
struct Survey<'a> {
    model: &'a Arc<Model>,
    /// What was asked, as the journal says it.
    head: &'a Value,
    plan: &'a Plan,
    rows: &'a [Row],
    /// The images' files, by their names.
    files: &'a HashMap<String, PathBuf>,
}

impl Survey<'_> {
    fn page(&self, cues: &[Cue]) -> String {
        let text = |key: &str| self.head["request"][key].as_str().unwrap_or_default();
        let survey = survey::page::Survey {
            name: &self.model.manifest.name,
            id: &self.model.manifest.id,
            hash: &self.model.hash,
            method: text("method"),
            layers: text("layers"),
            program: self.head["program"].as_str().unwrap_or_default(),
            against: self.plan.against.as_ref().map(|model| &*model.manifest.name),
            rows: self.rows,
            picture: &|row| self.picture(row),
        };
        survey.page(cues)
    }

    /// The image, small, under its map; none where the file is gone or is no longer the one that was looked at.
    fn picture(&self, row: &Row) -> Result<Option<Vec<u8>>> {
        let file = self.files.get(&row.path).and_then(|path| std::fs::read(path).ok());
        let file = file.filter(|file| sha256(file) == row.sha256);
        let (Some(file), Some(found)) = (file, &row.found) else { return Ok(None) };
        let request = &self.plan.request;
        let variant = method(&request.method)?.card().variant(&request.convention).map_err(Error::Request)?;
        let convention = Convention::named(&variant.name)?;
        picture(&Image::decode(&file)?, found, &self.model.manifest.preprocessing, convention).map(Some)
    }
}

/// Writes the tables and the page, and says what they say.
fn finish(folder: &Path, survey: &Survey<'_>) -> Result<ExitCode> {
    table::save(folder, survey.rows)?;
    let cues = cues::find(survey)?;
    let told = serde_json::json!({ "cues": cues.iter().map(|cue| cue.json(survey.rows)).collect::<Vec<_>>() });
    write(folder, CUES, format!("{told:#}\n").as_bytes())?;
    write(folder, PAGE, survey.page(&cues).as_bytes())?;
    cues.iter().for_each(|cue| note(&cue.sentence()));
    let failed = survey.rows.iter().filter(|row| row.error.is_some()).count();
    let path = folder.join(PAGE);
    let judged = accuracy(survey.rows)
        .map_or_else(String::new, |right| format!("; {} of {} with a known label are right", right.count, right.of));
    print(&format!("{} images, {failed} without a result{judged}: {}", survey.rows.len(), path.display()))?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
