//! Numbers that a looked-at image gives.

use serde::{Deserialize, Serialize};

/// A class and what the network makes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// Index of the class.
    pub index: usize,
    /// Name of the class.
    pub name: String,
    /// Probability of the class, 0 to 1; none of a network whose outputs are no probabilities, such as a regression.
    pub probability: Option<f32>,
    /// Logit of the class, or the raw output of a network without probabilities.
    pub logit: f32,
}

/// A layer's feature maps in numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activation {
    /// The layer's name.
    pub layer: String,
    /// Shape `[C, H, W]` of the feature maps.
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

impl Activation {
    /// The numbers of a layer's feature maps, `[C, H, W]`, row-major.
    pub fn of(layer: String, shape: [usize; 3], values: &[f32]) -> Self {
        let sum = |channel: &[f32]| channel.iter().map(|&value| f64::from(value)).sum::<f64>();
        let sums = values.chunks_exact((shape[1] * shape[2]).max(1)).map(sum);
        let mut channels: Vec<(usize, f64)> = sums.enumerate().collect();
        let total: f64 = channels.iter().map(|(_, sum)| sum).sum();
        channels.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        let count = values.len().max(1) as f64;
        let maximum = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let zeros = values.iter().filter(|&&value| value == 0.0).count() as f64 / count;
        Self { layer, shape, mean: total / count, maximum, zeros, channels }
    }
}
