//! Decoding of an image's file to pixels: opaque, upright, 8 bits a channel.

use std::io::{Cursor, ErrorKind};

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};

use super::{MAX_PIXELS, check_size, end, foreign, memory};
use crate::error::{Error, Fault, Result};
use crate::fault;

/// Note beside the results of a PNG file that ends too early, though not before its pixels do.
const NO_END: Fault =
    fault!("png-no-end", "the PNG file lacks its end chunk: every pixel is there, but what came after them is lost");

/// The most passes in which a JPEG is drawn; programs make a dozen, and the format has no use for more than some hundred.
const MOST_SCANS: usize = 100;

/// Pixels as a file holds them.
struct Stored {
    width: u32,
    height: u32,
    samples: Vec<u8>,
    colour: ColorType,
    orientation: Orientation,
    note: Option<Fault>,
}

/// The pixels of a file, and what is to be said about them.
pub(super) fn decode(bytes: &[u8]) -> Result<(RgbImage, Option<Fault>)> {
    if let Some(error) = foreign::refuse(bytes) {
        return Err(error);
    }
    let reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| unreadable(Fault::foreign(error)))?;
    let stored = match reader.format() {
        None => return Err(unreadable(fault!("image-beginning", "it begins like none"))),
        Some(ImageFormat::Png) => png(bytes)?,
        Some(ImageFormat::Jpeg) => match jpeg(bytes)? {
            Some(stored) => stored,
            None => other(bytes, ImageFormat::Jpeg)?,
        },
        Some(format) => other(bytes, format)?,
    };
    let Stored { width, height, note, orientation, .. } = stored;
    let pixels = u64::from(width) * u64::from(height);
    let copies = u64::from(stored.colour != ColorType::Rgb8) + u64::from(orientation != Orientation::NoTransforms);
    memory::room(copies * 3 * pixels, width, height)?;
    let rgb = match stored.colour {
        ColorType::Rgb8 => stored.samples,
        colour if colour.bytes_per_pixel() > colour.channel_count() => over_white::<65_535>(&stored.samples, colour),
        colour => over_white::<255>(&stored.samples, colour),
    };
    let image = RgbImage::from_raw(width, height, rgb)
        .ok_or_else(|| unreadable(fault!("image-damaged", "the image is damaged")))?;
    let mut image = DynamicImage::ImageRgb8(image);
    image.apply_orientation(orientation);
    Ok((image.into_rgb8(), note))
}

fn unreadable(cause: Fault) -> Error {
    Error::Image(fault!(
        "image-unreadable",
        "this is no image that can be read ({cause}); use PNG, JPEG, WebP, GIF, BMP or TIFF",
        cause = cause
    ))
}

fn too_short(kind: &str) -> Error {
    Error::Image(fault!("image-cut", "the {kind} file ends before its image does; get the file again", kind))
}

/// Decodes a JPEG as libjpeg-turbo does, to the last bit. Pillow and OpenCV read images with it, so networks and their published
/// numbers were made with it; `image`'s decoder is off by up to 4 of 255, which moves VGG16's channel sums by up to 0.5 %.
/// Images for print (four inks) are left to that decoder: they are not what networks are tested with.
fn jpeg(bytes: &[u8]) -> Result<Option<Stored>> {
    use libjpeg_turbo_rs::{DecodeLimits, Decoder, JpegError, PixelFormat};
    let limits = DecodeLimits { max_scans: MOST_SCANS, ..DecodeLimits::default() };
    let wrong = |error: JpegError| match error {
        JpegError::UnexpectedEof => too_short("JPEG"),
        JpegError::LimitExceeded { what, .. } if what.starts_with("scan count") => Error::Image(fault!(
            "jpeg-scans",
            "the JPEG file draws its image in more than {most} passes, each of which takes its time; save it again",
            most = MOST_SCANS
        )),
        error => unreadable(Fault::foreign(error)),
    };
    let mut decoder = Decoder::new_with_limits(bytes, limits).map_err(wrong)?;
    let header = decoder.header();
    if !matches!(header.components.len(), 1 | 3) {
        return Ok(None);
    }
    let (width, height) = (header.width() as u32, header.height() as u32);
    check_size(width, height)?;
    let orientation = decoder.exif_data().and_then(Orientation::from_exif_chunk);
    decoder.set_output_format(PixelFormat::Rgb);
    let image = decoder.decode_image().map_err(|error| match error {
        JpegError::AllocationFailed { .. } => memory::too_little(width, height),
        error => wrong(error),
    })?;
    Ok(Some(Stored {
        width,
        height,
        samples: image.data,
        colour: ColorType::Rgb8,
        orientation: orientation.unwrap_or(Orientation::NoTransforms),
        note: None,
    }))
}

