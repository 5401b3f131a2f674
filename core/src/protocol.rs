//! The whole boundary between a page and the worker that computes for it: two enums.

use serde::{Deserialize, Serialize};

use crate::artifact::Artifact;
use crate::card::Card;
use crate::choice::Choice;
use crate::error::Fault;
use crate::explain::{InConvention, InPacking};
use crate::model::Domain;
use crate::predictions::Class;
use crate::render::MapStyle;
use crate::request::Request;
use crate::survey::{Surveyed, Task};
use crate::teach::{Examples, Trial};

/// A number that grows with every command; an event carries that of the command it answers.
pub type Ticket = u64;

/// Command of a page to its worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Load a model onto a device; the previous one stays in use until it is there.
    Open {
        /// The model's folder name.
        model: String,
        /// Device; it can be chosen once, and again after the worker has been started anew.
        device: Choice,
    },
    /// Look at an image, which stays until another one has been looked at.
    Look {
        /// The file's name.
        name: String,
        /// The file's bytes.
        #[serde(with = "crate::bytes")]
        file: Vec<u8>,
    },
    /// Carry out a request. A newer command of any kind cancels what is still to come.
    Run(Request),
    /// Measure how far the map of a layer can be trusted, one that the request gave that came to its end last. A newer command of any
    /// kind cancels what is still to come.
    Trust {
        /// The map's layer.
        layer: String,
    },
    /// Make the map that a request asks for, at its one layer, in all conventions of its method. What came to its end last stays. A
    /// newer command of any kind cancels what is still to come.
    CompareConventions(Request),
    /// Carry out a request of maps with the model in each packing of its weights that there is among others, and compare. What came to its
    /// end last stays. A newer command of any kind cancels what is still to come.
    ComparePackings {
        /// The request.
        request: Request,
        /// The layer whose map is looked at.
        layer: String,
        /// Ids of the other models, of which those that are the same network are compared.
        models: Vec<String>,
    },
    /// Carry out a request beside what is seen: what came to its end last stays. A newer command of any kind cancels what is still to
    /// come.
    Aside {
        /// The request.
        request: Request,
        /// Bytes of another image's file, which is looked at for this alone; none where the request is about the image that is there.
        file: Option<Vec<u8>>,
        /// Id of another model, which is loaded beside the one that is there and asked instead; it looks at the image for this alone.
        model: Option<String>,
    },
    /// Tell the features of a layer for an image, averaged over space; what is seen stays. A newer command of any kind cancels what is
    /// still to come.
    Features {
        /// The layer; the one that heads are taught on where none is named.
        layer: Option<String>,
        /// The file's bytes.
        #[serde(with = "crate::bytes")]
        file: Vec<u8>,
    },
    /// Teach a head on features of that layer, try it, and keep the model of it. A newer command of any kind cancels what is still to come.
    Teach {
        /// Id of the new model.
        id: String,
        /// The layer; the one that heads are taught on where none is named.
        layer: Option<String>,
        /// The images.
        examples: Examples,
    },
    /// Take a step of a survey, beside what is seen: what came to its end last stays. A newer command of any kind cancels what is still to
    /// come.
    Survey {
        /// The step.
        task: Task,
        /// Bytes of the image's file that it is about.
        file: Option<Vec<u8>>,
    },
    /// Write down what the request gave that came to its end last.
    Export(Export),
    /// Cancel what is going on.
    Stop,
}

impl Command {
    /// Takes up the bytes of the image's file, where it is one that takes such.
    pub fn take_file(&mut self, bytes: Vec<u8>) {
        match self {
            Self::Look { file, .. } | Self::Features { file, .. } => *file = bytes,
            Self::Aside { file, .. } | Self::Survey { file, .. } => *file = Some(bytes),
            Self::Export(Export { form: Form::Bundle { image }, .. }) => *image = Some(bytes),
            _ => {}
        }
    }
}

/// Way to write results down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// Drawing style of maps.
    pub style: MapStyle,
    /// Form of the file.
    pub form: Form,
}

/// Form of the file that results are written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Evidence bundle: all results as images and arrays with the manifest, in one zip archive.
    Bundle {
        /// Bytes of the image's file, if it is to be in it; without them pictures show white in its place.
        image: Option<Vec<u8>>,
    },
    /// The manifest alone.
    Manifest,
}

