//! What of a class's score comes back to the picture: one walk to the input, under three rectifier rules.
//!
//! - `gradient`: Simonyan et al. 2013, <https://arxiv.org/abs/1312.6034>.
//! - `guided_backprop`: Springenberg et al. 2014, <https://arxiv.org/abs/1412.6806>.
//! - `deconvnet`: Zeiler and Fergus 2013, <https://arxiv.org/abs/1311.2901>, from the class instead of a feature map.

use burn::tensor::Tensor;

use super::{Ask, Frame, Frames, Method, Subject};
use crate::error::{Error, Result};
use crate::nn::ReluRule;

/// The three methods, which differ in the rule alone.
pub(super) struct InputGradient {
    id: &'static str,
    title: &'static str,
    paper: &'static str,
    rule: ReluRule,
}

/// The gradient.
pub(super) static GRADIENT: InputGradient = InputGradient {
    id: "gradient",
    title: "Gradient",
    paper: "https://arxiv.org/abs/1312.6034",
    rule: ReluRule::Gradient,
};

/// Guided backpropagation.
pub(super) static GUIDED_BACKPROP: InputGradient = InputGradient {
    id: "guided_backprop",
    title: "Guided backpropagation",
    paper: "https://arxiv.org/abs/1412.6806",
    rule: ReluRule::GuidedBackprop,
};

/// Deconvnet from the class.
pub(super) static DECONVNET: InputGradient = InputGradient {
    id: "deconvnet",
    title: "Deconvnet",
    paper: "https://arxiv.org/abs/1311.2901",
    rule: ReluRule::Deconvnet,
};

impl Method for InputGradient {
    fn id(&self) -> &'static str {
        self.id
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn paper(&self) -> &'static str {
        self.paper
    }

    fn takes_layers(&self) -> bool {
        false
    }

    fn frames<'a>(&self, subject: Subject<'a>, ask: &Ask) -> Result<Frames<'a>> {
        let map = at_input(subject, ask, self.rule)?;
        Ok(Box::new(std::iter::once(Frame { layer: None, map, weights: None })))
    }
}

/// What comes back to the input under `rule`, `[1, 3, H, W]`, in the order of the network's own channels.
pub(super) fn at_input(Subject { model, trace }: Subject<'_>, ask: &Ask, rule: ReluRule) -> Result<Tensor<4>> {
    let (output, seed) = Subject { model, trace }.seed(ask.class, ask.convention.score)?;
    let arrived = model.network.pullback(trace, output, seed, rule, &[None]);
    arrived.into_iter().next().flatten().ok_or_else(|| {
        Error::Weights("model.json: the classes do not depend on the input; get or pack the model again".into())
    })
}
