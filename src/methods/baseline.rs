//! Baselines: what a covered pixel becomes, at the network's input.
//!
//! Sturmfels, Lundberg and Lee 2020 (<https://distill.pub/2020/attribution-baselines>) show that an attribution depends on it as much as
//! on the method.

use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, TensorData};

use super::noise::Noise;
use crate::error::Result;
use crate::explain::Baseline;
use crate::param::Param;
use crate::preprocess::Preprocessing;
use crate::run::Run;

/// The baseline, as a parameter of every method that covers pixels.
pub(super) const BASELINE: Param =
    Param::choice("baseline", "Baseline", "What a covered pixel becomes", Baseline::PAIRS, Baseline::Zero.name());

/// Side in pixels of the kernel that RISE's authors blur with before insertion (their `evaluation.py`: `klen = 11`)...
const BLUR_SIDE_PIXELS: usize = 11;
/// ...and its standard deviation (`ksig = 5`).
const BLUR_DEVIATION_PIXELS: f64 = 5.0;

/// The input and what its pixels become where they are covered.
pub(super) struct Cover {
    input: Tensor<4>,
    /// `[1, 3, 1, 1]` or `[1, 3, H, W]`; nothing of a baseline that is 0 everywhere.
    baseline: Option<Tensor<4>>,
}

impl Cover {
    /// The input of a run and a baseline; noise is that of the seed.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where no image has been looked at.
    pub(super) fn new(run: &Run<'_>, baseline: Baseline, seed: u64) -> Result<Self> {
        let input = run.input()?;
        let preprocessing = &run.model().manifest.preprocessing;
        Ok(Self { baseline: values(baseline, &input, preprocessing, seed), input })
    }

    /// Inputs `[N, 3, H, W]` under masks `[N, 1, H, W]`: 1 where the input stays, 0 where it becomes the baseline, mixed between.
    pub(super) fn inputs(&self, masks: Tensor<4>) -> Tensor<4> {
        match &self.baseline {
            None => self.input.clone() * masks,
            Some(baseline) => self.input.clone() * masks.clone() + baseline.clone() * (-masks + 1.0),
        }
    }

    /// The class's scores under masks `[H, W]`, row-major, one after the other; read back.
    ///
    /// # Errors
    /// Those of [`Run::scores`].
    pub(super) async fn scores(&self, run: &Run<'_>, masks: Vec<f32>) -> Result<Vec<f32>> {
        let [_, _, height, width] = self.input.dims();
        let shape = [masks.len() / (height * width), 1, height, width];
        let masks = TensorData::new(masks, shape);
        run.scores(self.inputs(Tensor::from_data(masks, &self.input.device()))).await
    }
}

/// Values that the pixels of an input `[1, 3, H, W]` take, `[1, 3, 1, 1]` or `[1, 3, H, W]`; nothing where that is 0.
pub(super) fn values(
    baseline: Baseline,
    input: &Tensor<4>,
    preprocessing: &Preprocessing,
    seed: u64,
) -> Option<Tensor<4>> {
    let device = input.device();
    let [_, channels, height, width] = input.dims();
    let pixels = |pixels: Vec<f32>, shape| at_input(pixels, shape, preprocessing, &device);
    Some(match baseline {
        Baseline::Zero => return None,
        Baseline::Mean => input.clone().mean_dim(2).mean_dim(3),
        Baseline::Grey => pixels(vec![127.5; 3], [1, 1]),
        Baseline::Black => pixels(vec![0.0; 3], [1, 1]),
        Baseline::White => pixels(vec![255.0; 3], [1, 1]),
        Baseline::Blur => blur(input.clone(), BLUR_SIDE_PIXELS, BLUR_DEVIATION_PIXELS),
        Baseline::Noise => {
            let mut noise = Noise::of_step(seed, 0);
            pixels((0..channels * height * width).map(|_| 255.0 * noise.uniform()).collect(), [height, width])
        }
    })
}

/// Pixels of 0 to 255 `[1, 3, height, width]`, in the network's order of channels, as its input.
fn at_input(
    pixels: Vec<f32>,
    [height, width]: [usize; 2],
    preprocessing: &Preprocessing,
    device: &Device,
) -> Tensor<4> {
    let Preprocessing { scale, mean, std, .. } = preprocessing;
    let scaled = |(place, pixel): (usize, f32)| {
        let channel = place / (height * width);
        (pixel * scale - mean[channel]) / std[channel]
    };
    let values: Vec<f32> = pixels.into_iter().enumerate().map(scaled).collect();
    Tensor::from_data(TensorData::new(values, [1, 3, height, width]), device)
}

