//! Bundles read back. They come from strangers: nothing is unpacked that was not announced, nothing is written to a disk, and
//! everything is checked before it is used.

use std::collections::BTreeMap;
use std::io::Read;

use rawzip::{CompressionMethod, ZipArchive};
use serde_json::Value;

use super::{Bundle, Evidence, FORM, MANIFEST, sha256};
use crate::error::{Error, Fault, Result};
use crate::fault;

/// Files of a bundle at most.
const MAX_FILES: usize = 10_000;

impl Bundle {
    /// Reads a bundle whose files have `limit` bytes at most, all together, and checks every one of them against its hash.
    ///
    /// # Errors
    /// [`Error::Request`] with a sentence that says what is wrong with it.
    pub fn read(zip: &[u8], limit: usize) -> Result<(Self, Evidence)> {
        let mut files = unpacked(zip, limit).map_err(Error::Request)?;
        let manifest = files.remove(MANIFEST).ok_or_else(|| {
            Error::Request(fault!(
                "bundle-no-manifest",
                "there is no manifest.json in it, so that it is no evidence bundle; save one in the page, or with convscope explain --bundle"
            ))
        })?;
        let (manifest, evidence) = evidence(&manifest).map_err(Error::Request)?;
        checked(&files, &evidence).map_err(Error::Request)?;
        Ok((Self { manifest, files }, evidence))
    }
}

/// All files of an archive, by their names.
fn unpacked(zip: &[u8], limit: usize) -> Result<BTreeMap<String, Vec<u8>>, Fault> {
    let damaged = |error: rawzip::Error| {
        fault!(
            "bundle-no-zip",
            "it is no zip archive, or a damaged one ({cause}); get it again",
            cause = Fault::foreign(error)
        )
    };
    let archive = ZipArchive::from_slice(zip).map_err(damaged)?;
    let (mut entries, mut files, mut room) = (archive.entries(), BTreeMap::new(), limit);
    while let Some(entry) = entries.next_entry().map_err(damaged)? {
        if files.len() >= MAX_FILES {
            return Err(fault!(
                "bundle-many-files",
                "it holds more than {most} files, which no bundle does; do not open it",
                most = MAX_FILES
            ));
        }
        let name = name(entry.file_path().as_ref())?;
        let bytes = usize::try_from(entry.uncompressed_size_hint()).unwrap_or(usize::MAX);
        room = room.checked_sub(bytes).ok_or_else(|| {
            fault!(
                "bundle-too-large",
                "its files would have more than {most} MB; do not open it, or make one of fewer layers",
                most = limit >> 20
            )
        })?;
        let packing = entry.compression_method();
        let found = archive.get_entry(entry.wayfinder()).map_err(damaged)?;
        let content = content(found.data(), packing, bytes, &name)?;
        // Checked against its sum and its length as it is read.
        let mut read = Vec::with_capacity(content.len());
        found.verifying_reader(&content[..]).read_to_end(&mut read).map_err(|error| {
            fault!(
                "bundle-damaged",
                "{file} in it is damaged ({cause}); get the bundle again",
                cause = Fault::foreign(error),
                file = name
            )
        })?;
        if files.contains_key(&name) {
            return Err(fault!(
                "bundle-twice",
                "it holds two files called {file}, which no bundle does; do not open it",
                file = name
            ));
        }
        files.insert(name, read);
    }
    Ok(files)
}

/// The name of a file, which lies in no folder and could be written anywhere.
fn name(path: &[u8]) -> Result<String, Fault> {
    let name = String::from_utf8_lossy(path);
    let plain = !name.is_empty() && !name.contains(['/', '\\', ':', '\u{fffd}']) && !name.contains(char::is_control);
    if plain && name != ".." && name != "." {
        return Ok(name.into_owned());
    }
    Err(fault!(
        "bundle-path",
        "a file in it is called {file}, which leads into a folder; a bundle has plain names alone, do not unpack it",
        file = name.escape_debug()
    ))
}

/// The unpacked content of a file, of as many bytes as the archive says and never more.
fn content(packed: &[u8], packing: CompressionMethod, bytes: usize, name: &str) -> Result<Vec<u8>, Fault> {
    let broken = |cause: Fault| {
        fault!(
            "bundle-unpacked",
            "{file} in it cannot be unpacked ({cause}); get the bundle again",
            cause = cause,
            file = name
        )
    };
    match packing {
        CompressionMethod::STORE => Ok(packed.to_vec()),
        CompressionMethod::DEFLATE => miniz_oxide::inflate::decompress_to_vec_with_limit(packed, bytes)
            .map_err(|error| broken(Fault::foreign(std::io::Error::other(format!("{:?}", error.status))))),
        _ => Err(broken(fault!("bundle-packing", "it is neither deflated nor stored"))),
    }
}

/// The manifest, and its part about the bundle.
fn evidence(file: &[u8]) -> Result<(Value, Evidence), Fault> {
    let foreign = |error: serde_json::Error| {
        fault!(
            "bundle-foreign",
            "its manifest.json is none of an evidence bundle ({cause}); save one in the page, or with convscope explain --bundle",
            cause = Fault::foreign(error)
        )
    };
    let manifest: Value = serde_json::from_slice(file).map_err(foreign)?;
    let form = manifest["bundle"]["form"].as_u64().unwrap_or_default();
    if form > u64::from(FORM) {
        return Err(fault!(
            "bundle-form",
            "it is a bundle of form {form}, and this program reads {known}; use a newer convscope",
            form,
            known = FORM
        ));
    }
    let evidence = serde_json::from_value(manifest["bundle"].clone()).map_err(foreign)?;
    Ok((manifest, evidence))
}

/// Compares the files with what the manifest says of them.
fn checked(files: &BTreeMap<String, Vec<u8>>, evidence: &Evidence) -> Result<(), Fault> {
    let Evidence { image, files: sums, .. } = evidence;
    let missing = |file: &str| {
        fault!("bundle-missing", "its manifest names {file}, which is not in it; get the whole bundle", file)
    };
    for (name, sum) in sums {
        let bytes = files.get(name).ok_or_else(|| missing(name))?;
        if bytes.len() != sum.bytes || sha256(bytes) != sum.sha256 {
            return Err(fault!(
                "bundle-changed",
                "{file} was changed after the bundle was made: it has another SHA-256 than the manifest says",
                file = name
            ));
        }
    }
    if let Some(name) = files.keys().find(|name| !sums.contains_key(*name)) {
        return Err(fault!(
            "bundle-unlisted",
            "{file} was put in after the bundle was made: its manifest does not name it",
            file = name
        ));
    }
    match image {
        Some(image) if image.included => {
            let bytes = files.get(&image.name).ok_or_else(|| missing(&image.name))?;
            if sha256(bytes) == image.sha256 {
                Ok(())
            } else {
                Err(fault!(
                    "bundle-image",
                    "{file} is another image than the one that the bundle is about: its SHA-256 differs",
                    file = image.name
                ))
            }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
