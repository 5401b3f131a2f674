//! Small picture of an image under its map.

use super::row::{Found, SIDE};
use crate::error::Result;
use crate::explain::{AttributionMap, Convention, Evidence, Score};
use crate::image::Image;
use crate::preprocess::Preprocessing;
use crate::render::{MapStyle, draw_map};

/// The longer side of a picture, in pixels, and its JPEG quality.
const PIXELS: u32 = 160;
const QUALITY: u8 = 80;

/// An image, small, under its kept map, as a JPEG file.
///
/// # Errors
/// [`Error::Image`](crate::Error::Image) where memory is short.
pub fn picture(image: &Image, found: &Found, preprocessing: &Preprocessing, convention: Convention) -> Result<Vec<u8>> {
    let small = image.within(PIXELS);
    let map = AttributionMap::new("map".into(), [SIDE, SIDE], found.numbers(), Evidence::Features, Score::Logit);
    draw_map(&map, &small, preprocessing, convention, MapStyle::default())?.jpeg(QUALITY)
}
