//! A map of an explanation as a picture.

use serde::{Deserialize, Serialize};

use super::{Colormap, deprocess, heat_over, part_of, signed_over};
use crate::error::Result;
use crate::explain::{Convention, Map};
use crate::picture::Picture;
use crate::preprocess::Preprocessing;

/// How a map is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapStyle {
    /// Colours of the heat.
    pub colormap: Colormap,
    /// How much of the heat covers the picture, 0 to 1.
    pub opacity: f32,
    /// Whether what speaks against the class is seen too, in blue, beside what speaks for it, in red.
    pub signed: bool,
}

impl Default for MapStyle {
    fn default() -> Self {
        Self { colormap: Colormap::default(), opacity: 0.6, signed: false }
    }
}

/// A map over the picture that it is about, at that picture's size, as its convention has it. A map that is an image in the space of the input is drawn at the
/// input's size, pixel for pixel; a signed map without anything to see leaves the picture as it is.
///
/// # Errors
/// [`Error::Picture`](crate::error::Error::Picture) where memory is short.
pub fn draw_map(
    map: &Map,
    picture: &Picture,
    preprocessing: &Preprocessing,
    convention: Convention,
    style: MapStyle,
) -> Result<Picture> {
    let region = preprocessing.region(picture.width(), picture.height());
    match &map.image {
        Some(image) => {
            let (width, height) = (map.normalised.width, map.normalised.height);
            Ok(deprocess(image, width, height, preprocessing.channels, convention.colours))
        }
        None if style.signed => match map.signed_normalised() {
            Some(plane) => signed_over(picture, &plane, region, style.opacity),
            None => picture.canvas(),
        },
        None => {
            let input = [preprocessing.width as usize, preprocessing.height as usize];
            let (_, part) = part_of(picture, region);
            let (plane, enlargement) = convention.drawn(map, part, input);
            heat_over(picture, &plane, enlargement, region, &convention.overlay, style)
        }
    }
}
