//! `teach`: a classifier of a few images of one's own, on the features of a network that has learnt elsewhere.

mod examples;
mod told;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use convscope::device::Choice;
use convscope::error::{Error, Result};
use convscope::fault;
use convscope::teach::{self, Lesson, PENALTY};
use convscope_import::pack;

use super::open::{Place, With};
use super::say::{print, print_json};
use super::stop;
use examples::Read;
use told::Told;

/// What is asked.
#[derive(Debug, Args)]
pub(super) struct Ask {
    /// Folders of images, with all folders in them; each image lies in a folder that is called like its class
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Which model's features; `convscope models` lists them
    #[arg(long, value_name = "ID", default_value = "squeezenet1_1")]
    base: String,
    #[command(flatten)]
    place: Place,
    /// The layer whose features, averaged over space, tell the classes apart [default: the last before the classes]
    #[arg(long, value_name = "LAYER")]
    layer: Option<String>,
    /// Classes of the images: `folders`, where each lies in a folder that is called like its class, or a file of lines PATH,LABEL
    #[arg(long, value_name = "folders|FILE", default_value = "folders")]
    labels: String,
    /// Weight of the penalty on large weights
    #[arg(long, value_name = "NUMBER", default_value_t = PENALTY, value_parser = penalty)]
    penalty: f64,
    /// Folder for the model, whose id is the folder's name
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Where to compute
    #[arg(long, default_value = "auto", value_parser = crate::named::named::<Choice>())]
    device: Choice,
    /// One line of JSON instead of a table
    #[arg(long)]
    json: bool,
}

fn penalty(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "give a number above 0".into())
}

/// The id of the model in a folder.
fn id(out: &Path) -> Result<String> {
    let name = out.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| {
        Error::Request(fault!(
            "teach-no-name",
            "{folder} has no name that a model could have; name another folder",
            folder = out.display()
        ))
    })
}

pub(super) fn run(ask: Ask) -> Result<ExitCode> {
    let id = id(&ask.out)?;
    let found = ask.place.models().find(&ask.base)?;
    let with = With { model: ask.base.clone(), place: ask.place, device: ask.device };
    let model = with.model(None)?;
    let layer = model.features_layer(ask.layer.as_deref())?;
    stop::on_signals();
    let start = Instant::now();
    let Read { examples, failed } = examples::read(&model, layer, &ask.folders, &ask.labels, &ask.out)?;
    let seconds_of_images = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let (head, trying) = examples.teach(ask.penalty)?;
    let trial = trying.end().ok_or(Error::Cancelled)?;
    let seconds = [seconds_of_images, start.elapsed().as_secs_f64()];
    let (classes, images) = (&examples.classes, examples.all.len());
    let lesson = Lesson { id: &id, base: &model.hash, layer, classes, images, head: &head };
    let (manifest, stream) = teach::model(&model.manifest, &found.stream(&model.manifest)?, &lesson)?;
    let shards = pack::save(&ask.out, manifest, &stream)?;
    let bytes = shards.iter().map(|shard| shard.bytes).sum();
    let told = Told {
        lesson: &lesson,
        layer: &model.network.graph().nodes()[layer].name,
        base: &ask.base,
        examples: &examples,
        trial: &trial,
        seconds,
        bytes,
        out: &ask.out,
    };
    if ask.json {
        print_json("teach", told.json())?;
    } else {
        told.lines().iter().try_for_each(|line| print(line))?;
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
