//! Transforms: what the network is shown of images. lucid's moves them a little, so that a filter's pattern does not hang on single
//! pixels: resampling, and its transposed map.
//!
//! lucid's `standard_transforms` (<https://github.com/tensorflow/lucid>, `optvis/transform.py`): grey around, jitter, scale, rotate,
//! jitter. lucid resamples at each of them; here they are one similarity, sampled bilinearly once. What lies outside the image
//! is grey everywhere, where lucid's rotation leaves black corners, and the window stays `S + 12` whatever the scale.

use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::methods::noise::Noise;

/// Pixels of grey around the image, on each side.
const PAD: usize = 12;
/// Value of the grey, 0 to 1.
const GREY: f32 = 0.5;
/// Pixels that the first jitter cuts off, anywhere from all on one side to all on the other.
const JITTER: usize = 8;
/// Pixels that the last jitter cuts off.
const LAST_JITTER: usize = 4;
/// Number of scales `1 + (k - 5) / 50`, for k from 0 to 10.
const SCALES: usize = 11;
/// Number of rotations by `k - 10` degrees, for k from 0 to 20.
const ANGLES: usize = 21;
/// Number of draws beside them that do not rotate.
const UPRIGHT: usize = 5;

/// The side of what the network sees of an image of side `size`.
pub(super) const fn window(size: usize) -> usize {
    size + 2 * PAD - JITTER - LAST_JITTER
}

/// Similarity from what the network sees to the image: a scaled rotation about the middles, and a shift in pixels.
#[derive(Clone, Copy, Debug)]
struct Similarity {
    angle: f32,
    scale: f32,
    /// Shifts before and after scaling and rotating, in pixels, `[down, along]`.
    shifts: [[f32; 2]; 2],
}

impl Similarity {
    /// Similarity of a step; all images of all batches move alike.
    fn at_step(seed: u64, step: usize) -> Self {
        let mut noise = Noise::of_step(seed, step);
        let scale = 1.0 + (noise.below(SCALES) as f32 - 5.0) / 50.0;
        let draw = noise.below(ANGLES + UPRIGHT);
        let angle = if draw < ANGLES { (draw as f32 - 10.0).to_radians() } else { 0.0 };
        let mut shift = |most: usize| [(); 2].map(|()| noise.below(most + 1) as f32 - most as f32 / 2.0);
        Self { angle, scale, shifts: [shift(JITTER), shift(LAST_JITTER)] }
    }

    /// The image's coordinates `[y, x]` of a pixel of the window.
    fn source(&self, [y, x]: [usize; 2], window: usize, size: usize) -> [f32; 2] {
        let middle = (window as f32 - 1.0) / 2.0;
        let [first, last] = self.shifts;
        let (y, x) = (y as f32 - middle + last[0], x as f32 - middle + last[1]);
        let (sine, cosine) = self.angle.sin_cos();
        let middle = (size as f32 - 1.0) / 2.0;
        let (down, along) = ((cosine * y - sine * x) / self.scale, (sine * y + cosine * x) / self.scale);
        [down + middle + first[0], along + middle + first[1]]
    }
}

/// Weighted sums of pixels: for every result the same number of taps, those that are not needed with weight 0.
struct Taps {
    taps: Vec<(Tensor<1, Int>, Tensor<2>)>,
    side: usize,
}

impl Taps {
    /// Taps of `side * side` results from `(result, from, weight)`.
    fn new(side: usize, links: impl Iterator<Item = (usize, usize, f32)>, device: &Device) -> Self {
        let count = side * side;
        let mut filled = vec![0_u8; count];
        let mut layers: Vec<(Vec<i32>, Vec<f32>)> = vec![];
        for (result, from, weight) in links {
            let layer = usize::from(filled[result]);
            filled[result] += 1;
            if layer == layers.len() {
                layers.push((vec![0; count], vec![0.0; count]));
            }
            layers[layer].0[result] = from as i32;
            layers[layer].1[result] = weight;
        }
        let upload = |(indices, weights)| {
            let indices = Tensor::from_data(TensorData::new(indices, [count]), device);
            (indices, Tensor::from_data(TensorData::new(weights, [1, count]), device))
        };
        Self { taps: layers.into_iter().map(upload).collect(), side }
    }

