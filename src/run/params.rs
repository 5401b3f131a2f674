//! Values of a method's parameters, as a run has them.

use super::Run;
use crate::error::Result;
use crate::explain::{Channels, no_channel};
use crate::named::Named;
use crate::nn::NodeId;
use crate::param::Param;

impl Run<'_> {
    /// The value of a whole number or a seed.
    pub fn int(&self, param: &Param) -> usize {
        usize::try_from(self.request.values.int(param)).unwrap_or_default()
    }

    /// The value of a seed.
    pub fn seed(&self, param: &Param) -> u64 {
        u64::try_from(self.request.values.int(param)).unwrap_or_default()
    }

    /// The value of a number.
    pub fn float(&self, param: &Param) -> f64 {
        self.request.values.float(param)
    }

    /// The choice that was made.
    pub fn choice<T: Named>(&self, param: &Param) -> T {
        self.request.values.named(param)
    }

    /// The channels that are meant.
    pub fn channels(&self, param: &Param) -> Channels {
        self.request.values.channels(param)
    }

    /// The channels of a layer that are asked for; of [`Channels::Top`] all, for the method to choose from.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where the layer has no such channel.
    pub fn channels_of(&self, layer: NodeId, channels: &Channels) -> Result<Vec<usize>> {
        let count = self.model().network.graph().shape(layer)[0];
        match channels {
            Channels::All | Channels::Top(_) => Ok((0..count).collect()),
            Channels::First(some) => Ok((0..count.min(*some)).collect()),
            Channels::These(channels) => match channels.iter().find(|&&channel| channel >= count) {
                Some(&channel) => Err(no_channel(self.name(layer), channel, count)),
                None => Ok(channels.clone()),
            },
        }
    }
}
