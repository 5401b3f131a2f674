//! Runs: one way of carrying out a request, for the command line, the page's worker, metrics, tests and library users alike.
//!
//! A method of one's own, in no registry:
//!
//! ```
//! use convscope::card;
//! use convscope::card::{Asks, Gives};
//! use convscope::device::Choice;
//! use convscope::embedded::SQUEEZENET;
//! use convscope::methods::Method;
//! use convscope::model::Model;
//! use convscope::image::Image;
//!
//! static BRIGHTNESS: Method = Method {
//!     card: card! {
//!         id: "brightness", title: "Brightness", family: Perturbation, paper: ("Nobody 2026", "https://example.org"),
//!         shows: "How bright the network's input is.", limits: "It asks the network nothing.",
//!         asks: Asks::CLASS, gives: Gives::InputMap { signed: true },
//!     },
//!     run: |run| Box::pin(async move {
//!         let brightness = run.read(run.input()?.mean_dim(1)).await?;
//!         run.progress(1, 1).await?;
//!         run.emit(run.input_map(brightness)?).await
//!     }),
//! };
//!
//! let model = Model::load(&SQUEEZENET, Choice::Cpu)?;
//! let seen = model.observe(Image::from_rgb(1, 1, vec![255, 255, 255])?)?;
//! let map = seen.explain_by(&BRIGHTNESS).map()?;
//! assert_eq!([map.normalised.width, map.normalised.height], [224, 224]);
//! # Ok::<(), convscope::Error>(())
//! ```

mod backward;
mod batches;
mod checked;
mod conventions;
mod listen;
mod maps;
mod measured;
mod params;
mod scores;
mod subject;

use burn::tensor::Tensor;

use crate::artifact::Artifact;
use crate::card::Card;
use crate::error::{Error, Result};
use crate::explain::{AttributionMap, Score};
use crate::fault;
use crate::methods::{Explain, method};
use crate::model::Model;
use crate::nn::{NodeId, ReluRule};
use crate::observation::{Observation, read, single};
use crate::request::{Checked, Request};
use crate::target::Target;
pub use batches::Batches;
use checked::{checked, run_checked};
pub use conventions::compare_conventions;
pub(crate) use listen::Inner;
pub use listen::{Collect, Heard, Listener};
pub use maps::Material;
pub use measured::measure;
pub use subject::Subject;

/// A method at work.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    subject: Subject<'a>,
    card: &'a Card,
    request: &'a Checked,
    listener: &'a dyn Listener,
    /// Maps to be measured that are known already.
    maps: Option<&'a [AttributionMap]>,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("method", &self.card.id).field("request", self.request).finish_non_exhaustive()
    }
}

/// Carries out a request with the method of the registry that it names.
///
/// # Errors
/// [`Error::Request`] where the request does not fit the method or the model, [`Error::Device`] where the device stops working,
/// [`Error::Cancelled`] where `listener` said to stop.
pub async fn run<'a>(subject: impl Into<Subject<'a>>, request: &Request, listener: &dyn Listener) -> Result<()> {
    run_method(method(&request.method)?, subject, request, listener).await
}

/// Carries out a request with any method, in the registry or not.
///
/// # Errors
/// Those of [`run`].
pub async fn run_method<'a>(
    method: &dyn Explain,
    subject: impl Into<Subject<'a>>,
    request: &Request,
    listener: &dyn Listener,
) -> Result<()> {
    let (card, subject) = (method.card(), subject.into());
    run_checked(method, subject, &checked(card, subject, request)?, listener).await
}