    /// Sums `[N, C, side, side]` of planes `[N, C, H, H]`.
    fn gather(&self, planes: Tensor<4>) -> Tensor<4> {
        let [count, channels, height, width] = planes.dims();
        let planes = planes.reshape([count * channels, height * width]);
        let mut sum = Tensor::zeros([count * channels, self.side * self.side], &planes.device());
        for (indices, weights) in &self.taps {
            sum = sum + planes.clone().select(1, indices.clone()) * weights.clone();
        }
        sum.reshape([count, channels, self.side, self.side])
    }
}

/// Transform of images before each step shows them to the network.
pub(super) trait Transform {
    /// Images as the network is shown them at a step, of images `[N, C, S, S]`.
    fn apply(&mut self, step: usize, images: Tensor<4>) -> Tensor<4>;

    /// Gradients at the images, of gradients at what was shown last.
    fn transposed(&self, gradients: Tensor<4>) -> Tensor<4>;
}

/// No transform.
pub(super) struct Identity;

impl Transform for Identity {
    fn apply(&mut self, _: usize, images: Tensor<4>) -> Tensor<4> {
        images
    }

    fn transposed(&self, gradients: Tensor<4>) -> Tensor<4> {
        gradients
    }
}

/// lucid's standard transforms, drawn anew at each step.
pub(super) struct Standard {
    seed: u64,
    size: usize,
    window: usize,
    last: Option<Warp>,
}

impl Standard {
    /// Transforms of a seed, from images of side `size` to what the network sees, of side `window`.
    pub(super) fn new(seed: u64, size: usize, window: usize) -> Self {
        Self { seed, size, window, last: None }
    }
}

impl Transform for Standard {
    fn apply(&mut self, step: usize, images: Tensor<4>) -> Tensor<4> {
        self.last.insert(Warp::at_step(self.seed, step, self.size, self.window, &images.device())).shown(images)
    }

    fn transposed(&self, gradients: Tensor<4>) -> Tensor<4> {
        match &self.last {
            Some(warp) => warp.transposed(gradients),
            None => gradients,
        }
    }
}

/// One move, and its transposed map.
struct Warp {
    there: Taps,
    back: Taps,
    /// The grey that each result has of what lies outside, `[1, 1, W, W]`.
    outside: Tensor<4>,
}

impl Warp {
    /// The move of a step from images of side `size` to a window.
    fn at_step(seed: u64, step: usize, size: usize, window: usize, device: &Device) -> Self {
        Self::new(Similarity::at_step(seed, step), size, window, device)
    }

    fn new(similarity: Similarity, size: usize, window: usize, device: &Device) -> Self {
        let mut links = Vec::with_capacity(4 * window * window);
        let mut outside = vec![GREY; window * window];
        for (place, outside) in outside.iter_mut().enumerate() {
            let at = similarity.source([place / window, place % window], window, size);
            let [top, left] = at.map(f32::floor);
            for (row, column) in [(top, left), (top, left + 1.0), (top + 1.0, left), (top + 1.0, left + 1.0)] {
                let weight = (1.0 - (at[0] - row).abs()) * (1.0 - (at[1] - column).abs());
                let inside = |place: f32| (0.0..size as f32).contains(&place);
                if weight > 0.0 && inside(row) && inside(column) {
                    links.push((place, row as usize * size + column as usize, weight));
                    *outside -= GREY * weight;
                }
            }
        }
        Self {
            there: Taps::new(window, links.iter().copied(), device),
            back: Taps::new(size, links.iter().map(|&(to, from, weight)| (from, to, weight)), device),
            outside: Tensor::from_data(TensorData::new(outside, [1, 1, window, window]), device),
        }
    }

