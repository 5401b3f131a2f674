//! safetensors files (<https://huggingface.co/docs/safetensors>): named tensors, no graph. A header says where the numbers of each lie,
//! one tensor behind the other, and no number is read before it is wanted.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex};

use ::safetensors::Dtype;
use ::safetensors::tensor::TensorInfo;
use serde::Deserialize;

use super::element::{Element, Run};
use super::{Imported, Tensor, unreadable};
use convscope_core::error::Fault;
use convscope_core::fault;

/// Bytes of the longest header the format allows, with room to spare.
const MAX_HEADER: u64 = 1 << 27;

/// Bytes before the header: its length.
const LENGTH: u64 = 8;

/// Header of a file.
#[derive(Deserialize)]
struct Header {
    #[serde(rename = "__metadata__")]
    #[allow(dead_code, reason = "it is no tensor")]
    metadata: Option<BTreeMap<String, String>>,
    #[serde(flatten)]
    tensors: BTreeMap<String, TensorInfo>,
}

/// Whether the bytes start like such a file: the length of the header, then the header, a JSON object.
pub(super) fn recognises(bytes: &[u8]) -> bool {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else { return false };
    rest.first() == Some(&b'{') && u64::from_le_bytes(*length) <= MAX_HEADER
}

/// Finds all tensors of floating-point numbers in a file of `length` bytes.
pub(super) fn read<R: Read + Seek + Send + 'static>(mut file: R, length: u64) -> Result<Imported, Fault> {
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut bytes = [0; LENGTH as usize];
    file.read_exact(&mut bytes).map_err(unreadable)?;
    let start = LENGTH + u64::from_le_bytes(bytes);
    if start > length {
        return Err(damaged(another_length(start, length)));
    }
    let mut header = vec![0; (start - LENGTH) as usize];
    file.read_exact(&mut header).map_err(unreadable)?;
    let header: Header = serde_json::from_slice(&header).map_err(|error| damaged(Fault::foreign(error)))?;
    check(&header.tensors, start, length).map_err(damaged)?;
    let file = Arc::new(Mutex::new(file));
    let mut imported = Imported::default();
    let mut left_out = vec![];
    for (name, TensorInfo { dtype, shape, data_offsets: (from, to) }) in header.tensors {
        let Some(element) = element(dtype) else {
            left_out.push(name);
            continue;
        };
        let run = Run { file: Arc::clone(&file), element, start: start + from as u64, bytes: (to - from) as u64 };
        imported.tensors.insert(name, Tensor::in_file(shape, Arc::new(run)));
    }
    if imported.tensors.is_empty() {
        return Err(fault!(
            "safetensors-empty",
            "the safetensors file holds no tensor of floating-point numbers; choose another file"
        ));
    }
    super::note_left_out(&mut imported.notes, &left_out);
    Ok(imported)
}

/// Checks that tensors lie one behind the other, each as long as its shape says, up to the end of the file.
fn check(tensors: &BTreeMap<String, TensorInfo>, start: u64, length: u64) -> Result<(), Fault> {
    let mut by_place: Vec<(&String, &TensorInfo)> = tensors.iter().collect();
    by_place.sort_by_key(|(_, info)| info.data_offsets);
    let mut place = 0;
    for (name, TensorInfo { dtype, shape, data_offsets: (from, to) }) in by_place {
        // In 64 bits: in a browser, a length is of 32, and the bits of a large layer's numbers are more.
        let bits = shape.iter().try_fold(dtype.bitsize() as u64, |bits, &size| bits.checked_mul(size as u64));
        let own = to.checked_sub(*from).map(|bytes| bytes as u64 * 8);
        if *from as u64 != place || own.is_none() || own != bits {
            return Err(fault!(
                "safetensors-place",
                "{name} does not lie where it should, or is of another size",
                name
            ));
        }
        place = *to as u64;
    }
    if start + place == length { Ok(()) } else { Err(another_length(start + place, length)) }
}

fn another_length(expected: u64, actual: u64) -> Fault {
    fault!("safetensors-length", "it has {actual} bytes instead of {expected}", actual, expected)
}

fn damaged(cause: Fault) -> Fault {
    fault!(
        "safetensors-damaged",
        "the safetensors file is damaged or incomplete ({cause}); get it again",
        cause = cause
    )
}

fn element(dtype: Dtype) -> Option<Element> {
    Some(match dtype {
        Dtype::F64 => Element::F64,
        Dtype::F32 => Element::F32,
        Dtype::F16 => Element::F16,
        Dtype::BF16 => Element::Bf16,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use half::{bf16, f16};

    use super::*;
    use crate::FloatTensor;

    fn file(header: &str, data: &[u8]) -> Vec<u8> {
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), data].concat()
    }

    #[test]
    fn reads_floats_of_every_width() {
        let header = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[1,1],"data_offsets":[8,10]},
            "c":{"dtype":"BF16","shape":[1],"data_offsets":[10,12]},"n":{"dtype":"I64","shape":[1],"data_offsets":[12,20]},
            "d":{"dtype":"F64","shape":[1],"data_offsets":[20,28]}}"#;
        let mut data = [1.5_f32.to_le_bytes(), (-2.0_f32).to_le_bytes()].concat();
        data.extend(f16::from_f32(0.5).to_le_bytes());
        data.extend(bf16::from_f32(3.0).to_le_bytes());
        data.extend(7_i64.to_le_bytes());
        data.extend((-0.25_f64).to_le_bytes());
        let bytes = file(header, &data);
        assert!(recognises(&bytes));
        let length = bytes.len() as u64;
        let imported = read(Cursor::new(bytes), length).unwrap();
        assert_eq!(imported.tensors["a"], FloatTensor { shape: vec![2], values: vec![1.5, -2.0] }.into());
        assert_eq!(imported.tensors["b"], FloatTensor { shape: vec![1, 1], values: vec![0.5] }.into());
        assert_eq!(imported.tensors["c"].read().unwrap(), [3.0]);
        assert_eq!(imported.tensors["d"].read().unwrap(), [-0.25]);
        assert!(imported.notes[0].to_string().contains(": n"), "{:?}", imported.notes);
    }

    #[test]
    fn every_prefix_of_a_file_is_refused_in_words() {
        let bytes = file(r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, &[0; 8]);
        let parse = |bytes: &[u8]| crate::parse(Cursor::new(bytes.to_vec()), "", &crate::Options::default());
        assert!(parse(&bytes).is_ok());
        for end in 0..bytes.len() {
            let error = parse(&bytes[..end]).unwrap_err().to_string();
            assert!(error.contains(';'), "{error}");
        }
    }

    #[test]
    fn tensors_lie_one_behind_the_other_and_fill_the_file() {
        let refused = |header: &str, bytes| {
            let bytes = file(header, &vec![0; bytes]);
            let length = bytes.len() as u64;
            read(Cursor::new(bytes), length).unwrap_err().cause().unwrap().code().to_owned()
        };
        for (header, bytes, code) in [
            (r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, "safetensors-place"),
            (r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "safetensors-place"),
            (r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "safetensors-place"),
            (r#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#, 8, "safetensors-place"),
            (r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9, "safetensors-length"),
            (r#"{"a":{"dtype":"F32","shape":[2]}}"#, 8, "foreign"),
        ] {
            assert_eq!(refused(header, bytes), code, "{header}");
        }
    }
}
