//! Layer whose features, averaged over space, stand for an image.

use super::Model;
use crate::card::LayersAsked;
use crate::error::Result;
use crate::nn::NodeId;
use crate::request::Layers;
use crate::teach;

impl Model {
    /// The layer of that name, or the one that heads are taught on where none is named ([`teach::layer`]).
    ///
    /// # Errors
    /// [`Error::Request`](crate::error::Error::Request) where there is none.
    pub fn features_layer(&self, name: Option<&str>) -> Result<NodeId> {
        match name {
            None => teach::layer(&self.manifest, self.network.graph()),
            Some(name) => {
                let layers = Layers::Named(vec![name.into()]);
                self.layers(&layers, LayersAsked::One).map(|layers| layers[0])
            }
        }
    }
}
