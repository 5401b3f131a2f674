//! Methods that show what single channels of a layer respond to in an image, and what they did for its class.

use crate::error::{Error, Result};
use crate::explain::Channels;
use crate::fault;
use crate::nn::NodeId;
use crate::observation::finite;
use crate::predictions::Activation;
use crate::run::Run;

super::family! {
    activations,
    channel_attribution,
    reconstruction,
    image_similarity,
}

/// Channels of a layer that are meant, with the sums of their feature maps. Of all the largest sum comes first; of [`Channels::Top`] there
/// are only those that fire at all.
///
/// # Errors
/// [`Error::Nothing`] where none of them fires, [`Error::Request`] where the layer has no such channel.
pub(super) async fn chosen(run: &Run<'_>, layer: NodeId, wanted: &Channels) -> Result<Vec<(usize, f64)>> {
    let channels = run.channels_of(layer, wanted)?;
    let values = finite(run.name(layer), run.read(run.features(layer)?).await?)?;
    let ranked = Activation::of(String::new(), run.model().network.graph().shape(layer), &values).channels;
    let found: Vec<(usize, f64)> = match wanted {
        Channels::All => ranked,
        Channels::Top(count) => ranked.into_iter().filter(|(_, sum)| *sum > 0.0).take(*count).collect(),
        Channels::First(_) | Channels::These(_) => {
            let sum = |channel: usize| ranked.iter().find(|(other, _)| *other == channel).copied();
            channels.into_iter().filter_map(sum).collect()
        }
    };
    if found.is_empty() {
        let layer = run.name(layer);
        return Err(Error::Nothing(fault!(
            "no-channel-fires",
            "no channel of {layer} fires, so there is nothing to show; choose another layer",
            layer
        )));
    }
    Ok(found)
}
