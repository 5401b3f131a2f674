//! Opening of a model by its name, on its device.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use convscope::device::Choice;
use convscope::embedded;
use convscope::error::Result;
use convscope::installed::Installed;
use convscope::model::Model;
use convscope::preprocess::Interpolation;

use super::device;
use super::say::note;

/// Place of packed models.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// Folder of packed models, which come before the program's own of the same name [default: $CONVSCOPE_WEIGHTS, else
    /// convscope/models in the folder for the user's data, where the program's own comes first]
    #[arg(long, value_name = "DIR")]
    pub(super) weights: Option<PathBuf>,
}

/// Model, and the device that it runs on.
#[derive(Debug, Args)]
pub(super) struct With {
    /// Which model; `convscope models` lists them
    #[arg(long, value_name = "ID", default_value = "squeezenet1_1")]
    pub(super) model: String,
    #[command(flatten)]
    pub(super) place: Place,
    /// Where to compute
    #[arg(long, default_value = "auto", value_parser = crate::named::named::<Choice>())]
    pub(super) device: Choice,
}

impl Place {
    /// The models that are to be had there.
    pub(super) fn models(&self) -> Installed {
        Installed { asked: self.weights.clone() }
    }

    /// Says which model bears the name of the embedded one, where that is a question.
    pub(super) fn say_which(&self) {
        let (Some(folder), asked) = self.models().folder() else { return };
        let (id, place) = (embedded::ID, folder.join(embedded::ID));
        if !place.join("model.json").is_file() {
            return;
        }
        let (place, folder) = (place.display(), folder.display());
        note(&if asked {
            format!("{id} is that of {place}, not the program's own")
        } else {
            format!(
                "{id} is the program's own, not that of {place}; to have that one, name the folder {folder} in the command"
            )
        });
    }
}

impl With {
    /// Another model at the same place, on the same device.
    pub(super) fn other(&self, id: &str) -> Self {
        Self { model: id.into(), place: Place { weights: self.place.weights.clone() }, device: self.device }
    }

    /// The model on the device.
    pub(super) fn model(&self, resize: Option<Interpolation>) -> Result<Arc<Model>> {
        let found = self.place.models().find(&self.model)?;
        let opened = device::open(self.device)?;
        if self.model == embedded::ID {
            self.place.say_which();
        }
        note(&format!("{} on {}", self.model, opened.name));
        let mut model = found.load(&opened)?;
        if let Some(interpolation) = resize {
            model.manifest.preprocessing.interpolation = interpolation;
        }
        Ok(Arc::new(model))
    }
}
