//! Whole steps: a number is a scale of its output channel times a whole number of one byte or two.
//!
//! How wide a step is decides what is lost, and what is lost costs bits: an error of half as much costs one bit a number more, since
//! Huffman's code of the shards makes frequent steps short (uniform quantization with entropy coding, Gish and Pierce 1968,
//! <https://doi.org/10.1109/TIT.1968.1054193>). So a step is given as a share of the numbers' root mean square, and not of the largest,
//! which one outlier decides.

use super::Codec;
use super::places::Places;

/// The largest steps of two bytes.
const MOST_16: f32 = 32_767.0;
/// The largest steps of one byte.
const MOST_8: f32 = 127.0;

/// Factor by which steps of one byte may be wider than asked for, root mean square over the channels, before two bytes are taken.
const WIDER: f64 = 1.5;

/// Whose root mean square a step is a share of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Each output channel's own.
    Channel,
    /// The whole tensor's: the least squared error at a number of bits.
    Tensor,
}

/// Width of the steps of a tensor: a share of a root mean square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The share.
    pub share: f32,
    /// Of what.
    pub of: Of,
}

/// The least codec whose steps are as narrow as asked for, and a scale for each output channel. A channel whose largest magnitude would be
/// more steps than two bytes count has wider ones.
pub(super) fn scales(values: &[f32], shape: &[usize], axis: usize, step: Step) -> (Codec, Vec<f32>) {
    let channels = shape[axis];
    let mut largest = vec![0_f32; channels];
    let mut squares = vec![0_f64; channels];
    for (place, &value) in Places::new(shape, axis, 0).zip(values) {
        largest[place.channel] = largest[place.channel].max(value.abs());
        squares[place.channel] += f64::from(value).powi(2);
    }
    let (all, each) = (values.len() as f64, values.len() as f64 / channels as f64);
    let of_tensor = (squares.iter().sum::<f64>() / all).sqrt();
    let root = |squares: &f64| match step.of {
        Of::Channel => (squares / each).sqrt(),
        Of::Tensor => of_tensor,
    };
    let asked: Vec<f32> = squares.iter().map(|squares| (root(squares) * f64::from(step.share)) as f32).collect();
    let at_least = |most: f32| -> Vec<f32> {
        asked.iter().zip(&largest).map(|(&asked, largest)| asked.max(largest / most)).collect()
    };
    let one_byte = at_least(MOST_8);
    let wider = asked.iter().zip(&one_byte).filter(|(asked, _)| **asked > 0.0).map(|(asked, got)| got / asked);
    let wider = wider.map(|times| f64::from(times).powi(2)).sum::<f64>() / channels as f64;
    if wider.sqrt() <= WIDER { (Codec::Int8, one_byte) } else { (Codec::Int16, at_least(MOST_16)) }
}

/// Scales by which each channel's largest magnitude is the largest step.
pub(super) fn widest(codec: Codec, values: &[f32], shape: &[usize], axis: usize) -> Vec<f32> {
    let mut largest = vec![0_f32; shape[axis]];
    for (place, value) in Places::new(shape, axis, 0).zip(values) {
        largest[place.channel] = largest[place.channel].max(value.abs());
    }
    largest.iter().map(|largest| largest / if codec == Codec::Int16 { MOST_16 } else { MOST_8 }).collect()
}

/// The scales, then the steps: one byte each, or all low bytes and then all high ones, which are mostly alike and so cost little.
pub(super) fn encode(codec: Codec, scales: &[f32], values: &[f32], shape: &[usize], axis: usize) -> Vec<u8> {
    let most = if codec == Codec::Int16 { MOST_16 } else { MOST_8 };
    // As many as they will be: a growing buffer of a large layer would be there twice over.
    let each = if codec == Codec::Int16 { 2 } else { 1 };
    let mut bytes = Vec::with_capacity(4 * scales.len() + each * values.len());
    bytes.extend(scales.iter().flat_map(|scale| scale.to_le_bytes()));
    // A channel of zeros keeps scale 0; so does one too small to divide by, whose numbers then become 0 within the bound.
    let steps = Places::new(shape, axis, 0).zip(values).map(|(place, value)| match scales[place.channel] {
        scale if scale > 0.0 => (value / scale).round().clamp(-most, most) as i32,
        _ => 0,
    });
    if codec == Codec::Int8 {
        bytes.extend(steps.map(|step| (step as i8).cast_unsigned()));
        return bytes;
    }
    let start = bytes.len();
    bytes.resize(start + 2 * values.len(), 0);
    let (lows, highs) = bytes[start..].split_at_mut(values.len());
    for ((to_low, to_high), step) in lows.iter_mut().zip(highs).zip(steps) {
        // The low byte has a sign too: then the high ones of small steps are all 0.
        let low = step as i8;
        (*to_low, *to_high) = (low.cast_unsigned(), ((step - i32::from(low)) >> 8) as u8);
    }
    bytes
}

