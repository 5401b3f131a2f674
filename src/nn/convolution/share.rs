//! Shares of a result: what each core makes of it from beginning to end, so that nothing in between goes from one core's cache to
//! another's. A share is a range of places, or of channels, or of both.

use std::ops::Range;

/// A share of planes `[N, channels, places]`.
pub(super) struct Share<'a, P> {
    /// What the share is made of.
    pub(super) part: P,
    pub(super) channels: Range<usize>,
    /// Its pieces of planes, sample by sample and channel by channel.
    pub(super) pieces: Vec<Piece<'a>>,
}

/// Places of one plane, side by side.
pub(super) struct Piece<'a> {
    pub(super) sample: usize,
    pub(super) channel: usize,
    /// First of them.
    pub(super) start: usize,
    pub(super) numbers: &'a mut [f32],
}

/// Deals planes `[N, channels, places]` out. Each of the `parts`, which lie in the planes' order, has places `on(part, sample)` of a
/// sample that it touches, which begin where those of the part before it end; channels are dealt out `step` at a time.
pub(super) fn deal<'a, P: Clone>(
    y: &'a mut [f32],
    channels: usize,
    places: usize,
    parts: &[P],
    step: usize,
    on: impl Fn(&P, usize) -> Option<Range<usize>>,
) -> Vec<Share<'a, P>> {
    let groups = channels.div_ceil(step);
    let share = |index: usize| {
        let first = index % groups * step;
        Share { part: parts[index / groups].clone(), channels: first..(first + step).min(channels), pieces: vec![] }
    };
    let mut shares: Vec<Share<'a, P>> = (0..parts.len() * groups).map(share).collect();
    for (plane, mut rest) in y.chunks_exact_mut(places).enumerate() {
        let (sample, channel) = (plane / channels, plane % channels);
        for (index, part) in parts.iter().enumerate() {
            if let Some(own) = on(part, sample) {
                let (numbers, left) = rest.split_at_mut(own.len());
                let piece = Piece { sample, channel, start: own.start, numbers };
                shares[index * groups + channel / step].pieces.push(piece);
                rest = left;
            }
        }
    }
    shares
}
