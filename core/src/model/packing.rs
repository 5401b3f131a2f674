//! Packings: plans by which all weights of a model are stored, each tensor in a codec.

use serde::{Deserialize, Serialize};

use super::codec::{Codec, Of, Step, encode, encode_steps};
use crate::error::Fault;
use crate::named::named;

/// Plan by which a model's weights are stored. Biases are stored as they are in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Packing {
    /// All in [`Codec::F32`].
    F32,
    /// All in [`Codec::F16`].
    F16,
    /// All in [`Codec::Int8`], with the widest steps.
    Int8,
    /// Whole steps, the narrower the fewer numbers a tensor has: a step's share of its channel's root mean square is
    /// `0.025 n / 2^20` for a tensor of `n` numbers, and 0.025 at most. Networks of depthwise convolutions lose most by their small early
    /// layers, where bits cost nothing. Measured on EfficientNet-Lite0 and 23 photographs, Grad-CAM's maps of [`Packing::Int8`] correlate
    /// with those of [`Packing::F32`] by 0.91, and at the stem by 0.20 (medians), of [`Packing::F16`] by 0.998 and 0.970 at 8.6 MB, and of
    /// this by 0.999 and 0.994 at 5.8 MB. Bias correction (Nagel et al. 2019, <https://arxiv.org/abs/1906.04721>) of bytes, even with
    /// measured means, came to 0.975 and 0.61.
    Mixed,
    /// Dense layers in whole steps and about four bits a number once the shards are compressed, convolutions, which are few and matter
    /// more, in [`Codec::Int8`]. A step's share of a layer's root mean square is `0.35 sqrt(n / N)`: of layers whose errors count
    /// alike, the least sum at a number of bits (Lagrange's condition). The largest layer loses 10 % of normally distributed numbers
    /// (root mean square), the others less.
    Int4,
}

named!(Packing {
    F32 = "f32", "IEEE 754 binary32. No error";
    F16 = "f16", "IEEE 754 binary16: relative error at most 2^-11";
    Int8 = "int8", "One signed byte a number and a scale for each output channel";
    Mixed = "mixed", "Bytes or pairs of them, finer for small layers: for networks of depthwise convolutions";
    Int4 = "int4", "About four bits a number of dense layers, int8 for convolutions";
});

/// The largest share of a step in [`Packing::Mixed`].
const MIXED: f32 = 0.025;
/// Numbers of a tensor from which on it has that share.
const MANY: f32 = (1_u32 << 20) as f32;
/// Share of the largest dense layer's step in [`Packing::Int4`].
const DENSE: f32 = 0.35;

/// A tensor as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The codec.
    pub codec: Codec,
    /// The dimension of the output channels.
    pub axis: usize,
    /// Bytes.
    pub bytes: Vec<u8>,
}

impl Packing {
    /// Whether a tensor of that shape is a dense layer's weight, of whose largest [`Packing::store`] is told.
    pub fn is_dense(shape: &[usize]) -> bool {
        shape.len() == 2
    }

    /// Whether a tensor of that shape is stored as it is, in [`Codec::F32`], as biases are in all of them.
    pub fn is_exact(self, shape: &[usize]) -> bool {
        self == Self::F32 || shape.len() == 1
    }

    /// Stores a tensor; `most` is the number of numbers of the largest dense layer.
    ///
    /// # Errors
    /// A sentence where a number is not finite, or too large or too small for the codec.
    pub fn store(self, values: &[f32], shape: &[usize], most: usize) -> Result<Stored, Fault> {
        let axis = usize::from(shape.len() == 2);
        let plain = match (self, shape.len()) {
            (_, 1) | (Self::F32, _) => Codec::F32,
            (Self::F16, _) => Codec::F16,
            (Self::Int8 | Self::Int4, 3..) | (Self::Int8, _) => Codec::Int8,
            (Self::Mixed | Self::Int4, _) => {
                let step = match self {
                    Self::Int4 => {
                        Step { share: DENSE * (values.len() as f32 / most.max(1) as f32).sqrt(), of: Of::Tensor }
                    }
                    _ => Step { share: MIXED * (values.len() as f32 / MANY).min(1.0), of: Of::Channel },
                };
                let (codec, bytes) = encode_steps(values, shape, axis, step)?;
                return Ok(Stored { codec, axis, bytes });
            }
        };
        Ok(Stored { codec: plain, axis, bytes: encode(plain, values, shape, axis)? })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Shard, decode};
    use super::*;

    /// Sums of twelve uniform numbers, which are nearly normal, of deviation 1.
    fn normal(count: usize) -> Vec<f32> {
        let mut state = 1_u32;
        let mut uniform = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 24) as f32
        };
        (0..count).map(|_| (0..12).map(|_| uniform()).sum::<f32>() - 6.0).collect()
    }

    /// Root mean square of what a packing loses of those numbers, and bits a number in a compressed shard.
    fn cost(packing: Packing, shape: &[usize], most: usize) -> (f64, f64, Codec) {
        let values = normal(shape.iter().product());
        let Stored { codec, axis, bytes } = packing.store(&values, shape, most).unwrap();
        let read = decode(codec, &bytes, shape, axis);
        let squares: f64 = values.iter().zip(&read).map(|(value, read)| f64::from(value - read).powi(2)).sum();
        let (shard, _) = Shard::of("a.bin".into(), bytes);
        let count = values.len() as f64;
        ((squares / count).sqrt(), 8.0 * shard.bytes as f64 / count, codec)
    }

    #[test]
    fn four_bits_lose_a_tenth_and_finer_steps_cost_what_theory_says() {
        // A step's error is its width by the root of 12, and half the step is a bit more.
        let (lost, bits, codec) = cost(Packing::Int4, &[4096, 64], 4096 * 64);
        assert!((lost - 0.35 / 12_f64.sqrt()).abs() < 0.001 && (3.5..3.75).contains(&bits), "{lost} {bits}");
        assert_eq!(codec, Codec::Int8);
        let (finer, more, _) = cost(Packing::Int4, &[4096, 64], 4 * 4096 * 64);
        assert!((finer - lost / 2.0).abs() < 0.001 && (0.9..1.05).contains(&(more - bits)), "{finer} {more}");
        // Convolutions are not among the dense layers.
        assert_eq!(cost(Packing::Int4, &[64, 64, 3, 3], 64).2, Codec::Int8);
    }

    #[test]
    fn the_fewer_numbers_a_tensor_has_the_finer_they_are_stored() {
        let (large, _, codec) = cost(Packing::Mixed, &[1024, 1024, 1, 1], 1);
        let (small, _, fine) = cost(Packing::Mixed, &[64, 16, 1, 1], 1);
        assert_eq!((codec, fine), (Codec::Int8, Codec::Int16));
        assert!((large - 0.025 / 12_f64.sqrt()).abs() < 0.003 && small < large / 100.0, "{large} {small}");
    }

    #[test]
    fn biases_and_what_is_stored_plainly_are_as_before() {
        for packing in Packing::ALL {
            assert_eq!(packing.store(&[0.5, 2.0], &[2], 9).unwrap().codec, Codec::F32);
        }
        let codec = |packing: Packing| packing.store(&[0.5, 2.0], &[1, 2], 9).unwrap().codec;
        assert_eq!([Packing::F32, Packing::F16, Packing::Int8].map(codec), [Codec::F32, Codec::F16, Codec::Int8]);
    }
}
