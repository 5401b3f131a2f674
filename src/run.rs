//! Runs: one way of carrying out a request, for the command line, the page's worker, metrics, tests and library users alike.

use std::cell::RefCell;
use std::pin::Pin;

use burn::tensor::Tensor;

use crate::artifact::Artifact;
use crate::error::{Error, Result};
use crate::explain::{Evidence, Map};
use crate::fault;
use crate::methods::{Explain, method};
use crate::nn::{Graph, NodeId, ReluRule};
use crate::observation::{Observation, finite, read};
use crate::param::Param;
use crate::request::{Checked, Request};

/// What is heard from a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// Steps done, of so many.
    Progress {
        /// Done.
        done: usize,
        /// In all.
        total: usize,
    },
    /// A result, or a part of one.
    Artifact(Artifact),
}

/// Who listens to a run.
pub trait Listener {
    /// Hears; says whether the run is to go on.
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>>;
}

/// Listener that keeps all artifacts.
#[derive(Debug, Default)]
pub struct Collect(RefCell<Vec<Artifact>>);

impl Collect {
    /// What was kept.
    pub fn into_artifacts(self) -> Vec<Artifact> {
        self.0.into_inner()
    }
}

impl Listener for Collect {
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        if let Heard::Artifact(artifact) = heard {
            self.0.borrow_mut().push(artifact);
        }
        Box::pin(std::future::ready(true))
    }
}

/// A method at work on an observation.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    observation: &'a Observation,
    request: &'a Checked,
    listener: &'a dyn Listener,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("request", self.request).finish_non_exhaustive()
    }
}

/// Carries out a request with the method of the registry that it names.
///
/// # Errors
/// [`Error::Request`] where the request does not fit the method or the model, [`Error::Device`] where the device stops working,
/// [`Error::Cancelled`] where `listener` said to stop.
pub async fn run(observation: &Observation, request: &Request, listener: &dyn Listener) -> Result<()> {
    run_method(method(&request.method)?, observation, request, listener).await
}

/// Carries out a request with any method, in the registry or not.
///
/// # Errors
/// Those of [`run`].
pub async fn run_method(
    method: &dyn Explain,
    observation: &Observation,
    request: &Request,
    listener: &dyn Listener,
) -> Result<()> {
    let request = request.check(method.card())?;
    method.run(Run { observation, request: &request, listener }).await
}

impl<'a> Run<'a> {
    /// The observation.
    pub fn observation(&self) -> &'a Observation {
        self.observation
    }

    /// The request.
    pub fn request(&self) -> &'a Checked {
        self.request
    }

    /// The value of a whole number or a seed.
    pub fn int(&self, param: &Param) -> i64 {
        self.request.values.int(param)
    }

    /// The value of a number.
    pub fn float(&self, param: &Param) -> f64 {
        self.request.values.float(param)
    }

    /// The class that is asked for, by index.
    ///
    /// # Errors
    /// [`Error::Request`] where none is.
    pub fn class(&self) -> Result<usize> {
        self.request.class.ok_or_else(|| Error::Request(fault!("no-class", "no class is asked for; name one")))
    }

    /// The layers that are asked for. A class activation map leaves the pools out of `all` and `last`.
    ///
    /// # Errors
    /// [`Error::Request`] where there is no such layer.
    pub fn layers(&self) -> Result<Vec<NodeId>> {
        self.observation.model().layers(&self.request.layers, false)
    }

    /// Feature maps of a layer, `[1, C, h, w]`.
    pub fn features(&self, layer: NodeId) -> Tensor<4> {
        self.observation.features(layer)
    }

    /// Gradients of the class's score at a layer, `[1, C, h, w]`; one backward pass serves all layers that are asked for, and
    /// every method after this one.
    ///
    /// # Errors
    /// [`Error::Request`] where the class does not depend on the layer.
    pub fn gradients(&self, layer: NodeId) -> Result<Tensor<4>> {
        let layers = self.layers()?;
        self.observation.gradients(self.class()?, self.request.convention.score, layer, &layers)
    }

    /// What comes back to the input from the class's score under a rule for ReLU, `[1, 3, H, W]`, in the network's order of
    /// channels.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no such class.
    pub fn input_gradient(&self, rule: ReluRule) -> Result<Tensor<4>> {
        self.observation.input_gradient(self.class()?, self.request.convention.score, rule)
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
        let graph = self.observation.model().network.graph();
        let layer = layer.map_or(Graph::INPUT, |layer| &graph.nodes()[layer].name);
        let values = finite(layer, self.read(values).await?)?;
        let evidence = weights.as_deref().map_or(Evidence::Scores, Evidence::Weights);
        let score = self.request.convention.score;
        Ok(Artifact::Map(Map::new(layer.into(), [width, height], values, evidence, score)))
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
