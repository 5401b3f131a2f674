//! Maps that are read back from the device.

use burn::tensor::Tensor;

use super::Run;
use crate::artifact::Artifact;
use crate::error::Result;
use crate::explain::{AttributionMap, Evidence};
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
        let layer = layer.map_or(Graph::INPUT, |layer| self.name(layer));
        let values = finite(layer, self.read(values).await?)?;
        let evidence = weights.as_deref().map_or(Evidence::Scores, Evidence::Weights);
        let score = self.request.convention.score;
        Ok(AttributionMap::new(layer.into(), [width, height], values, evidence, score))
    }
}
