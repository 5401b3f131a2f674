//! safetensors files (<https://huggingface.co/docs/safetensors>): named tensors, no graph.

use ::safetensors::{Dtype, SafeTensors};
use half::{bf16, f16};

use super::{FloatTensor, Imported};
use convscope_core::error::Fault;
use convscope_core::fault;

/// Bytes of the longest header the format allows, with room to spare.
const MAX_HEADER: u64 = 1 << 27;

/// Whether the bytes start like such a file: the length of the header, then the header, a JSON object.
pub(super) fn recognises(bytes: &[u8]) -> bool {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else { return false };
    rest.first() == Some(&b'{') && u64::from_le_bytes(*length) <= MAX_HEADER
}

/// Reads all tensors of floating-point numbers.
pub(super) fn read(bytes: &[u8]) -> Result<Imported, Fault> {
    let damaged = |error| {
        fault!("safetensors-damaged", "the safetensors file is damaged or incomplete ({error}); get it again", error)
            .with_source(error)
    };
    let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
    let mut imported = Imported::default();
    let mut left_out = vec![];
    for (name, view) in file.tensors() {
        match floats(view.dtype(), view.data()) {
            Some(values) => {
                imported.tensors.insert(name, FloatTensor { shape: view.shape().to_vec(), values });
            }
            None => left_out.push(name),
        }
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

fn floats(dtype: Dtype, bytes: &[u8]) -> Option<Vec<f32>> {
    let two = |pair: &[u8]| [pair[0], pair[1]];
    let four = |bytes: &[u8]| [bytes[0], bytes[1], bytes[2], bytes[3]];
    Some(match dtype {
        Dtype::F64 => bytes.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes) as f32).collect(),
        Dtype::F32 => bytes.chunks_exact(4).map(|bytes| f32::from_le_bytes(four(bytes))).collect(),
        Dtype::F16 => bytes.chunks_exact(2).map(|pair| f16::from_le_bytes(two(pair)).to_f32()).collect(),
        Dtype::BF16 => bytes.chunks_exact(2).map(|pair| bf16::from_le_bytes(two(pair)).to_f32()).collect(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let imported = read(&bytes).unwrap();
        assert_eq!(imported.tensors["a"], FloatTensor { shape: vec![2], values: vec![1.5, -2.0] });
        assert_eq!(imported.tensors["b"], FloatTensor { shape: vec![1, 1], values: vec![0.5] });
        assert_eq!(imported.tensors["c"].values, [3.0]);
        assert_eq!(imported.tensors["d"].values, [-0.25]);
        assert!(imported.notes[0].to_string().contains(": n"), "{:?}", imported.notes);
    }

    #[test]
    fn every_prefix_of_a_file_is_refused_in_words() {
        let bytes = file(r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, &[0; 8]);
        assert!(read(&bytes).is_ok());
        for end in 0..bytes.len() {
            let file = std::io::Cursor::new(bytes[..end].to_vec());
            let error = super::super::parse(file, "", &super::super::Options::default()).unwrap_err().to_string();
            assert!(error.contains(';'), "{error}");
        }
    }
}
