//! What in the picture made a channel fire: its feature map alone, taken down to the input.
//!
//! Zeiler and Fergus 2013, <https://arxiv.org/abs/1311.2901>: all channels but one are set to zero, and what is left goes down
//! through unpooling at the switches, the rectifier and the transposed convolution. With another rectifier rule the same walk is
//! guided backpropagation or the gradient.
//!
//! The quirks of the Keras notebook of convnet-interpretability-keras: it chooses channels by the sum of their map and leaves out those
//! without a positive sum; a pool's switch is the first of equal maxima (here always); dense layers go down by their transposed
//! weight alone (here always, since the rectifier is a node of its own); `predictions` starts with the softmax probability, which only
//! scales the image; and the picture itself is rectified ([`Descent::rectify_input`]). How it draws: [`Convention::KERAS_NOTEBOOK`](crate::explain::Convention::KERAS_NOTEBOOK).

use burn::tensor::{Int, Tensor, TensorData, activation};

use crate::error::{Error, Result};
use crate::explain::Mode;
use crate::fault;
use crate::nn::{NodeId, Op, ReluRule};
use crate::observation::Observation;

/// Which channels are taken down, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Descent {
    /// The layer.
    pub layer: NodeId,
    /// Its channels, which go down as one batch.
    pub channels: Vec<usize>,
    /// How much of each feature map goes down.
    pub mode: Mode,
    /// What rectifiers pass.
    pub rule: ReluRule,
    /// The notebook's quirk: its last layer's rectifier is applied to the picture too, so nothing in it is negative.
    pub rectify_input: bool,
}

/// What arrives at the input for each channel, `[K, 3, H, W]`, in the order of the network's own colour channels.
///
/// # Errors
/// [`Error::Request`] where the layer has no such channel or does not depend on the input.
pub fn reconstruct(observation: &Observation, descent: &Descent) -> Result<Tensor<4>> {
    let (network, trace) = (&observation.model().network, observation.trace());
    let graph = network.graph();
    let [channels, height, width] = graph.shape(descent.layer);
    let name = &graph.nodes()[descent.layer].name;
    if descent.channels.is_empty() {
        return Err(Error::Request(fault!(
            "no-channel",
            "no channel of {layer} is asked for; give some, or top4",
            layer = name
        )));
    }
    observation.model().check_channels(descent.layer, &descent.channels)?;
    let maps = network.output(trace, descent.layer);
    let count = descent.channels.len();
    // [K, C, 1, 1] with a one at each question's channel.
    let mut alone = vec![0_f32; count * channels];
    for (question, &channel) in descent.channels.iter().enumerate() {
        alone[question * channels + channel] = 1.0;
    }
    let alone = Tensor::<4>::from_data(TensorData::new(alone, [count, channels, 1, 1]), network.device());
    let maps = match descent.mode {
        Mode::All => maps,
        Mode::Max => {
            let flat = maps.reshape([1, channels, height * width]);
            let place: Tensor<3, Int> = flat.clone().argmax(2);
            let places = Tensor::<1, Int>::arange(0..(height * width) as i64, network.device()).reshape([1, 1, -1]);
            let mask = places.equal(place.expand([1, channels, height * width])).float();
            (flat * mask).reshape([1, channels, height, width])
        }
    };
    let seed = maps * alone;
    // A probability scales its logit: the softmax itself has no way down in a deconvnet.
    let from = match graph.nodes()[descent.layer].op {
        Op::Softmax | Op::Sigmoid => graph.inputs(descent.layer)[0].unwrap_or(descent.layer),
        _ => descent.layer,
    };
    let arrived = network.pullback(trace, from, seed, descent.rule, &[None]).into_iter().next().flatten();
    let arrived = arrived.ok_or_else(|| {
        Error::Request(fault!("layer-without-input", "the layer {layer} does not depend on the picture", layer = name))
    })?;
    Ok(if descent.rectify_input { activation::relu(arrived) } else { arrived })
}
