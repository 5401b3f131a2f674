//! The page as a part of the program: a zip archive among its data, which a signature of the program covers; `build.rs` puts it there.

use std::collections::HashMap;
use std::sync::Arc;

use convscope::error::{Error, Result};
use convscope::fault;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use rawzip::{CompressionMethod, ZipArchive};

/// The archive; nothing in a program without a page.
const PAGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/page.zip"));
/// Bytes that no file of a page exceeds.
const MAX_BYTES: u64 = 1 << 28;

/// The files of the page in this program; none in one that was built without.
pub(super) fn read() -> Result<Option<HashMap<String, Arc<[u8]>>>> {
    if PAGE.is_empty() { Ok(None) } else { files(PAGE) }
}

/// The files of an archive; none in one without a page.
fn files(archive: &[u8]) -> Result<Option<HashMap<String, Arc<[u8]>>>> {
    let damaged = |what: &dyn std::fmt::Display| {
        Error::Request(fault!("page-damaged", "the page in this program is damaged ({what}); build it again", what))
    };
    let archive = ZipArchive::from_slice(archive).map_err(|error| damaged(&error))?;
    let mut files = HashMap::new();
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().map_err(|error| damaged(&error))? {
        if entry.is_dir() {
            continue;
        }
        let name = entry.file_path().try_normalize().map_err(|error| damaged(&error))?.as_ref().to_owned();
        let length = entry.uncompressed_size_hint();
        if length > MAX_BYTES {
            return Err(damaged(&format_args!("{name} has {length} bytes")));
        }
        let content = archive.get_entry(entry.wayfinder()).map_err(|error| damaged(&error))?;
        let packed = content.data();
        let bytes = match entry.compression_method() {
            CompressionMethod::STORE => packed.to_vec(),
            CompressionMethod::DEFLATE => {
                decompress_to_vec_with_limit(packed, length as usize).map_err(|error| damaged(&error))?
            }
            other => return Err(damaged(&format_args!("{name} is packed as {other:?}"))),
        };
        if rawzip::crc32(&bytes) != entry.crc32() {
            return Err(damaged(&format_args!("{name} is not what was packed")));
        }
        files.insert(name, bytes.into());
    }
    Ok(files.contains_key("index.html").then_some(files))
}

#[cfg(test)]
mod tests {
    use convscope::export::Zip;

    use super::*;

    #[test]
    fn the_files_of_an_archive_are_those_that_went_in() {
        let mut zip = Zip::default();
        zip.add("index.html", b"<p>packed").unwrap();
        zip.add("examples/cat.jpg", b"cat").unwrap();
        let zip = zip.finish().unwrap();
        let found = files(&zip).unwrap().unwrap();
        let mut names: Vec<&str> = found.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["examples/cat.jpg", "index.html"]);
        assert_eq!((&*found["index.html"], &*found["examples/cat.jpg"]), (&b"<p>packed"[..], &b"cat"[..]));
        // A byte of a file turned over, and half an archive.
        let mut turned = zip.clone();
        let at = zip.windows(9).position(|bytes| bytes == b"<p>packed");
        turned[at.unwrap_or(40)] ^= 1;
        for broken in [&turned, &zip[..zip.len() / 2]] {
            let error = files(broken).unwrap_err().to_string();
            assert!(error.contains("is damaged") && error.contains("build it again"), "{error}");
        }
        let mut other = Zip::default();
        other.add("readme.txt", b"no page").unwrap();
        assert_eq!(files(&other.finish().unwrap()).unwrap(), None);
    }
}
