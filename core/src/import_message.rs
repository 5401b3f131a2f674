//! Messages between a page and its importer, the program that reads files of other frameworks and packs them into the page's storage.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::model::Packing;
use crate::preprocess::{Channels, Fit, Preprocessing, Preset};

/// Start of the ids of models that a person has given the page. No server is ever asked for such a model.
pub const OWN_MODEL: &str = "own-";

/// Endings of the names of files that the importer reads.
const ENDINGS: [&str; 10] =
    [".onnx", ".h5", ".hdf5", ".keras", ".pth", ".pt", ".ckpt", ".tar", ".safetensors", MANIFEST];

/// Name of the file that a packed model is known by.
const MANIFEST: &str = "model.json";

/// Name of a recipe.
const RECIPE: &str = "recipe.json";

/// Whether a file of that name is one that the importer reads, and not one that belongs to it.
pub fn is_model_file(name: &str) -> bool {
    let name = name.to_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a file of that name is a recipe, which says of a model what its file does not.
pub fn is_recipe(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    last == RECIPE || last.ends_with(".recipe.json")
}

/// Command to the importer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ImportCommand {
    /// Read the files that come with it, or those from before where none do, and say what the model is taken for.
    Read {
        /// Built-in architecture of a file that holds weights only, by its name.
        architecture: Option<String>,
    },
    /// Pack the model of those files and keep it.
    Pack(ImportAnswers),
}

/// Answers of a person to what a file does not say; what is `None` is guessed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportAnswers {
    /// Id of the model, which begins with [`OWN_MODEL`].
    pub id: String,
    /// Preprocessing by its name.
    pub preset: Option<Preset>,
    /// Side of the input in pixels.
    pub side: Option<u32>,
    /// Names of the classes.
    pub labels: Option<ImportLabels>,
    /// Way to store the weights.
    pub packing: Packing,
    /// What else is known of it.
    pub details: ImportDetails,
}

/// What a person knows better than a preset or a guess; what is `None` stays as these have it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportDetails {
    /// The order of the channels.
    pub channels: Option<Channels>,
    /// Length of the short side before the middle is cut out, in pixels; 0 squashes the whole image. No `Fit`, which messages cannot hold.
    pub short_side: Option<u32>,
    /// Factor of a pixel's value of 0 to 255.
    pub scale: Option<f32>,
    /// Mean that is subtracted from each channel.
    pub mean: Option<[f32; 3]>,
    /// Standard deviation that each channel is divided by.
    pub std: Option<[f32; 3]>,
    /// The node that holds the logits.
    pub logits: Option<String>,
    /// Name of a built-in architecture, for a file that holds weights only.
    pub architecture: Option<String>,
}

/// Names of classes, as a person says them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportLabels {
    /// ImageNet's.
    ImageNet,
    /// Numbers.
    Numbers,
    /// One name a class.
    Names(Vec<String>),
}

impl From<&Preprocessing> for ImportDetails {
    fn from(taken: &Preprocessing) -> Self {
        let short_side = match taken.fit {
            Fit::Squash => 0,
            Fit::CentreCrop { short_side } => short_side,
        };
        Self {
            channels: Some(taken.channels),
            short_side: Some(short_side),
            scale: Some(taken.scale),
            mean: Some(taken.mean),
            std: Some(taken.std),
            ..Self::default()
        }
    }
}

impl ImportDetails {
    /// Way to bring an image to the input's size, where that was said.
    pub fn fit(&self) -> Option<Fit> {
        self.short_side.map(|side| if side == 0 { Fit::Squash } else { Fit::CentreCrop { short_side: side } })
    }
}

/// A model as the importer takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportGuess {
    /// Short name, as a model's id is made: letters, digits, `_`, `-` and `.`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Whether it is packed already and says all itself.
    pub packed: bool,
    /// Whether it comes with a recipe, which says all that its file does not.
    pub by_recipe: bool,
    /// Height and width of the input in pixels.
    pub input: [u32; 2],
    /// Preset that the preprocessing is, if it is one.
    pub preset: Option<Preset>,
    /// The preprocessing.
    pub taken: ImportDetails,
    /// The node that holds the logits, if there is one.
    pub logits: Option<String>,
    /// The last nodes, which might hold them, the last first.
    pub last: Vec<String>,
    /// Number of classes or outputs.
    pub classes: usize,
    /// The first of their names.
    pub labels: Vec<String>,
    /// Assumptions that were made, and things left out.
    pub notes: Vec<Fault>,
}

/// Work of the importer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportStage {
    /// Its own program comes; counted in bytes.
    Program,
    /// The file is read; counted in bytes.
    Reading,
    /// Weights are packed; counted in tensors, or in bytes where the file is read meanwhile.
    Packing,
    /// Packed weights are kept; counted in bytes.
    Keeping,
}

/// Message of the importer's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ImportMessage {
    /// It listens from now on.
    Listening,
    /// It is so far.
    Progress {
        /// The work.
        stage: ImportStage,
        /// Part that is done.
        done: u64,
        /// The whole.
        total: u64,
    },
    /// The files have been read.
    Guess(Box<ImportGuess>),
    /// The files hold weights only, of no network that is known by them: a person may know which of the built-in ones it is.
    Unknown {
        /// Why it is none of them.
        why: Fault,
        /// Names of the built-in architectures.
        architectures: Vec<String>,
    },
    /// The model is kept.
    Kept {
        /// Its id.
        id: String,
        /// Its name for people.
        name: String,
        /// Bytes of its weights.
        bytes: u64,
    },
    /// The files do not make a model, or it cannot be kept.
    Failed(Fault),
    /// Last words of a program that has died.
    Crashed(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_models_are_told_by_their_names() {
        for name in ["net.onnx", "VGG16.H5", "a/model.weights.h5", "a.keras", "b.pth", "folder/model.json", "a.pth.tar"]
        {
            assert!(is_model_file(name), "{name}");
        }
        for name in ["cat.jpg", "net.onnx.data", "weights-00.bin", "config.json", "bundle.zip", "onnx"] {
            assert!(!is_model_file(name), "{name}");
        }
        let recipes =
            ["recipe.json", "vgg16/recipe.json", "mine.recipe.json", "my_recipe.json", "recipe.json/net.onnx"];
        assert_eq!(recipes.map(is_recipe), [true, true, true, false, false]);
    }
}
