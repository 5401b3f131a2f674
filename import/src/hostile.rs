//! Files that are cut off or have wrong bytes in them: a sentence, never a panic, and no memory that the file does not account for.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use super::{Imported, Options, parse, printable};

const FILES: [&str; 7] = [
    "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
    "keras2_weights.h5",
    "odd.h5",
    "vgg16-397923af.pth",
    "vgg16_zip.pth",
    "vgg16.safetensors",
    "residual_external.onnx",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/official")
}

fn read(bytes: Vec<u8>) -> Result<Imported, String> {
    let imported = parse(Cursor::new(bytes), &folder().join("net"), &Options::default());
    // What lies in the file is read as packing reads it.
    let imported = imported.and_then(|imported| {
        imported.tensors.values().try_for_each(|tensor| tensor.read().map(drop))?;
        Ok(imported)
    });
    let imported = imported.map_err(|fault| printable(&fault.to_string()));
    if let Err(error) = &imported {
        assert!(error.contains(';') || error.contains("recipe"), "{error}");
        assert!(!error.contains(char::is_control), "{error}");
    }
    imported
}

fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(folder().join(file)).unwrap()
}

#[test]
fn a_file_that_is_cut_off_is_refused() {
    for file in FILES {
        let whole = bytes(file);
        assert!(read(whole.clone()).is_ok(), "{file}");
        // An ONNX file may lose what stands behind its graph.
        let may_be_whole = file.ends_with(".onnx");
        for end in (0..whole.len()).step_by(if whole.len() > 20_000 { 61 } else { 7 }) {
            assert!(read(whole[..end].to_vec()).is_err() || may_be_whole, "{file} up to {end}");
        }
    }
}

#[test]
fn changed_bytes_are_refused_or_read() {
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for file in FILES {
        let whole = bytes(file);
        let mut refused = 0;
        for _ in 0..2000 {
            let mut changed = whole.clone();
            for _ in 0..1 + next(4) {
                // Numbers are most of a file, but what describes them stands at its start or end.
                let place = next(whole.len());
                let place = match next(3) {
                    0 => place,
                    1 => place % 2048,
                    _ => whole.len() - 1 - place % 2048,
                };
                changed[place] = [0, 1, 0x7f, 0x80, 0xff, next(256) as u8][next(6)];
            }
            refused += usize::from(read(changed).is_err());
        }
        // Of the least fragile, Keras's, 482.
        assert!(refused > 400, "{file}: {refused} of 2000");
    }
}

#[test]
fn a_file_that_claims_more_than_it_has_is_refused() {
    let replace = |file: &str, from: &[u8], to: &[u8]| {
        let mut bytes = bytes(file);
        let place = bytes.windows(from.len()).position(|window| window == from);
        let place = place.unwrap_or_else(|| panic!("{file} has no {from:?}"));
        bytes[place..place + to.len()].copy_from_slice(to);
        read(bytes).unwrap_err()
    };
    // The first kernel is [2, 3, 3, 3] in PyTorch: its shape, and the length of its storage.
    let error = replace("vgg16-397923af.pth", b"K\x02K\x03K\x03K\x03", b"K\xffK\xffK\xffK\xff");
    assert!(error.contains("more numbers"), "{error}");
    let error = replace("vgg16-397923af.pth", b"K6Nt", b"K7Nt");
    assert!(error.contains("length it should have"), "{error}");
    // An archive has checksums.
    let error = replace("vgg16_zip.pth", b"K\x02K\x03K\x03K\x03", b"K\xffK\xffK\xffK\xff");
    assert!(error.contains("checksum"), "{error}");
    // The sizes of a kernel [3, 3, 3, 2] in HDF5, 8 bytes each.
    let sizes = |sizes: [u64; 4]| sizes.map(u64::to_le_bytes).concat();
    let keras = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5";
    let error = replace(keras, &sizes([3, 3, 3, 2]), &sizes([3, 3, 3000, 2_000_000]));
    assert!(error.contains("more numbers"), "{error}");
    let error = replace(keras, &sizes([3, 3, 3, 2]), &sizes([u64::MAX, 3, 3, 2]));
    assert!(error.contains("impossible") || error.contains("damaged"), "{error}");
}