/// Decodes a PNG, also one without its end chunk: whether all pixels are there is seen with one added.
fn png(bytes: &[u8]) -> Result<Stored> {
    let error = match other(bytes, ImageFormat::Png) {
        Ok(stored) => return Ok(stored),
        Err(error) => error,
    };
    let whole = end::added(bytes).and_then(|whole| other(&whole, ImageFormat::Png).ok());
    whole.map(|stored| Stored { note: Some(NO_END), ..stored }).ok_or(error)
}

fn other(bytes: &[u8], format: ImageFormat) -> Result<Stored> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    // The size is judged below, with a clearer sentence; this guards against a file that lies about what it needs.
    limits.max_alloc = Some(8 * MAX_PIXELS);
    reader.limits(limits);
    let kind = match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::WebP => "WebP",
        ImageFormat::Gif => "GIF",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Tiff => "TIFF",
        _ => "picture",
    };
    let wrong = |error: ImageError| match error {
        ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => too_short(kind),
        error => unreadable(Fault::foreign(error)),
    };
    let mut decoder = reader.into_decoder().map_err(wrong)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let orientation = decoder.orientation().map_err(wrong)?;
    let colour = decoder.color_type();
    if matches!(colour, ColorType::Rgb32F | ColorType::Rgba32F) {
        return Err(unreadable(fault!(
            "image-fractions",
            "its numbers are fractions, of which none is known to be white"
        )));
    }
    // Decoders of files that are made of parts put the image together before they hand it over.
    let copies = if matches!(format, ImageFormat::Png | ImageFormat::Bmp) { 1 } else { 2 };
    memory::room(copies * decoder.total_bytes(), width, height)?;
    let mut samples = vec![0; decoder.total_bytes() as usize];
    decoder.read_image(&mut samples).map_err(wrong)?;
    if format == ImageFormat::Bmp && colour == ColorType::Rgba8 {
        opaque_if_nothing_shows(&mut samples);
    }
    Ok(Stored { width, height, samples, colour, orientation, note: None })
}

/// Programs that know no transparency leave its bytes at 0: a bitmap of which nothing would show is opaque, as in browsers.
fn opaque_if_nothing_shows(rgba: &mut [u8]) {
    if rgba.chunks_exact(4).all(|pixel| pixel[3] == 0) {
        rgba.chunks_exact_mut(4).for_each(|pixel| pixel[3] = 255);
    }
}

/// Samples of 0 to `WHITE` laid over white where they are transparent, and rounded once, to 8 bits.
fn over_white<const WHITE: u64>(samples: &[u8], colour: ColorType) -> Vec<u8> {
    let (channels, step) = (usize::from(colour.channel_count()), usize::from(colour.bytes_per_pixel()));
    let colours = if channels < 3 { [0; 3] } else { [0, 1, 2] };
    let mut rgb = Vec::with_capacity(samples.len() / step * 3);
    for pixel in samples.chunks_exact(step) {
        let sample = |channel: usize| match WHITE {
            255 => u64::from(pixel[channel]),
            _ => u64::from(u16::from_ne_bytes([pixel[2 * channel], pixel[2 * channel + 1]])),
        };
        let alpha = if colour.has_alpha() { sample(channels - 1) } else { WHITE };
        let unit = WHITE * (WHITE / 255);
        let over = |channel: usize| (sample(channel) * alpha + WHITE * (WHITE - alpha) + unit / 2) / unit;
        rgb.extend(colours.map(|channel| over(channel) as u8));
    }
    rgb
}

#[cfg(test)]
mod tests;
