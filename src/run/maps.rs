//! Maps that are read back from the device.

use burn::tensor::Tensor;

use super::Run;
use crate::artifact::Artifact;
use crate::card::{Family, Gives};
use crate::error::Result;
use crate::explain::{AttributionMap, Diagnosis, Evidence, Score};
use crate::nn::{Graph, NodeId};
use crate::observation::finite;

/// Material of a map, which tells why it is blank.
#[derive(Clone, Debug)]
pub enum Material {
    /// Gradients, or weights made of them: zero where none reaches the layer.
    Gradients(Tensor<4>),
    /// Magnitudes of the parts whose sum the map is, `[1, 1, h, w]`.
    Parts(Tensor<4>),
    /// Feature maps alone, or feature maps whose weights cannot all be zero.
    Features,
    /// Scores of changed images.
    Scores,
}

impl Run<'_> {
    /// A map, read back: `values` `[1, 1, h, w]`, or an image in the space of the input, `[1, 3, H, W]`, and what they are made of.
    ///
    /// # Errors
    /// [`Error::Device`](crate::Error::Device) where the device stops working.
    pub async fn map(&self, layer: Option<NodeId>, values: Tensor<4>, material: Material) -> Result<Artifact> {
        Ok(Artifact::Map(self.read_map(layer, values, material).await?))
    }

    /// Map of [`Run::map`], not yet an artifact.
    pub(crate) async fn read_map(
        &self,
        layer: Option<NodeId>,
        values: Tensor<4>,
        material: Material,
    ) -> Result<AttributionMap> {
        let [_, _, height, width] = values.dims();
        let gradients = match &material {
            Material::Gradients(gradients) | Material::Parts(gradients) => self.read(gradients.clone()).await?,
            Material::Features | Material::Scores => vec![],
        };
        let name = layer.map_or(Graph::INPUT, |layer| self.name(layer));
        let values = finite(name, self.read(values).await?)?;
        let evidence = match material {
            Material::Gradients(_) => Evidence::Weights(&gradients),
            Material::Parts(_) => Evidence::Parts(&gradients),
            Material::Features => Evidence::Features,
            Material::Scores => Evidence::Scores,
        };
        let mut map = AttributionMap::new(name.into(), [width, height], values, evidence, self.score());
        if matches!(evidence, Evidence::Weights(_) | Evidence::Parts(_)) {
            self.diagnose(&mut map, layer);
        }
        Ok(map)
    }

    /// An artifact with what is to be said of a map beside those that were told of the image before.
    pub(super) fn beside_others(&self, mut artifact: Artifact) -> Artifact {
        if let (Artifact::Map(map), Some(seen), true) = (&mut artifact, self.subject.observation, self.card.asks.class)
        {
            seen.tell(&self.card.id, self.request, map);
        }
        artifact
    }

    /// Adds what the network and its answer say of a map of gradients that shows something.
    pub(super) fn diagnose(&self, map: &mut AttributionMap, layer: Option<NodeId>) {
        let (None, Ok(seen), Ok(target)) = (map.blank, self.observation(), self.target()) else { return };
        let class = target.single().and_then(|class| seen.prediction(class).ok());
        let probability = class.and_then(|class| class.probability).filter(|_| self.score() == Score::Probability);
        let saturated = probability.is_some_and(Diagnosis::is_saturated).then_some(Diagnosis::Saturated);
        let averaged = layer.is_some_and(|layer| self.model().network.graph().is_averaged(layer));
        let coincide = averaged && self.card.family == Family::Cam && matches!(self.card.gives, Gives::LayerMap { .. });
        map.diagnoses.extend(saturated.into_iter().chain(coincide.then_some(Diagnosis::Coincide)));
    }
}
