//! Loss of codecs: what they did to numbers, measured.

use convscope_core::model::{Codec, decode_part};

/// Numbers that are read back at once.
const PIECE: usize = 1 << 18;

/// Loss of a codec: what it did to the numbers it stores, measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The codec.
    pub codec: Codec,
    /// Number of numbers it stores.
    pub numbers: usize,
    /// The largest difference of a number read back from the number given.
    pub max_absolute: f32,
    /// The largest such difference as a share of the largest magnitude in the number's output channel.
    pub max_relative: f32,
    /// The sum of the numbers' squares.
    pub squares: f64,
    /// The sum of the differences' squares.
    pub squared_differences: f64,
}

impl Loss {
    /// The differences as a share of the numbers, both as root mean square.
    pub fn relative(&self) -> f64 {
        if self.squares > 0.0 { (self.squared_differences / self.squares).sqrt() } else { 0.0 }
    }
}

/// Adds what became of a tensor, whose numbers a codec stored in `bytes`, to the codec's loss.
pub(super) fn measure(
    losses: &mut Vec<Loss>,
    values: &[f32],
    shape: &[usize],
    (codec, axis, bytes): (Codec, usize, &[u8]),
) {
    let (channels, run) = (shape[axis], shape[axis + 1..].iter().product::<usize>());
    let mut largest = vec![0_f32; channels];
    let mut errors = vec![0_f32; channels];
    let (mut squares, mut squared_differences) = (0_f64, 0_f64);
    let (mut channel, mut inner) = (0, 0);
    let mut read = vec![];
    for (piece, start) in values.chunks(PIECE).zip((0..).step_by(PIECE)) {
        // What f32 stores is what it was given.
        if codec != Codec::F32 {
            read.clear();
            decode_part(codec, bytes, shape, axis, start..start + piece.len(), &mut read);
        }
        let back = if codec == Codec::F32 { piece } else { &read };
        for (&value, &back) in piece.iter().zip(back) {
            largest[channel] = largest[channel].max(value.abs());
            errors[channel] = errors[channel].max((value - back).abs());
            squares += f64::from(value).powi(2);
            squared_differences += f64::from(value - back).powi(2);
            // Counted up: two divisions a number would take longer than all else.
            inner += 1;
            if inner == run {
                (inner, channel) = (0, if channel + 1 == channels { 0 } else { channel + 1 });
            }
        }
    }
    let max_absolute = errors.iter().copied().fold(0.0, f32::max);
    let shares = errors.iter().zip(&largest).filter(|(error, _)| **error > 0.0).map(|(error, largest)| error / largest);
    let max_relative = shares.fold(0.0, f32::max);
    let numbers = values.len();
    match losses.iter_mut().find(|loss| loss.codec == codec) {
        Some(loss) => {
            loss.numbers += numbers;
            loss.max_absolute = loss.max_absolute.max(max_absolute);
            loss.max_relative = loss.max_relative.max(max_relative);
            loss.squares += squares;
            loss.squared_differences += squared_differences;
        }
        None => losses.push(Loss { codec, numbers, max_absolute, max_relative, squares, squared_differences }),
    }
}