/// The steps of two bytes that [`encode`] wrote as a low one and a high one.
pub(super) fn joined(low: u8, high: u8) -> f32 {
    // 32,767 is 128 times 256 less 1, and the 128 is out of the signed byte's range: it wraps, and so does this.
    f32::from((i16::from(high.cast_signed()).wrapping_mul(256)).wrapping_add(i16::from(low.cast_signed())))
}

#[cfg(test)]
mod tests {
    use super::super::tests::noise;
    use super::super::{Codec, decode, encode, encode_steps};
    use super::{Of, Step};

    #[test]
    fn steps_are_as_wide_as_asked_and_no_wider() {
        // Rows of magnitudes far apart; a share of each row's root mean square.
        let values: Vec<f32> =
            noise(4000).iter().enumerate().map(|(i, v)| v * 10_f32.powi((i / 1000) as i32)).collect();
        let shape = [4, 1000];
        for (share, expected) in [(0.3, Codec::Int8), (0.001, Codec::Int16)] {
            let (codec, bytes) = encode_steps(&values, &shape, 0, Step { share, of: Of::Channel }).unwrap();
            assert_eq!((codec, Some(bytes.len())), (expected, expected.encoded_len(&shape, 0)));
            let read = decode(codec, &bytes, &shape, 0);
            for (row, (values, read)) in values.chunks(1000).zip(read.chunks(1000)).enumerate() {
                let root = (values.iter().map(|v| v * v).sum::<f32>() / 1000.0).sqrt();
                let most = values.iter().zip(read).map(|(v, r)| (v - r).abs()).fold(0.0, f32::max);
                assert!(most <= root * share * 0.501 && most > root * share * 0.4, "{row}: {most} of {root}");
            }
        }
    }

    #[test]
    fn one_step_for_a_whole_tensor() {
        let values: Vec<f32> =
            noise(600).iter().enumerate().map(|(i, v)| if i % 2 == 0 { *v } else { v * 0.1 }).collect();
        let (codec, bytes) = encode_steps(&values, &[300, 2], 1, Step { share: 0.2, of: Of::Tensor }).unwrap();
        assert_eq!((codec, &bytes[..4]), (Codec::Int8, &bytes[4..8]));
    }

    #[test]
    fn the_largest_steps_of_two_bytes_come_back() {
        let values: Vec<f32> =
            [-32_767_i32, -32_768 + 128, -129, -128, -1, 0, 1, 127, 128, 255, 256, 32_639, 32_640, 32_767]
                .map(|step| step as f32)
                .to_vec();
        let shape = [1, values.len()];
        let bytes = encode(Codec::Int16, &values, &shape, 0).unwrap();
        for (value, read) in values.iter().zip(decode(Codec::Int16, &bytes, &shape, 0)) {
            assert!((value - read).abs() < 0.01, "{value} became {read}");
        }
    }

    #[test]
    fn an_outlier_takes_two_bytes_or_as_wide_a_step_as_they_need() {
        let mut values = noise(1000);
        values[5] = 1e6;
        let (codec, bytes) = encode_steps(&values, &[1, 1000], 0, Step { share: 1e-6, of: Of::Channel }).unwrap();
        let read = decode(codec, &bytes, &[1, 1000], 0);
        assert_eq!(codec, Codec::Int16);
        assert!((read[5] - 1e6).abs() < 1.0, "{}", read[5]);
        let zeros = encode_steps(&[0.0; 8], &[2, 4], 0, Step { share: 0.1, of: Of::Channel }).unwrap();
        assert_eq!(decode(zeros.0, &zeros.1, &[2, 4], 0), [0.0; 8]);
    }
}
