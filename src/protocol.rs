//! The whole boundary between a page and the worker that computes for it: two enums.

use serde::{Deserialize, Serialize};

use crate::device::Choice;
use crate::explain::Map;
use crate::session::{Activation, Class};

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
    /// All classes' names, by index; empty without a classifier.
    pub labels: Vec<String>,
    /// Seconds from the command to this event.
    pub seconds: f64,
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
    /// All maps of an explanation have been shown.
    Explained {
        /// Seconds it took.
        seconds: f64,
    },
    /// A layer's activations.
    Activated(Activation),
    /// The command failed; whatever was there before still is.
    Failed {
        /// One sentence: what was wrong and what to do.
        message: String,
    },
}
