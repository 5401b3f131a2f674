use image::{GrayImage, ImageBuffer, LumaA, Rgb, Rgba, RgbaImage};
use sha2::{Digest, Sha256};

use crate::image::Image;

use super::*;

fn png(image: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn sentence(bytes: &[u8]) -> String {
    Image::decode(bytes).unwrap_err().to_string()
}

/// The numbers that Pillow's examples are made of.
fn numbers() -> impl Iterator<Item = u8> {
    (0..105_u32).map(|index| ((index * 37 + 11) % 256) as u8)
}

fn colours() -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_raw(7, 5, numbers().collect()).unwrap())
}

#[test]
fn transparent_is_laid_over_white_and_16_bits_become_8() {
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(2, 1, Rgba([0, 0, 0, 0])));
    assert_eq!(Image::decode(&png(&clear)).unwrap().rgb(), [255; 6]);
    let deep = DynamicImage::ImageRgb16(ImageBuffer::from_pixel(1, 1, Rgb([65_535, 32_768, 0])));
    assert_eq!(Image::decode(&png(&deep)).unwrap().rgb(), [255, 128, 0]);
}

#[test]
fn sixteen_bits_with_alpha_are_rounded_once() {
    for (value, alpha) in (0..200_u32).map(|index| (index * 331 % 65_536, index * 7919 % 65_536)) {
        // Over white in exact fractions: value * alpha + white * (1 - alpha), and then 255 for 65535.
        let [value_of_1, alpha_of_1] = [value, alpha].map(|number| f64::from(number) / 65_535.0);
        let white = ((value_of_1 * alpha_of_1 + 1.0 - alpha_of_1) * 255.0).round() as u8;
        let (value, alpha) = (value as u16, alpha as u16);
        let grey = DynamicImage::ImageLumaA16(ImageBuffer::from_pixel(1, 1, LumaA([value, alpha])));
        assert_eq!(Image::decode(&png(&grey)).unwrap().rgb(), [white; 3], "{value} {alpha}");
        let colour = DynamicImage::ImageRgba16(ImageBuffer::from_pixel(1, 1, Rgba([value, 0, value, alpha])));
        assert_eq!(Image::decode(&png(&colour)).unwrap().rgb()[0], white, "{value} {alpha}");
    }
}

#[test]
fn what_is_no_image_or_too_large_is_refused_with_a_sentence() {
    assert!(sentence(b"not an image").contains("no image"));
    assert!(sentence(&[]).contains("no image"));
    let error = sentence(&png(&DynamicImage::ImageLuma8(GrayImage::new(20_000, 1))));
    assert!(error.contains("20000 x 1 pixels") && error.contains("16384"), "{error}");
    assert!(Image::from_rgb(0, 3, vec![]).unwrap_err().to_string().contains("0 x 3"));
}

#[test]
fn a_bitmap_of_which_nothing_would_show_is_opaque() {
    // Two pixels with a BITMAPV5HEADER and masks for blue, green, red and alpha.
    let bitmap = |alpha: [u8; 2]| {
        let mut file = b"BM".to_vec();
        for word in [14 + 124 + 8, 0, 14 + 124, 124, 2, 1, 1 | 32 << 16, 3, 8, 0, 0, 0, 0] {
            file.extend(u32::to_le_bytes(word));
        }
        for mask in [0xff_0000, 0xff00, 0xff, 0xff00_0000, 0x7352_4742] {
            file.extend(u32::to_le_bytes(mask));
        }
        file.resize(14 + 124, 0);
        file.extend([30, 20, 10, alpha[0], 60, 50, 40, alpha[1]]);
        file
    };
    assert_eq!(Image::decode(&bitmap([0, 0])).unwrap().rgb(), [10, 20, 30, 40, 50, 60]);
    assert_eq!(Image::decode(&bitmap([0, 255])).unwrap().rgb(), [255, 255, 255, 40, 50, 60]);
}

