//! Domain of a model: what it is for, and the images that it was made for.

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::fault;
use crate::image::Image;

/// The least difference between the largest and the smallest of red, green and blue in a pixel that has a colour, of 255: JPEG gives
/// grey images less.
const COLOURED: u8 = 25;
/// The largest share of such pixels in a grey image, which may have a mark or a scale in colours.
const FEW: f64 = 0.05;

/// Domain of a model. A classifier has no class for anything else, so that it gives one of its own to any image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// What the model is for, and what not: a sentence or two for people.
    pub purpose: String,
    /// The images that it was made for, as they stand in a sentence: `photographs of birds`.
    pub images: String,
    /// Whether all of those are grey.
    #[serde(default)]
    pub grey: bool,
}

impl Domain {
    /// Reason why an image is none that the model was made for, where its pixels tell.
    pub fn doubt(&self, image: &Image) -> Option<Fault> {
        let images = &self.images;
        (self.grey && has_colours(image.rgb())).then(|| {
            fault!(
                "image-outside-domain",
                "the image has colours, and the model was made for {images}: its classes and their probabilities say nothing about it",
                images
            )
        })
    }
}

/// Whether more than a few pixels `[r, g, b]` are not grey.
fn has_colours(rgb: &[u8]) -> bool {
    let spread = |pixel: &[u8]| pixel.iter().max().zip(pixel.iter().min()).map_or(0, |(most, least)| most - least);
    let coloured = |pixel: &&[u8]| spread(pixel) >= COLOURED;
    let pixels = rgb.chunks_exact(3);
    let all = pixels.len() as f64;
    pixels.filter(coloured).count() as f64 > FEW * all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scans(grey: bool) -> Domain {
        Domain { purpose: "For tests.".into(), images: "scans".into(), grey }
    }

    /// An image of ten by ten pixels, so many of them of that colour and the others grey.
    fn image(count: usize, colour: [u8; 3]) -> Image {
        let pixel = |index: usize| if index < count { colour } else { [90, 90, 90] };
        Image::from_rgb(10, 10, (0..100).flat_map(pixel).collect()).expect("an image")
    }

    #[test]
    fn colours_are_outside_the_domain_of_grey_images() {
        let doubt = scans(true).doubt(&image(60, [200, 120, 40])).expect("a doubt");
        assert_eq!(
            (doubt.code(), doubt.args().collect::<Vec<_>>()),
            ("image-outside-domain", vec![("images", "scans")])
        );
        assert_eq!(scans(false).doubt(&image(60, [200, 120, 40])), None);
        // A coloured mark, and the noise of JPEG in a grey image.
        for grey in [image(0, [0; 3]), image(5, [255, 0, 0]), image(100, [90, 110, 100]), image(100, [255, 255, 231])] {
            assert_eq!(scans(true).doubt(&grey), None);
        }
        assert!(scans(true).doubt(&image(6, [255, 0, 0])).is_some());
        assert!(scans(true).doubt(&image(100, [255, 255, 230])).is_some());
    }

    #[test]
    fn a_domain_is_written_as_a_recipe_has_it() {
        let domain: Domain = serde_json::from_str(r#"{"purpose": "For tests.", "images": "scans"}"#).expect("a domain");
        assert_eq!(domain, scans(false));
        assert!(serde_json::from_str::<Domain>(r#"{"purpose": "", "images": "", "gray": true}"#).is_err());
    }
}
