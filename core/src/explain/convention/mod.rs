//! Tools of this field disagree in small ways; a convention is a named set of those choices.
//!
//! ```
//! use convscope_core::explain::{Convention, Size};
//!
//! let paper = Convention::PAPER;
//! // What would change, if one thing alone were done as another library does it?
//! let changed = Convention { enlargement: Convention::CAPTUM.enlargement, ..paper };
//! assert_eq!((changed.score, changed.size), (paper.score, Size::Image));
//! ```

mod choices;
mod field;
mod finish;
mod library;
mod overlay;
mod words;

use serde::Serialize;

use super::Synthesis;
use crate::error::{Error, Result};
use crate::fault;
use crate::image::{Enlargement, Image};
use crate::preprocess::Channels;
use crate::render::{Colours, as_it_is, deprocess};
pub use choices::{Alpha, Ranges, Reduce, Score, Size, UsualLayer};
pub use field::Field;
pub use overlay::{Base, Heat, Mix, Overlay};
pub(in crate::explain) use words::list;

/// Named set of choices.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Convention {
    /// Name on the command line and in links.
    pub name: &'static str,
    /// Sentence that says what it does, without its beginning and its full stop.
    #[serde(skip)]
    pub describes: &'static str,
    /// Layer that the library takes where none is named. For people to know: here a request says which layer it is about.
    pub layer: UsualLayer,
    /// Number that is differentiated.
    pub score: Score,
    /// Way in which the channels are put together.
    pub reduce: Reduce,
    /// Factor of Grad-CAM++.
    pub alpha: Alpha,
    /// Whether what speaks against the class is set to 0 before anything is scaled.
    pub rectifies: bool,
    /// Steps in which the map's numbers are brought into a range.
    pub ranges: Ranges,
    /// Way in which the map is enlarged.
    pub enlargement: Enlargement,
    /// Size that the map is enlarged to.
    pub size: Size,
    /// Way in which the map is drawn over the image.
    pub overlay: Overlay,
    /// Colours in which an image in the space of the input is shown.
    pub colours: Colours,
    /// Whether a channel's reconstruction is rectified at the input too.
    #[serde(skip)]
    pub rectify_input: bool,
    /// Layers whose reconstructions are drawn as they are, by what their names begin with.
    #[serde(skip)]
    pub raw_layers: Option<&'static str>,
    /// Preset for images that excite a unit.
    #[serde(skip)]
    pub synthesis: Synthesis,
}

impl Convention {
    /// The choices that a method reads; the others are made with the map that it gives.
    pub fn read_by_methods(&self) -> (Score, Reduce, Alpha) {
        (self.score, self.reduce, self.alpha)
    }

    /// An image `[3, height, width]` in the space of the input that came down from `layer`, for people: with its contrast set by
    /// [`deprocess`]. The notebook's quirk: those of its first block, which it names `block1`, are drawn as they are.
    pub fn draw(&self, layer: &str, image: &[f32], [width, height]: [usize; 2], channels: Channels) -> Image {
        let raw = self.raw_layers.is_some_and(|start| layer.starts_with(start));
        let draw = if raw { as_it_is } else { deprocess };
        draw(image, width, height, channels, self.colours)
    }

    /// The convention of that name.
    ///
    /// # Errors
    /// [`Error::Request`] naming those there are.
    pub fn named(name: &str) -> Result<Self> {
        let names = || Self::ALL.map(|convention| convention.name).join(", ");
        let found = Self::ALL.into_iter().find(|convention| convention.name == name);
        found.ok_or_else(|| {
            let known = names();
            Error::Request(fault!(
                "convention-unknown",
                "there is no convention {name}; choose one of {known}",
                name,
                known
            ))
        })
    }
}
