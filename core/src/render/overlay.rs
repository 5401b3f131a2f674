//! A heatmap alone, and over the image it is about.

use super::{Colormap, MapStyle, diverging};
use crate::error::Result;
use crate::explain::{Base, Mix, Overlay};
use crate::image::{Enlargement, Image, Plane};
use crate::preprocess::Region;

/// A plane of 0..1 in colours, at its own size, as `RGBA` bytes.
pub fn heatmap(plane: &Plane, colormap: Colormap) -> Vec<u8> {
    let pixel = |&value: &f32| {
        let [r, g, b] = colormap.colour(value);
        [r, g, b, 255]
    };
    plane.values.iter().flat_map(pixel).collect()
}

/// A map of 0..1 (or -1..1, where the overlay's colours have a sign) over the `region` of the image that it is about, at the
/// image's own size. What the network did not see stays as it is, but for a base that is grey or stretched.
///
/// # Errors
/// [`Error::Image`](crate::error::Error::Image) where memory is short.
pub fn heat_over(
    image: &Image,
    map: &Plane,
    enlargement: Enlargement,
    region: Region,
    overlay: &Overlay,
    style: MapStyle,
) -> Result<Image> {
    let mut over = image.canvas()?;
    base(over.rgb_mut(), overlay.base);
    let colour = |value| overlay.colour(value, style.colormap);
    if overlay.mix == Mix::Chosen {
        each_pixel(&mut over, map, enlargement, region, |pixel, value| {
            mix(pixel, colour(value), style.opacity * style.blend.opacity(value));
        });
        return Ok(over);
    }
    let mut paint = |paint: &mut dyn FnMut(&mut [u8], [u8; 3])| {
        each_pixel(&mut over, map, enlargement, region, |pixel, value| paint(pixel, colour(value)));
    };
    match overlay.mix {
        Mix::Chosen => {}
        Mix::Opacity(opacity) => {
            paint(&mut |pixel, colour| put(pixel, colour, |below, heat| blend(below, heat, opacity)));
        }
        Mix::Added(strength) => {
            paint(&mut |pixel, colour| {
                put(pixel, colour, |below, heat| (below + strength * heat).round());
            });
        }
        Mix::Brightened(opacity) => {
            let mut brightest = 0_f64;
            paint(&mut |pixel, colour| {
                for (below, heat) in pixel.iter().zip(colour) {
                    brightest = brightest.max(blend(f64::from(*below), f64::from(heat), opacity));
                }
            });
            if brightest > 0.0 {
                paint(&mut |pixel, colour| {
                    put(pixel, colour, |below, heat| 255.0 * blend(below, heat, opacity) / brightest);
                });
            }
        }
    }
    Ok(over)
}

/// A map of -1..1 over the `region` of the image that it is about, in the colours of [`diverging`].
///
/// # Errors
/// [`Error::Image`](crate::error::Error::Image) where memory is short.
pub fn signed_over(image: &Image, map: &Plane, region: Region, style: MapStyle) -> Result<Image> {
    let mut over = image.canvas()?;
    each_pixel(&mut over, map, Enlargement::Bilinear, region, |pixel, value| {
        mix(pixel, diverging(value), style.opacity * style.blend.signed_opacity(value));
    });
    Ok(over)
}

/// The corner and the size, in whole pixels, of the part of an image that a region is.
pub(super) fn part_of(image: &Image, region: Region) -> ([usize; 2], [usize; 2]) {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let left = (region.x.round() as usize).min(width - 1);
    let top = (region.y.round() as usize).min(height - 1);
    let wide = (region.width.round() as usize).clamp(1, width - left);
    let high = (region.height.round() as usize).clamp(1, height - top);
    ([left, top], [wide, high])
}

/// Does `paint` with every pixel of the region and the map's number there.
pub(super) fn each_pixel(
    image: &mut Image,
    map: &Plane,
    enlargement: Enlargement,
    region: Region,
    mut paint: impl FnMut(&mut [u8], f32),
) {
    let ([left, top], [wide, high]) = part_of(image, region);
    let width = image.width() as usize;
    let rgb = image.rgb_mut();
    map.enlarged_rows(enlargement, wide, high, |row, values| {
        let start = 3 * ((top + row) * width + left);
        for (pixel, &value) in rgb[start..start + 3 * wide].chunks_exact_mut(3).zip(values) {
            paint(pixel, value);
        }
    });
}

