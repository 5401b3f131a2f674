//! Files that are zip archives: the pickle `NAME/data.pkl`, and each storage, uncompressed, as `NAME/data/KEY`.

use std::io::{BufReader, Read, Seek};
use std::sync::Arc;

use super::super::foreign;
use super::pickle::Pickle;
use super::{BIG_ENDIAN, Imported, Reader, storage_length, storage_missing, unreadable};
use crate::element::Element;
use crate::tensor::{Source, Take};
use crate::zip::{Zip, missing};
use convscope_core::error::Fault;
use convscope_core::fault;

/// Bytes of a pickle, more than any state dict's has.
const MAX_PICKLE: u64 = 1 << 26;

/// Reads such a file.
pub(crate) fn read<R: Read + Seek + Send + 'static>(zip: Zip<R>) -> Result<Imported, Fault> {
    if let Some(what) = foreign::archive(zip.names()) {
        return Err(what);
    }
    if zip.compressed {
        return Err(fault!(
            "zip-compressed",
            "it is a compressed zip archive, which torch.save does not write; unpack it or save it again"
        ));
    }
    let pickle = zip.names().find(|name| name.ends_with("/data.pkl")).ok_or(fault!(
        "zip-not-torch",
        "it is a zip archive, but none of torch.save; unpack it, or save the weights with torch.save(model.state_dict(), FILE)"
    ))?;
    let folder = pickle.trim_end_matches("data.pkl");
    if let Some(entry) = zip.read(&format!("{folder}byteorder"))? {
        let mut order = vec![];
        entry.take(16).read_to_end(&mut order).map_err(unreadable)?;
        if order != b"little" {
            return Err(BIG_ENDIAN);
        }
    }
    let mut input = BufReader::new(zip.read(pickle)?.ok_or_else(|| missing(pickle))?.take(MAX_PICKLE));
    let mut reader = Reader::new(&Pickle::read(&mut input)?, zip.length)?;
    drop(input);
    let (folder, zip) = (folder.to_owned(), Arc::new(zip));
    let keys: Vec<String> = reader.waiting.keys().cloned().collect();
    for key in keys {
        let name = format!("{folder}data/{key}");
        let bytes = zip.bytes(&name).ok_or_else(|| storage_missing(&key))?;
        if reader.bytes(&key)? != bytes {
            return Err(storage_length(&key));
        }
        reader.storage(&key, |element| Entry { zip: Arc::clone(&zip), name, element, bytes })?;
    }
    Ok(reader.imported)
}

/// A storage's entry in the archive, whose checksum is right once it has been read.
struct Entry<R> {
    zip: Arc<Zip<R>>,
    name: String,
    element: Element,
    bytes: u64,
}

impl<R: Read + Seek + Send> Source for Entry<R> {
    fn read(&self, take: Take<'_>) -> Result<(), Fault> {
        let mut entry = self.zip.read(&self.name)?.ok_or_else(|| missing(&self.name))?;
        self.element.read(&mut entry, self.bytes, take)
    }
}
