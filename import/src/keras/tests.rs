//! HDF5 files, and configurations in archives and beside files of weights.

use std::fs;
use std::path::Path;

use super::*;
use crate::Options;
use crate::zip::Zip;
use convscope_core::export;

const NESTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/field/nested.keras");
const WEIGHTS: &str = "model.weights.h5";

#[test]
fn chunks_compression_and_other_numbers_are_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/official/odd.h5");
    let imported = read(std::fs::File::open(path).unwrap(), Path::new(path).into(), &Options::default()).unwrap();
    let counted: Vec<f32> = (0..60_u8).map(f32::from).collect();
    for name in ["numbers/chunked", "numbers/gzip"] {
        assert_eq!(
            imported.tensors[name],
            FloatTensor { shape: vec![6, 10], values: counted.clone() }.into(),
            "{name}"
        );
    }
    for name in ["numbers/double", "numbers/half"] {
        assert_eq!(imported.tensors[name].read().unwrap(), counted[..10], "{name}");
    }
    assert_eq!(imported.tensors["numbers/scalar"], FloatTensor { shape: vec![], values: vec![7.0] }.into());
    assert_eq!(imported.tensors.len(), 5, "{:?}", imported.tensors.keys());
    for name in ["numbers/empty", "numbers/whole", "numbers/text"] {
        assert!(imported.notes[0].to_string().contains(name), "{:?}", imported.notes);
    }
}

/// A file of the archive.
fn nested(name: &str) -> Vec<u8> {
    let mut bytes = vec![];
    Zip::open(fs::File::open(NESTED).unwrap()).unwrap().read(name).unwrap().unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn nested_config() -> String {
    String::from_utf8(nested("config.json")).unwrap()
}

/// What comes of the archive with another configuration.
fn archive(config: &str) -> Result<Imported, String> {
    let mut zip = export::Zip::default();
    zip.add("config.json", config.as_bytes()).unwrap();
    zip.add(WEIGHTS, &nested(WEIGHTS)).unwrap();
    let file = std::io::Cursor::new(zip.finish().unwrap());
    crate::parse(file, Path::new("net"), &Options::default()).map_err(|fault| fault.to_string())
}

/// What comes of the weights with that configuration beside them.
fn beside_weights(config: &[u8], options: &Options) -> Imported {
    let place = tempfile::tempdir().unwrap();
    let weights = place.path().join("nested.weights.h5");
    fs::write(&weights, nested(WEIGHTS)).unwrap();
    fs::write(place.path().join("config.json"), config).unwrap();
    crate::read(&weights, options).unwrap()
}

#[test]
fn layers_of_one_name_are_refused() {
    assert!(archive(&nested_config()).is_ok());
    let said = archive(&nested_config().replace("\"deep_bn\"", "\"stem_bn\"")).unwrap_err();
    assert!(said.contains("two layers") && said.contains("stem_bn/beta"), "{said}");
}

#[test]
fn a_configuration_beside_is_told() {
    let imported = beside_weights(nested_config().as_bytes(), &Options::default());
    assert!(imported.written.is_some());
    assert!(
        imported
            .notes
            .iter()
            .any(|note| note.to_string().contains("took the layers from") && note.to_string().contains("config.json"))
    );
}

#[test]
fn a_configuration_beside_that_cannot_be_read_is_told() {
    for config in [&b"\xff\xfe"[..], b"no JSON", &vec![b' '; 9 << 20]] {
        let imported = beside_weights(config, &Options::default());
        assert!(imported.written.is_none() && imported.tensors.contains_key("layers/dense/vars/1"));
        let told =
            |note: &Fault| note.to_string().contains("config.json") && note.to_string().contains("is no configuration");
        assert!(imported.notes.iter().any(told), "{:?}", imported.notes);
    }
}

#[test]
fn nothing_beside_is_read_where_the_nodes_are_given() {
    let given = Options { has_nodes: true, ..Options::default() };
    let imported = beside_weights(nested_config().as_bytes(), &given);
    assert!(imported.tensors.contains_key("layers/dense/vars/1") && imported.notes.is_empty(), "{:?}", imported.notes);
}

#[test]
fn a_configuration_that_is_longer_than_any_is_refused() {
    let said = archive(&format!("{}{}", nested_config(), " ".repeat(9 << 20))).unwrap_err();
    assert!(said.contains("configuration") && said.contains("bytes"), "{said}");
}

/// A file that keeps count of the longest piece that was read of it.
struct Counted(std::io::Cursor<Vec<u8>>, Arc<Mutex<usize>>);

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(into)?;
        let mut longest = self.1.lock().unwrap();
        *longest = longest.max(read);
        Ok(read)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn tensors_are_read_a_few_rows_at_a_time() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/official/keras2_weights.h5");
    let whole = fs::read(path).unwrap();
    let longest = Arc::new(Mutex::new(0));
    let file = Counted(std::io::Cursor::new(whole.clone()), Arc::clone(&longest));
    let imported = read(file, "".into(), &Options::default()).unwrap();
    let (name, tensor) = imported.tensors.iter().max_by_key(|(_, tensor)| tensor.count()).unwrap();
    *longest.lock().unwrap() = 0;
    let values = tensor.read().unwrap();
    assert_eq!(values.len(), tensor.count(), "{name}");
    let row: usize = tensor.shape[1..].iter().product();
    // Four bytes a number, and rows as a whole.
    let most = 4 * row * (crate::tensor::PIECE / row).max(1);
    assert!((4..=most).contains(&*longest.lock().unwrap()) && most < 4 * values.len(), "{most}");
    // As they lie in the file.
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    assert!(whole.windows(bytes.len()).any(|window| window == bytes), "{name}");
}
