//! Similarity of two images: Stylianou, Souvenir and Pless 2019, <https://arxiv.org/abs/1901.00536>, section 3.1.
//!
//! Of two images with feature maps `A` and `B` `[C, h, w]`, averaged over space to `a` and `b`, the cosine is
//! `a . b / (|a| |b|)`, which is the sum over the places `p` of one image of `A(p) . b / (h w |a| |b|)`: what each place adds to it. No
//! class is asked for, so that it is there for a network without classifier.

use std::cell::RefCell;

use crate::artifact::Artifact;
use crate::card;
use crate::card::{Asks, Gives, Variant};
use crate::error::Result;
use crate::measurement::{Better, Measurement, Reading};
use crate::methods::Method;
use crate::methods::layers::{LayerMap, emit_maps};
use crate::nn::NodeId;
use crate::observation::Observation;
use crate::run::{Material, Run};

/// Similarity of two images.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "image_similarity",
        title: "Similarity of two images",
        family: Channel,
        paper: ("Stylianou et al. 2019", "https://arxiv.org/abs/1901.00536"),
        shows: "What each place of this image adds to the cosine of its features and those of another image, averaged over space: what makes \
                the two alike to the network. The places add up to the cosine. The other image is the one that was seen before, or the last \
                that was given; for its own map, look at the two in turn.",
        limits: "Features are what the network was trained for, and alike to it is not alike to a person. Most pairs of images have a cosine well \
                 above 0, so compare it with that of other pairs.",
        asks: Asks { class: false, another: true, ..Asks::CLASS_AT_LAYERS },
        gives: Gives::LayerMap { signed: true },
        conventions: &[Variant::new("paper", "as in the paper: features averaged over space, and the sum over the channels at each place")],
    },
    run: |run| Box::pin(similarity(run)),
};

async fn similarity(run: Run<'_>) -> Result<()> {
    let seen = run.observation()?;
    let other = seen.again(seen.model().clone(), run.another()?).await?;
    let cosines = RefCell::new(vec![]);
    emit_maps(&run, async |layer| {
        let (weights, cosine) = weights(seen, &other, layer).await?;
        cosines.borrow_mut().push((layer, cosine));
        let channels = weights.len();
        let parts = run.features(layer)? * run.tensor(weights, [1, channels, 1, 1]);
        let material = Material::Parts(parts.clone().abs().sum_dim(1));
        Ok(LayerMap { values: parts.sum_dim(1), material })
    })
    .await?;
    // A map that is made of several has no cosine of its own.
    let told = if run.request().layers.fusion().is_none() { cosines.take() } else { vec![] };
    for (layer, cosine) in told {
        let one = Measurement {
            metric: METHOD.card.id.to_string(),
            layer: run.name(layer).to_owned(),
            blank: None,
            better: Better::Neither,
            reading: Reading::from(cosine),
            baselines: vec![],
        };
        run.emit(Artifact::Measurement(one)).await?;
    }
    Ok(())
}

/// What a number of each channel of the one image adds to the cosine, and the cosine: 0 where one of the images has no features, which
/// are like nothing.
async fn weights(seen: &Observation, other: &Observation, layer: NodeId) -> Result<(Vec<f32>, f64)> {
    let [_, height, width] = seen.model().network.graph().shape(layer);
    let (own, others) = (seen.averages_async(layer).await?, other.averages_async(layer).await?);
    let dot =
        |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let norms = (dot(&own, &own) * dot(&others, &others)).sqrt();
    if norms == 0.0 {
        return Ok((vec![0.0; own.len()], 0.0));
    }
    let scale = 1.0 / ((height * width) as f64 * norms);
    Ok((others.iter().map(|value| (f64::from(*value) * scale) as f32).collect(), dot(&own, &others) / norms))
}
