//! Blocking counterparts of the `async` functions, for programs that may wait: everything but a browser.

use std::path::Path;
use std::sync::Arc;

use pollster::block_on;

use crate::artifact::Artifact;
use crate::device::{self, Choice};
use crate::embedded::SQUEEZENET;
use crate::error::Result;
use crate::explanation::{Attribution, Explanation};
use crate::image::Image;
use crate::model::{Folder, Model, Source, load};
use crate::observation::Observation;

impl Model {
    /// The model that is part of the library, on the best device there is.
    ///
    /// # Errors
    /// Those of [`load`].
    pub fn embedded() -> Result<Arc<Self>> {
        Self::load(&SQUEEZENET, Choice::Auto)
    }

    /// The packed model in a folder, on the best device there is.
    ///
    /// # Errors
    /// Those of [`load`].
    pub fn open(folder: impl AsRef<Path>) -> Result<Arc<Self>> {
        Self::load(&Folder(folder.as_ref().to_path_buf()), Choice::Auto)
    }

    /// A packed model on a device.
    ///
    /// # Errors
    /// Those of [`load`] and [`device::open`].
    pub fn load(source: &impl Source, device: Choice) -> Result<Arc<Self>> {
        block_on(async { Ok(Arc::new(load(source, &device::open(device).await?, |_| {}).await?)) })
    }

    /// Has the network see an image.
    ///
    /// # Errors
    /// Those of [`Model::observe_async`].
    pub fn observe(self: &Arc<Self>, image: impl Into<Arc<Image>>) -> Result<Observation> {
        block_on(self.observe_async(image))
    }
}

impl Explanation<'_> {
    /// Everything that the method gives.
    ///
    /// # Errors
    /// Those of [`Explanation::artifacts_async`].
    pub fn artifacts(&self) -> Result<Vec<Artifact>> {
        block_on(self.artifacts_async())
    }

    /// All maps that the method gives, one a layer.
    ///
    /// # Errors
    /// Those of [`Explanation::maps_async`].
    pub fn maps(&self) -> Result<Vec<Attribution>> {
        block_on(self.maps_async())
    }

    /// The one map that the method gives.
    ///
    /// # Errors
    /// Those of [`Explanation::map_async`].
    pub fn map(&self) -> Result<Attribution> {
        block_on(self.map_async())
    }
}
