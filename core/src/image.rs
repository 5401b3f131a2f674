//! Images and planes of numbers, and reading and writing them. No tensors.
//!
//! ```
//! use convscope_core::image::{Image, Plane};
//!
//! let red = Image::from_rgb(2, 1, vec![255, 0, 0, 250, 0, 0])?;
//! assert_eq!(Image::decode(&red.png()?)?.rgb(), red.rgb());
//! let heat = Plane::new(2, 1, vec![0.0, 1.0]).resize(4, 1);
//! assert_eq!(heat.values, [0.0, 0.25, 0.75, 1.0]);
//! # Ok::<(), convscope_core::Error>(())
//! ```

mod decode;
mod end;
mod enlargement;
mod foreign;
mod memory;
mod plane;

use std::io::Cursor;

use image::RgbImage;

use crate::error::{Error, Fault, Result};
use crate::fault;
pub use enlargement::Enlargement;
pub use plane::{Plane, array, npy, npy_f16};

/// Pixels of an image's side at most; what a browser's canvas and a GPU's texture can hold.
pub const MAX_SIDE: u32 = 16_384;

/// Pixels of an image at most: 100 million are 400 MB while it is worked on.
pub const MAX_PIXELS: u64 = 100_000_000;

/// An image: opaque, upright, 8 bits a channel, row-major `RGB`.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    image: RgbImage,
    note: Option<Fault>,
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Image({} x {})", self.width(), self.height())
    }
}

impl Image {
    /// The image in a file.
    ///
    /// # Errors
    /// [`Error::File`] where it cannot be read, and those of [`Image::decode`].
    pub fn open(path: impl AsRef<std::path::Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::decode(&std::fs::read(path).map_err(|error| Error::read(path, error))?)
    }

    /// Writes the image to a PNG file.
    ///
    /// # Errors
    /// [`Error::File`] where the file cannot be written, and those of [`Image::png`].
    pub fn save(&self, path: impl AsRef<std::path::Path>) -> Result<()> {
        let path = path.as_ref();
        std::fs::write(path, self.png()?).map_err(|error| Error::write(path, error))
    }

    /// Decodes a PNG, JPEG, WebP, GIF (its first frame), BMP or TIFF file (its first page): turned upright by its EXIF orientation,
    /// laid over white where it is transparent, brought to 8 bits a channel.
    ///
    /// # Errors
    /// [`Error::Image`] for anything else and for sizes out of range, before the pixels are decoded, and where memory is short.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let (image, note) = decode::decode(bytes)?;
        Ok(Self { image, note })
    }

    /// An image from row-major `RGB` bytes.
    ///
    /// # Errors
    /// [`Error::Image`] where the length or the size does not fit.
    pub fn from_rgb(width: u32, height: u32, rgb: Vec<u8>) -> Result<Self> {
        check_size(width, height)?;
        let image = RgbImage::from_raw(width, height, rgb);
        let image = image.map(|image| Self { image, note: None });
        image.ok_or_else(|| {
            Error::Image(fault!("image-bytes", "the bytes given are no image of {width} x {height}", width, height))
        })
    }

    /// Sentence to be said about the file beside the results, for instance that it ends too early.
    pub fn note(&self) -> Option<&Fault> {
        self.note.as_ref()
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.image.width()
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.image.height()
    }

    /// Row-major `RGB` bytes.
    pub fn rgb(&self) -> &[u8] {
        self.image.as_raw()
    }

    /// A copy to draw on.
    ///
    /// # Errors
    /// [`Error::Image`] where memory is short.
    pub(crate) fn canvas(&self) -> Result<Self> {
        memory::room(self.rgb().len() as u64, self.width(), self.height())?;
        Ok(self.clone())
    }

    /// Row-major `RGB` bytes to draw on.
    pub(crate) fn rgb_mut(&mut self) -> &mut [u8] {
        &mut self.image
    }

    /// The pixels.
    pub fn image(&self) -> &RgbImage {
        &self.image
    }

    /// Row-major `RGBA` bytes, opaque, as a canvas takes them.
    pub fn rgba(&self) -> Vec<u8> {
        self.image.as_raw().chunks_exact(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255]).collect()
    }

    /// The image as a PNG file.
    ///
    /// # Errors
    /// [`Error::Image`] where the encoder refuses it, or memory is short.
    pub fn png(&self) -> Result<Vec<u8>> {
        // The encoder takes a copy of the pixels, and the file while it grows.
        memory::room(3 * self.rgb().len() as u64, self.width(), self.height())?;
        let mut bytes = Cursor::new(Vec::new());
        let written = self.image.write_to(&mut bytes, image::ImageFormat::Png);
        written.map_err(|error| {
            Error::Image(
                fault!("png-not-written", "the image cannot be written as PNG: {error}", error).with_source(error),
            )
        })?;
        Ok(bytes.into_inner())
    }
}

impl Image {
    /// The image made smaller, so that no side is longer than `side` pixels; one that is small already stays as it is.
    pub fn within(&self, side: u32) -> Self {
        let longer = self.width().max(self.height());
        if longer <= side {
            return self.clone();
        }
        let scaled = |length: u32| (u64::from(length) * u64::from(side)).div_ceil(u64::from(longer)) as u32;
        let size = (scaled(self.width()), scaled(self.height()));
        Self {
            image: image::imageops::resize(&self.image, size.0, size.1, image::imageops::FilterType::Triangle),
            note: self.note.clone(),
        }
    }

    /// The image as a JPEG file of `quality` 1 to 100, for people.
    ///
    /// # Errors
    /// [`Error::Image`] where the encoder refuses it.
    pub fn jpeg(&self, quality: u8) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let written =
            self.image.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality));
        written.map_err(|error| {
            Error::Image(
                fault!("jpeg-not-written", "the image cannot be written as JPEG: {error}", error).with_source(error),
            )
        })?;
        Ok(bytes)
    }
}

pub(crate) fn check_size(width: u32, height: u32) -> Result<()> {
    let pixels = u64::from(width) * u64::from(height);
    if width == 0 || height == 0 {
        return Err(Error::Image(fault!(
            "image-empty",
            "the image has {width} x {height} pixels: there is nothing to look at",
            width,
            height
        )));
    }
    if width > MAX_SIDE || height > MAX_SIDE || pixels > MAX_PIXELS {
        return Err(Error::Image(fault!(
            "image-too-large",
            "the image has {width} x {height} pixels; at most {side} a side and {millions} million in all can be worked on: make it smaller",
            width,
            height,
            side = MAX_SIDE,
            millions = MAX_PIXELS / 1_000_000
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn within_keeps_the_shape_and_never_enlarges() {
        let image = Image::from_rgb(300, 100, vec![7; 90_000]).unwrap();
        let small = image.within(30);
        assert_eq!((small.width(), small.height(), small.rgb()[0]), (30, 10, 7));
        assert_eq!(image.within(300), image);
        let line = Image::from_rgb(1000, 1, vec![7; 3000]).unwrap().within(10);
        assert_eq!((line.width(), line.height()), (10, 1));
        assert!(Image::decode(&line.jpeg(90).unwrap()).is_ok());
    }
}
