//! Methods that show what single channels of a layer respond to in an image.

use crate::error::Error;
use crate::fault;

super::family! {
    activations,
    reconstruction,
}

/// Error of a layer of which nothing can be shown, since no channel fires.
pub(super) fn no_channel_fires(layer: &str) -> Error {
    Error::Nothing(fault!(
        "no-channel-fires",
        "no channel of {layer} fires, so there is nothing to show; choose another layer",
        layer
    ))
}
