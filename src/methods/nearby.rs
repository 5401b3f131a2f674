//! Inputs near the one that was seen: its numbers, each a little off.

use burn::tensor::Tensor;

use crate::error::Result;
use crate::run::Run;

/// Neighbourhood of the network's input, measured by the range from its smallest number to its largest.
pub(super) struct Nearby<'a> {
    run: Run<'a>,
    values: Vec<f32>,
    range: f64,
}

impl<'a> Nearby<'a> {
    /// The neighbourhood of the input that was seen.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where no image has been looked at, [`Error::Device`](crate::Error::Device) where the
    /// device stops working.
    pub(super) async fn of(run: Run<'a>) -> Result<Self> {
        let values = run.read(run.input()?).await?;
        Ok(Self { range: range(&values), run, values })
    }

    /// Count of the input's numbers, `3 * H * W`.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Inputs `[N, 3, H, W]`: to each number is added one of `noise`, lists as long as the input, times a share of the range.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where no image has been looked at.
    pub(super) fn inputs(&self, share: f64, noise: &[Vec<f32>]) -> Result<Tensor<4>> {
        let [_, channels, height, width] = self.run.input()?.dims();
        let scale = share * self.range;
        let near = |noise: &Vec<f32>| {
            let near = |(value, noise): (&f32, &f32)| value + (f64::from(*noise) * scale) as f32;
            self.values.iter().zip(noise).map(near).collect::<Vec<f32>>()
        };
        let values = noise.iter().flat_map(near).collect();
        Ok(self.run.tensor(values, [noise.len(), channels, height, width]))
    }
}

/// From the smallest number to the largest; 0 of none.
fn range(values: &[f32]) -> f64 {
    let least = values.iter().copied().reduce(f32::min).unwrap_or_default();
    let most = values.iter().copied().reduce(f32::max).unwrap_or_default();
    f64::from(most) - f64::from(least)
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn a_range_reaches_from_the_smallest_to_the_largest() {
        assert_eq!(range(&[0.5, -1.25, 3.0, 2.0]), 4.25);
        assert_eq!([range(&[-7.0]), range(&[])], [0.0; 2]);
    }
}
