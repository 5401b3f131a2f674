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

mod listen;
mod scores;
mod subject;

use burn::tensor::Tensor;

use crate::artifact::Artifact;
use crate::card::{Card, Gives};
use crate::error::{Error, Result};
use crate::explain::{AttributionMap, Channels, Diagnosis, Evidence, Score, no_channel};
use crate::fault;
use crate::methods::{Explain, method};
use crate::model::Model;
use crate::named::Named;
use crate::nn::{Graph, NodeId, ReluRule};
use crate::observation::{Observation, finite, read, single};
use crate::param::Param;
use crate::request::{Checked, Request};
use crate::target::Target;
use listen::Inner;
pub use listen::{Collect, Heard, Listener};
pub use subject::Subject;

/// A method at work.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    subject: Subject<'a>,
    card: &'a Card,
    request: &'a Checked,
    listener: &'a dyn Listener,
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
    card.applies(subject.model.offer()).map_err(Error::Request)?;
    let request = request.check(card)?;
    let run = Run { subject, card, request: &request, listener };
    if card.asks.image {
        run.observation()?;
    }
    method.run(run).await
}

impl<'a> Run<'a> {
    /// The model.
    pub fn model(&self) -> &'a Model {
        self.subject.model
    }

    /// What the model has seen.
    ///
    /// # Errors
    /// [`Error::Request`] where that is nothing.
    pub fn observation(&self) -> Result<&'a Observation> {
        self.subject
            .observation
            .ok_or_else(|| Error::Request(fault!("no-image", "no image has been looked at; give one first")))
    }

    /// The request.
    pub fn request(&self) -> &'a Checked {
        self.request
    }

    /// The value of a whole number or a seed.
    pub fn int(&self, param: &Param) -> usize {
        usize::try_from(self.request.values.int(param)).unwrap_or_default()
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

    /// The channels of a layer that are asked for; of [`Channels::Top`] all, for the method to choose from.
    ///
    /// # Errors
    /// [`Error::Request`] where the layer has no such channel.
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

    /// The network's input, `[1, 3, H, W]`.
    ///
    /// # Errors
    /// [`Error::Request`] where no image has been looked at.
    pub fn input(&self) -> Result<Tensor<4>> {
        Ok(self.observation()?.input())
    }

    /// The maps that are measured.
    ///
    /// # Errors
    /// [`Error::Request`] where the method that is to make them makes no maps, and whatever it says.
    pub async fn measured(&self) -> Result<Vec<AttributionMap>> {
        let wanted = self.request.map.as_deref().cloned().unwrap_or_default();
        let method = method(&wanted.method)?;
        let card = method.card();
        if !card.gives.is_map() {
            return Err(Error::Request(fault!(
                "method-without-map",
                "the method {method} makes no map that {metric} could measure; name one that does",
                method = card.id,
                metric = self.card.id
            )));
        }
        let wanted = Request { target: wanted.target.or_else(|| self.request.target.clone()), ..wanted };
        let inner = Inner { outer: self.listener, kept: Collect::default() };
        run_method(method, self.observation()?, &wanted, &inner).await?;
        let map = |artifact| if let Artifact::Map(map) = artifact { Some(map) } else { None };
        Ok(inner.kept.into_artifacts().into_iter().filter_map(map).collect())
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
        let layers = self.layers()?;
        self.observation()?.gradients(self.target()?, self.request.convention.score, layer, &layers)
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

    /// A map, read back: `values` `[1, 1, h, w]`, or an image in the space of the input, `[1, 3, H, W]`. `weights` are zero
    /// where no gradient reaches the layer; a method without gradients has none.
    ///
    /// # Errors
    /// [`Error::Device`] where the device stops working.
    pub async fn map(&self, layer: Option<NodeId>, values: Tensor<4>, weights: Option<Tensor<4>>) -> Result<Artifact> {
        let [_, _, height, width] = values.dims();
        let weights = match weights {
            Some(weights) => Some(self.read(weights).await?),
            None => None,
        };
        let id = layer;
        let layer = layer.map_or(Graph::INPUT, |layer| self.name(layer));
        let values = finite(layer, self.read(values).await?)?;
        let evidence = weights.as_deref().map_or(Evidence::Scores, Evidence::Weights);
        let mut map = AttributionMap::new(layer.into(), [width, height], values, evidence, self.score());
        map.diagnoses.extend(self.diagnoses(&map, id, weights.is_some()));
        Ok(Artifact::Map(map))
    }

    /// What the network and its answer say of a map that shows something; `by_gradient` says what it is made of.
    fn diagnoses(&self, map: &AttributionMap, layer: Option<NodeId>, by_gradient: bool) -> Vec<Diagnosis> {
        let (Ok(seen), Ok(target)) = (self.observation(), self.target()) else { return vec![] };
        if map.blank.is_some() || !by_gradient {
            return vec![];
        }
        let class = target.single().and_then(|class| seen.prediction(class).ok());
        let probability = class.and_then(|class| class.probability).filter(|_| self.score() == Score::Probability);
        let saturated = probability.is_some_and(Diagnosis::is_saturated).then_some(Diagnosis::Saturated);
        let averaged = layer.is_some_and(|layer| self.model().network.graph().is_averaged(layer));
        let coincide = averaged && matches!(self.card.gives, Gives::LayerMap { .. });
        saturated.into_iter().chain(coincide.then_some(Diagnosis::Coincide)).collect()
    }

    /// Whether results are wanted that better ones will take the place of.
    pub fn previews(&self) -> bool {
        self.listener.previews()
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
        self.tell(Heard::Artifact(artifact)).await
    }

    async fn tell(&self, heard: Heard) -> Result<()> {
        if self.listener.hear(heard).await { Ok(()) } else { Err(Error::Cancelled) }
    }
}
