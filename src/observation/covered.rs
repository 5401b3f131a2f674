//! Images of which a part is covered.

use burn::tensor::{Tensor, TensorData};

use super::Observation;
use crate::cue::Place;
use crate::error::Result;
use crate::explain::BoundingBox;

impl Observation {
    /// The same image with a box covered by its mean colour; the box is in shares of what the network sees.
    ///
    /// # Errors
    /// Those of [`Observation::new`].
    pub async fn covered_async(&self, covered: BoundingBox) -> Result<Self> {
        let [_, _, height, width] = self.input.dims();
        let lies = |at: usize, side: usize, start: f64, length: f64| {
            let middle = (at as f64 + 0.5) / side as f64;
            (start..start + length).contains(&middle)
        };
        let inside = |at: usize| {
            let (row, column) = (at / width, at % width);
            lies(row, height, covered.top, covered.height) && lies(column, width, covered.left, covered.width)
        };
        let cover: Vec<f32> = (0..height * width).map(|at| f32::from(u8::from(inside(at)))).collect();
        let cover = Tensor::<4>::from_data(TensorData::new(cover, [1, 1, height, width]), &self.input.device());
        let mean = self.input.clone().mean_dim(3).mean_dim(2);
        let input = self.input.clone() + (mean - self.input.clone()) * cover;
        self.again(self.model.clone(), input).await
    }

    /// Probability of a class (its score where there are none): as it is, with a place covered, and with the places that mirror it, each
    /// alone, on the mean.
    ///
    /// # Errors
    /// Those of [`Observation::new`], and of [`Observation::prediction`].
    pub async fn hangs_on_async(&self, class: usize, place: &Place) -> Result<[f64; 3]> {
        let score = |seen: &Self| -> Result<f64> {
            let class = seen.prediction(class)?;
            Ok(f64::from(class.probability.unwrap_or(class.logit)))
        };
        let own = score(self)?;
        let mut others = vec![];
        for place in place.mirrored() {
            others.push(score(&self.covered_async(place.bounding_box()).await?)?);
        }
        let others = if others.is_empty() { own } else { others.iter().sum::<f64>() / others.len() as f64 };
        Ok([own, score(&self.covered_async(place.bounding_box()).await?)?, others])
    }
}
