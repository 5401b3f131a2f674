//! Other images, which methods compare an image with.

use std::sync::Arc;

use burn::tensor::Tensor;

use super::Observation;
use crate::image::Image;
use crate::input;

impl Observation {
    /// The observation beside other images, for methods that draw on such.
    #[must_use]
    pub fn beside(self, images: &[Image]) -> Self {
        let (preprocessing, device) = (&self.model.manifest.preprocessing, self.model.network.device());
        let inputs = images.iter().map(|image| input::tensor(preprocessing, image, device)).collect();
        self.with_references(inputs)
    }

    /// The observation beside other inputs, `[1, 3, H, W]` each.
    #[must_use]
    pub(crate) fn with_references(self, references: Vec<Tensor<4>>) -> Self {
        Self { references: Arc::from(references), ..self }
    }

    /// The inputs of other images, `[1, 3, H, W]` each.
    pub fn references(&self) -> &[Tensor<4>] {
        &self.references
    }
}
