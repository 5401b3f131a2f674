//! What of a class's score comes back to the image: one backward pass to the input, under three rules for ReLU.

use std::borrow::Cow;

use super::Method;
use crate::card::{Asks, Card, Family, Gives, Paper};
use crate::error::Result;
use crate::nn::ReluRule;
use crate::run::Run;

/// Gradient: Simonyan et al. 2013, <https://arxiv.org/abs/1312.6034>, section 3.
pub(super) static GRADIENT: Method = Method {
    card: Card {
        id: Cow::Borrowed("gradient"),
        title: Cow::Borrowed("Gradient"),
        family: Family::Gradient,
        paper: Paper::new("Simonyan et al. 2013", "https://arxiv.org/abs/1312.6034"),
        shows: Cow::Borrowed(
            "The gradient of the class's score by the pixels: how much the score would change with each of them.",
        ),
        limits: Cow::Borrowed(
            "It holds for tiny changes of the picture only, and it is noisy: a pixel without a gradient may matter \
                all the same, where the network is saturated.",
        ),
        asks: Asks::CLASS,
        gives: Gives::InputImage,
        params: Cow::Borrowed(&[]),
    },
    run: |run| Box::pin(at_input(run, ReluRule::Gradient)),
};

/// Guided backpropagation: Springenberg et al. 2014, <https://arxiv.org/abs/1412.6806>, section 3.4.
pub(super) static GUIDED_BACKPROP: Method = Method {
    card: Card {
        id: Cow::Borrowed("guided_backprop"),
        title: Cow::Borrowed("Guided backpropagation"),
        family: Family::Gradient,
        paper: Paper::new("Springenberg et al. 2014", "https://arxiv.org/abs/1412.6806"),
        shows: Cow::Borrowed(
            "The gradient by the pixels, with all that speaks against the class left out at each rectifier on the way \
                down.",
        ),
        limits: Cow::Borrowed(
            "It finds edges whatever the class is, even in networks whose weights are random (Adebayo et al. 2018), \
                so that it shows the picture more than the decision.",
        ),
        asks: Asks::CLASS,
        gives: Gives::InputImage,
        params: Cow::Borrowed(&[]),
    },
    run: |run| Box::pin(at_input(run, ReluRule::GuidedBackprop)),
};

/// Deconvnet from the class instead of a feature map: Zeiler and Fergus 2013, <https://arxiv.org/abs/1311.2901>, section 2.1.
pub(super) static DECONVNET: Method = Method {
    card: Card {
        id: Cow::Borrowed("deconvnet"),
        title: Cow::Borrowed("Deconvnet"),
        family: Family::Gradient,
        paper: Paper::new("Zeiler and Fergus 2013", "https://arxiv.org/abs/1311.2901"),
        shows: Cow::Borrowed(
            "The class's score taken down to the pixels by a deconvnet, which at each rectifier keeps what is \
                positive on the way down, whatever it was on the way up.",
        ),
        limits: Cow::Borrowed(
            "It shows a pattern that the network could have answered to, not why it answered as it did; it is hardly \
                different for two classes (Mahendran and Vedaldi 2016).",
        ),
        asks: Asks::CLASS,
        gives: Gives::InputImage,
        params: Cow::Borrowed(&[]),
    },
    run: |run| Box::pin(at_input(run, ReluRule::Deconvnet)),
};

async fn at_input(run: Run<'_>, rule: ReluRule) -> Result<()> {
    let image = run.input_gradient(rule)?;
    let reaches = image.clone().abs().max_dims(&[1, 2, 3]);
    let image = run.map(None, image, Some(reaches)).await?;
    run.emit(image).await
}
