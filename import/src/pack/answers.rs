//! Answers of a person to what a file does not say, where no recipe does.

use std::path::Path;

use super::Outputs;
use super::written::text;
use convscope_core::error::Result;
use convscope_core::preprocess::{Channels, Fit, Interpolation, Preset};

/// Answers in place of guesses; what is `None` is guessed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// Short name of the model.
    pub id: Option<String>,
    /// Name of a built-in architecture, for a file that holds weights only.
    pub architecture: Option<String>,
    /// Preprocessing by its name; the numbers below change it.
    pub preset: Option<Preset>,
    /// The order of the channels.
    pub channels: Option<Channels>,
    /// Factor of a pixel's value of 0 to 255.
    pub scale: Option<f32>,
    /// Mean that is subtracted from each channel.
    pub mean: Option<[f32; 3]>,
    /// Standard deviation that each channel is divided by.
    pub std: Option<[f32; 3]>,
    /// Way to bring an image to the input's size.
    pub fit: Option<Fit>,
    /// Way to find pixels between pixels.
    pub interpolation: Option<Interpolation>,
    /// Height and width of the input, in pixels.
    pub input: Option<[u32; 2]>,
    /// The classes' names.
    pub labels: Option<ClassNames>,
    /// The node that holds the logits.
    pub logits: Option<String>,
    /// Kind of the outputs.
    pub outputs: Option<Outputs>,
    /// The layers worth showing.
    pub taps: Option<Vec<String>>,
    /// The last node that is kept of the file's graph.
    pub until: Option<String>,
}

/// Names of a network's classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClassNames {
    /// The 1000 classes of ImageNet, in the order of ILSVRC 2012.
    ImageNet,
    /// Numbers.
    Numbers,
    /// One name a class.
    Names(Vec<String>),
}

/// The classes of ILSVRC 2012, one a line.
const IMAGENET: &str = include_str!("imagenet.txt");

/// Name of the class before ImageNet's own that TensorFlow's older models have.
const BACKGROUND: &str = "background";

impl ClassNames {
    /// What a person wrote: `imagenet`, `numbers`, or a text file with a name a line.
    ///
    /// # Errors
    /// [`Error::File`](convscope_core::Error::File) of the file.
    pub fn read(written: &Path) -> Result<Self> {
        match written.to_str().and_then(Self::of_word) {
            Some(known) => Ok(known),
            None => Ok(Self::Names(lines(&text(written)?))),
        }
    }

    /// Names that go by a word.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        match word {
            "imagenet" => Some(Self::ImageNet),
            "numbers" => Some(Self::Numbers),
            _ => None,
        }
    }

    /// The names; none where they are numbers.
    pub(super) fn all(&self) -> Vec<String> {
        match self {
            Self::ImageNet => lines(IMAGENET),
            Self::Numbers => vec![],
            Self::Names(names) => names.clone(),
        }
    }

    /// The names of that many classes; none where they are numbers.
    pub(super) fn of(&self, classes: usize) -> Vec<String> {
        let mut names = self.all();
        if *self == Self::ImageNet && classes == names.len() + 1 {
            names.insert(0, BACKGROUND.into());
        }
        names
    }

    /// Whether a network of that many classes has ImageNet's.
    pub(super) fn are_imagenets(classes: usize) -> bool {
        let own = IMAGENET.lines().count();
        [own, own + 1].contains(&classes)
    }
}

/// The lines of a text that hold something.
pub(super) fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty()).map(Into::into).collect()
}
