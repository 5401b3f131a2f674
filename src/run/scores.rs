//! Scores of changed inputs, and the maps that are made of them.

use burn::tensor::{Tensor, TensorData};

use super::Run;
use crate::artifact::Artifact;
use crate::error::Result;
use crate::explain::{AttributionMap, Evidence, Score};
use crate::measurement::Unit;
use crate::nn::{Graph, NodeId};
use crate::observation::{finite, scores_without_numbers};
use crate::predictions::Class;
use crate::target::Explained;

impl Run<'_> {
    /// The target's scores of other inputs `[N, 3, H, W]`, read back.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where the model has no such class, [`Error::Device`](crate::Error::Device) where
    /// the device stops working.
    pub async fn scores(&self, inputs: Tensor<4>) -> Result<Vec<f32>> {
        let scores = self.observation()?.scores(inputs, self.target()?, self.request.convention.score)?;
        self.read_scores(scores).await
    }

    /// The target's scores of the image, read back, if a layer had given `features` `[N, C, h, w]`; only what depends on the layer is
    /// run again.
    ///
    /// # Errors
    /// Those of [`Run::scores`], and [`Error::Request`](crate::Error::Request) where the target does not depend on the layer.
    pub async fn scores_from(&self, layer: NodeId, features: Tensor<4>) -> Result<Vec<f32>> {
        let (target, score) = (self.target()?, self.request.convention.score);
        let scores = self.observation()?.scores_from(layer, features, target, score)?;
        self.read_scores(scores).await
    }

    /// The target's score of the image itself: known since it was seen.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where the model has no such class.
    pub fn score_of_image(&self) -> Result<f32> {
        let (score, Explained { target, classes }) = (self.score(), self.observation()?.explained(self.target()?)?);
        let read = |class: &Class| match score {
            Score::Probability => class.probability.unwrap_or(class.logit),
            Score::Logit => class.logit,
        };
        // As in a sum on a device, in f32.
        Ok(target.terms().iter().zip(&classes).map(|(term, class)| term.weight * read(class)).sum())
    }

    /// Unit of the target's scores.
    pub fn unit(&self) -> Unit {
        let is_class = self.target().is_ok_and(|target| target.single().is_some());
        if is_class && self.score() == Score::Probability { Unit::Probability } else { Unit::Number }
    }

    async fn read_scores(&self, scores: Tensor<4>) -> Result<Vec<f32>> {
        let scores = self.read(scores).await?;
        if scores.iter().all(|score| score.is_finite()) { Ok(scores) } else { Err(scores_without_numbers()) }
    }

    /// The target's scores of the input under masks `[H, W]`, row-major, that multiply all its channels; read back.
    ///
    /// # Errors
    /// Those of [`Run::scores`].
    pub async fn scores_under(&self, masks: &[Vec<f32>]) -> Result<Vec<f32>> {
        let input = self.input()?;
        let [_, _, height, width] = input.dims();
        let masks = TensorData::new(masks.concat(), [masks.len(), 1, height, width]);
        self.scores(input.clone() * Tensor::from_data(masks, &input.device())).await
    }

    /// A map of the input `[H, W]`, row-major, made of scores of changed inputs.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where no image has been looked at, [`Error::Weights`](crate::Error::Weights) where
    /// a number is none.
    pub fn input_map(&self, values: Vec<f32>) -> Result<Artifact> {
        let [.., height, width] = self.input()?.dims();
        let values = finite(Graph::INPUT, values)?;
        let score = self.score();
        Ok(Artifact::Map(AttributionMap::new(Graph::INPUT.into(), [width, height], values, Evidence::Scores, score)))
    }
}