impl<'a> Run<'a> {
    /// The model.
    pub fn model(&self) -> &'a Model {
        self.subject.model
    }

    /// Observation: what the model has seen.
    ///
    /// # Errors
    /// [`Error::Request`] where that is nothing.
    pub fn observation(&self) -> Result<&'a Observation> {
        self.subject.observation()
    }

    /// The request.
    pub fn request(&self) -> &'a Checked {
        self.request
    }

    /// What is explained: a class, or a weighted sum of classes.
    ///
    /// # Errors
    /// [`Error::Request`] where nothing is.
    pub fn target(&self) -> Result<&'a Target> {
        let target = self.request.target.as_ref();
        target.ok_or_else(|| Error::Request(fault!("no-class", "no class is asked for; name one")))
    }

    /// The class that is asked for, by index, of a method that explains one class and no sum.
    ///
    /// # Errors
    /// [`Error::Request`] where none is, or a sum of several.
    pub fn class(&self) -> Result<usize> {
        single(self.target()?)
    }

    /// What is read of the target: what the convention says, or the raw output of a model without probabilities.
    pub fn score(&self) -> Score {
        self.model().score(self.request.convention.score)
    }

    /// The layers that are asked for; the method's card says whether `all` has the pools among them.
    ///
    /// # Errors
    /// [`Error::Request`] where there is no such layer.
    pub fn layers(&self) -> Result<Vec<NodeId>> {
        let layers = self.model().layers(&self.request.layers, self.card.asks.layers)?;
        self.model().check_layers(self.card, &layers)?;
        Ok(layers)
    }

    /// The one layer that is asked for.
    ///
    /// # Errors
    /// [`Error::Request`] where there is no such layer.
    pub fn layer(&self) -> Result<NodeId> {
        let layers = self.layers()?;
        layers.first().copied().ok_or_else(|| {
            Error::Request(fault!("no-layer", "the method {method} takes a layer; name it", method = self.card.id))
        })
    }

    /// A layer's name.
    pub fn name(&self, layer: NodeId) -> &'a str {
        &self.model().network.graph().nodes()[layer].name
    }

    /// The network's input, `[1, 3, H, W]`.
    ///
    /// # Errors
    /// [`Error::Request`] where no image has been looked at.
    pub fn input(&self) -> Result<Tensor<4>> {
        Ok(self.observation()?.input())
    }

    /// Input of another image, `[1, 3, H, W]`: of several the last, which was seen before this one.
    ///
    /// # Errors
    /// [`Error::Request`] where there is none.
    pub fn another(&self) -> Result<Tensor<4>> {
        self.observation()?.references().last().cloned().ok_or_else(|| {
            Error::Request(fault!(
                "no-other-image",
                "there is no other image to compare this one with; look at another one first and then at this, or name one with --references"
            ))
        })
    }

    /// Feature maps of a layer, `[1, C, h, w]`.
    ///
    /// # Errors
    /// [`Error::Request`] where no image has been looked at.
    pub fn features(&self, layer: NodeId) -> Result<Tensor<4>> {
        Ok(self.observation()?.features(layer))
    }

    /// Gradients of the target's score at a layer, `[1, C, h, w]`; one backward pass serves all layers that are asked for, and
    /// every method after this one.
    ///
    /// # Errors
    /// [`Error::Request`] where the class does not depend on the layer.
    pub fn gradients(&self, layer: NodeId) -> Result<Tensor<4>> {
        self.gradients_among(layer, &self.layers()?)
    }

    /// Gradients of the target's score at a layer, `[1, C, h, w]`, where one backward pass is to serve all of `layers`.
    ///
    /// # Errors
    /// Those of [`Run::gradients`].
    pub(crate) fn gradients_among(&self, layer: NodeId, layers: &[NodeId]) -> Result<Tensor<4>> {
        self.observation()?.gradients(self.target()?, self.request.convention.score, layer, layers)
    }

    /// What comes back to the input from the target's score under a rule for ReLU, `[1, 3, H, W]`, in the network's order of
    /// channels.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no such class.
    pub fn input_gradient(&self, rule: ReluRule) -> Result<Tensor<4>> {
        self.observation()?.input_gradient(self.target()?, self.request.convention.score, rule)
    }

    /// Reads a tensor back, row-major.
    ///
    /// # Errors
    /// [`Error::Device`] where the device stops working.
    pub async fn read(&self, tensor: Tensor<4>) -> Result<Vec<f32>> {
        read(tensor).await
    }

    /// Whether somebody watches: each result is wanted as soon as it is there, in any order, and so are those that better ones will take the
    /// place of.
    pub fn is_watched(&self) -> bool {
        self.listener.is_watched()
    }

    /// Tells how far the work is. The way out when it is cancelled.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub async fn progress(&self, done: usize, total: usize) -> Result<()> {
        self.tell(Heard::Progress { done, total }).await
    }

    /// Gives a result, or a part of one.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub async fn emit(&self, artifact: Artifact) -> Result<()> {
        self.tell(Heard::Artifact(self.beside_others(artifact))).await
    }

    /// Tells whoever listens.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub(crate) async fn tell(&self, heard: Heard) -> Result<()> {
        if self.listener.hear(heard).await { Ok(()) } else { Err(Error::Cancelled) }
    }
}
