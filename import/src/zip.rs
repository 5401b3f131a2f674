//! Zip archives: what lies in them, as a stream or, where it is stored as it is, as a part of the file.

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

use miniz_oxide::inflate::decompress_to_vec_with_limit;
use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipLocator};

use crate::unreadable;
use convscope_core::error::Fault;
use convscope_core::fault;

/// Entries of an archive, more than any file of weights has.
const MAX_ENTRIES: usize = 100_000;

/// An archive that is open.
pub struct Zip<R> {
    archive: ZipArchive<Places<R>>,
    entries: HashMap<String, (ZipArchiveEntryWayfinder, CompressionMethod)>,
    /// Whether an entry is compressed.
    pub(crate) compressed: bool,
    /// Length of the file in bytes.
    pub(crate) length: u64,
}

/// A file that is read at any place.
struct Places<R>(Mutex<R>);

impl<R: Read + Seek> ReaderAt for Places<R> {
    fn read_at(&self, buffer: &mut [u8], place: u64) -> std::io::Result<usize> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(place))?;
        file.read(buffer)
    }
}

/// A part of a file, as if it were one.
pub(crate) struct Part<R> {
    file: R,
    start: u64,
    length: u64,
    place: u64,
}

impl<R: Read + Seek> Zip<R> {
    /// Reads an archive's table of contents.
    ///
    /// # Errors
    /// A sentence that lacks the archive's name: it is none, damaged, or has too many entries.
    pub fn open(mut file: R) -> Result<Self, Fault> {
        let length = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let archive = ZipLocator::new().locate_in_reader(Places(Mutex::new(file)), &mut buffer, length);
        let archive = archive.map_err(|(_, error)| broken(Fault::foreign(error)))?;
        let (mut entries, mut compressed) = (HashMap::new(), false);
        let mut found = archive.entries(&mut buffer);
        while let Some(entry) = found.next_entry().map_err(|error| broken(Fault::foreign(error)))? {
            if entries.len() >= MAX_ENTRIES {
                return Err(broken(fault!("zip-entries", "it has too many entries")));
            }
            compressed |= entry.compression_method() != CompressionMethod::STORE;
            let name = String::from_utf8_lossy(entry.file_path().as_ref()).into_owned();
            entries.insert(name, (entry.wayfinder(), entry.compression_method()));
        }
        Ok(Self { archive, entries, compressed, length })
    }

    /// The entries' names.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.entries.keys().map(String::as_str)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// Bytes of an entry once unpacked, as the archive has it.
    pub(crate) fn bytes(&self, name: &str) -> Option<u64> {
        self.entries.get(name).map(|(entry, _)| entry.uncompressed_size_hint())
    }

    /// An entry's content of `most` bytes at most, unpacked, whose checksum is right.
    ///
    /// # Errors
    /// A sentence that lacks the archive's name: there is no such entry, or it is damaged, longer, or packed in a rare way.
    pub fn content(&self, name: &str, most: usize) -> Result<Vec<u8>, Fault> {
        let (entry, method) = self.entries.get(name).ok_or_else(|| missing(name))?;
        let length = usize::try_from(entry.uncompressed_size_hint()).ok().filter(|&length| length <= most);
        let length = length.ok_or_else(|| fault!("zip-entry-long", "{name} has more than {most} bytes", name, most))?;
        let damaged =
            |cause: Fault| broken(fault!("zip-entry-damaged", "{name} is damaged: {cause}", cause = cause, name));
        let entry = self.archive.get_entry(*entry).map_err(|error| damaged(Fault::foreign(error)))?;
        let mut packed = vec![];
        entry.reader().read_to_end(&mut packed).map_err(|error| damaged(Fault::foreign(error)))?;
        let unpacked = match *method {
            CompressionMethod::STORE => packed,
            CompressionMethod::DEFLATE => decompress_to_vec_with_limit(&packed, length)
                .map_err(|error| damaged(Fault::foreign(std::io::Error::other(error.to_string()))))?,
            _ => return Err(fault!("zip-entry-method", "{name} is neither deflated nor stored", name)),
        };
        let mut content = Vec::with_capacity(unpacked.len());
        let checked = entry.verifying_reader(&unpacked[..]).read_to_end(&mut content);
        checked.map_err(|error| damaged(Fault::foreign(error)))?;
        Ok(content)
    }

    /// An entry's bytes, which are not compressed; the last one is given only if the checksum is right.
    pub(crate) fn read(&self, name: &str) -> Result<Option<impl Read>, Fault> {
        let Some((entry, _)) = self.entries.get(name) else { return Ok(None) };
        let entry = self.archive.get_entry(*entry).map_err(|error| broken(Fault::foreign(error)))?;
        Ok(Some(entry.verifying_reader(entry.reader())))
    }

