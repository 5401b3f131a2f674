//! Choosing what goes down a deconvnet.

use super::Session;
use crate::error::Result;
use crate::explain::{Channels, Convention, Descent, Mode};
use crate::nn::{NodeId, ReluRule};

impl Session {
    /// The descent of the channels that are meant, with the sums of their feature maps. Of [`Channels::Top`], which ranks by
    /// the sum as the notebook does, only those that fire at all.
    ///
    /// # Errors
    /// [`Error::Request`] where the layer has no such channel, and those of [`Session::activation`].
    pub async fn descent(
        &self,
        layer: NodeId,
        channels: &Channels,
        mode: Mode,
        rule: ReluRule,
        convention: Convention,
    ) -> Result<(Descent, Vec<f64>)> {
        let activation = self.activation(layer).await?;
        let ranked = activation.channels;
        let chosen: Vec<(usize, f64)> = match channels {
            Channels::All => ranked,
            Channels::Top(count) => ranked.into_iter().filter(|(_, sum)| *sum > 0.0).take(*count).collect(),
            Channels::These(channels) => {
                self.model.check_channels(layer, channels)?;
                let sum = |&channel: &usize| ranked.iter().find(|(other, _)| *other == channel).copied();
                channels.iter().filter_map(sum).collect()
            }
        };
        let (channels, sums) = chosen.into_iter().unzip();
        let rectify_input = convention.rectify_input;
        Ok((Descent { layer, channels, mode, rule, rectify_input }, sums))
    }
}
