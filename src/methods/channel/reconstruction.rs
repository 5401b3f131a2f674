//! Reconstruction of what in the image made a channel fire: its feature map alone, taken down to the input.
//!
//! Zeiler and Fergus 2013, <https://arxiv.org/abs/1311.2901>: all channels but one are set to zero, and what is left goes down
//! through unpooling at the switches, the ReLU and the transposed convolution. With another ReLU rule the same walk is
//! guided backpropagation or the gradient.
//!
//! The quirks of the Keras notebook of convnet-interpretability-keras: it chooses channels by the sum of their map and leaves out those
//! without a positive sum; a pool's switch is the first of equal maxima (here always); dense layers go down by their transposed
//! weight alone (here always, since the ReLU is a node of its own); `predictions` starts with the softmax probability, which only
//! scales the image; and the image itself is rectified ([`Convention::rectify_input`](crate::explain::Convention)). How it draws: [`Convention::KERAS_NOTEBOOK`](crate::explain::Convention::KERAS_NOTEBOOK).

use burn::tensor::{Int, Tensor, TensorData, activation};

use super::chosen;
use crate::artifact::{Artifact, Drawing, Measure, Panel};
use crate::card;
use crate::card::{Asks, Gives, Variant};
use crate::error::{Error, Result};
use crate::explain::Mode;
use crate::fault;
use crate::methods::Method;
use crate::nn::{NodeId, ReluRule, Role};
use crate::observation::finite;
use crate::param::Param;
use crate::run::Run;

const CHANNELS: Param = Param::channels(
    "channels",
    "Channels",
    "Channels by number, as in 433,298 or 0..63; all; or those with the largest sums, as in top4",
    "top4",
);
const MODE: Param = Param::choice(
    "mode",
    "How much goes back",
    "How much of each feature map is taken back",
    Mode::PAIRS,
    Mode::All.name(),
);
const RULE: Param = Param::choice(
    "rule",
    "Rectifiers pass",
    "What a ReLU passes on the way back",
    ReluRule::PAIRS,
    ReluRule::Deconvnet.name(),
);

/// Channel reconstruction.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "channel_reconstruction",
        title: "Channel reconstruction",
        family: Channel,
        paper: ("Zeiler and Fergus 2013", "https://arxiv.org/abs/1311.2901"),
        shows: "What in this image made single channels of a layer fire: their feature maps alone, taken back to the pixels through \
                the pooling switches.",
        limits: "It shows what could have caused the response, not that the class depends on it; edges come back whatever the \
                 channel (Mahendran and Vedaldi 2016).",
        asks: Asks::LAYER,
        gives: Gives::Panels,
        params: [CHANNELS, MODE, RULE],
        conventions: &[
            Variant::new("paper", "as in the paper, with true colours"),
            Variant::new(
                "keras_notebook",
                "as in the Keras notebook: the image rectified too, blue shown as red, the first block drawn as it is",
            ),
        ],
        command: "deconvnet",
    },
    run: |run| Box::pin(channel_reconstruction(run)),
};

async fn channel_reconstruction(run: Run<'_>) -> Result<()> {
    let layer = run.layer()?;
    let name = run.name(layer);
    // The notebook, too, ranks by the sum.
    let chosen = chosen(&run, layer, &run.channels(&CHANNELS)).await?;
    let channels: Vec<usize> = chosen.iter().map(|(channel, _)| *channel).collect();
    let images = reconstruct(&run, layer, &channels)?;
    let [_, colours, height, width] = images.dims();
    let values = finite(name, run.read(images).await?)?;
    let order = run.model().manifest.preprocessing.channels;
    for ((channel, sum), image) in chosen.into_iter().zip(values.chunks_exact(colours * height * width)) {
        let drawing = Drawing::from(&run.request().convention.draw(name, image, [width, height], order));
        let (layer, measure) = (name.to_owned(), Measure::Sum(sum));
        let panel = Panel { layer, channel: Some(channel), measure, drawing: Some(drawing), values: image.to_vec() };
        run.emit(Artifact::Panel(panel)).await?;
    }
    Ok(())
}

/// Reconstructions: what arrives at the input for each channel, `[K, 3, H, W]`, in the order of the network's own colour channels.
fn reconstruct(run: &Run<'_>, layer: NodeId, channels: &[usize]) -> Result<Tensor<4>> {
    let (network, trace) = (&run.model().network, run.observation()?.trace());
    let graph = network.graph();
    let [all, height, width] = graph.shape(layer);
    let maps = run.features(layer)?;
    // [K, C, 1, 1] with a one at each reconstruction's channel.
    let mut alone = vec![0_f32; channels.len() * all];
    for (row, &channel) in channels.iter().enumerate() {
        alone[row * all + channel] = 1.0;
    }
    let alone = Tensor::<4>::from_data(TensorData::new(alone, [channels.len(), all, 1, 1]), network.device());
    let maps = match run.choice(&MODE) {
        Mode::All => maps,
        Mode::Max => {
            let flat = maps.reshape([1, all, height * width]);
            let position: Tensor<3, Int> = flat.clone().argmax(2);
            let positions = Tensor::<1, Int>::arange(0..(height * width) as i64, network.device()).reshape([1, 1, -1]);
            let mask = positions.equal(position.expand([1, all, height * width])).float();
            (flat * mask).reshape([1, all, height, width])
        }
    };
    // A probability scales its logit: the softmax itself has no way down in a deconvnet.
    let from = match graph.nodes()[layer].op.role() {
        Role::Probability => graph.inputs(layer)[0].unwrap_or(layer),
        _ => layer,
    };
    let arrived = network
        .pullback(trace, from, maps * alone, run.choice::<ReluRule>(&RULE), &[None])
        .into_iter()
        .next()
        .flatten();
    let name = run.name(layer);
    let arrived = arrived.ok_or_else(|| {
        Error::Request(fault!("layer-not-of-input", "the layer {layer} does not depend on the image", layer = name))
    })?;
    Ok(if run.request().convention.rectify_input { activation::relu(arrived) } else { arrived })
}
