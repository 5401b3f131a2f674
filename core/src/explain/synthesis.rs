//! Presets of activation maximisation (Erhan et al. 2009): how an image is made that excites a unit most.

use serde::{Deserialize, Serialize};

use crate::image::Image;
use crate::named::named;
use crate::preprocess::Channels;
use crate::render::{self, Colours};

/// Objective of an image: what it is to excite (Olah et al. 2017, <https://distill.pub/2017/feature-visualization>, "Optimization objectives").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// A channel, at all its positions.
    #[default]
    Channel,
    /// A channel at one position.
    Neuron,
    /// A weighted sum of channels, at all positions.
    Direction,
}

named!(Objective {
    Channel = "channel", "A channel at all positions, by the mean";
    Neuron = "neuron", "A channel at one position, that of x and y";
    Direction = "direction", "A weighted sum of channels at all positions, by the mean";
});

/// Part of a layer that a dream enhances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dreamt {
    /// All its channels together.
    #[default]
    Layer,
    /// Channels, an image for each.
    Channels,
}

named!(Dreamt {
    Layer = "layer", "All channels together: whatever the layer sees";
    Channels = "channels", "Each channel that is asked for by itself, in an image of its own";
});

/// Numbers that are optimised to make an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parametrization {
    /// The pixels themselves, in the network's units, from grey with uniform noise.
    Pixels,
    /// Spectrum in decorrelated colours, squashed by a sigmoid (Olah et al. 2017, <https://distill.pub/2017/feature-visualization>).
    Spectrum,
}

/// Rule that moves the numbers along their gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Optimizer {
    /// Steps of length 1 along the gradient divided by its root mean square.
    NormalizedGradient,
    /// Adam (Kingma and Ba 2014, <https://arxiv.org/abs/1412.6980>).
    Adam,
}

/// Change made to an image before each step shows it to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transform {
    /// No change.
    None,
    /// lucid's jitter, scale and rotation, with grey around (`optvis/transform.py`).
    Standard,
}

/// Preset of activation maximisation: what differs between the Keras notebooks and lucid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synthesis {
    /// Numbers that are optimised.
    pub parametrization: Parametrization,
    /// Rule that moves them.
    pub optimizer: Optimizer,
    /// Change made to the image before the network sees it.
    pub transform: Transform,
    /// Steps for which units that do not fire are helped to, by the gradient of a ReLU that lets it pass.
    pub redirected_steps: usize,
    /// Whether a unit that does not fire, at the start or later, is given up.
    pub drops_dead: bool,
    /// Whether units are ranked by the objective before the last step instead of the image's own.
    pub ranks_before_last: bool,
}

impl Synthesis {
    /// Preset of lucid: spectra, decorrelated colours, transformed images, Adam; units that do not fire are helped to for 16 steps
    /// (`optvis/overrides/redirected_relu_grad.py`).
    pub const LUCID: Self = Self {
        parametrization: Parametrization::Spectrum,
        optimizer: Optimizer::Adam,
        transform: Transform::Standard,
        redirected_steps: 16,
        drops_dead: false,
        ranks_before_last: false,
    };

    /// Preset of the notebook of convnet-interpretability-keras, with its quirks: it starts at grey with noise, from which the mean
    /// that the network was trained without is not subtracted; the loss is the mean of the layer after its activation function; a
    /// filter whose loss is not above 0 is dropped, at the start or on the way; filters are ranked by the loss before the last of 20
    /// steps. It looks at a layer's first 100 filters; here those that are asked for.
    pub const KERAS_NOTEBOOK: Self = Self {
        parametrization: Parametrization::Pixels,
        optimizer: Optimizer::NormalizedGradient,
        transform: Transform::None,
        redirected_steps: 0,
        drops_dead: true,
        ranks_before_last: true,
    };

    /// An image `[3, size, size]` for people. `channels` is the network's order.
    pub fn draw(&self, colours: Colours, image: &[f32], size: usize, channels: Channels) -> Image {
        match self.parametrization {
            Parametrization::Pixels => render::deprocess(image, size, size, channels, colours),
            Parametrization::Spectrum => {
                let mut planes: Vec<&[f32]> = image.chunks_exact(size * size).collect();
                // Spectra give red, green and blue, whatever the network's order.
                if channels == Channels::Bgr && colours == Colours::AsStored {
                    planes.reverse();
                }
                let bytes: Vec<f32> = planes.concat().iter().map(|value| (value * 255.0).round()).collect();
                render::as_it_is(&bytes, size, size, Channels::Rgb, colours)
            }
        }
    }
}