#[test]
fn a_png_without_its_end_is_shown_and_says_so() {
    // As Pillow 13.0.0, which opens the first two and says of the others "image file is truncated".
    let noise = (0..300 * 300 * 3_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let whole = png(&DynamicImage::ImageRgb8(RgbImage::from_raw(300, 300, noise).unwrap()));
    let image = Image::decode(&whole).unwrap();
    assert_eq!(image.note(), None);
    // The end chunk is 12 bytes long.
    for missing in [12, 5] {
        let cut = Image::decode(&whole[..whole.len() - missing]).unwrap();
        assert_eq!(cut.rgb(), image.rgb());
        assert!(cut.note().unwrap().to_string().contains("lacks its end chunk"));
    }
    for kept in [20, 50, whole.len() / 2, whole.len() - 100] {
        let error = sentence(&whole[..kept]);
        assert!(error.contains("the PNG file ends before its image does"), "{kept}: {error}");
    }
}

#[test]
fn tiff_is_read() {
    // Written by Pillow 13.0.0: LZW; deflate, with an orientation of 6; and uncompressed grey, the first channel alone.
    let lzw = Image::decode(include_bytes!("../../../../tests/data/images/lzw.tif")).unwrap();
    assert_eq!(lzw.rgb(), colours().as_bytes());
    let turned = Image::decode(include_bytes!("../../../../tests/data/images/turned.tif")).unwrap();
    assert_eq!((turned.width(), turned.height()), (5, 7));
    // Pillow: ImageOps.exif_transpose(Image.open("turned.tif"))
    assert!(turned.rgb().starts_with(&[47, 84, 121, 38, 75, 112, 29, 66, 103, 20, 57, 94]));
    let grey = Image::decode(include_bytes!("../../../../tests/data/images/grey.tif")).unwrap();
    let first: Vec<u8> = numbers().step_by(3).flat_map(|value| [value; 3]).collect();
    assert_eq!(grey.rgb(), first);
}

#[test]
fn jpegs_that_few_programs_read_are_as_in_pillow() {
    // Pillow 13.0.0: hashlib.sha256(Image.open(file).convert("RGB").tobytes()).hexdigest()
    let arithmetic = include_bytes!("../../../../tests/data/images/cj_arith.jpg").as_slice();
    let thirds = include_bytes!("../../../../tests/data/images/cj_s3x1.jpg").as_slice();
    for (file, sum) in [
        (arithmetic, "659853602e99b15ef5ae83b9fbc3de75f56745d103792096b6bcaf8eaaab678c"),
        (thirds, "a9cd357af430e8f0b39e50f9652691ad5e237506fcde70d2da945e15874f9e20"),
    ] {
        let image = Image::decode(file).unwrap();
        let found: String = Sha256::digest(image.rgb()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((image.width(), image.height(), found.as_str()), (320, 213, sum));
    }
}

#[test]
fn a_jpeg_that_ends_early_is_refused_as_in_pillow() {
    // Pillow 13.0.0: "Truncated File Read", and "image file is truncated" wherever pixels are missing.
    let whole = Image::from_rgb(7, 5, numbers().collect()).unwrap().jpeg(90).unwrap();
    let header = include_bytes!("../../../../tests/data/images/trunc_header.jpg").as_slice();
    for file in [header, &whole[..whole.len() / 2], &whole[..whole.len() - 20]] {
        let error = sentence(file);
        assert!(error.contains("the JPEG file ends before its image does; get the file again"), "{error}");
    }
}

/// A JPEG of 8 x 8 pixels of grey that is drawn over and over.
fn progressive(scans: usize) -> Vec<u8> {
    let part = |marker: u8, content: &[u8]| [&[0xff, marker, 0, content.len() as u8 + 2], content].concat();
    let frame = [8, 0, 8, 0, 8, 1, 1, 0x11, 0];
    // One code of one bit, for a difference of nothing.
    let table = [&[0, 1][..], &[0; 15], &[0]].concat();
    let first = [part(0xda, &[1, 1, 0, 0, 0, 0x01]), vec![0x7f]].concat();
    let again = [part(0xda, &[1, 1, 0, 0, 0, 0x10]), vec![0x7f]].concat();
    let quantised = [&[0][..], &[1; 64]].concat();
    let head = [vec![0xff, 0xd8], part(0xdb, &quantised), part(0xc2, &frame), part(0xc4, &table)].concat();
    [head, first, again.repeat(scans - 1), vec![0xff, 0xd9]].concat()
}

#[test]
fn a_jpeg_that_is_drawn_over_and_over_is_refused() {
    let image = Image::decode(&progressive(MOST_SCANS)).unwrap();
    assert_eq!((image.width(), image.height()), (8, 8));
    let refused = sentence(&progressive(MOST_SCANS + 1));
    assert!(refused.contains("more than 100 passes"), "{refused}");
}
