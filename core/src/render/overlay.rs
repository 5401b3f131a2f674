//! A heatmap alone, and over the image it is about.

use super::{Colormap, diverging};
use crate::error::Result;
use crate::explain::Style;
use crate::image::{Image, Plane};
use crate::preprocess::Region;

/// The notebook's factor for the heat added to the image.
const KERAS_NOTEBOOK_STRENGTH: f32 = 0.4;

/// A plane of 0..1 in colours, at its own size, as `RGBA` bytes.
pub fn heatmap(plane: &Plane, colormap: Colormap) -> Vec<u8> {
    let pixel = |&value: &f32| {
        let [r, g, b] = colormap.colour(value);
        [r, g, b, 255]
    };
    plane.values.iter().flat_map(pixel).collect()
}

/// A map of 0..1 over the `region` of the image that it is about, at the image's own size. What the network did not see
/// stays as it is.
///
/// # Errors
/// [`Error::Image`](crate::error::Error::Image) where memory is short.
pub fn heat_over(
    image: &Image,
    map: &Plane,
    region: Region,
    colormap: Colormap,
    opacity: f32,
    style: Style,
) -> Result<Image> {
    over(image, map, region, |pixel, value| match style {
        Style::Blend => mix(pixel, colormap.colour(value), opacity),
        Style::AddJet => add(pixel, Colormap::Jet.colour((value * 255.0).floor() / 255.0)),
    })
}

/// A map of -1..1 over the `region` of the image that it is about, in the colours of [`diverging`].
///
/// # Errors
/// [`Error::Image`](crate::error::Error::Image) where memory is short.
pub fn signed_over(image: &Image, map: &Plane, region: Region, opacity: f32) -> Result<Image> {
    over(image, map, region, |pixel, value| mix(pixel, diverging(value), opacity))
}

fn over(image: &Image, map: &Plane, region: Region, paint: impl Fn(&mut [u8], f32)) -> Result<Image> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let left = (region.x.round() as usize).min(width - 1);
    let top = (region.y.round() as usize).min(height - 1);
    let wide = (region.width.round() as usize).clamp(1, width - left);
    let high = (region.height.round() as usize).clamp(1, height - top);
    let mut over = image.canvas()?;
    let rgb = over.rgb_mut();
    map.resized_rows(wide, high, |row, values| {
        let start = 3 * ((top + row) * width + left);
        for (pixel, &value) in rgb[start..start + 3 * wide].chunks_exact_mut(3).zip(values) {
            paint(pixel, value);
        }
    });
    Ok(over)
}

fn mix(pixel: &mut [u8], colour: [u8; 3], opacity: f32) {
    for (value, heat) in pixel.iter_mut().zip(colour) {
        *value = (f32::from(*value) * (1.0 - opacity) + f32::from(heat) * opacity).round() as u8;
    }
}

fn add(pixel: &mut [u8], colour: [u8; 3]) {
    for (value, heat) in pixel.iter_mut().zip(colour) {
        *value = (f32::from(*value) + KERAS_NOTEBOOK_STRENGTH * f32::from(heat)).min(255.0) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_lies_where_the_network_looked() {
        let image = Image::from_rgb(4, 2, vec![100; 24]).unwrap();
        let region = Region { x: 1.0, y: 0.0, width: 2.0, height: 2.0 };
        let over = heat_over(&image, &Plane::new(1, 1, vec![1.0]), region, Colormap::Jet, 1.0, Style::Blend).unwrap();
        let pixel = |x: usize, y: usize| &over.rgb()[3 * (4 * y + x)..][..3];
        for y in 0..2 {
            assert_eq!((pixel(0, y), pixel(3, y)), ([100; 3].as_slice(), [100; 3].as_slice()));
            assert_eq!(pixel(1, y), Colormap::Jet.colour(1.0));
            assert_eq!(pixel(2, y), Colormap::Jet.colour(1.0));
        }
    }

    #[test]
    fn a_signed_map_is_red_where_it_is_for_the_class_and_blue_where_against() {
        let image = Image::from_rgb(3, 1, vec![128; 9]).unwrap();
        let region = Region { x: 0.0, y: 0.0, width: 3.0, height: 1.0 };
        let signed = signed_over(&image, &Plane::new(3, 1, vec![-1.0, 0.0, 1.0]), region, 1.0).unwrap();
        let [against, neither, for_it] = [0, 1, 2].map(|place| &signed.rgb()[3 * place..][..3]);
        assert!(against[2] > against[0] + 50 && for_it[0] > for_it[2] + 50, "{against:?} {for_it:?}");
        assert!(neither.iter().all(|value| *value > 235), "{neither:?}");
    }

    #[test]
    fn opacity_mixes_and_the_notebook_adds() {
        let image = Image::from_rgb(1, 1, vec![100, 200, 250]).unwrap();
        let region = Region { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };
        let map = Plane::new(1, 1, vec![0.0]);
        let none = heat_over(&image, &map, region, Colormap::Viridis, 0.0, Style::Blend).unwrap();
        assert_eq!(none.rgb(), image.rgb());
        // Jet at 0 is (0, 0, 128): 250 + 0.4 * 128 saturates.
        let added = heat_over(&image, &map, region, Colormap::Viridis, 0.0, Style::AddJet).unwrap();
        assert_eq!(added.rgb(), [100, 200, 255]);
    }
}