/// Makes the image what lies under the heat.
fn base(rgb: &mut [u8], base: Base) {
    match base {
        Base::Image => {}
        Base::Stretched => {
            let (least, most) = range(rgb.iter().map(|&value| f64::from(value)));
            if most > least {
                rgb.iter_mut().for_each(|value| *value = (255.0 * (f64::from(*value) - least) / (most - least)) as u8);
            }
        }
        Base::Grey => {
            let mean = |pixel: &[u8]| pixel.iter().map(|&value| f64::from(value)).sum::<f64>() / 3.0;
            let (least, most) = range(rgb.chunks_exact(3).map(mean));
            for pixel in rgb.chunks_exact_mut(3) {
                // One of 256 steps, as matplotlib takes it; an image of one grey is black there.
                let share = if most > least { (mean(pixel) - least) / (most - least) } else { 0.0 };
                pixel.fill((256.0 * share).min(255.0) as u8);
            }
        }
    }
}

fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| (least.min(value), most.max(value)))
}

fn mix(pixel: &mut [u8], colour: [u8; 3], opacity: f32) {
    for (value, heat) in pixel.iter_mut().zip(colour) {
        *value = (f32::from(*value) * (1.0 - opacity) + f32::from(heat) * opacity).round() as u8;
    }
}

/// Heat over what lies below it.
fn blend(below: f64, heat: f64, opacity: f64) -> f64 {
    below * (1.0 - opacity) + heat * opacity
}

