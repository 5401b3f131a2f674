//! Files in one, for a page that can save only one at a time.

use std::io::Write;

use rawzip::{CompressionMethod, ZipArchive, ZipArchiveWriter};

use crate::error::{Error, Result};
use crate::fault;

/// A zip archive that grows in memory. Nothing is compressed: PNG files are already.
#[derive(Debug)]
pub struct Zip(ZipArchiveWriter<Vec<u8>>);

impl Default for Zip {
    fn default() -> Self {
        Self(ZipArchiveWriter::new(vec![]))
    }
}

impl Zip {
    /// Adds a file.
    ///
    /// # Errors
    /// [`Error::Request`] where a zip archive cannot hold it.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let file = self.0.new_file(name).compression_method(CompressionMethod::STORE);
        let (mut entry, config) = file.start().map_err(|error| refused(name, &error))?;
        let mut writer = config.wrap(&mut entry);
        writer.write_all(bytes).map_err(|error| refused(name, &error))?;
        let (_, descriptor) = writer.finish().map_err(|error| refused(name, &error))?;
        entry.finish(descriptor).map_err(|error| refused(name, &error))?;
        Ok(())
    }

    /// The archive.
    ///
    /// # Errors
    /// [`Error::Request`] where its table of contents cannot be written.
    pub fn finish(self) -> Result<Vec<u8>> {
        self.0.finish().map_err(|error| {
            Error::Request(fault!(
                "zip-contents",
                "the zip archive cannot hold its table of contents ({error}); save fewer layers at a time",
                error
            ))
        })
    }
}

/// Whether a zip archive holds a file of that name, in whichever folder.
pub fn zip_holds(zip: &[u8], name: &str) -> bool {
    let Ok(archive) = ZipArchive::from_slice(zip) else { return false };
    let mut entries = archive.entries();
    while let Ok(Some(entry)) = entries.next_entry() {
        let path = entry.file_path();
        let path: &[u8] = path.as_ref();
        if path.strip_suffix(name.as_bytes()).is_some_and(|folder| folder.is_empty() || folder.ends_with(b"/")) {
            return true;
        }
    }
    false
}

fn refused(name: &str, error: &dyn std::fmt::Display) -> Error {
    Error::Request(fault!(
        "zip-file",
        "the zip archive cannot hold {name} ({error}); save fewer layers at a time",
        name,
        error
    ))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_file_is_found_in_any_folder() {
        let mut zip = Zip::default();
        zip.add("vgg16/model.json", b"{}").unwrap();
        let zip = zip.finish().unwrap();
        assert!(zip_holds(&zip, "model.json"));
        assert!(!zip_holds(&zip, "del.json") && !zip_holds(b"no archive", "model.json"));
    }

    #[test]
    fn a_zip_holds_the_files_that_were_added() {
        let mut zip = Zip::default();
        let files = [("a.npy", [1_u8, 2, 3].as_slice()), ("猫.png", &[]), ("manifest.json", b"{}")];
        for (name, bytes) in files {
            zip.add(name, bytes).unwrap();
        }
        let bytes = zip.finish().unwrap();
        let archive = rawzip::ZipArchive::from_slice(&bytes).unwrap();
        let mut entries = archive.entries();
        for (name, content) in files {
            let entry = entries.next_entry().unwrap().unwrap();
            assert_eq!(entry.file_path().try_normalize().unwrap().as_ref(), name);
            let found = archive.get_entry(entry.wayfinder()).unwrap();
            // Checked against its sum as it is read.
            let mut read = vec![];
            found.verifying_reader(found.data()).read_to_end(&mut read).unwrap();
            assert_eq!(read, content);
        }
        assert!(entries.next_entry().unwrap().is_none());
    }
}
