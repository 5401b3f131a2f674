//! Files that are zip archives: the pickle `NAME/data.pkl`, and each storage, uncompressed, as `NAME/data/KEY`.

use std::io::{BufReader, Read, Seek};

use super::super::foreign;
use super::pickle::Pickle;
use super::{BIG_ENDIAN, Imported, Reader, storage_length, storage_missing, unreadable};
use crate::zip::{Zip, missing};
use convscope_core::error::Fault;
use convscope_core::fault;

/// Bytes of a pickle, more than any state dict's has.
const MAX_PICKLE: u64 = 1 << 26;

/// Reads such a file.
pub(crate) fn read<R: Read + Seek>(zip: &Zip<R>) -> Result<Imported, Fault> {
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
    let keys: Vec<String> = reader.waiting.keys().cloned().collect();
    for key in keys {
        let name = format!("{folder}data/{key}");
        let mut storage = zip.read(&name)?.ok_or_else(|| storage_missing(&key))?;
        if Some(reader.bytes(&key)?) != zip.bytes(&name) {
            return Err(storage_length(&key));
        }
        reader.storage(&key, &mut storage)?;
    }
    Ok(reader.imported)
}
