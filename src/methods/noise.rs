//! Numbers that look random and are the same for the same seed, on every machine and in every version.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

/// A stream of numbers of its own for every `stream` of a seed: a filter's start does not depend on which others are asked for.
pub(super) struct Noise(ChaCha8Rng);

impl Noise {
    /// The start of one of the images of a filter; that of its first is [`Noise::of_channel`]'s.
    pub(super) fn of_image(seed: u64, channel: usize, image: usize) -> Self {
        Self::stream(seed, (image as u64) << 32 | channel as u64)
    }

    /// A random direction among channels.
    pub(super) fn of_direction(seed: u64) -> Self {
        Self::stream(seed, 1 << 62)
    }

    /// The start of filter `channel`.
    pub(super) fn of_channel(seed: u64, channel: usize) -> Self {
        Self::stream(seed, channel as u64)
    }

    /// Noise of `step`, for all filters alike.
    pub(super) fn of_step(seed: u64, step: usize) -> Self {
        Self::stream(seed, 1 << 63 | step as u64)
    }

    fn stream(seed: u64, stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Self(generator)
    }

    /// A number from 0 up to 1, of 24 bits, all that an f32 holds evenly.
    pub(super) fn uniform(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / (1 << 24) as f32
    }

    /// A whole number from 0 to `below` - 1.
    pub(super) fn below(&mut self, below: usize) -> usize {
        ((self.uniform() * below as f32) as usize).min(below - 1)
    }

    /// Normally distributed numbers of mean 0 and standard deviation 1 (Box and Muller 1958).
    pub(super) fn normal(&mut self, count: usize) -> Vec<f32> {
        let mut pair = || {
            // 1 - u keeps the logarithm off 0.
            let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
            let (sine, cosine) = (std::f32::consts::TAU * self.uniform()).sin_cos();
            [radius * cosine, radius * sine]
        };
        (0..count.div_ceil(2)).flat_map(|_| pair()).take(count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let start = |seed, channel| Noise::of_channel(seed, channel).normal(5);
        assert_eq!(start(1, 2), start(1, 2));
        assert_ne!(start(1, 2), start(1, 3));
        assert_ne!(start(1, 2), start(2, 2));
        assert_ne!(start(1, 2), Noise::of_step(1, 2).normal(5));
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut noise = Noise::of_channel(7, 0);
        let moments = |numbers: &[f32]| {
            let mean = numbers.iter().sum::<f32>() / numbers.len() as f32;
            (mean, numbers.iter().map(|number| (number - mean).powi(2)).sum::<f32>() / numbers.len() as f32)
        };
        let uniform: Vec<f32> = (0..20_000).map(|_| noise.uniform()).collect();
        let (mean, variance) = moments(&uniform);
        assert!((mean - 0.5).abs() < 0.01 && (variance - 1.0 / 12.0).abs() < 0.002, "{mean} {variance}");
        let (mean, variance) = moments(&noise.normal(20_001));
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
        assert!((0..1000).all(|_| noise.below(3) < 3));
    }
}