/// Images `[N, C, H, W]` under a Gaussian kernel of an odd side, normalised to sum 1. Past an edge only the pixels that are there
/// count, so that a plain image stays as it is.
pub(super) fn blur(images: Tensor<4>, side: usize, deviation: f64) -> Tensor<4> {
    let [count, channels, height, width] = images.dims();
    let middle = (side / 2) as f64;
    let weights: Vec<f32> =
        (0..side).map(|place| (-0.5 * ((place as f64 - middle) / deviation).powi(2)).exp() as f32).collect();
    let kernel = |shape| Tensor::<4>::from_data(TensorData::new(weights.clone(), shape), &images.device());
    let [down, along] = [kernel([1, 1, side, 1]), kernel([1, 1, 1, side])];
    let sums = |planes: Tensor<4>| {
        let half = side / 2;
        let vertical = ConvOptions::new([1, 1], [half, 0], [1, 1], 1);
        let horizontal = ConvOptions::new([1, 1], [0, half], [1, 1], 1);
        let by_columns = conv2d(planes, down.clone(), None, vertical);
        conv2d(by_columns, along.clone(), None, horizontal)
    };
    let there = sums(Tensor::ones([1, 1, height, width], &images.device()));
    (sums(images.reshape([count * channels, 1, height, width])) / there).reshape([count, channels, height, width])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocess::{Channels, Fit, Interpolation};

    fn preprocessing() -> Preprocessing {
        Preprocessing {
            width: 5,
            height: 3,
            fit: Fit::Squash,
            interpolation: Interpolation::Nearest,
            channels: Channels::Bgr,
            scale: 0.5,
            mean: [10.0, 20.0, 30.0],
            std: [1.0, 2.0, 4.0],
        }
    }

    fn image() -> (Vec<f32>, Tensor<4>) {
        let numbers = Noise::of_channel(4, 0).normal(45);
        (numbers.clone(), Tensor::from_data(TensorData::new(numbers, [1, 3, 3, 5]), &Device::flex()))
    }

    fn read(tensor: Tensor<4>) -> Vec<f32> {
        tensor.into_data().try_into_vec().unwrap()
    }

    #[test]
    fn each_baseline_is_what_it_is_called() {
        let (numbers, input) = image();
        let of = |baseline| values(baseline, &input, &preprocessing(), 7).map(read);
        assert_eq!(of(Baseline::Zero), None);
        assert_eq!(of(Baseline::Grey), Some(vec![53.75, 21.875, 8.4375]));
        assert_eq!(of(Baseline::Black), Some(vec![-10.0, -10.0, -7.5]));
        assert_eq!(of(Baseline::White), Some(vec![117.5, 53.75, 24.375]));
        let mean = of(Baseline::Mean).unwrap();
        for (channel, mean) in mean.into_iter().enumerate() {
            let expected = numbers[15 * channel..][..15].iter().sum::<f32>() / 15.0;
            assert!((mean - expected).abs() < 1e-6);
        }
        let noise = of(Baseline::Noise).unwrap();
        let [least, most] = [of(Baseline::Black).unwrap(), of(Baseline::White).unwrap()];
        assert!(noise.iter().enumerate().all(|(place, value)| (least[place / 15]..most[place / 15]).contains(value)));
        assert!(noise.windows(2).all(|pair| pair[0] != pair[1]));
        assert_eq!(Some(noise), of(Baseline::Noise), "the seed decides");
        assert_ne!(of(Baseline::Noise), values(Baseline::Noise, &input, &preprocessing(), 8).map(read));
    }

    #[test]
    fn blur_is_the_weighted_mean_of_the_pixels_that_are_there() {
        let (numbers, input) = image();
        let blurred = read(values(Baseline::Blur, &input, &preprocessing(), 0).unwrap());
        let mut largest = 0_f64;
        for (place, &value) in blurred.iter().enumerate() {
            let (channel, y, x) = (place / 15, place / 5 % 3, place % 5);
            let (mut sum, mut all) = (0.0, 0.0);
            for (row, column) in (0..15).map(|place| (place / 5, place % 5)) {
                let (down, along) = (row as f64 - y as f64, column as f64 - x as f64);
                if down.abs() <= 5.0 && along.abs() <= 5.0 {
                    let weight = (-(down * down + along * along) / 50.0).exp();
                    sum += weight * f64::from(numbers[15 * channel + 5 * row + column]);
                    all += weight;
                }
            }
            largest = largest.max((f64::from(value) - sum / all).abs());
        }
        assert!(largest < 1e-6, "{largest}");
        let plain = blur(Tensor::ones([2, 3, 7, 4], &Device::flex()), 3, 1.0);
        assert!(read(plain).iter().all(|value| (value - 1.0).abs() < 1e-6));
        // Narrower than the image: nothing comes from beyond the kernel.
        let mut point = vec![0_f32; 81];
        point[40] = 1.0;
        let point = Tensor::from_data(TensorData::new(point, [1, 1, 9, 9]), &Device::flex());
        let spread = read(blur(point, 5, 1.0));
        let reached = |place: usize| (place / 9).abs_diff(4) <= 2 && (place % 9).abs_diff(4) <= 2;
        assert!(spread.iter().enumerate().all(|(place, value)| (*value > 0.0) == reached(place)));
        let weight = |distance: f64| (-distance * distance / 2.0).exp();
        let middle = 1.0 / (weight(0.0) + 2.0 * weight(1.0) + 2.0 * weight(2.0)).powi(2);
        assert!((f64::from(spread[40]) - middle).abs() < 1e-6);
    }

    #[test]
    fn a_mask_mixes_input_and_baseline() {
        let (numbers, input) = image();
        let mask: Vec<f32> = (0..15).map(|place| [0.0, 0.25, 1.0][place % 3]).collect();
        for (baseline, grey) in [(Baseline::Zero, [0.0; 3]), (Baseline::Grey, [53.75, 21.875, 8.4375])] {
            let cover = Cover { baseline: values(baseline, &input, &preprocessing(), 0), input: input.clone() };
            let masks = Tensor::from_data(TensorData::new(mask.clone(), [1, 1, 3, 5]), &Device::flex());
            let covered = read(cover.inputs(masks));
            for (place, value) in covered.into_iter().enumerate() {
                let kept = mask[place % 15];
                let expected = numbers[place] * kept + grey[place / 15] * (1.0 - kept);
                assert!((value - expected).abs() < 1e-5);
            }
        }
    }
}
