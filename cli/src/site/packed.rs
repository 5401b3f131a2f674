//! The page as a part of the program: a zip archive behind the executable's own bytes, where every reader of zip archives looks for
//! one. `cargo xtask site --binary` puts it there, so that the program need not be compiled again for every page.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use convscope::error::{Error, Result};
use convscope::fault;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ZipArchive};

/// Bytes that no file of a page exceeds.
const MAX_BYTES: u64 = 1 << 28;

/// The files of the page in this program; none in one that was built without.
pub(super) fn read() -> Result<Option<HashMap<String, Arc<[u8]>>>> {
    let program = std::env::current_exe().map_err(|error| Error::read(Path::new("the program itself"), error))?;
    let file = File::open(&program).map_err(|error| Error::read(&program, error))?;
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    // No archive is no error: it is the program as cargo builds it.
    let Ok(archive) = ZipArchive::from_file(file, &mut buffer) else { return Ok(None) };
    let damaged = |what: &dyn std::fmt::Display| {
        let program = program.display();
        Error::Request(fault!(
            "page-damaged",
            "the page in {program} is damaged ({what}); build it again",
            program,
            what
        ))
    };
    let mut files = HashMap::new();
    let mut entries = archive.entries(&mut buffer);
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
        let mut packed = vec![];
        content.reader().read_to_end(&mut packed).map_err(|error| damaged(&error))?;
        let bytes = match entry.compression_method() {
            CompressionMethod::STORE => packed,
            CompressionMethod::DEFLATE => {
                decompress_to_vec_with_limit(&packed, length as usize).map_err(|error| damaged(&error))?
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
