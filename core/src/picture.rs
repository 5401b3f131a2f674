//! Pictures and planes of numbers, and reading and writing them. No tensors.

use std::io::Cursor;

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, Rgba, RgbaImage,
};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// No side of a picture may be longer, in pixels; what a browser's canvas and a GPU's texture can hold.
pub const MAX_SIDE: u32 = 16_384;

/// No picture may have more pixels: 100 million are 400 MB while it is worked on.
pub const MAX_PIXELS: u64 = 100_000_000;

/// A picture: opaque, upright, 8 bits a channel, row-major `RGB`.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture(RgbImage);

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} x {})", self.width(), self.height())
    }
}

impl Picture {
    /// Decodes a PNG, JPEG, WebP, GIF (its first frame) or BMP file: turned upright by its EXIF orientation, laid over white
    /// where it is transparent, brought to 8 bits a channel.
    ///
    /// # Errors
    /// [`Error::Picture`] for anything else and for sizes out of range, before the pixels are decoded.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let none = |error: &dyn std::fmt::Display| {
            Error::Picture(format!("this is no picture that can be read ({error}); use PNG, JPEG, WebP, GIF or BMP"))
        };
        let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| none(&error))?;
        let mut limits = Limits::default();
        // The size is judged below, with a clearer sentence; this guards against a file that lies about what it needs.
        limits.max_alloc = Some(8 * MAX_PIXELS);
        reader.limits(limits);
        let is_jpeg = reader.format() == Some(ImageFormat::Jpeg);
        let mut decoder = reader.into_decoder().map_err(|error| none(&error))?;
        let (width, height) = decoder.dimensions();
        check_size(width, height)?;
        let orientation = decoder.orientation().map_err(|error| none(&error))?;
        let mut picture = match decoder.original_color_type() {
            // Pictures for print (four inks) are left to the other decoder: they are not what networks are tested with.
            ExtendedColorType::Rgb8 | ExtendedColorType::L8 if is_jpeg => jpeg(bytes).map_err(|error| none(&error))?,
            _ => DynamicImage::from_decoder(decoder).map_err(|error| none(&error))?,
        };
        picture.apply_orientation(orientation);
        if picture.color().has_alpha() {
            return Ok(Self(over_white(&picture.into_rgba8())));
        }
        Ok(Self(picture.into_rgb8()))
    }

    /// A picture from row-major `RGB` bytes.
    ///
    /// # Errors
    /// [`Error::Picture`] where the length or the size does not fit.
    pub fn from_rgb(width: u32, height: u32, rgb: Vec<u8>) -> Result<Self> {
        check_size(width, height)?;
        let image = RgbImage::from_raw(width, height, rgb);
        image.map(Self).ok_or_else(|| Error::Picture(format!("the bytes given are no picture of {width} x {height}")))
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.0.width()
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.0.height()
    }

    /// Row-major `RGB` bytes.
    pub fn rgb(&self) -> &[u8] {
        self.0.as_raw()
    }

    /// The pixels.
    pub fn image(&self) -> &RgbImage {
        &self.0
    }

    /// Row-major `RGBA` bytes, opaque, as a canvas takes them.
    pub fn rgba(&self) -> Vec<u8> {
        self.0.as_raw().chunks_exact(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255]).collect()
    }

    /// The picture as a PNG file.
    ///
    /// # Errors
    /// [`Error::Picture`] where the encoder refuses it.
    pub fn png(&self) -> Result<Vec<u8>> {
        let mut bytes = Cursor::new(Vec::new());
        let written = self.0.write_to(&mut bytes, image::ImageFormat::Png);
        written.map_err(|error| Error::Picture(format!("the picture cannot be written as PNG: {error}")))?;
        Ok(bytes.into_inner())
    }
}

impl Picture {
    /// The picture made smaller, so that no side is longer than `side` pixels; one that is small already stays as it is.
    pub fn within(&self, side: u32) -> Self {
        let longer = self.width().max(self.height());
        if longer <= side {
            return self.clone();
        }
        let scaled = |length: u32| (u64::from(length) * u64::from(side)).div_ceil(u64::from(longer)) as u32;
        let size = (scaled(self.width()), scaled(self.height()));
        Self(image::imageops::resize(&self.0, size.0, size.1, image::imageops::FilterType::Triangle))
    }