/// A layer a page may show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tap {
    /// Name of the layer.
    pub name: String,
    /// Shape `[C, H, W]` of its feature maps.
    pub shape: [usize; 3],
    /// Whether it is a pool, which class activation maps leave out of `all`.
    pub pool: bool,
}

/// Facts that a page needs about a model that is ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ready {
    /// The model's id.
    pub id: String,
    /// Model's name for people.
    pub name: String,
    /// A sentence or two about it.
    pub description: String,
    /// What it is for, and the images that it was made for, where those are few.
    pub domain: Option<Domain>,
    /// The weights' licence.
    pub licence: String,
    /// Origin of the weights.
    pub source: String,
    /// SHA-256 that names it to the last bit.
    pub hash: String,
    /// Device it runs on, for people.
    pub device: String,
    /// The layers worth showing.
    pub taps: Vec<Tap>,
    /// The logits, from which deconvnet can start too; none without a classifier.
    pub outputs: Option<Tap>,
    /// All classes' names, by index; empty without a classifier.
    pub labels: Vec<String>,
    /// Layer that heads are taught on unless another is named; none where there is none.
    pub features: Option<String>,
    /// Index of the class that is the network's own first output.
    pub first_output: usize,
    /// All methods, in the order in which they are offered.
    pub methods: Vec<Card>,
    /// Seconds from the command to this event.
    pub seconds: f64,
}

/// A model that has been taught, and what it is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Taught {
    /// The model's id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Bytes of its weights' files.
    pub bytes: u64,
    /// Layer whose features its head takes.
    pub layer: String,
    /// What heads say of images that they were not taught with, in the order of the examples.
    pub trial: Trial,
    /// Seconds that teaching took, with its trial.
    pub seconds: f64,
}

/// Reason why something is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StorageError {
    /// No more room.
    Full,
    /// Another reason, as the place gives it.
    Other(String),
}

/// Answer of the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// Bytes of weights that have come.
    Loading {
        /// Bytes so far.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// A model is ready; no image has been looked at with it.
    Ready(Ready),
    /// An image has been looked at.
    Looked {
        /// Width of the image, upright, in pixels.
        width: u32,
        /// Height of the image, upright, in pixels.
        height: u32,
        /// The part of it that the network saw.
        region: crate::preprocess::Region,
        /// All classes, the likeliest first; empty without a classifier.
        classes: Vec<Class>,
        /// Sentence to be said about the image's file.
        note: Option<Fault>,
        /// Reason why the image is none that the model was made for, where that can be told.
        doubt: Option<Fault>,
        /// SHA-256 of the image's file, in hexadecimal.
        sha256: String,
        /// Seconds it took.
        seconds: f64,
    },
    /// Progress of a request.
    Progress {
        /// Steps done.
        done: usize,
        /// Steps in all.
        total: usize,
    },
    /// A result, or a part of one.
    Artifact(Artifact),
    /// Sentences about all that was measured of a map.
    Verdict(Vec<Fault>),
    /// One map in all conventions of its method; the others are compared with the first.
    Conventions(Vec<InConvention>),
    /// What the model makes of the image in each packing of its weights; the others are compared with the first, which is the finest.
    Packings(Vec<InPacking>),
    /// What has come of a step of a survey.
    Surveyed(Surveyed),
    /// Features of an image.
    Features {
        /// The features, averaged over space: `[C]`.
        features: Vec<f32>,
        /// SHA-256 of the image's file, in hexadecimal.
        sha256: String,
        /// Sentence to be said about the image's file.
        note: Option<Fault>,
        /// Seconds it took.
        seconds: f64,
    },
    /// A model has been taught and is kept.
    Taught(Taught),
    /// All of a request's results have come.
    Done {
        /// Seconds it took.
        seconds: f64,
    },
    /// Results as a file.
    Saved {
        /// A name for the file.
        name: String,
        /// Content of the file.
        #[serde(with = "crate::bytes")]
        bytes: Vec<u8>,
    },
    /// A model is ready, but cannot be kept for the next visit.
    NotKept {
        /// The model's name for people.
        name: String,
        /// Reason.
        error: StorageError,
    },
    /// The command failed; whatever was there before still is.
    Failed(Fault),
}
