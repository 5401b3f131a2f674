//! Maps that are read back from the device.

use burn::tensor::Tensor;

use super::Run;
use crate::artifact::Artifact;
use crate::card::Gives;
use crate::error::Result;
use crate::explain::{AttributionMap, Diagnosis, Evidence, Score};
use crate::nn::{Graph, NodeId};
use crate::observation::finite;

impl Run<'_> {
    /// A map, read back: `values` `[1, 1, h, w]`, or an image in the space of the input, `[1, 3, H, W]`. `weights` are zero
    /// where no gradient reaches the layer; a method without gradients has none.
    ///
    /// # Errors
    /// [`Error::Device`](crate::Error::Device) where the device stops working.
    pub async fn map(&self, layer: Option<NodeId>, values: Tensor<4>, weights: Option<Tensor<4>>) -> Result<Artifact> {
        Ok(Artifact::Map(self.read_map(layer, values, weights).await?))
    }

    /// Map of [`Run::map`], not yet an artifact.
    pub(crate) async fn read_map(
        &self,
        layer: Option<NodeId>,
        values: Tensor<4>,
        weights: Option<Tensor<4>>,
    ) -> Result<AttributionMap> {
        let [_, _, height, width] = values.dims();
        let weights = match weights {
            Some(weights) => Some(self.read(weights).await?),
            None => None,
        };
        let name = layer.map_or(Graph::INPUT, |layer| self.name(layer));
        let values = finite(name, self.read(values).await?)?;
        let evidence = weights.as_deref().map_or(Evidence::Scores, Evidence::Weights);
        let mut map = AttributionMap::new(name.into(), [width, height], values, evidence, self.score());
        map.diagnoses.extend(self.diagnoses(&map, layer, weights.is_some()));
        Ok(map)
    }

    /// What the network and its answer say of a map that shows something; `by_gradient` says what it is made of.
    fn diagnoses(&self, map: &AttributionMap, layer: Option<NodeId>, by_gradient: bool) -> Vec<Diagnosis> {
        let (Ok(seen), Ok(target)) = (self.observation(), self.target()) else { return vec![] };
        if map.blank.is_some() || !by_gradient {
            return vec![];
        }
        let class = target.single().and_then(|class| seen.prediction(class).ok());
        let probability = class.and_then(|class| class.probability).filter(|_| self.score() == Score::Probability);
        let saturated = probability.is_some_and(Diagnosis::is_saturated).then_some(Diagnosis::Saturated);
        let averaged = layer.is_some_and(|layer| self.model().network.graph().is_averaged(layer));
        let coincide = averaged && matches!(self.card.gives, Gives::LayerMap { .. });
        saturated.into_iter().chain(coincide.then_some(Diagnosis::Coincide)).collect()
    }
}
