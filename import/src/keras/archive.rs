//! Keras 3's archives (`.keras`, `keras/src/saving/saving_lib.py`): a zip of the configuration, of what wrote it, and of the weights.

use std::io::{Read, Seek};

use serde_json::Value;

use super::described::{self, Described};
use super::read_described;
use crate::Imported;
use crate::zip::Zip;
use convscope_core::error::Fault;
use convscope_core::fault;

const CONFIG: &str = "config.json";
const WEIGHTS: &str = "model.weights.h5";

/// Whether an archive is one of Keras's.
pub(crate) fn recognises<R: Read + Seek>(zip: &Zip<R>) -> bool {
    zip.has(CONFIG) && zip.has(WEIGHTS)
}

/// Reads such a file; `size` is that of the input in place of the file's.
pub(crate) fn read<R: Read + Seek + Send + 'static>(zip: Zip<R>, size: Option<[usize; 2]>) -> Result<Imported, Fault> {
    if zip.compressed {
        return Err(fault!(
            "keras-compressed",
            "it is a Keras archive whose files were compressed, which Keras does not do; unpack it, or save it again"
        ));
    }
    let text =
        |name: &str| -> Result<String, Fault> { zip.read(name)?.map_or_else(|| Ok(String::new()), described::text) };
    let (config, metadata) = (text(CONFIG)?, text("metadata.json")?);
    let metadata: Value = serde_json::from_str(&metadata).unwrap_or_default();
    let version = metadata.get("keras_version").and_then(Value::as_str).unwrap_or("3").to_owned();
    read_described(zip.part(WEIGHTS)?, Some(Described { config, version }), size)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;

    use super::*;
    use crate::Options;

    const NESTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/field/nested.keras");

    #[test]
    fn an_archive_and_its_files_beside_each_other_are_read_alike() {
        let whole = crate::read(Path::new(NESTED), &Options::default()).unwrap();
        assert!(whole.tensors.contains_key("deep/depthwise_kernel") && whole.tensors.contains_key("dense/bias"));
        assert_eq!(whole.input.size, Some([32, 32]));
        let place = tempfile::tempdir().unwrap();
        let weights = place.path().join("nested.weights.h5");
        let mut part = Zip::open(File::open(NESTED).unwrap()).unwrap().part(WEIGHTS).unwrap();
        std::io::copy(&mut part, &mut File::create(&weights).unwrap()).unwrap();
        let lone = crate::read(&weights, &Options::default()).unwrap();
        assert!(lone.written.is_none() && lone.tensors.contains_key("layers/dense/vars/1"));
        let zip = Zip::open(File::open(NESTED).unwrap()).unwrap();
        let mut config = String::new();
        zip.read(CONFIG).unwrap().unwrap().read_to_string(&mut config).unwrap();
        for name in ["nested.json", CONFIG] {
            fs::write(place.path().join(name), &config).unwrap();
            let mut beside = crate::read(&weights, &Options::default()).unwrap();
            assert!(beside.notes.remove(0).to_string().contains(name), "{name}");
            assert_eq!(beside, whole, "{name}");
            fs::remove_file(place.path().join(name)).unwrap();
        }
    }

    #[test]
    fn an_archive_that_is_cut_off_or_changed_is_refused() {
        let whole = fs::read(NESTED).unwrap();
        let read = |bytes: Vec<u8>| crate::parse(std::io::Cursor::new(bytes), Path::new("net"), &Options::default());
        assert!(read(whole.clone()).is_ok());
        for end in (4..whole.len()).step_by(997) {
            assert!(read(whole[..end].to_vec()).is_err(), "up to {end}");
        }
        // A bit of a weight, which the checksum tells.
        let mut changed = whole.clone();
        let number = changed.len() / 2;
        changed[number] ^= 1;
        assert!(read(changed).unwrap_err().to_string().contains("checksum"));
        let mut compressed = whole;
        // The method in the central directory, behind its signature, versions and flags.
        let entry = compressed.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
        compressed[entry + 10] = 8;
        assert!(read(compressed).unwrap_err().to_string().contains("compressed"));
    }
}