    /// Part of images `[N, C, S, S]` that the network sees, `[N, C, W, W]`.
    fn shown(&self, images: Tensor<4>) -> Tensor<4> {
        self.there.gather(images) + self.outside.clone()
    }

    /// Gradients at the images, of gradients at what the network sees.
    fn transposed(&self, gradients: Tensor<4>) -> Tensor<4> {
        self.back.gather(gradients)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{inner, noise, read};
    use super::*;

    const STILL: Similarity = Similarity { angle: 0.0, scale: 1.0, shifts: [[0.0; 2]; 2] };

    #[test]
    fn without_a_move_the_image_lies_in_the_middle_of_grey() {
        let device = Device::flex();
        let image = noise(1, [1, 1, 4, 4], &device);
        let (numbers, shown) = (read(image.clone()), read(Warp::new(STILL, 4, 8, &device).shown(image)));
        for (y, x) in (0..64).map(|place| (place / 8, place % 8)) {
            let inside = (2..6).contains(&y) && (2..6).contains(&x);
            let right = if inside { numbers[(y - 2) * 4 + x - 2] } else { GREY };
            assert!((shown[8 * y + x] - right).abs() < 1e-6);
        }
    }

    #[test]
    fn a_quarter_turn_turns_and_a_shift_shifts() {
        let device = Device::flex();
        let image = noise(1, [1, 1, 5, 5], &device);
        let numbers = read(image.clone());
        let quarter = Similarity { angle: std::f32::consts::FRAC_PI_2, ..STILL };
        let turned = read(Warp::new(quarter, 5, 5, &device).shown(image.clone()));
        let shift = Similarity { shifts: [[1.0, 0.0], [0.0, 1.0]], ..STILL };
        let shifted = read(Warp::new(shift, 5, 5, &device).shown(image));
        for (y, x) in (0..25).map(|place| (place / 5, place % 5)) {
            assert!((turned[5 * y + x] - numbers[5 * (4 - x) + y]).abs() < 1e-5);
            let right = if y < 4 && x < 4 { numbers[5 * (y + 1) + x + 1] } else { GREY };
            assert!((shifted[5 * y + x] - right).abs() < 1e-6);
        }
    }

    #[test]
    fn the_transposed_map_is_transposed() {
        let device = Device::flex();
        let (size, seen) = (16, window(16));
        for step in 0..6 {
            let warp = Warp::at_step(9, step, size, seen, &device);
            let (images, gradients) = (noise(1, [2, 3, size, size], &device), noise(2, [2, 3, seen, seen], &device));
            let moved = warp.shown(images.clone()) - warp.outside.clone();
            let (there, back) = (inner(moved, gradients.clone()), inner(images, warp.transposed(gradients)));
            assert!((there - back).abs() < 1e-4 * there.abs().max(1.0), "step {step}: {there} {back}");
        }
    }

    #[test]
    fn moves_stay_in_their_bounds() {
        let moves: Vec<Similarity> = (0..500).map(|step| Similarity::at_step(4, step)).collect();
        let most = |of: fn(&Similarity) -> f32| moves.iter().map(of).fold(f32::NEG_INFINITY, f32::max);
        assert!((most(|one| one.scale) - 1.1).abs() < 1e-6 && (most(|one| -one.scale) + 0.9).abs() < 1e-6);
        assert!((most(|one| one.angle.to_degrees()) - 10.0).abs() < 1e-4);
        for (jitter, expected) in [(0, 4.0), (1, 2.0)] {
            for axis in [0, 1] {
                let shifts = || moves.iter().map(|one| one.shifts[jitter][axis]);
                let ends = (shifts().fold(f32::INFINITY, f32::min), shifts().fold(f32::NEG_INFINITY, f32::max));
                assert_eq!(ends, (-expected, expected), "jitter {jitter}, axis {axis}");
            }
        }
        assert_eq!(window(128), 140);
    }
}
