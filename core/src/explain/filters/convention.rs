//! Whose way of climbing: what differs between the notebook and lucid.

use serde::{Deserialize, Serialize};

use crate::named::named;
use crate::picture::Picture;
use crate::preprocess::Channels;
use crate::render::{self, Colours};

/// Whose way of climbing it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    /// That of the notebook of convnet-interpretability-keras, with its quirks: it starts at grey with noise, from which the mean that
    /// the network was trained without is not subtracted; the loss is the mean of the layer after its activation function; a filter
    /// whose loss is not above 0 is dropped, at the start or on the way; filters are ranked by the loss before the last of 20 steps;
    /// the best `n * n` of them make the sheet, 5 black pixels apart; and pictures are shown with blue as red, since `BGR` is never turned
    /// round. It looks at a layer's first 100 filters; here those that are asked for.
    KerasNotebook,
    /// That of lucid: spectra, uncorrelated colours, moved pictures, Adam; filters that do not fire helped to.
    #[default]
    Lucid,
}

named!(Convention {
    KerasNotebook = "keras_notebook", "That of the notebook of convnet-interpretability-keras, with its quirks";
    Lucid = "lucid", "That of lucid: spectra, uncorrelated colours, moved pictures, Adam";
});

impl Convention {
    /// How many steps it takes by default: the notebook's 20; of lucid's 512 an eighth, for the sake of machines without a GPU. By then
    /// the objective is about half of what 512 steps reach (medians 0.45 to 0.50 in three layers of SqueezeNet).
    pub const fn steps(self) -> usize {
        match self {
            Self::KerasNotebook => 20,
            Self::Lucid => 64,
        }
    }

    /// Which colours its pictures are shown in if nothing else is asked for.
    pub const fn colours(self) -> Colours {
        match self {
            Self::KerasNotebook => Colours::AsStored,
            Self::Lucid => Colours::True,
        }
    }

    /// A filter's picture `[3, size, size]`, as `Pattern::image` of the engine holds it, for people, in the convention's own colours.
    /// `channels` is the network's order.
    pub fn draw(self, image: &[f32], size: usize, channels: Channels) -> Picture {
        self.draw_in(self.colours(), image, size, channels)
    }

    /// The same in other colours.
    pub fn draw_in(self, colours: Colours, image: &[f32], size: usize, channels: Channels) -> Picture {
        match self {
            Self::KerasNotebook => render::deprocess(image, size, size, channels, colours),
            Self::Lucid => {
                let mut planes: Vec<&[f32]> = image.chunks_exact(size * size).collect();
                // lucid's pictures are red, green and blue, whatever the network's order.
                if channels == Channels::Bgr && colours == Colours::AsStored {
                    planes.reverse();
                }
                let bytes: Vec<f32> = planes.concat().iter().map(|value| (value * 255.0).round()).collect();
                render::as_it_is(&bytes, size, size, Channels::Rgb, colours)
            }
        }
    }
}
