//! A map of an explanation as an image.

use serde::{Deserialize, Serialize};

use super::{Blend, Colormap, contour_over, deprocess, heat_over, part_of, signed_over};
use crate::error::Result;
use crate::explain::{AttributionMap, Convention};
use crate::image::{Enlargement, Image, Plane};
use crate::preprocess::{Preprocessing, Region};

/// Drawing style of a map.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapStyle {
    /// Colours of the heat.
    pub colormap: Colormap,
    /// Opacity of the heat over the image, 0 to 1: where `blend` follows the value, that of the largest.
    pub opacity: f32,
    /// Dependence of the opacity on the value.
    #[serde(default)]
    pub blend: Blend,
    /// Whether what speaks against the class is seen too, in blue, beside what speaks for it, in red.
    pub signed: bool,
    /// Share of the maximum, 0 to 1, at which a contour line is drawn; none where there is to be none.
    #[serde(default)]
    pub contour: Option<f32>,
}

impl MapStyle {
    /// Opacity without a choice.
    pub const OPACITY: f32 = 0.8;
}

impl Default for MapStyle {
    fn default() -> Self {
        Self {
            colormap: Colormap::default(),
            opacity: Self::OPACITY,
            blend: Blend::default(),
            signed: false,
            contour: None,
        }
    }
}

/// A map over the image that it is about, at that image's size, as its convention has it. A map that is an image in the space of the input is drawn at the
/// input's size, pixel for pixel; a signed map without anything to see leaves the image as it is.
///
/// # Errors
/// [`Error::Image`](crate::error::Error::Image) where memory is short.
pub fn draw_map(
    map: &AttributionMap,
    image: &Image,
    preprocessing: &Preprocessing,
    convention: Convention,
    style: MapStyle,
) -> Result<Image> {
    let region = preprocessing.region(image.width(), image.height());
    match &map.image {
        Some(image) => {
            let (width, height) = (map.normalised.width, map.normalised.height);
            Ok(deprocess(image, width, height, preprocessing.channels, convention.colours))
        }
        None if style.signed => match map.signed_normalised() {
            Some(plane) => {
                let over = signed_over(image, &plane, region, style)?;
                lined(over, &plane, Enlargement::Bilinear, region, style)
            }
            None => image.canvas(),
        },
        None => {
            let input = [preprocessing.width as usize, preprocessing.height as usize];
            let (_, part) = part_of(image, region);
            let (plane, enlargement) = convention.drawn(map, part, input);
            let over = heat_over(image, &plane, enlargement, region, &convention.overlay, style)?;
            lined(over, &plane, enlargement, region, style)
        }
    }
}

/// Adds the contour line, where the style has one.
fn lined(over: Image, plane: &Plane, enlargement: Enlargement, region: Region, style: MapStyle) -> Result<Image> {
    match style.contour {
        Some(level) => contour_over(&over, plane, enlargement, region, level),
        None => Ok(over),
    }
}
