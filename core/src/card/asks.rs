//! Parts that a request must have.

use serde::{Deserialize, Serialize};

/// Parts that a request must have beside the method's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    /// An image.
    pub image: bool,
    /// A class.
    pub class: bool,
    /// Layers.
    pub layers: LayersAsked,
    /// Map of another method, which is measured.
    pub map: bool,
    /// Another image.
    pub another: bool,
}

impl Asks {
    /// A class of an image at any number of layers.
    pub const CLASS_AT_LAYERS: Self =
        Self { image: true, class: true, layers: LayersAsked::Many, map: false, another: false };
    /// Layers of an image, pools among them.
    pub const LAYERS: Self = Self { class: false, layers: LayersAsked::ManyWithPools, ..Self::CLASS_AT_LAYERS };
    /// A layer of an image.
    pub const LAYER: Self = Self { layers: LayersAsked::One, ..Self::LAYERS };
    /// A class of an image at one layer.
    pub const CLASS_AT_LAYER: Self = Self { class: true, ..Self::LAYER };
    /// A layer of the network, whatever the image.
    pub const NETWORK: Self = Self { image: false, ..Self::LAYER };
    /// A class of an image.
    pub const CLASS: Self = Self { layers: LayersAsked::None, ..Self::CLASS_AT_LAYERS };
    /// A map of a class of an image.
    pub const MAP: Self = Self { map: true, ..Self::CLASS };
}

/// Number of layers that a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayersAsked {
    /// No layer: the result is about the input.
    None,
    /// One layer.
    One,
    /// One layer or more, `all` without the pools.
    Many,
    /// One layer or more, `all` with the pools.
    ManyWithPools,
}
