//! Two images side by side.

use image::imageops::{FilterType, resize};

use crate::error::Result;
use crate::image::{Image, check_size};

/// Largest share of the right image's width that the left one takes.
const SHARE: f64 = 0.75;
/// Pixels between the two and around them.
const MARGIN: u32 = 24;

/// An image on the left of another, on white paper, no larger than that and in its middle.
///
/// # Errors
/// [`Error::Image`](crate::Error::Image) where the two would be too large.
pub fn beside(left: &Image, right: &Image) -> Result<Image> {
    let (width, height) = (f64::from(left.width()), f64::from(left.height()));
    let scale = (SHARE * f64::from(right.width()) / width).min(f64::from(right.height()) / height);
    let [wide, high] = [width, height].map(|side| ((side * scale).round() as u32).max(1));
    let filter = if scale > 1.0 { FilterType::Nearest } else { FilterType::Triangle };
    let left = resize(left.image(), wide, high, filter);
    let size = [wide + right.width() + 3 * MARGIN, right.height().max(high) + 2 * MARGIN];
    check_size(size[0], size[1])?;
    let mut paper = Image::from_rgb(size[0], size[1], vec![255; 3 * size[0] as usize * size[1] as usize])?;
    let mut put = |rgb: &[u8], [width, height]: [u32; 2], x: u32| {
        let top = (size[1] - height) / 2;
        for (row, pixels) in rgb.chunks_exact(3 * width as usize).enumerate() {
            let start = 3 * ((top as usize + row) * size[0] as usize + x as usize);
            paper.rgb_mut()[start..start + pixels.len()].copy_from_slice(pixels);
        }
    };
    put(left.as_raw(), [wide, high], MARGIN);
    put(right.rgb(), [right.width(), right.height()], wide + 2 * MARGIN);
    Ok(paper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_left_image_is_no_larger_than_the_right_one() {
        let grey = |width: u32, height: u32, grey| {
            Image::from_rgb(width, height, vec![grey; 3 * (width * height) as usize]).unwrap()
        };
        let right = grey(400, 200, 9);
        for (left, [wide, high]) in [(grey(1000, 500, 7), [300, 150]), (grey(20, 40, 7), [100, 200])] {
            let both = beside(&left, &right).unwrap();
            assert_eq!([both.width(), both.height()], [wide + 400 + 72, 248]);
            let pixel = |x: u32, y: u32| both.rgb()[3 * (y * both.width() + x) as usize];
            let top = (248 - high) / 2;
            assert_eq!([pixel(24, top), pixel(23 + wide, top + high - 1)], [7, 7]);
            assert_eq!([pixel(23, top), pixel(24 + wide, top), pixel(24, top - 1)], [255; 3]);
            assert_eq!([pixel(48 + wide, 24), pixel(447 + wide, 223), pixel(448 + wide, 24)], [9, 9, 255]);
        }
    }
}
