//! What a looked-at picture gives in numbers.

use serde::{Deserialize, Serialize};

/// A class and what the network makes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// Its index.
    pub index: usize,
    /// Its name.
    pub name: String,
    /// Its probability, 0 to 1.
    pub probability: f32,
    /// Its logit.
    pub logit: f32,
}

/// A layer's feature maps in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activation {
    /// The layer's name.
    pub layer: String,
    /// Its shape `[C, H, W]`.
    pub shape: [usize; 3],
    /// Mean over all its numbers.
    pub mean: f64,
    /// The largest of them.
    pub maximum: f32,
    /// The share of them that is exactly 0.
    pub zeros: f64,
    /// Every channel with its sum over all positions, largest sum first.
    pub channels: Vec<(usize, f64)>,
}
