//! Kinds of image that are known by their first bytes, and cannot be read.

use crate::error::{Error, Fault};
use crate::fault;

/// Name of a file's format, where it is one of those.
fn name(bytes: &[u8]) -> Option<Fault> {
    const JPEG_XL: [&[u8]; 2] = [b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"];
    if JPEG_XL.iter().any(|start| bytes.starts_with(start)) {
        return Some(fault!("kind-jpeg-xl", "a JPEG XL image"));
    }
    // ISO base media: a box `ftyp` with the main brand, a version, and the other brands that the file goes by.
    let length = u32::from_be_bytes(*bytes.first_chunk()?) as usize;
    let brands = bytes.get(4..length.clamp(16, 256).min(bytes.len()))?.strip_prefix(b"ftyp")?;
    let has = |wanted: &[&[u8]]| brands.chunks_exact(4).any(|brand| wanted.contains(&brand));
    if has(&[b"avif", b"avis"]) {
        Some(fault!("kind-avif", "an AVIF image"))
    } else if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"]) {
        Some(fault!("kind-heic", "a HEIC image, as phones make them"))
    } else if has(&[b"mif1", b"msf1"]) {
        Some(fault!("kind-heif", "a HEIF image"))
    } else {
        None
    }
}

/// The sentence for a file that is one of those.
pub(super) fn refuse(bytes: &[u8]) -> Option<Error> {
    let cause = name(bytes)?;
    Some(Error::Image(fault!(
        "image-kind",
        "this is {cause}, whose pixels convscope does not read; open it in an image viewer and save it as JPEG or PNG",
        cause = cause
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_their_brands() {
        let file = |main: &str, others: &str| {
            let length = (16 + others.len()) as u32;
            [&length.to_be_bytes(), b"ftyp".as_slice(), main.as_bytes(), &[0; 4], others.as_bytes(), &[0; 40]].concat()
        };
        let said = |bytes: &[u8]| refuse(bytes).map(|error| error.to_string()).unwrap_or_default();
        assert!(said(&file("heic", "mif1heic")).contains("a HEIC image"));
        assert!(said(&file("mif1", "mif1heic")).contains("a HEIC image"));
        assert!(said(&file("mif1", "avifmif1miaf")).contains("an AVIF image"));
        assert!(said(&file("mif1", "mif1")).contains("a HEIF image"));
        assert!(said(b"\xff\x0a\xfa").contains("a JPEG XL image"));
        assert!(said(&file("isom", "mp41")).is_empty() && said(b"ftyp").is_empty() && said(&[]).is_empty());
        assert!(said(&file("heic", "mif1")[..14]).contains("HEIC"));
    }
}
