//! Baselines: what a covered pixel becomes, at the network's input.
//!
//! Sturmfels, Lundberg and Lee 2020 (<https://distill.pub/2020/attribution-baselines>) show that an attribution depends on it as much as
//! on the method.

use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Tensor, TensorData};

use super::noise::Noise;
use crate::error::Result;
use crate::explain::Baseline;
use crate::param::Param;
use crate::preprocess::Preprocessing;
use crate::run::Run;

/// The baseline, as a parameter of every method that covers pixels.
pub(super) const BASELINE: Param =
    Param::choice("baseline", "Baseline", "What a covered pixel becomes", Baseline::PAIRS, Baseline::Zero.name());

/// Blur of the authors of RISE before insertion (their `evaluation.py`: `klen = 11`, `ksig = 5`).
pub(super) struct Blur {
    /// Side of the kernel, in pixels.
    pub(super) side: usize,
    /// Standard deviation, in pixels.
    pub(super) deviation: f64,
}

impl Blur {
    /// The authors' own.
    pub(super) const RISE: Self = Self { side: 11, deviation: 5.0 };

    /// The kernel along one axis: a single 1 in the middle of `side` pixels, run through SciPy's `gaussian_filter` as the authors do,
    /// which is cut at four standard deviations and reflects at the ends. It adds up to 1.
    pub(super) fn kernel(&self) -> Vec<f64> {
        let Self { side, deviation } = *self;
        let radius = (4.0 * deviation + 0.5) as i64;
        let weight = |away: i64| (-0.5 * (away * away) as f64 / (deviation * deviation)).exp();
        let sum: f64 = (-radius..=radius).map(weight).sum();
        let (period, middle) = (2 * side as i64, side as i64 / 2);
        let is_one = |place: i64| [middle, period - 1 - middle].contains(&place.rem_euclid(period));
        let at = |place: i64| (-radius..=radius).filter(|away| is_one(place + away)).map(weight).sum::<f64>() / sum;
        (0..side as i64).map(at).collect()
    }

    /// Images `[N, C, H, W]` under the kernel along both axes; 0 beyond the edges.
    pub(super) fn of(&self, images: Tensor<4>) -> Tensor<4> {
        let [count, channels, height, width] = images.dims();
        let (side, half) = (self.side, self.side / 2);
        let weights: Vec<f32> = self.kernel().into_iter().map(|weight| weight as f32).collect();
        let kernel = |shape| Tensor::<4>::from_data(TensorData::new(weights.clone(), shape), &images.device());
        let [down, along] = [kernel([1, 1, side, 1]), kernel([1, 1, 1, side])];
        let vertical = ConvOptions::new([1, 1], [half, 0], [1, 1], 1);
        let horizontal = ConvOptions::new([1, 1], [0, half], [1, 1], 1);
        let planes = images.reshape([count * channels, 1, height, width]);
        // An even side gives one row and one column more.
        let planes = conv2d(planes, down, None, vertical).narrow(2, 0, height);
        conv2d(planes, along, None, horizontal).narrow(3, 0, width).reshape([count, channels, height, width])
    }
}

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
        Ok(Self { baseline: values(baseline, &input, preprocessing, &Blur::RISE, seed), input })
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
    blur: &Blur,
    seed: u64,
) -> Option<Tensor<4>> {
    let device = input.device();
    let [_, _, height, width] = input.dims();
    let grey = |value| Tensor::from_data(TensorData::new(preprocessing.grey(value).to_vec(), [1, 3, 1, 1]), &device);
    Some(match baseline {
        Baseline::Zero => return None,
        Baseline::Mean => input.clone().mean_dim(2).mean_dim(3),
        Baseline::Grey => grey(127.5),
        Baseline::Black => grey(0.0),
        Baseline::White => grey(255.0),
        Baseline::Blur => blur.of(input.clone()),
        Baseline::Noise => {
            let (mut noise, [black, white]) = (Noise::of_step(seed, 0), preprocessing.range());
            let pixel = |place: usize| {
                let channel = place / (height * width);
                black[channel] + (white[channel] - black[channel]) * noise.uniform()
            };
            let pixels: Vec<f32> = (0..3 * height * width).map(pixel).collect();
            Tensor::from_data(TensorData::new(pixels, [1, 3, height, width]), &device)
        }
    })
}

/// The baseline of a run as an input `[1, 3, H, W]`.
///
/// # Errors
/// [`Error::Request`](crate::Error::Request) where no image has been looked at.
pub(super) fn image(run: &Run<'_>, baseline: Baseline, blur: &Blur, seed: u64) -> Result<Tensor<4>> {
    let input = run.input()?;
    let values = values(baseline, &input, &run.model().manifest.preprocessing, blur, seed);
    Ok(values.map_or_else(|| input.zeros_like(), |values| values.expand(input.dims())))
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

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

    fn noisy() -> (Vec<f32>, Tensor<4>) {
        let numbers = Noise::of_channel(4, 0).normal(45);
        (numbers.clone(), Tensor::from_data(TensorData::new(numbers, [1, 3, 3, 5]), &Device::flex()))
    }

    fn read(tensor: Tensor<4>) -> Vec<f32> {
        tensor.into_data().try_into_vec().unwrap()
    }

    #[test]
    fn each_baseline_is_what_it_is_called() {
        let (numbers, input) = noisy();
        let of = |baseline| values(baseline, &input, &preprocessing(), &Blur::RISE, 7).map(read);
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
        assert_ne!(of(Baseline::Noise), values(Baseline::Noise, &input, &preprocessing(), &Blur::RISE, 8).map(read));
    }

    #[test]
    fn blur_is_the_weighted_sum_of_the_pixels_that_are_there() {
        let (numbers, input) = noisy();
        for blur in [Blur::RISE, Blur { side: 4, deviation: 1.5 }, Blur { side: 1, deviation: 5.0 }] {
            let (blurred, kernel) = (read(blur.of(input.clone())), blur.kernel());
            assert_eq!(kernel.len(), blur.side);
            let weight = |from: usize, to: usize| {
                let tap = (from + blur.side / 2).checked_sub(to);
                tap.and_then(|tap| kernel.get(tap)).copied().unwrap_or_default()
            };
            for (place, &value) in blurred.iter().enumerate() {
                let (channel, y, x) = (place / 15, place / 5 % 3, place % 5);
                let pixel = |pixel: usize| f64::from(numbers[15 * channel + pixel]);
                let sum: f64 = (0..15).map(|at| pixel(at) * weight(at / 5, y) * weight(at % 5, x)).sum();
                assert!((f64::from(value) - sum).abs() < 1e-6, "{}: {value} for {sum}", blur.side);
            }
        }
        assert_eq!(read(Blur { side: 1, deviation: 5.0 }.of(input)), numbers, "a single pixel is no blur");
    }

    #[test]
    fn a_mask_mixes_input_and_baseline() {
        let (numbers, input) = noisy();
        let mask: Vec<f32> = (0..15).map(|place| [0.0, 0.25, 1.0][place % 3]).collect();
        for (baseline, grey) in [(Baseline::Zero, [0.0; 3]), (Baseline::Grey, [53.75, 21.875, 8.4375])] {
            let cover =
                Cover { baseline: values(baseline, &input, &preprocessing(), &Blur::RISE, 0), input: input.clone() };
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
