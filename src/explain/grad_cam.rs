//! Grad-CAM: Selvaraju et al. 2016, <https://arxiv.org/abs/1610.02391>.
//!
//! `L = ReLU(sum_k a_k A_k)` with `a_k = mean_ij dy / dA_k[i, j]`, for the feature maps `A` `[1, C, h, w]` of a layer and the
//! score `y` of a class. One walk back serves all layers. The final ReLU is left to [`Map`](super::Map), which keeps the sign.

use super::{Ask, Frame, Frames, Method, Reduce, Subject};
use crate::error::{Error, Result};
use crate::nn::ReluRule;

/// Grad-CAM.
pub(super) struct GradCam;

impl Method for GradCam {
    fn id(&self) -> &'static str {
        "grad_cam"
    }

    fn title(&self) -> &'static str {
        "Grad-CAM"
    }

    fn paper(&self) -> &'static str {
        "https://arxiv.org/abs/1610.02391"
    }

    fn frames<'a>(&self, subject: Subject<'a>, ask: &Ask) -> Result<Frames<'a>> {
        let Subject { model, trace } = subject;
        let network = &model.network;
        let (output, seed) = subject.seed(ask.class, ask.convention.score)?;
        let wanted: Vec<_> = ask.layers.iter().copied().map(Some).collect();
        let gradients = network.pullback(trace, output, seed, ReluRule::Gradient, &wanted);
        let mut found = Vec::with_capacity(gradients.len());
        for (&layer, gradient) in ask.layers.iter().zip(gradients) {
            let gradient = gradient.ok_or_else(|| {
                let name = &network.graph().nodes()[layer].name;
                Error::Request(format!("the layer {name} does not lead to the classes; choose a layer before them"))
            })?;
            found.push((layer, gradient));
        }
        let reduce = ask.convention.reduce;
        Ok(Box::new(found.into_iter().map(move |(layer, gradient)| {
            let weights = gradient.mean_dim(3).mean_dim(2);
            let weighted = network.output(trace, layer) * weights.clone();
            let map = match reduce {
                Reduce::Sum => weighted.sum_dim(1),
                Reduce::Mean => weighted.mean_dim(1),
            };
            Frame { layer: Some(layer), map, weights: Some(weights) }
        })))
    }
}
