//! Asking for explanations, a word at a time.
//!
//! ```
//! # let folder = tempfile::tempdir().unwrap();
//! # std::fs::write(folder.path().join("cat.jpg"), convscope::examples::CAT).unwrap();
//! # std::env::set_current_dir(folder.path()).unwrap();
//! use convscope::artifact::Artifact;
//! use convscope::model::Model;
//! use convscope::image::Image;
//!
//! let model = Model::embedded()?;
//! let seen = model.observe(Image::open("cat.jpg")?)?;
//! let map = seen.explain("hires_cam")?.layer("fire9/concat").map()?;
//! map.overlay(&seen).signed(true).opacity(0.5).save("cat.png")?;
//! // How well does the map rank the pixels?
//! let map = seen.explain("hires_cam")?.layer("fire9/concat");
//! let measured = seen.explain("deletion")?.set("steps", "4")?.of(map).artifacts()?;
//! assert!(matches!(&measured[..], [Artifact::Measurement(one)] if one.reading.curve.as_ref().is_some_and(|curve| curve.points.len() == 5)));
//! # Ok::<(), convscope::Error>(())
//! ```

use std::ops::Deref;
use std::path::Path;

use crate::artifact::Artifact;
use crate::error::{Error, Result};
use crate::explain::{AttributionMap, Convention};
use crate::fault;
use crate::image::Image;
use crate::methods::{Explain, method};
use crate::observation::Observation;
use crate::render::{Blend, Colormap, MapStyle, draw_map};
use crate::request::{Layers, Request};
use crate::run::{Collect, Listener, run_method};
use crate::target::Target;

/// Explanation that is asked for, of the likeliest class at the last layer until something else is said.
#[derive(Clone, Debug)]
#[must_use]
pub struct Explanation<'a> {
    seen: &'a Observation,
    method: &'a dyn Explain,
    request: Request,
}

impl Observation {
    /// An explanation by the method of that id.
    ///
    /// # Errors
    /// [`Error::Request`] naming the methods there are.
    pub fn explain(&self, id: &str) -> Result<Explanation<'_>> {
        Ok(self.explain_by(method(id)?))
    }

    /// An explanation by any method, in the registry or not.
    pub fn explain_by<'a>(&'a self, method: &'a dyn Explain) -> Explanation<'a> {
        let card = method.card();
        let target = self.top().filter(|_| card.asks.class).map(Target::from);
        let request = Request { method: card.id.to_string(), target, ..Request::default() };
        Explanation { seen: self, method, request }
    }
}

impl Explanation<'_> {
    /// Sets the class, by index.
    pub fn class(self, index: usize) -> Self {
        self.target(index)
    }

    /// Sets the target: a class, or a weighted sum of classes, as [`Observation::target`] reads it.
    pub fn target(mut self, target: impl Into<Target>) -> Self {
        self.request.target = Some(target.into());
        self
    }

    /// Sets the layer: its name, `last` or `all`.
    pub fn layer(self, name: &str) -> Self {
        self.layers(Layers::parse(name))
    }

    /// Sets the layers.
    pub fn layers(mut self, layers: Layers) -> Self {
        self.request.layers = layers;
        self
    }

    /// Sets the convention, by name.
    pub fn convention(mut self, name: &str) -> Self {
        self.request.convention = name.into();
        self
    }

    /// Sets a parameter, as people write it.
    ///
    /// # Errors
    /// [`Error::Request`] where the method has no such parameter, or it does not take that value.
    pub fn set(mut self, id: &str, value: &str) -> Result<Self> {
        self.request.set(self.method.card(), id, value)?;
        Ok(self)
    }

    /// Sets the explanation whose maps are measured.
    pub fn of(mut self, measured: Explanation<'_>) -> Self {
        self.request.map = Some(Box::new(measured.request));
        self
    }

    /// The request, as it stands.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// Runs the method; `listener` hears of its progress and its artifacts.
    ///
    /// # Errors
    /// Those of [`run`](crate::run::run).
    pub async fn run(&self, listener: &dyn Listener) -> Result<()> {
        run_method(self.method, self.seen, &self.request, listener).await
    }

    /// Everything that the method gives.
    ///
    /// # Errors
    /// Those of [`run`](crate::run::run).
    pub async fn artifacts_async(&self) -> Result<Vec<Artifact>> {
        let kept = Collect::default();
        self.run(&kept).await?;
        Ok(kept.into_artifacts())
    }

    /// All maps that the method gives, one a layer.
    ///
    /// # Errors
    /// Those of [`run`](crate::run::run).
    pub async fn maps_async(&self) -> Result<Vec<Attribution>> {
        let variant = self.method.card().variant(&self.request.convention).map_err(Error::Request)?;
        let convention = Convention::named(&variant.name)?;
        let map = |artifact| match artifact {
            Artifact::Map(map) => Some(Attribution { map, convention }),
            _ => None,
        };
        Ok(self.artifacts_async().await?.into_iter().filter_map(map).collect())
    }

    /// The one map that the method gives.
    ///
    /// # Errors
    /// Those of [`run`](crate::run::run), and [`Error::Request`] where it gives none, or several.
    pub async fn map_async(&self) -> Result<Attribution> {
        let mut maps = self.maps_async().await?;
        let method = &self.request.method;
        match (maps.pop(), maps.is_empty()) {
            (Some(map), true) => Ok(map),
            (None, _) => {
                Err(Error::Request(fault!("no-map", "the method {method} gives no map; ask for its artifacts", method)))
            }
            _ => Err(Error::Request(fault!(
                "several-maps",
                "the method {method} gives several maps; ask for maps, or name one layer",
                method
            ))),
        }
    }
}

/// Attribution map in the convention that it was made in; everything of a [`AttributionMap`] can be asked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    map: AttributionMap,
    convention: Convention,
}

impl Deref for Attribution {
    type Target = AttributionMap;

    fn deref(&self) -> &AttributionMap {
        &self.map
    }
}

impl Attribution {
    /// The map over the image that it is of.
    pub fn overlay<'a>(&'a self, seen: &'a Observation) -> Overlay<'a> {
        Overlay { map: self, seen, style: MapStyle::default() }
    }
}

/// Map over the image that it is of, to be drawn.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Overlay<'a> {
    map: &'a Attribution,
    seen: &'a Observation,
    style: MapStyle,
}

impl Overlay<'_> {
    /// Sets the colours of the heat.
    pub fn colormap(mut self, colormap: Colormap) -> Self {
        self.style.colormap = colormap;
        self
    }

    /// Sets the opacity of the heat, 0 to 1.
    pub fn opacity(mut self, opacity: f32) -> Self {
        self.style.opacity = opacity;
        self
    }

    /// Sets how the opacity depends on the value.
    pub fn blend(mut self, blend: Blend) -> Self {
        self.style.blend = blend;
        self
    }

    /// Sets whether what speaks against the class is seen too, in blue.
    pub fn signed(mut self, signed: bool) -> Self {
        self.style.signed = signed;
        self
    }

    /// The image, at the image's size.
    ///
    /// # Errors
    /// [`Error::Image`] where memory is short.
    pub fn image(&self) -> Result<Image> {
        let preprocessing = &self.seen.model().manifest.preprocessing;
        draw_map(&self.map.map, self.seen.image(), preprocessing, self.map.convention, self.style)
    }

    /// Writes the image to a PNG file.
    ///
    /// # Errors
    /// Those of [`Overlay::image`], and [`Error::File`] where the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        self.image()?.save(path)
    }
}
