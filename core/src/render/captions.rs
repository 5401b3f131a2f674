//! Images side by side, each with lines of text below it.

use image::imageops::{FilterType, resize};

use super::lettering::{LINE, write};
use super::stitch;
use crate::error::Result;
use crate::image::Image;

/// Width of an image on the sheet, in pixels.
const WIDTH: u32 = 320;
/// Largest height of an image on the sheet, in pixels.
const HEIGHT: u32 = 480;
/// Pixels around an image.
const MARGIN: usize = 12;
const PAPER: u8 = 255;
const INK: [u8; 3] = [32, 32, 32];

/// Image with lines of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captioned {
    /// The image.
    pub image: Image,
    /// Lines of text, the first in black, the others in grey.
    pub lines: Vec<String>,
}

/// Images of any sizes on white paper, `columns` a row, each brought to one width and its lines of text written below it. Small
/// images are enlarged without smoothing, so that their pixels are seen.
///
/// # Errors
/// [`Error::Image`](crate::Error::Image) where the sheet would be too large.
pub fn captioned_sheet(panels: &[Captioned], columns: usize) -> Result<Image> {
    let images: Vec<Image> = panels.iter().map(|panel| scaled(&panel.image)).collect::<Result<_>>()?;
    let high = images.iter().map(|image| image.height() as usize).max().unwrap_or_default();
    let lines = panels.iter().map(|panel| panel.lines.len()).max().unwrap_or_default();
    let (wide, high) = (WIDTH as usize + 2 * MARGIN, high + 2 * MARGIN + lines * LINE);
    let tile = |(image, panel): (&Image, &Captioned)| {
        let mut tile = Image::from_rgb(wide as u32, high as u32, vec![PAPER; 3 * wide * high])?;
        let width = image.width() as usize;
        let left = MARGIN + (WIDTH as usize - width) / 2;
        for (row, pixels) in image.rgb().chunks_exact(3 * width).enumerate() {
            let start = 3 * ((MARGIN + row) * wide + left);
            tile.rgb_mut()[start..start + 3 * width].copy_from_slice(pixels);
        }
        for (index, line) in panel.lines.iter().enumerate() {
            let ink = if index == 0 { [0; 3] } else { INK.map(|ink| 2 * ink + 32) };
            let top = 2 * MARGIN + image.height() as usize + index * LINE;
            write(&mut tile, line, [MARGIN, top - MARGIN / 2], WIDTH as usize, ink);
        }
        Ok(tile)
    };
    let tiles: Vec<Image> = images.iter().zip(panels).map(tile).collect::<Result<_>>()?;
    let mut sheet = stitch(&tiles, columns, 0)?;
    // Places that are left over.
    for place in tiles.len()..tiles.len().div_ceil(columns.max(1)) * columns.max(1) {
        whiten(&mut sheet, [place % columns.max(1) * wide, place / columns.max(1) * high], [wide, high]);
    }
    Ok(sheet)
}

fn whiten(sheet: &mut Image, [left, top]: [usize; 2], [wide, high]: [usize; 2]) {
    let width = sheet.width() as usize;
    for row in sheet.rgb_mut().chunks_exact_mut(3 * width).skip(top).take(high) {
        if let Some(pixels) = row.get_mut(3 * left..3 * (left + wide)) {
            pixels.fill(PAPER);
        }
    }
}

/// The image at the sheet's width, or as high as fits.
fn scaled(image: &Image) -> Result<Image> {
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    let scale = (f64::from(WIDTH) / width).min(f64::from(HEIGHT) / height);
    let [width, height] = [width, height].map(|side| ((side * scale).round() as u32).max(1));
    let filter = if scale > 1.0 { FilterType::Nearest } else { FilterType::Triangle };
    let image = resize(image.image(), width.min(WIDTH), height.min(HEIGHT), filter);
    Image::from_rgb(image.width(), image.height(), image.into_raw())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_any_size_stand_side_by_side_on_white() {
        let of = |width: u32, height: u32, lines: &[&str]| Captioned {
            image: Image::from_rgb(width, height, vec![9; (3 * width * height) as usize]).unwrap(),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        };
        let panels = [of(29, 21, &["one", "more"]), of(900, 600, &["two"]), of(1, 4000, &[])];
        let sheet = captioned_sheet(&panels, 2).unwrap();
        let high = 480 + 2 * MARGIN + 2 * LINE;
        assert_eq!((sheet.width() as usize, sheet.height() as usize), (2 * 344, 2 * high));
        let pixel = |x: usize, y: usize| &sheet.rgb()[3 * (y * 688 + x)..][..3];
        // The corners of the first two images, the paper beside them, and the place that is left over.
        assert_eq!((pixel(12, 12), pixel(12 + 319, 12 + 231)), ([9; 3].as_slice(), [9; 3].as_slice()));
        assert_eq!((pixel(11, 11), pixel(344 + 12, 12 + 213)), ([255; 3].as_slice(), [255; 3].as_slice()));
        assert_eq!((pixel(500, high + 50), pixel(12 + 159, high + 12)), ([255; 3].as_slice(), [9; 3].as_slice()));
        let inked = sheet.rgb()[3 * 688 * 250..3 * 688 * 300].chunks_exact(3).any(|pixel| pixel == [0; 3]);
        assert!(inked, "the first line is black");
        assert_eq!(captioned_sheet(&[], 4).unwrap().rgb().len(), 3);
    }
}
