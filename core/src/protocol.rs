//! The whole boundary between a page and the worker that computes for it: two enums.

use serde::{Deserialize, Serialize};

use crate::choice::Choice;
use crate::explain::filters::Convention;
use crate::explain::{Map, Mode};
use crate::nn::ReluRule;
use crate::numbers::{Activation, Class};
use crate::picture::{Picture, Plane};
use crate::render::{Colormap, Colours, MapStyle, Scaling};

/// A number that grows with every command; an event carries that of the command it answers.
pub type Ticket = u64;

/// What a page asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Load a model onto a device; the previous one stays in use until it is there.
    Open {
        /// The model's folder name.
        model: String,
        /// Which device; it can be chosen once, and again after the worker has been started anew.
        device: Choice,
    },
    /// Look at a picture, given as the bytes of its file.
    Look {
        /// The file.
        file: Vec<u8>,
    },
    /// Explain a class at layers. A newer command of any kind cancels what is still to come.
    Explain {
        /// The method's id.
        method: String,
        /// A class's index.
        class: usize,
        /// `all`, `last` or a layer's name.
        layer: String,
        /// The convention's name.
        convention: String,
    },
    /// A layer's activations in numbers.
    Activations {
        /// `all`, `last` or a layer's name.
        layer: String,
    },
    /// All feature maps of a layer on one sheet, with its numbers.
    Sheet {
        /// A layer's name.
        layer: String,
        /// How the channels are brought to colours.
        scaling: Scaling,
        /// Tiles a row.
        columns: usize,
        /// The colour map.
        colormap: Colormap,
    },
    /// One feature map, to be laid over the picture.
    Channel {
        /// A layer's name.
        layer: String,
        /// The channel.
        channel: usize,
    },
    /// What made channels of a layer fire.
    Descend(Descend),
    /// What would make filters fire most. A newer command of any kind cancels it within one step.
    Climb(Climb),
    /// Write down the explanation that came to its end last.
    Save(Save),
    /// Cancel what is going on.
    Stop,
}

/// How an explanation is written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Save {
    /// The picture's name.
    pub picture: String,
    /// Its file, the one that was looked at last.
    pub file: Vec<u8>,
    /// How the maps are drawn.
    pub style: MapStyle,
    /// As what.
    pub form: Form,
}

/// What an explanation is written down as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// All layers as pictures and arrays with the manifest, in one zip archive.
    Zip,
    /// The manifest alone.
    Manifest,
}

/// A question of deconvnet and its siblings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descend {
    /// A layer's name, the class outputs' too.
    pub layer: String,
    /// [`Channels`](crate::explain::Channels) as people write them.
    pub channels: String,
    /// How much of each feature map goes down.
    pub mode: Mode,
    /// What rectifiers pass.
    pub rule: ReluRule,
    /// The convention's name.
    pub convention: String,
}

/// A question of filter visualisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Climb {
    /// A layer's name.
    pub layer: String,
    /// [`Channels`](crate::explain::Channels) as people write them; of the best, all are climbed for and the best kept.
    pub filters: String,
    /// The side of the pictures, in pixels.
    pub size: usize,
    /// How often each is moved.
    pub steps: usize,
    /// Where the noise comes from.
    pub seed: u64,
    /// Whose way of doing it.
    pub convention: Convention,
    /// Which colours the pictures are shown in.
    pub colours: Colours,
}

/// A picture to be drawn as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Red, green, blue, row by row.
    pub rgb: Vec<u8>,
}

impl From<&Picture> for Drawing {
    fn from(picture: &Picture) -> Self {
        Self { width: picture.width(), height: picture.height(), rgb: picture.rgb().to_vec() }
    }
}

/// One picture of an answer that is about a layer's channels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    /// The channel.
    pub channel: usize,
    /// What is known about it.
    pub measure: Measure,
    /// The picture; none of a filter that does not fire.
    pub drawing: Option<Drawing>,
}

/// What is known about a channel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Measure {
    /// The sum of its feature map.
    Sum(f64),
    /// The objective of a climb that goes on.
    Climbing(f32),
    /// The objective before and after a climb, and what filters are ranked by.
    Climbed {
        /// Of the noise.
        first: f32,
        /// Of the picture.
        last: f32,
        /// What filters are ranked by: the objective of the image, or of the notebook that before the last step.
        rank: f32,
    },
}

/// A layer a page may show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tap {
    /// Its name.
    pub name: String,
    /// Its shape `[C, H, W]`.
    pub shape: [usize; 3],
    /// Whether it is a pool, which class activation maps leave out of `all`.
    pub pool: bool,
}

/// What a page needs to know about a model that is ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ready {
    /// The model's id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// A sentence or two about it.
    pub description: String,
    /// The weights' licence.
    pub licence: String,
    /// Where the weights come from.
    pub source: String,
    /// SHA-256 that names it to the last bit.
    pub hash: String,
    /// What it runs on, for people.
    pub device: String,
    /// The layers worth showing.
    pub taps: Vec<Tap>,
    /// The logits, from which deconvnet can start too; none without a classifier.
    pub outputs: Option<Tap>,
    /// All classes' names, by index; empty without a classifier.
    pub labels: Vec<String>,
    /// Seconds from the command to this event.
    pub seconds: f64,
}

/// Why something is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// There is no more room.
    Full,
    /// Another reason, as the place gives it.
    Other(String),
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// Bytes of weights that have come.
    Loading {
        /// So far.
        done: u64,
        /// In all.
        total: u64,
    },
    /// A model is ready; no picture has been looked at with it.
    Ready(Ready),
    /// A picture has been looked at.
    Looked {
        /// Its size, upright, in pixels.
        width: u32,
        /// Its size, upright, in pixels.
        height: u32,
        /// The part of it that the network saw.
        region: crate::preprocess::Region,
        /// All classes, the likeliest first; empty without a classifier.
        classes: Vec<Class>,
        /// What is to be said about its file: one sentence.
        note: Option<String>,
        /// Seconds it took.
        seconds: f64,
    },
    /// One map of an explanation.
    Shown {
        /// The class's index.
        class: usize,
        /// The map.
        map: Map,
    },
    /// All maps, or panels, of an answer have come.
    Explained {
        /// Seconds it took.
        seconds: f64,
    },
    /// A layer's activations.
    Activated(Activation),
    /// A layer's sheet.
    Sheet {
        /// Its numbers.
        activation: Activation,
        /// The sheet: tiles of the layer's size with a line of one pixel between, a row at a time.
        drawing: Drawing,
        /// Tiles a row.
        columns: usize,
    },
    /// One feature map.
    Channel {
        /// The layer.
        layer: String,
        /// The channel.
        channel: usize,
        /// Divided by its largest magnitude, if that is not 0: -1 to 1.
        plane: Plane,
        /// Its largest magnitude.
        maximum: f32,
    },
    /// A picture of an answer, in place of an earlier one of the same channel.
    Panel(Panel),
    /// How far a long answer is.
    Progress {
        /// Steps taken.
        done: usize,
        /// Steps in all.
        total: usize,
    },
    /// An explanation as a file.
    Saved {
        /// A name for the file.
        name: String,
        /// What is in it.
        bytes: Vec<u8>,
    },
    /// A model is ready, but cannot be kept for the next visit.
    NotKept {
        /// The model's name for people.
        name: String,
        /// Why.
        refusal: Refusal,
    },
    /// The command failed; whatever was there before still is.
    Failed {
        /// One sentence: what was wrong and what to do.
        message: String,
    },
}
