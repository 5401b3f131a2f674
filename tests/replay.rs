//! Fuzzing in short and always alike: seeds, what fuzzing found, and a few hundred changes of each by a fixed generator. `fuzz/run`
//! looks further.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../fuzz/inputs.rs"]
mod inputs;

use std::fs;
use std::path::{Path, PathBuf};

/// Bytes of the largest file that is taken for a seed.
const MOST: u64 = 1 << 16;
/// Changes of each seed.
const CHANGES: usize = 500;

/// The generator of Numerical Recipes.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

fn seeds(target: &str) -> Vec<PathBuf> {
    let endings: &[&str] = match target {
        "image" => &["jpg", "tif", "png"],
        "manifest" => &["json"],
        "onnx" => &["onnx"],
        "hdf5" => &["h5"],
        "pickle" => &["pth", "tar"],
        "zip" => &["keras", "pth"],
        "safetensors" => &["safetensors"],
        _ => &[],
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data =
        ["tests/data", "tests/data/field", "tests/data/images", "tests/data/official"].map(|folder| root.join(folder));
    let own = ["seeds", "found"].map(|kind| root.join("fuzz").join(kind).join(target));
    let files =
        |folder: &PathBuf| fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    let of_kind = |path: &PathBuf| path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known));
    let mut found: Vec<PathBuf> =
        data.iter().flat_map(|folder| -> Vec<PathBuf> { files(folder) }).filter(of_kind).collect();
    found.extend(own.iter().flat_map(|folder| -> Vec<PathBuf> { files(folder) }));
    found.retain(|path| path.metadata().is_ok_and(|meta| meta.is_file() && meta.len() <= MOST));
    found.sort();
    found
}

#[test]
#[should_panic(expected = "no target zap")]
fn an_unknown_target_is_no_target_that_finds_nothing() {
    inputs::run("zap", b"");
}

#[test]
fn no_input_ends_the_program() {
    for (target, run) in inputs::TARGETS {
        let seeds = seeds(target);
        assert!(!seeds.is_empty(), "{target} has no seeds");
        let all: Vec<Vec<u8>> = seeds.iter().map(|path| fs::read(path).unwrap()).collect();
        let mut random = Random(15);
        // Large seeds are slow to read, and all kinds of them are there in small too.
        for (path, whole) in seeds.iter().zip(&all) {
            run(whole);
            for _ in 0..CHANGES / (1 + whole.len() / 8192) {
                let mut changed = whole.clone();
                for _ in 0..1 + random.below(4) {
                    change(&mut changed, &all, &mut random);
                }
                let caught = std::panic::catch_unwind(|| run(&changed));
                if caught.is_err() {
                    let place = std::env::temp_dir().join(format!("convscope-replay-{target}"));
                    fs::write(&place, &changed).unwrap();
                    panic!("{target}, from {}: the input is in {}", path.display(), place.display());
                }
            }
        }
    }
}

fn change(bytes: &mut Vec<u8>, others: &[Vec<u8>], random: &mut Random) {
    let place = random.below(bytes.len());
    match random.below(6) {
        0 => bytes.truncate(place),
        1 => bytes.insert(place, random.below(256) as u8),
        2 if !bytes.is_empty() => {
            bytes.remove(place);
        }
        3 => {
            let other = &others[random.below(others.len())];
            let start = random.below(other.len());
            let end = (start + 1 + random.below(64)).min(other.len());
            bytes.splice(place..place, other[start..end].iter().copied());
        }
        4 if place + 4 <= bytes.len() => {
            let number = [0_u32, 1, u32::MAX, 1 << 31, 0x7fff_ffff, 65_536][random.below(6)];
            bytes[place..place + 4].copy_from_slice(&number.to_le_bytes());
        }
        _ if !bytes.is_empty() => bytes[place] = [0, 1, 0x7f, 0x80, 0xff, random.below(256) as u8][random.below(6)],
        _ => {}
    }
}
