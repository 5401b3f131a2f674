//! Files of the time before archives: a magic number, a version, facts of the machine, the state dict and the list of its storages, a
//! pickle each, and then the storages, each behind its length.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use super::pickle::{Pickle, Value, cut, damaged, short};
use super::{BIG_ENDIAN, Imported, Reader, storage_length, storage_missing, unreadable};
use crate::element::Run;
use convscope_core::error::Fault;
use convscope_core::fault;

/// `torch.serialization.MAGIC_NUMBER`, little-endian.
pub(super) const MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/// `torch.serialization.PROTOCOL_VERSION`.
const PROTOCOL: i64 = 1001;

/// Reads such a file.
pub(crate) fn read<R: Read + Seek + Send + 'static>(mut file: R) -> Result<Imported, Fault> {
    let length = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut input = BufReader::new(file);
    let magic = Pickle::read(&mut input)?;
    if *magic.root() != Value::Long(MAGIC.to_vec()) {
        return Err(fault!(
            "pickle-not-torch",
            "it is a Python pickle, but none of torch.save; save the weights with torch.save(model.state_dict(), FILE)"
        ));
    }
    let protocol = Pickle::read(&mut input)?;
    if *protocol.root() != Value::Int(PROTOCOL) {
        return Err(damaged(fault!("pickle-protocol", "it is of another protocol than 1001")));
    }
    let system = Pickle::read(&mut input)?;
    let is_big = |(key, value): &(usize, usize)| {
        *system.get(*key) == Value::Text("little_endian".into()) && *system.get(*value) == Value::Bool(false)
    };
    if matches!(system.root(), Value::Dict(system) if system.iter().any(is_big)) {
        return Err(BIG_ENDIAN);
    }
    let mut reader = Reader::new(&Pickle::read(&mut input)?, length)?;
    let keys = Pickle::read(&mut input)?;
    let Value::List(list) = keys.root() else {
        return Err(damaged(fault!("pickle-storages", "the list of its storages is none")));
    };
    let mut place = input.stream_position().map_err(unreadable)?;
    let file = Arc::new(Mutex::new(input.into_inner()));
    for &key in list {
        let Value::Text(key) = keys.get(key) else {
            return Err(damaged(fault!("pickle-storage-key", "a storage's key is no text")));
        };
        let elements = number(&file, place)?;
        let bytes = reader.bytes(key)?;
        if reader.storages.get(key).is_none_or(|storage| storage.elements as u64 != elements) {
            return Err(storage_length(key));
        }
        let start = place + 8;
        place = start + bytes;
        if place > length {
            return Err(short());
        }
        reader.storage(key, |element| Run { file: Arc::clone(&file), element, start, bytes })?;
    }
    match reader.waiting.keys().next() {
        Some(key) => Err(storage_missing(key)),
        None => Ok(reader.imported),
    }
}

/// The number of eight bytes at a place.
fn number(file: &Mutex<impl Read + Seek>, place: u64) -> Result<u64, Fault> {
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    file.seek(SeekFrom::Start(place)).map_err(unreadable)?;
    let mut bytes = [0; 8];
    file.read_exact(&mut bytes).map_err(cut)?;
    Ok(u64::from_le_bytes(bytes))
}