    /// The picture as a JPEG file of `quality` 1 to 100, for people.
    ///
    /// # Errors
    /// [`Error::Picture`] where the encoder refuses it.
    pub fn jpeg(&self, quality: u8) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let written =
            self.0.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality));
        written.map_err(|error| Error::Picture(format!("the picture cannot be written as JPEG: {error}")))?;
        Ok(bytes)
    }
}

pub(crate) fn check_size(width: u32, height: u32) -> Result<()> {
    let pixels = u64::from(width) * u64::from(height);
    if width == 0 || height == 0 {
        return Err(Error::Picture(format!("the picture has {width} x {height} pixels: there is nothing to look at")));
    }
    if width > MAX_SIDE || height > MAX_SIDE || pixels > MAX_PIXELS {
        return Err(Error::Picture(format!(
            "the picture has {width} x {height} pixels; at most {MAX_SIDE} a side and {} million in all can be worked on: make it smaller",
            MAX_PIXELS / 1_000_000
        )));
    }
    Ok(())
}

/// Decodes a JPEG as libjpeg-turbo does, to the last bit. Pillow and OpenCV read pictures with it, so networks and their published
/// numbers were made with it; `image`'s decoder is off by up to 4 of 255, which moves VGG16's channel sums by up to 0.5 %.
fn jpeg(bytes: &[u8]) -> Result<DynamicImage, String> {
    let image = libjpeg_turbo_rs::decompress_to(bytes, libjpeg_turbo_rs::PixelFormat::Rgb);
    let image = image.map_err(|error| error.to_string())?;
    let rgb = RgbImage::from_raw(image.width as u32, image.height as u32, image.data);
    rgb.map(DynamicImage::ImageRgb8).ok_or_else(|| "the JPEG is damaged".into())
}

fn over_white(picture: &RgbaImage) -> RgbImage {
    let mut opaque = RgbImage::new(picture.width(), picture.height());
    for (to, Rgba([r, g, b, a])) in opaque.pixels_mut().zip(picture.pixels()) {
        let a = u32::from(*a);
        to.0 = [r, g, b].map(|value| ((u32::from(*value) * a + 255 * (255 - a) + 127) / 255) as u8);
    }
    opaque
}

/// A row-major plane of numbers `[height, width]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plane {
    /// Width.
    pub width: usize,
    /// Height.
    pub height: usize,
    /// `height * width` numbers, row by row.
    pub values: Vec<f32>,
}

impl Plane {
    /// A plane of these numbers, which must be `width * height`.
    pub fn new(width: usize, height: usize, values: Vec<f32>) -> Self {
        assert_eq!(values.len(), width * height, "a plane has width * height numbers");
        Self { width, height, values }
    }

    /// The largest number; minus infinity for an empty plane.
    pub fn max(&self) -> f32 {
        self.values.iter().copied().fold(f32::NEG_INFINITY, f32::max)
    }

    /// The smallest number; infinity for an empty plane.
    pub fn min(&self) -> f32 {
        self.values.iter().copied().fold(f32::INFINITY, f32::min)
    }

    /// Enlarged or made smaller by bilinear interpolation between pixel centres, edges repeated: OpenCV's `INTER_LINEAR` and
    /// PyTorch's `bilinear` with `align_corners=False`.
    pub fn resize(&self, width: usize, height: usize) -> Self {
        let columns = taps(self.width, width);
        let rows = taps(self.height, height);
        let mut values = Vec::with_capacity(width * height);
        for &(top, bottom, down) in &rows {
            let at = |row: usize, column: usize| self.values[row * self.width + column];
            values.extend(columns.iter().map(|&(left, right, along)| {
                let above = at(top, left) + (at(top, right) - at(top, left)) * along;
                let below = at(bottom, left) + (at(bottom, right) - at(bottom, left)) * along;
                above + (below - above) * down
            }));
        }
        Self { width, height, values }
    }