/// Puts what `mixed` makes of a pixel's channels and a colour in the pixel's place, its fraction cut off.
fn put(pixel: &mut [u8], colour: [u8; 3], mixed: impl Fn(f64, f64) -> f64) {
    // What is a whole number but for rounding of binary fractions is that number.
    const LITTLE: f64 = 1e-6;
    for (value, heat) in pixel.iter_mut().zip(colour) {
        *value = (mixed(f64::from(*value), f64::from(heat)) + LITTLE) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{Convention, Heat};
    use crate::render::Blend;

    const CHOSEN: Overlay = Convention::PAPER.overlay;

    fn style(colormap: Colormap, opacity: f32) -> MapStyle {
        MapStyle { colormap, opacity, blend: Blend::Plain, ..MapStyle::default() }
    }

    fn all(image: &Image) -> Region {
        Region { x: 0.0, y: 0.0, width: image.width() as f32, height: image.height() as f32 }
    }

    fn over(image: &Image, values: &[f32], overlay: &Overlay, style: MapStyle) -> Vec<u8> {
        let map = Plane::new(values.len(), 1, values.to_vec());
        heat_over(image, &map, Enlargement::Bilinear, all(image), overlay, style).unwrap().rgb().to_vec()
    }

    #[test]
    fn heat_lies_where_the_network_looked() {
        let image = Image::from_rgb(4, 2, vec![100; 24]).unwrap();
        let region = Region { x: 1.0, y: 0.0, width: 2.0, height: 2.0 };
        let map = Plane::new(1, 1, vec![1.0]);
        let over = heat_over(&image, &map, Enlargement::Bilinear, region, &CHOSEN, style(Colormap::Jet, 1.0)).unwrap();
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
        let map = Plane::new(3, 1, vec![-1.0, 0.0, 1.0]);
        let signed = signed_over(&image, &map, all(&image), style(Colormap::Jet, 1.0)).unwrap();
        let [against, neither, for_it] = [0, 1, 2].map(|place| &signed.rgb()[3 * place..][..3]);
        assert!(against[2] > against[0] + 50 && for_it[0] > for_it[2] + 50, "{against:?} {for_it:?}");
        assert!(neither.iter().all(|value| *value > 235), "{neither:?}");
    }

    #[test]
    fn heat_by_value_leaves_cold_places_as_they_are() {
        let image = Image::from_rgb(3, 1, vec![100, 200, 250, 10, 20, 30, 40, 50, 60]).unwrap();
        let by_value = MapStyle { blend: Blend::ByValue, ..style(Colormap::Viridis, 0.5) };
        let heat = over(&image, &[0.0, 0.5, 1.0], &CHOSEN, by_value);
        // The heat covers nothing, a quarter and a half.
        assert_eq!((Colormap::Viridis.colour(0.5), Colormap::Viridis.colour(1.0)), ([32, 144, 140], [253, 231, 37]));
        assert_eq!(heat, [100, 200, 250, 16, 51, 58, 147, 141, 49]);
        // A map with its sign is untouched where nothing speaks for or against, and a fixed mix is the convention's own.
        let signed = signed_over(&image, &Plane::new(3, 1, vec![0.0; 3]), all(&image), by_value).unwrap();
        assert_eq!(signed.rgb(), image.rgb());
        let fixed = Overlay { mix: Mix::Opacity(0.5), ..CHOSEN };
        assert_ne!(over(&image, &[0.0; 3], &fixed, by_value), image.rgb());
    }

    #[test]
    fn opacity_mixes_and_the_notebook_adds() {
        let image = Image::from_rgb(1, 1, vec![100, 200, 250]).unwrap();
        let viridis = style(Colormap::Viridis, 0.0);
        assert_eq!(over(&image, &[0.0], &CHOSEN, viridis), image.rgb());
        // Jet at 0 is (0, 0, 128): 250 + 0.4 * 128 saturates.
        assert_eq!(over(&image, &[0.0], &Convention::KERAS_NOTEBOOK.overlay, viridis), [100, 200, 255]);
        // The map is cut to 66 of 255, where jet is (0, 136, 255); 0.4 of 136 are 54.4, and of 255 are 102.
        let image = Image::from_rgb(1, 1, vec![7, 200, 0]).unwrap();
        let added = over(&image, &[66.5 / 255.0], &Convention::KERAS_NOTEBOOK.overlay, viridis);
        assert_eq!((Colormap::Jet.colour(66.0 / 255.0), &added[..]), ([0, 136, 255], [7, 254, 102].as_slice()));
    }

    #[test]
    fn fixed_mixes_ask_the_viewer_for_nothing() {
        let image = Image::from_rgb(2, 1, vec![100, 200, 250, 10, 20, 30]).unwrap();
        let of = |mix| Overlay { heat: Heat::OpencvJet, mix, ..CHOSEN };
        let both =
            |mix| [0.0, 1.0].map(|opacity| over(&image, &[0.0, 1.0], &of(mix), style(Colormap::Cividis, opacity)));
        // Jet is (0, 0, 128) and (128, 0, 0). By half: (50, 100, 189), (69, 10, 15); brightened by 255 / 189.
        let half = both(Mix::Opacity(0.5));
        assert_eq!((&half[0], &half[0][..]), (&half[1], [50, 100, 189, 69, 10, 15].as_slice()));
        assert_eq!(both(Mix::Brightened(0.5))[0], [67, 134, 255, 93, 13, 20]);
        let black = Image::from_rgb(1, 1, vec![0; 3]).unwrap();
        let nothing = over(&black, &[0.0], &of(Mix::Brightened(0.0)), style(Colormap::Jet, 0.5));
        assert_eq!(nothing, [0; 3]);
    }

    #[test]
    fn bases_are_the_image_stretched_or_grey() {
        let image = Image::from_rgb(2, 1, vec![100, 200, 150, 50, 60, 70]).unwrap();
        let of = |base| {
            over(&image, &[0.0, 0.0], &Overlay { base, mix: Mix::Opacity(0.0), ..CHOSEN }, style(Colormap::Jet, 0.5))
        };
        assert_eq!(of(Base::Image), image.rgb());
        assert_eq!(of(Base::Stretched), [85, 255, 170, 0, 17, 34]);
        assert_eq!(of(Base::Grey), [255, 255, 255, 0, 0, 0]);
    }
}
