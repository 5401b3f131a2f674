//! Zip archives: what lies in them, as a stream or, where it is stored as it is, as a part of the file.

use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipLocator};

use crate::unreadable;
use convscope_core::error::Fault;
use convscope_core::fault;

/// Entries of an archive, more than any file of weights has.
const MAX_ENTRIES: usize = 100_000;

/// An archive that is open.
pub(crate) struct Zip<R> {
    archive: ZipArchive<Places<R>>,
    entries: HashMap<String, ZipArchiveEntryWayfinder>,
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
    pub(crate) fn open(mut file: R) -> Result<Self, Fault> {
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
            entries.insert(String::from_utf8_lossy(entry.file_path().as_ref()).into_owned(), entry.wayfinder());
        }
        Ok(Self { archive, entries, compressed, length })
    }

    /// The entries' names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.entries.keys().map(String::as_str)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// Bytes of an entry once unpacked, as the archive has it.
    pub(crate) fn bytes(&self, name: &str) -> Option<u64> {
        self.entries.get(name).map(ZipArchiveEntryWayfinder::uncompressed_size_hint)
    }

    /// An entry's bytes, which are not compressed; the last one is given only if the checksum is right.
    pub(crate) fn read(&self, name: &str) -> Result<Option<impl Read>, Fault> {
        let Some(entry) = self.entries.get(name) else { return Ok(None) };
        let entry = self.archive.get_entry(*entry).map_err(|error| broken(Fault::foreign(error)))?;
        Ok(Some(entry.verifying_reader(entry.reader())))
    }

    /// An entry that is not compressed, as a file of its own.
    pub(crate) fn part(self, name: &str) -> Result<Part<R>, Fault> {
        let entry = self.entries.get(name).ok_or_else(|| missing(name))?;
        let entry = self.archive.get_entry(*entry).map_err(|error| broken(Fault::foreign(error)))?;
        let (start, end) = entry.compressed_data_range();
        let length = end.saturating_sub(start);
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
