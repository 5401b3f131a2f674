//! Codecs, which store a tensor's numbers. Every codec states its error bound.

mod int4;
mod places;
mod steps;

use std::ops::Range;

use half::f16;
use serde::{Deserialize, Serialize};

use self::places::Places;
pub use self::steps::{Of, Step};
use crate::error::Fault;
use crate::fault;
use crate::named::named;

/// A way of storing float32 numbers. All are little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// IEEE 754 binary32. No error.
    F32,
    /// IEEE 754 binary16, rounded to nearest. Relative error at most 2^-11 for magnitudes from 2^-14 to 65504, absolute
    /// error at most 2^-25 below; larger magnitudes are refused when packing.
    F16,
    /// First one float32 scale for each output channel, then one signed byte a number, in -127..=127: `value = scale * byte`.
    /// Absolute error at most `scale / 2` (plus float32 rounding); [`encode`]'s scale is `max |value of the channel| / 127`, so that
    /// this is 1/254 of the channel's largest magnitude.
    Int8,
    /// First one float32 scale for each output channel, then a signed low byte a number, then as many signed high bytes:
    /// `value = scale * (256 * high + low)`, the sum in 16 bits. Absolute error at most `scale / 2` (plus float32 rounding);
    /// [`encode`]'s scale is `max |value of the channel| / 32767`.
    Int16,
    /// Four bits a number, with a scale for each 256 numbers of an output channel. The numbers of a channel, in row-major
    /// order, are cut into groups of 256. First come the groups' scales in float16, `[groups of a channel, channels]`, then two
    /// numbers a byte in row-major order, the first in the low half: `value = scale * (half - 8)`. A scale may be negative. It
    /// is the one of least squared error among several, so the root mean square of a group's errors is at most that of plain
    /// rounding, 1/14 of the group's largest magnitude (plus float16 rounding of the scale); a single error is at most about a
    /// half of that magnitude. For normally distributed numbers the errors are 10 % of the numbers, root mean square.
    Int4,
}

named!(Codec {
    F32 = "f32", "IEEE 754 binary32. No error";
    F16 = "f16", "IEEE 754 binary16: relative error at most 2^-11";
    Int8 = "int8", "One signed byte a number and a scale for each output channel";
    Int16 = "int16", "Two signed bytes a number and a scale for each output channel";
    Int4 = "int4", "Four bits a number and a scale for each 256 of an output channel";
});

impl Codec {
    /// Bytes that a tensor takes; `None` if that overflows or the axis does not exist.
    pub fn encoded_len(self, shape: &[usize], axis: usize) -> Option<usize> {
        let count = shape.iter().try_fold(1_usize, |count, &size| count.checked_mul(size))?;
        let channels = *shape.get(axis)?;
        match self {
            Self::F32 => count.checked_mul(4),
            Self::F16 => count.checked_mul(2),
            Self::Int8 => count.checked_add(channels.checked_mul(4)?),
            Self::Int16 => count.checked_mul(2)?.checked_add(channels.checked_mul(4)?),
            Self::Int4 => {
                let groups = count.checked_div(channels)?.div_ceil(int4::GROUP);
                groups.checked_mul(channels)?.checked_mul(2)?.checked_add(count.div_ceil(2))
            }
        }
    }
}

/// Stores `values`, a row-major tensor of `shape` whose output channels lie along `axis`.
///
/// # Errors
/// A sentence where a number is not finite, or too large or too small for the codec.
pub fn encode(codec: Codec, values: &[f32], shape: &[usize], axis: usize) -> Result<Vec<u8>, Fault> {
    check(values)?;
    match codec {
        Codec::F32 => Ok(values.iter().flat_map(|value| value.to_le_bytes()).collect()),
        Codec::F16 => {
            if let Some(large) = values.iter().find(|value| !f16::from_f32(**value).is_finite()) {
                return Err(fault!(
                    "codec-f16-range",
                    "it holds {value}, beyond the 65504 of f16: use another codec",
                    value = large
                ));
            }
            Ok(values.iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect())
        }
        Codec::Int8 | Codec::Int16 => {
            Ok(steps::encode(codec, &steps::widest(codec, values, shape, axis), values, shape, axis))
        }
        Codec::Int4 => int4::encode(values, shape, axis),
    }
}

/// Stores `values` as [`encode`] does, in whole steps of that width: in [`Codec::Int8`] where one byte counts them, else in
/// [`Codec::Int16`].
///
/// # Errors
/// A sentence where a number is not finite.
pub fn encode_steps(values: &[f32], shape: &[usize], axis: usize, step: Step) -> Result<(Codec, Vec<u8>), Fault> {
    check(values)?;
    let (codec, scales) = steps::scales(values, shape, axis, step);
    Ok((codec, steps::encode(codec, &scales, values, shape, axis)))
}

/// Refuses what is no number to compute with.
fn check(values: &[f32]) -> Result<(), Fault> {
    match values.iter().find(|value| !value.is_finite()) {
        Some(bad) => {
            Err(fault!("codec-not-finite", "it holds {value}, which is not a number to compute with", value = bad))
        }
        None => Ok(()),
    }
}

/// Reads what [`encode`] stored. `bytes` must have the length [`Codec::encoded_len`] says, which the manifest's check sees to.
pub fn decode(codec: Codec, bytes: &[u8], shape: &[usize], axis: usize) -> Vec<f32> {
    let count = shape.iter().product();
    let mut values = Vec::with_capacity(count);
    Stored::new(codec, bytes, shape, axis).read(0..count, &mut values);
    values
}

