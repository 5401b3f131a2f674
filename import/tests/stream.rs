//! Large files: numbers are read when they are packed, and no more of them are held than those of the largest tensor.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Result as IoResult, Seek, SeekFrom};
use std::sync::{Arc, Mutex};

use convscope_core::error::Result;
use convscope_core::model::{MAX_SHARD_BYTES, Manifest, Packing, Sink};
use convscope_import::Place;
use convscope_import::architecture::Architecture;
use convscope_import::pack::{Answers, Draft};
use serde_json::json;

/// Bytes of a piece of the file, as a browser gives it.
const PIECE: usize = 1 << 20;

/// Bytes that have been read of a file and have not been packed.
#[derive(Default)]
struct Held {
    now: u64,
    most: u64,
    /// The longest piece that was asked for.
    longest: usize,
    total: u64,
}

/// A file of safetensors of an architecture, whose numbers are made when they are asked for: it is nowhere as a whole.
struct Made {
    header: Cursor<Vec<u8>>,
    numbers: u64,
    place: u64,
    held: Arc<Mutex<Held>>,
}

impl Made {
    fn new(architecture: &str) -> (Self, Arc<Mutex<Held>>) {
        let shapes = Architecture::named(architecture).unwrap().tensors(1000);
        let mut tensors = BTreeMap::new();
        let mut end = 0;
        for (name, shape) in shapes {
            let start = end;
            end += 4 * shape.iter().product::<usize>();
            tensors.insert(name, json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, end] }));
        }
        let json = serde_json::to_vec(&tensors).unwrap();
        let header = [&(json.len() as u64).to_le_bytes()[..], &json].concat();
        let held = Arc::new(Mutex::new(Held::default()));
        (Self { header: Cursor::new(header), numbers: end as u64, place: 0, held: Arc::clone(&held) }, held)
    }

    fn before(&self) -> u64 {
        self.header.get_ref().len() as u64
    }
}

/// The number at a place, between 0.5 and 1: variances are not negative.
fn number(place: u64) -> f32 {
    0.5 + (place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f32 / (1_u32 << 25) as f32
}

impl Read for Made {
    fn read(&mut self, into: &mut [u8]) -> IoResult<usize> {
        if self.place < self.before() {
            self.header.set_position(self.place);
            let read = self.header.read(into)?;
            self.place += read as u64;
            return Ok(read);
        }
        let first = self.place - self.before();
        let count = into.len().min(PIECE).min((self.numbers - first) as usize);
        let mut held = self.held.lock().unwrap();
        held.longest = held.longest.max(into.len());
        (held.now, held.total) = (held.now + count as u64, held.total + count as u64);
        held.most = held.most.max(held.now);
        for (byte, place) in into[..count].iter_mut().zip(first..) {
            *byte = number(place / 4).to_le_bytes()[(place % 4) as usize];
        }
        self.place += count as u64;
        Ok(count)
    }
}

impl Seek for Made {
    fn seek(&mut self, to: SeekFrom) -> IoResult<u64> {
        self.place = match to {
            SeekFrom::Start(place) => place,
            SeekFrom::End(by) => (self.before() + self.numbers).checked_add_signed(by).unwrap(),
            SeekFrom::Current(by) => self.place.checked_add_signed(by).unwrap(),
        };
        Ok(self.place)
    }
}

/// A place for packed files, which keeps none of them but what they are about.
struct Gone {
    held: Arc<Mutex<Held>>,
    manifest: Option<Manifest>,
    shards: usize,
}

impl Sink for Gone {
    fn file(&mut self, name: &str, content: Vec<u8>) -> Result<()> {
        if name == "model.json" {
            self.manifest = Some(Manifest::parse(&content)?);
        } else {
            self.shards += 1;
            assert!(content.len() as u64 <= MAX_SHARD_BYTES);
        }
        Ok(())
    }

    fn stored(&mut self, _done: usize, _total: usize) {
        self.held.lock().unwrap().now = 0;
    }
}

fn packed(architecture: &str, packing: Packing) -> (Gone, Held, u64) {
    let (file, held) = Made::new(architecture);
    let bytes = file.numbers;
    let draft = Draft::of(file, Place::from("net.safetensors"), &Answers::default()).unwrap();
    let sink = Gone { held: Arc::clone(&held), manifest: None, shards: 0 };
    let (sink, summary) = draft.pack(packing, sink).unwrap();
    assert_eq!(summary.shards, sink.shards);
    let held = std::mem::take(&mut *held.lock().unwrap());
    (sink, held, bytes)
}

#[test]
fn a_large_file_is_packed_one_tensor_after_the_other() {
    for packing in [Packing::Int8, Packing::F32] {
        let (sink, held, bytes) = packed("resnet18", packing);
        let manifest = sink.manifest.unwrap();
        let largest = manifest.tensors.values().map(|entry| 4 * entry.shape.iter().product::<usize>()).max().unwrap();
        // All that lies in the file is read, once, a piece at a time; the small tensors of normalizations are read before all else.
        assert_eq!(held.total, bytes, "{packing:?}");
        assert!(held.longest <= 4 * PIECE, "{packing:?}: {}", held.longest);
        let small = bytes / 50;
        assert!(held.most <= largest as u64 + small, "{packing:?}: {} of {bytes} bytes are held", held.most);
        assert!(bytes > 4 * held.most, "{packing:?}: {} of {bytes} bytes are held", held.most);
    }
}

#[test]
fn what_is_packed_is_what_lies_in_the_file() {
    let (file, _) = Made::new("squeezenet1_1");
    let mut whole = vec![];
    let (mut copy, _) = Made::new("squeezenet1_1");
    copy.read_to_end(&mut whole).unwrap();
    let pack = |draft: Draft| {
        let sink = Gone { held: Arc::default(), manifest: None, shards: 0 };
        draft.pack(Packing::F16, sink).unwrap().0.manifest.unwrap()
    };
    let answers = Answers::default();
    let in_pieces = pack(Draft::of(file, Place::from("net"), &answers).unwrap());
    let at_once = pack(Draft::of(Cursor::new(whole), Place::from("net"), &answers).unwrap());
    assert_eq!(in_pieces, at_once);
    assert!(!in_pieces.shards.is_empty());
}