    /// The plane as a NumPy `.npy` file: little-endian float32, C order, `[height, width]`.
    pub fn npy(&self) -> Vec<u8> {
        npy(&[self.height, self.width], &self.values)
    }
}

/// Numbers of `shape` as a NumPy `.npy` file: little-endian float32, C order.
pub fn npy(shape: &[usize], values: &[f32]) -> Vec<u8> {
    use npyz::WriterBuilder;
    let mut bytes = Vec::new();
    let shape: Vec<u64> = shape.iter().map(|&size| size as u64).collect();
    let options = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut bytes);
    let written = options.begin_nd().and_then(|mut writer| {
        writer.extend(values.iter().copied())?;
        writer.finish()
    });
    written.unwrap_or_else(|_| unreachable!("writing to memory does not fail"));
    bytes
}

/// For every new place: the two old places it lies between and how far it is towards the second.
fn taps(old: usize, new: usize) -> Vec<(usize, usize, f32)> {
    let scale = old as f32 / new as f32;
    let tap = |place: usize| {
        let at = ((place as f32 + 0.5) * scale - 0.5).clamp(0.0, (old - 1) as f32);
        let first = at.floor() as usize;
        (first, (first + 1).min(old - 1), at - first as f32)
    };
    (0..new).map(tap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(image: &DynamicImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn transparent_is_laid_over_white_and_16_bits_become_8() {
        let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(2, 1, Rgba([0, 0, 0, 0])));
        assert_eq!(Picture::decode(&png(&clear)).unwrap().rgb(), [255; 6]);
        let deep = DynamicImage::ImageRgb16(image::ImageBuffer::from_pixel(1, 1, image::Rgb([65_535, 32_768, 0])));
        assert_eq!(Picture::decode(&png(&deep)).unwrap().rgb(), [255, 128, 0]);
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_refused_with_a_sentence() {
        assert!(Picture::decode(b"not a picture").unwrap_err().to_string().contains("no picture"));
        assert!(Picture::decode(&[]).unwrap_err().to_string().contains("no picture"));
        let wide = DynamicImage::ImageLuma8(image::GrayImage::new(20_000, 1));
        let error = Picture::decode(&png(&wide)).unwrap_err().to_string();
        assert!(error.contains("20000 x 1 pixels") && error.contains("16384"), "{error}");
        assert!(Picture::from_rgb(0, 3, vec![]).unwrap_err().to_string().contains("0 x 3"));
    }

    #[test]
    fn within_keeps_the_shape_and_never_enlarges() {
        let picture = Picture::from_rgb(300, 100, vec![7; 90_000]).unwrap();
        let small = picture.within(30);
        assert_eq!((small.width(), small.height(), small.rgb()[0]), (30, 10, 7));
        assert_eq!(picture.within(300), picture);
        let line = Picture::from_rgb(1000, 1, vec![7; 3000]).unwrap().within(10);
        assert_eq!((line.width(), line.height()), (10, 1));
        assert!(Picture::decode(&line.jpeg(90).unwrap()).is_ok());
    }

    #[test]
    fn resize_repeats_edges_and_interpolates_between_centres() {
        // OpenCV: cv2.resize(np.float32([[0, 1]]), (4, 1)) is [[0, 0.25, 0.75, 1]].
        let plane = Plane::new(2, 1, vec![0.0, 1.0]).resize(4, 1);
        assert_eq!(plane.values, [0.0, 0.25, 0.75, 1.0]);
        assert_eq!(Plane::new(1, 1, vec![3.0]).resize(2, 3).values, [3.0; 6]);
    }

    #[test]
    fn npy_reads_back() {
        let plane = Plane::new(2, 3, vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.5]);
        let file = plane.npy();
        let read = npyz::NpyFile::new(&file[..]).unwrap();
        assert_eq!(read.shape(), [3, 2]);
        assert_eq!(read.into_vec::<f32>().unwrap(), plane.values);
    }
}
