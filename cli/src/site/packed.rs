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
    if PAGE.is_empty() {
        return Ok(None);
    }
    let damaged = |what: &dyn std::fmt::Display| {
        Error::Request(fault!("page-damaged", "the page in this program is damaged ({what}); build it again", what))
    };
    let archive = ZipArchive::from_slice(PAGE).map_err(|error| damaged(&error))?;
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
