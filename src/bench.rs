//! The pieces of work that benchmarks time, the same for every device and for the peers beside us.
//!
//! Networks with and without a classifier are asked one question: the mean over the logits, or over the last feature maps. It
//! depends on every weight, and every peer can answer it.

use std::cell::OnceCell;

use burn::tensor::{Tensor, TensorData};

use crate::error::{Error, Result};
use crate::fault;
use crate::model::Model;
use crate::nn::{NodeId, Op, ReluRule, Role, Trace};
use crate::observation::read;

/// Work that is timed. Each ends when its result is in the caller's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BenchTask {
    /// The forward pass.
    Forward,
    /// The forward pass and the Grad-CAM map of the last convolution.
    GradCam,
    /// The forward pass and the Grad-CAM maps of all convolutions from one walk.
    AllLayers,
    /// The forward pass and the gradient with respect to the input.
    InputGradient,
    /// The Grad-CAM map of the last convolution from a forward pass that was done before: what another class costs.
    AnotherClass,
}

impl BenchTask {
    /// All of them, with the names they are asked for by.
    pub const ALL: [(&'static str, Self); 5] = [
        ("forward", Self::Forward),
        ("grad_cam", Self::GradCam),
        ("all_layers", Self::AllLayers),
        ("input_gradient", Self::InputGradient),
        ("another_class", Self::AnotherClass),
    ];

    /// The task of that name.
    ///
    /// # Errors
    /// [`Error::Request`] naming those there are.
    pub fn named(name: &str) -> Result<Self> {
        let known = Self::ALL.map(|(name, _)| name).join(", ");
        let found = Self::ALL.into_iter().find(|(known, _)| *known == name);
        found.map(|(_, task)| task).ok_or_else(|| {
            Error::Request(fault!("task-unknown", "no task is called {name}: there are {known}", name, known))
        })
    }
}

/// A network and an input to do the tasks on.
#[derive(Clone, Debug)]
pub struct Bench {
    model: Model,
    input: Tensor<4>,
    end: NodeId,
    convolutions: Vec<NodeId>,
    looked: OnceCell<Trace>,
}

impl Bench {
    /// Puts the input `[1, C, H, W]`, given row by row, on the model's device.
    ///
    /// # Errors
    /// [`Error::Request`] where the input has another size or the model has no convolution.
    pub fn new(model: Model, input: Vec<f32>) -> Result<Self> {
        let graph = model.network.graph();
        let [channels, height, width] = graph.shape_of(None);
        if input.len() != channels * height * width {
            return Err(Error::Request(fault!(
                "input-length",
                "the input has {length} numbers, not {channels} x {height} x {width}",
                length = input.len(),
                channels,
                height,
                width
            )));
        }
        let end = model.manifest.logits.as_ref().and_then(|name| graph.id(name)).unwrap_or(graph.nodes().len() - 1);
        let is_convolution = |&id: &NodeId| {
            graph.inputs(id).iter().flatten().any(|&input| matches!(graph.nodes()[input].op, Op::Conv2d(_)))
                && graph.nodes()[id].op.role() == Role::Activation
        };
        let convolutions: Vec<NodeId> = (0..end).filter(is_convolution).collect();
        if convolutions.is_empty() {
            return Err(Error::Request(fault!(
                "no-convolution",
                "the model has no convolution with an activation function behind it to time"
            )));
        }
        let data = TensorData::new(input, [1, channels, height, width]);
        let input = Tensor::from_data(data, model.network.device());
        Ok(Self { model, input, end, convolutions, looked: OnceCell::new() })
    }

    /// Does a task and gives its result's numbers: the last feature maps, the maps, or the gradient.
    ///
    /// # Errors
    /// [`Error::Device`] where the result cannot be read back.
    pub async fn run(&self, task: BenchTask) -> Result<Vec<f32>> {
        let network = &self.model.network;
        let last = *self.convolutions.last().unwrap_or(&self.end);
        let layers: &[NodeId] = match task {
            BenchTask::GradCam | BenchTask::AnotherClass => std::slice::from_ref(&last),
            BenchTask::AllLayers => &self.convolutions,
            BenchTask::Forward | BenchTask::InputGradient => &[],
        };
        let forward = || network.forward(self.input.clone(), &[&[self.end], layers].concat());
        let trace = if task == BenchTask::AnotherClass { self.looked.get_or_init(forward).clone() } else { forward() };
        let output = network.output(&trace, self.end);
        if task == BenchTask::Forward {
            return read(output).await;
        }
        let shape = output.dims();
        let seed = Tensor::ones(shape, network.device()) / shape.iter().product::<usize>() as f32;
        let wanted: Vec<Option<NodeId>> =
            if task == BenchTask::InputGradient { vec![None] } else { layers.iter().copied().map(Some).collect() };
        let gradients = network.pullback(&trace, self.end, seed, ReluRule::Gradient, &wanted);
        let mut numbers = Vec::new();
        for (place, gradient) in wanted.into_iter().zip(gradients) {
            let Some(gradient) = gradient else { continue };
            numbers.extend(match place {
                None => read(gradient).await?,
                Some(layer) => {
                    let features = network.output(&trace, layer);
                    let [_, channels, height, width] = features.dims();
                    // A product of matrices, as the methods have it.
                    let weights = gradient.mean_dim(3).mean_dim(2).reshape([1, 1, 1, channels]);
                    let map = weights.matmul(features.reshape([1, 1, channels, height * width]));
                    read(burn::tensor::activation::relu(map)).await?
                }
            });
        }
        Ok(numbers)
    }
}

/// An input `[C, H, W]` that is the same for everybody: numbers about as large as a preprocessed image's, of the linear
/// congruential generator of Numerical Recipes.
pub fn noise(shape: [usize; 3]) -> Vec<f32> {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((f64::from(state) / 4_294_967_296.0 - 0.5) * 200.0) as f32
    };
    std::iter::repeat_with(next).take(shape.iter().product()).collect()
}