/// Reads a part of what [`encode`] stored, at these flat places, and appends it to `values`: so that a large tensor need not be there twice.
pub fn decode_part(
    codec: Codec,
    bytes: &[u8],
    shape: &[usize],
    axis: usize,
    flat: Range<usize>,
    values: &mut Vec<f32>,
) {
    Stored::new(codec, bytes, shape, axis).read(flat, values);
}

/// Reads some columns of a matrix `[rows, columns]`, the weight of a dense layer, which [`encode`] stored with axis 1: so that a
/// large one need never be there as a whole.
pub fn decode_columns(codec: Codec, bytes: &[u8], shape: [usize; 2], wanted: Range<usize>) -> Vec<f32> {
    let [rows, columns] = shape;
    let mut values = Vec::with_capacity(rows * wanted.len());
    let stored = Stored::new(codec, bytes, &shape, 1);
    for row in 0..rows {
        stored.read(row * columns + wanted.start..row * columns + wanted.end, &mut values);
    }
    values
}

/// A stored tensor, its scales read.
struct Stored<'a> {
    codec: Codec,
    shape: &'a [usize],
    axis: usize,
    scales: Vec<f32>,
    numbers: &'a [u8],
}

fn f32_of(bytes: &[u8]) -> f32 {
    f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

fn f16_of(bytes: &[u8]) -> f32 {
    f16::from_le_bytes([bytes[0], bytes[1]]).to_f32()
}

impl<'a> Stored<'a> {
    fn new(codec: Codec, bytes: &'a [u8], shape: &'a [usize], axis: usize) -> Self {
        let count: usize = shape.iter().product();
        let (scales, numbers) = match codec {
            Codec::F32 | Codec::F16 => (vec![], bytes),
            Codec::Int8 | Codec::Int16 => {
                let (scales, numbers) = bytes.split_at(4 * shape[axis]);
                (scales.chunks_exact(4).map(f32_of).collect(), numbers)
            }
            Codec::Int4 => {
                let (scales, numbers) = bytes.split_at(bytes.len() - count.div_ceil(2));
                (scales.chunks_exact(2).map(f16_of).collect(), numbers)
            }
        };
        Self { codec, shape, axis, scales, numbers }
    }

    /// Appends the numbers at these flat places to `values`.
    fn read(&self, flat: Range<usize>, values: &mut Vec<f32>) {
        let (numbers, scales) = (self.numbers, &self.scales);
        let places = Places::new(self.shape, self.axis, flat.start);
        match self.codec {
            Codec::F32 => values.extend(numbers[4 * flat.start..4 * flat.end].chunks_exact(4).map(f32_of)),
            Codec::F16 => values.extend(numbers[2 * flat.start..2 * flat.end].chunks_exact(2).map(f16_of)),
            Codec::Int8 => {
                let value = |(place, step): (places::Place, &u8)| f32::from(step.cast_signed()) * scales[place.channel];
                values.extend(places.zip(&numbers[flat]).map(value));
            }
            Codec::Int16 => {
                let (low, high) = numbers.split_at(numbers.len() / 2);
                let bytes = low[flat.clone()].iter().zip(&high[flat]);
                let value = |(place, (low, high)): (places::Place, (&u8, &u8))| {
                    steps::joined(*low, *high) * scales[place.channel]
                };
                values.extend(places.zip(bytes).map(value));
            }
            Codec::Int4 => {
                let channels = self.shape[self.axis];
                let value = |(index, place): (usize, places::Place)| {
                    let scale = scales[place.position / int4::GROUP * channels + place.channel];
                    scale * int4::step(numbers[index / 2], index)
                };
                values.extend(flat.zip(places).map(value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn noise(count: usize) -> Vec<f32> {
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
            let channel = |index: usize| index / stride % shape[axis];
            for (index, (value, read)) in values.iter().zip(&read).enumerate() {
                let of_channel =
                    |(other, value): (usize, &f32)| if channel(other) == channel(index) { value.abs() } else { 0.0 };
                let largest = values.iter().enumerate().map(of_channel).fold(0.0, f32::max);
                assert!((value - read).abs() <= largest / 254.0 * 1.0001, "{value} became {read}");
            }
        }
    }

    #[test]
    fn int8_keeps_zeros_and_refuses_nan() {
        let bytes = encode(Codec::Int8, &[0.0; 6], &[2, 3], 0).unwrap();
        assert_eq!(decode(Codec::Int8, &bytes, &[2, 3], 0), [0.0; 6]);
        assert!(encode(Codec::Int8, &[1.0, f32::NAN], &[2], 0).unwrap_err().to_string().contains("NaN"));
        assert!(encode(Codec::F16, &[1e9], &[1], 0).unwrap_err().to_string().contains("65504"));
    }

    #[test]
    fn columns_are_read_as_from_the_whole() {
        let (rows, columns) = (515, 7);
        let values = noise(rows * columns);
        for codec in [Codec::F32, Codec::F16, Codec::Int8, Codec::Int16, Codec::Int4] {
            let bytes = encode(codec, &values, &[rows, columns], 1).unwrap();
            assert_eq!(Some(bytes.len()), codec.encoded_len(&[rows, columns], 1));
            let mut parts = vec![];
            for flat in [0..1, 1..1000, 1000..rows * columns] {
                decode_part(codec, &bytes, &[rows, columns], 1, flat, &mut parts);
            }
            assert_eq!(parts, decode(codec, &bytes, &[rows, columns], 1), "{codec:?}");
            let whole = decode(codec, &bytes, &[rows, columns], 1);
            for wanted in [0..7, 0..1, 2..5, 6..7] {
                let expected: Vec<f32> =
                    whole.chunks_exact(columns).flat_map(|row| row[wanted.clone()].to_vec()).collect();
                assert_eq!(decode_columns(codec, &bytes, [rows, columns], wanted), expected, "{codec:?}");
            }
        }
    }
}
