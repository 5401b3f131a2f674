//! Many images as one.

use crate::error::Result;
use crate::image::Image;

/// Images of one size side by side, row after row of `columns`, with `margin` black pixels between them and none around.
/// Places that are left over stay black. No images give one black pixel.
///
/// # Errors
/// [`Error::Image`](crate::Error::Image) where the sheet would be too large.
pub fn stitch(images: &[Image], columns: usize, margin: usize) -> Result<Image> {
    let (width, height) = images.first().map_or((1, 1), |one| (one.width() as usize, one.height() as usize));
    let columns = columns.clamp(1, images.len().max(1));
    let rows = images.len().div_ceil(columns).max(1);
    let side = |count: usize, length: usize| count * length + (count - 1) * margin;
    let (wide, high) = (side(columns, width), side(rows, height));
    // The size is judged before the memory is taken.
    crate::image::check_size(wide as u32, high as u32)?;
    let mut rgb = vec![0; 3 * wide * high];
    for (place, image) in images.iter().enumerate() {
        let (left, top) = (place % columns * (width + margin), place / columns * (height + margin));
        for (row, pixels) in image.rgb().chunks_exact(3 * width).take(height).enumerate() {
            let start = 3 * ((top + row) * wide + left);
            rgb[start..start + 3 * width].copy_from_slice(pixels);
        }
    }
    Image::from_rgb(wide as u32, high as u32, rgb)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_lie_in_rows_with_black_between() {
        let images: Vec<Image> = (1..=3).map(|grey| Image::from_rgb(2, 1, vec![grey; 6]).unwrap()).collect();
        let sheet = stitch(&images, 2, 1).unwrap();
        assert_eq!((sheet.width(), sheet.height()), (5, 3));
        let grey: Vec<u8> = sheet.rgb().iter().step_by(3).copied().collect();
        assert_eq!(grey, [1, 1, 0, 2, 2, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0]);
    }

    #[test]
    fn nothing_is_one_pixel_and_too_much_is_refused() {
        assert_eq!(stitch(&[], 4, 5).unwrap().rgb(), [0, 0, 0]);
        let wide = Image::from_rgb(10_000, 1, vec![0; 30_000]).unwrap();
        assert!(stitch(&[wide.clone(), wide], 2, 0).unwrap_err().to_string().contains("20000 x 1"));
    }
}
