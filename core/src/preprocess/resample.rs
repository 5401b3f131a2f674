//! `BILINEAR` of Pillow 9 to 12 to the last bit, so that images meet a network as they did when its makers tested it. The `image` crate's
//! triangle filter rounds differently, which moves the logits of a VGG16 by up to 0.02.
//!
//! A triangle filter as wide as the shrinking asks for, rows first, then columns, each rounded to 8 bits: `src/libImaging/Resample.c` of
//! Pillow (`precompute_coeffs`, `normalize_coeffs_8bpc`, `ImagingResampleHorizontal_8bpc`).

use image::RgbImage;

use super::side::Side;

/// Fraction bits of a weight: 32 less 8 of the result less 2 to spare.
const PRECISION: u32 = 32 - 8 - 2;

/// The first source pixel and the weights of one new pixel.
struct Window {
    first: usize,
    weights: Vec<i64>,
}

fn windows(side: &Side) -> Vec<Window> {
    let scale = side.scale();
    let width = scale.max(1.0);
    let window = |place: u32| {
        let centre = (f64::from(place) + 0.5) * scale;
        let first = (centre - width + 0.5).max(0.0) as usize;
        let end = ((centre + width + 0.5) as usize).min(side.old as usize);
        let weight = |pixel: usize| (1.0 - ((pixel as f64 - centre + 0.5) * (1.0 / width)).abs()).max(0.0);
        let weights: Vec<f64> = (first..end).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        let fixed = |weight: f64| (weight * (1.0 / sum) * f64::from(1_u32 << PRECISION) + 0.5) as i64;
        Window { first, weights: weights.into_iter().map(fixed).collect() }
    };
    side.part.clone().map(window).collect()
}

/// The weighted sum of every `step`th byte, of which those before `first` are left out, rounded.
fn sum(bytes: &[u8], step: usize, first: usize, window: &Window) -> u8 {
    let bytes = bytes[(window.first - first) * step..].iter().step_by(step);
    let sum: i64 = bytes.zip(&window.weights).map(|(&byte, weight)| i64::from(byte) * weight).sum();
    ((sum + (1 << (PRECISION - 1))) >> PRECISION).clamp(0, 255) as u8
}

/// The wanted part of the image at another size.
pub(super) fn bilinear(image: &RgbImage, columns: &Side, rows: &Side) -> RgbImage {
    let (columns, rows) = (windows(columns), windows(rows));
    let (width, height) = (columns.len() as u32, rows.len() as u32);
    // The old rows that the new ones are made of.
    let first = rows.first().map_or(0, |window| window.first);
    let end = rows.last().map_or(0, |window| window.first + window.weights.len());
    let narrow = RgbImage::from_fn(width, (end - first) as u32, |x, y| {
        let row = &image.as_raw()[(first + y as usize) * 3 * image.width() as usize..];
        image::Rgb([0, 1, 2].map(|channel| sum(&row[channel..], 3, 0, &columns[x as usize])))
    });
    RgbImage::from_fn(width, height, |x, y| {
        let column = &narrow.as_raw()[3 * x as usize..];
        image::Rgb([0, 1, 2].map(|channel| sum(&column[channel..], 3 * width as usize, first, &rows[y as usize])))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_pillow() {
        // Pillow 13.0.0: Image.frombytes('RGB', (7, 5), bytes((i * 37 + 11) % 256 for i in range(105))).resize(size, BILINEAR)
        let image =
            RgbImage::from_raw(7, 5, (0..105_u32).map(|index| ((index * 37 + 11) % 256) as u8).collect()).unwrap();
        let side = |old, new| Side { old, new, part: 0..new };
        let small = [113, 97, 134, 154, 131, 111, 134, 169, 128, 93, 115, 152, 131, 108, 129, 152, 149, 83];
        assert_eq!(bilinear(&image, &side(7, 3), &side(5, 2)).into_raw(), small);
        let last = [58, 95, 132, 75, 112, 149, 173, 98, 135, 190, 51, 88, 111, 148, 137, 201, 238, 19];
        assert!(bilinear(&image, &side(7, 8), &side(5, 7)).into_raw().ends_with(&last));
    }

    #[test]
    fn a_part_is_cut_out_of_the_whole() {
        let image =
            RgbImage::from_fn(60, 47, |x, y| image::Rgb([(x * 31 + y * 7) as u8, (x * y) as u8, (y * 53) as u8]));
        for (width, height) in [(20, 16), (97, 130), (60, 47), (7, 90)] {
            let whole = |old, new| Side { old, new, part: 0..new };
            let all = bilinear(&image, &whole(60, width), &whole(47, height));
            let part = |old, new: u32| Side { old, new, part: new / 3..new - 2 };
            let (left, top) = (width / 3, height / 3);
            let cut = image::imageops::crop_imm(&all, left, top, width - 2 - left, height - 2 - top).to_image();
            assert_eq!(bilinear(&image, &part(60, width), &part(47, height)), cut);
        }
    }
}