    /// An entry that is not compressed, as a file of its own, whose checksum is right.
    pub(crate) fn part(self, name: &str) -> Result<Part<R>, Fault> {
        let (entry, _) = self.entries.get(name).ok_or_else(|| missing(name))?;
        let entry = self.archive.get_entry(*entry).map_err(|error| broken(Fault::foreign(error)))?;
        let (start, end) = entry.compressed_data_range();
        if end > self.length || end < start {
            return Err(broken(fault!("zip-entry-beyond", "{name} reaches beyond the end of the file", name)));
        }
        // Read anywhere later, it is never read to an end that would tell; its length and checksum are looked at here.
        let mut whole = entry.verifying_reader(entry.reader());
        std::io::copy(&mut whole, &mut std::io::sink())
            .map_err(|error| broken(fault!("zip-entry-changed", "{name}: {error}", name, error)))?;
        let length = end - start;
        let Places(file) = self.archive.into_inner();
        Ok(Part { file: file.into_inner().unwrap_or_else(PoisonError::into_inner), start, length, place: 0 })
    }
}

/// The fault of an archive that lacks an entry.
pub(crate) fn missing(name: &str) -> Fault {
    broken(fault!("zip-entry-missing", "{name} is missing", name))
}

impl<R: Read + Seek> Read for Part<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(self.place)).unwrap_or(usize::MAX);
        let most = buffer.len().min(left);
        self.file.seek(SeekFrom::Start(self.start + self.place))?;
        let read = self.file.read(&mut buffer[..most])?;
        self.place += read as u64;
        Ok(read)
    }
}

impl<R> Seek for Part<R> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.place.checked_add_signed(by),
        };
        self.place = place.ok_or(std::io::ErrorKind::InvalidInput)?;
        Ok(self.place)
    }
}

/// The fault of an archive that is not whole.
pub(crate) fn broken(cause: Fault) -> Fault {
    fault!("zip-damaged", "the zip archive is damaged or incomplete ({cause}); get it again", cause = cause)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    fn archive() -> Vec<u8> {
        let mut zip = convscope_core::export::Zip::default();
        zip.add("weights", &[7; 100]).unwrap();
        zip.finish().unwrap()
    }

    fn part(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
        let part = Zip::open(Cursor::new(bytes)).and_then(|zip| zip.part("weights"));
        let mut content = vec![];
        part.map_err(|fault| fault.to_string())?.take(1000).read_to_end(&mut content).unwrap();
        Ok(content)
    }

    #[test]
    fn a_part_is_the_entry_as_it_was_stored() {
        assert_eq!(part(archive()).unwrap(), [7; 100]);
        let mut changed = archive();
        let place = changed.iter().position(|&byte| byte == 7).unwrap();
        changed[place + 50] = 8;
        assert!(part(changed).unwrap_err().contains("checksum"));
    }

    /// An archive of a deflated entry, which is said to have the length and the sum of `content`, whatever `packed` is.
    fn deflated(content: &[u8], packed: &[u8]) -> Vec<u8> {
        let mut zip = rawzip::ZipArchiveWriter::new(vec![]);
        let file = zip.new_file("weights").compression_method(CompressionMethod::DEFLATE);
        let (mut entry, config) = file.start().unwrap();
        let mut writer = config.wrap(std::io::sink());
        writer.write_all(content).unwrap();
        let (_, descriptor) = writer.finish().unwrap();
        entry.write_all(packed).unwrap();
        entry.finish(descriptor).unwrap();
        zip.finish().unwrap()
    }

    #[test]
    fn content_is_unpacked_and_checked() {
        let content = |bytes: &[u8], most| {
            let zip = Zip::open(Cursor::new(bytes.to_vec())).unwrap();
            zip.content("weights", most).map_err(|fault| fault.to_string())
        };
        assert_eq!(content(&archive(), 100).unwrap(), [7; 100]);
        assert!(content(&archive(), 99).unwrap_err().contains("more than 99 bytes"));
        let packed = miniz_oxide::deflate::compress_to_vec(&[7; 100], 6);
        assert_eq!(content(&deflated(&[7; 100], &packed), 100).unwrap(), [7; 100]);
        // One that says it has ten bytes is left after ten, and one of other bytes is told by its sum.
        for said in [&[7; 10][..], &[8; 100]] {
            assert!(content(&deflated(said, &packed), 100).unwrap_err().contains("damaged"));
        }
    }

    #[test]
    fn an_entry_that_reaches_beyond_the_file_is_refused() {
        let whole = archive();
        let entry = whole.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        let end = whole.windows(4).position(|bytes| bytes == b"PK\x05\x06").unwrap();
        let lengthened = |length: u64| {
            let mut bytes = whole.clone();
            // Both sizes stand in an extra field of 64 bits each, behind the name, whose length stands at 28.
            let extra = [&[1, 0, 16, 0][..], &length.to_le_bytes(), &length.to_le_bytes()].concat();
            bytes[entry + 20..entry + 28].fill(0xff);
            bytes[entry + 30] += 20;
            bytes[end + 12] += 20;
            let behind = entry + 46 + usize::from(bytes[entry + 28]);
            bytes.splice(behind..behind, extra);
            part(bytes)
        };
        assert_eq!(lengthened(100).unwrap(), [7; 100]);
        let said = lengthened(1 << 50).unwrap_err();
        assert!(said.contains("beyond"), "{said}");
        assert!(lengthened(u64::MAX).is_err() && lengthened(101).is_err());
    }
}
