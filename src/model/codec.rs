//! How a tensor's numbers are stored. Every codec states its error bound.

use half::f16;
use serde::{Deserialize, Serialize};

/// A way of storing float32 numbers. All are little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(clap::ValueEnum))]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// IEEE 754 binary32. No error.
    F32,
    /// IEEE 754 binary16, rounded to nearest. Relative error at most 2^-11 for magnitudes from 2^-14 to 65504, absolute
    /// error at most 2^-25 below; larger magnitudes are refused when packing.
    F16,
    /// First one float32 scale for each output channel, then one signed byte a number, in -127..=127: `value = scale * byte`,
    /// `scale = max |value of the channel| / 127`. Absolute error at most `scale / 2`, which is 1/254 of the channel's largest
    /// magnitude (plus float32 rounding).
    Int8,
}

impl Codec {
    /// The name used in `model.json` and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Int8 => "int8",
        }
    }

    /// How many bytes a tensor takes; `None` if that overflows or the axis does not exist.
    pub fn encoded_len(self, shape: &[usize], axis: usize) -> Option<usize> {
        let count = shape.iter().try_fold(1_usize, |count, &size| count.checked_mul(size))?;
        match self {
            Self::F32 => count.checked_mul(4),
            Self::F16 => count.checked_mul(2),
            Self::Int8 => count.checked_add(shape.get(axis)?.checked_mul(4)?),
        }
    }
}

/// The channel of a number at flat place `index`: `axis` counts from the outermost dimension.
fn channel(index: usize, stride: usize, channels: usize) -> usize {
    index / stride % channels
}

/// Stores `values`, a row-major tensor of `shape` whose output channels lie along `axis`.
///
/// # Errors
/// A sentence where a number is not finite or too large for the codec.
pub fn encode(codec: Codec, values: &[f32], shape: &[usize], axis: usize) -> Result<Vec<u8>, String> {
    if let Some(bad) = values.iter().find(|value| !value.is_finite()) {
        return Err(format!("it holds {bad}, which is not a number to compute with"));
    }
    match codec {
        Codec::F32 => Ok(values.iter().flat_map(|value| value.to_le_bytes()).collect()),
        Codec::F16 => {
            if let Some(large) = values.iter().find(|value| !f16::from_f32(**value).is_finite()) {
                return Err(format!("it holds {large}, beyond the 65504 of f16: use another codec"));
            }
            Ok(values.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect())
        }
        Codec::Int8 => {
            let channels = shape[axis];
            let stride: usize = shape[axis + 1..].iter().product();
            let mut largest = vec![0_f32; channels];
            for (index, value) in values.iter().enumerate() {
                let largest = &mut largest[channel(index, stride, channels)];
                *largest = largest.max(value.abs());
            }
            // A channel of zeros keeps scale 0; so does one too small to divide by, whose numbers then become 0 within the bound.
            let scales: Vec<f32> = largest.iter().map(|largest| largest / 127.0).collect();
            let mut bytes: Vec<u8> = scales.iter().flat_map(|scale| scale.to_le_bytes()).collect();
            bytes.extend(values.iter().enumerate().map(|(index, value)| {
                let scale = scales[channel(index, stride, channels)];
                let steps = if scale > 0.0 { (value / scale).round().clamp(-127.0, 127.0) } else { 0.0 };
                (steps as i8).cast_unsigned()
            }));
            Ok(bytes)
        }
    }
}

/// Reads what [`encode`] stored. `bytes` must have the length [`Codec::encoded_len`] says, which the manifest's check sees to.
pub fn decode(codec: Codec, bytes: &[u8], shape: &[usize], axis: usize) -> Vec<f32> {
    let f32_of = |bytes: &[u8]| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    match codec {
        Codec::F32 => bytes.chunks_exact(4).map(f32_of).collect(),
        Codec::F16 => bytes.chunks_exact(2).map(|pair| f16::from_le_bytes([pair[0], pair[1]]).to_f32()).collect(),
        Codec::Int8 => {
            let channels = shape[axis];
            let stride: usize = shape[axis + 1..].iter().product();
            let (scales, steps) = bytes.split_at(4 * channels);
            let scales: Vec<f32> = scales.chunks_exact(4).map(f32_of).collect();
            let value =
                |(index, step): (usize, &u8)| f32::from(step.cast_signed()) * scales[channel(index, stride, channels)];
            steps.iter().enumerate().map(value).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(count: usize) -> Vec<f32> {
        let mut state = 7_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        (0..count).map(|index| next() * 10_f32.powi(index as i32 % 5 - 3)).collect()
    }

    #[test]
    fn f32_is_exact() {
        let values = noise(24);
        let bytes = encode(Codec::F32, &values, &[2, 3, 4], 0).unwrap();
        assert_eq!(decode(Codec::F32, &bytes, &[2, 3, 4], 0), values);
    }

    #[test]
    fn f16_keeps_its_bound() {
        let values = noise(1000);
        let bytes = encode(Codec::F16, &values, &[1000], 0).unwrap();
        for (value, read) in values.iter().zip(decode(Codec::F16, &bytes, &[1000], 0)) {
            let bound = (value.abs() * 2_f32.powi(-11)).max(2_f32.powi(-25));
            assert!((value - read).abs() <= bound, "{value} became {read}");
        }
    }

    #[test]
    fn int8_keeps_its_bound_on_either_axis() {
        for (shape, axis) in [(vec![5, 3, 4, 4], 0), (vec![12, 20], 1)] {
            let values = noise(240);
            let bytes = encode(Codec::Int8, &values, &shape, axis).unwrap();
            assert_eq!(Some(bytes.len()), Codec::Int8.encoded_len(&shape, axis));
            let read = decode(Codec::Int8, &bytes, &shape, axis);
            let stride: usize = shape[axis + 1..].iter().product();
            for (index, (value, read)) in values.iter().zip(&read).enumerate() {
                let mine = channel(index, stride, shape[axis]);
                let of_channel = |(other, value): (usize, &f32)| {
                    if channel(other, stride, shape[axis]) == mine { value.abs() } else { 0.0 }
                };
                let largest = values.iter().enumerate().map(of_channel).fold(0.0, f32::max);
                assert!((value - read).abs() <= largest / 254.0 * 1.0001, "{value} became {read}");
            }
        }
    }

    #[test]
    fn int8_keeps_zeros_and_refuses_what_is_no_number() {
        let bytes = encode(Codec::Int8, &[0.0; 6], &[2, 3], 0).unwrap();
        assert_eq!(decode(Codec::Int8, &bytes, &[2, 3], 0), [0.0; 6]);
        assert!(encode(Codec::Int8, &[1.0, f32::NAN], &[2], 0).unwrap_err().contains("NaN"));
        assert!(encode(Codec::F16, &[1e9], &[1], 0).unwrap_err().contains("65504"));
    }
}
