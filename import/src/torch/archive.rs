//! Files that are zip archives: the pickle `NAME/data.pkl`, and each storage, uncompressed, as `NAME/data/KEY`.

use std::collections::HashMap;
use std::io::{BufReader, Read, Seek, SeekFrom};

use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder};

use super::super::foreign;
use super::pickle::Pickle;
use super::{BIG_ENDIAN, Imported, Reader, storage_length, storage_missing, unreadable};
use convscope_core::error::Fault;
use convscope_core::fault;

/// Entries of an archive, more than any state dict has.
const MAX_ENTRIES: usize = 100_000;
/// Bytes of a pickle, more than any state dict's has.
const MAX_PICKLE: u64 = 1 << 26;

/// Reads such a file.
pub(crate) fn read<R: Read + Seek>(mut file: R) -> Result<Imported, Fault> {
    let length = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = ZipArchive::from_seekable(file, &mut buffer).map_err(|error| broken(Fault::foreign(error)))?;
    let entries = entries(&archive, &mut buffer)?;
    let pickle = entries.keys().find(|name| name.ends_with("/data.pkl")).ok_or(fault!(
        "zip-not-torch",
        "it is a zip archive, but none of torch.save; unpack it, or save the weights with torch.save(model.state_dict(), FILE)"
    ))?;
    let folder = pickle.trim_end_matches("data.pkl");
    if let Some(entry) = entries.get(&format!("{folder}byteorder")) {
        let mut order = vec![];
        open(&archive, entry)?.take(16).read_to_end(&mut order).map_err(unreadable)?;
        if order != b"little" {
            return Err(BIG_ENDIAN);
        }
    }
    let mut input = BufReader::new(open(&archive, &entries[pickle])?.take(MAX_PICKLE));
    let mut reader = Reader::new(&Pickle::read(&mut input)?, length)?;
    let keys: Vec<String> = reader.waiting.keys().cloned().collect();
    for key in keys {
        let entry = entries.get(&format!("{folder}data/{key}"));
        let entry = entry.ok_or_else(|| storage_missing(&key))?;
        if reader.bytes(&key)? != entry.uncompressed_size_hint() {
            return Err(storage_length(&key));
        }
        reader.storage(&key, &mut open(&archive, entry)?)?;
    }
    Ok(reader.imported)
}

/// The entries by name, if they can be of torch.save.
fn entries<R: ReaderAt>(
    archive: &ZipArchive<R>,
    buffer: &mut [u8],
) -> Result<HashMap<String, ZipArchiveEntryWayfinder>, Fault> {
    let mut entries = archive.entries(buffer);
    let (mut found, mut compressed) = (HashMap::new(), false);
    while let Some(entry) = entries.next_entry().map_err(|error| broken(Fault::foreign(error)))? {
        if found.len() >= MAX_ENTRIES {
            return Err(broken(fault!("zip-entries", "it has too many entries")));
        }
        compressed |= entry.compression_method() != CompressionMethod::STORE;
        found.insert(String::from_utf8_lossy(entry.file_path().as_ref()).into_owned(), entry.wayfinder());
    }
    if let Some(what) = foreign::archive(found.keys().map(String::as_str)) {
        return Err(what);
    }
    if compressed {
        return Err(fault!(
            "zip-compressed",
            "it is a compressed zip archive, which torch.save does not write; unpack it or save it again"
        ));
    }
    Ok(found)
}

/// An entry's bytes; the last one is given only if the checksum is right.
fn open<R: ReaderAt>(archive: &ZipArchive<R>, entry: &ZipArchiveEntryWayfinder) -> Result<impl Read, Fault> {
    let entry = archive.get_entry(*entry).map_err(|error| broken(Fault::foreign(error)))?;
    Ok(entry.verifying_reader(entry.reader()))
}

fn broken(cause: Fault) -> Fault {
    fault!("zip-damaged", "the zip archive is damaged or incomplete ({cause}); get it again", cause = cause)
}
