//! What is asked of a method, and what it gives.

use burn::tensor::{Tensor, TensorData};

use super::{Convention, Score, grad_cam, guided_grad_cam, input_gradient};
use crate::error::{Error, Result};
use crate::model::{Manifest, Model};
use crate::nn::{NodeId, Trace};
use crate::record;

/// A picture that has gone through a network once.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The network and what is known about it.
    pub model: &'a Model,
    /// The forward pass.
    pub trace: &'a Trace,
}

impl Subject<'_> {
    /// Where a walk back for `class` starts, and the seed `[1, classes, 1, 1]` to start it with: 1 at the class.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no classifier or no such class.
    pub fn seed(&self, class: usize, score: Score) -> Result<(NodeId, Tensor<4>)> {
        let Manifest { id, logits, probabilities, labels, .. } = &self.model.manifest;
        let output = match score {
            Score::Logit => logits,
            Score::Probability => probabilities,
        };
        let network = &self.model.network;
        let Some(output) = output.as_deref().and_then(|name| network.graph().id(name)) else {
            return Err(Error::Request(format!(
                "the model {id} has no classifier, so there is no class to explain; choose another model, or look at its activations"
            )));
        };
        if class >= labels.len() {
            return Err(Error::Request(format!(
                "the model {id} has no class {class}; its classes are 0 to {}",
                labels.len() - 1
            )));
        }
        let mut seed = vec![0_f32; labels.len()];
        seed[class] = 1.0;
        let seed = TensorData::new(seed, [1, labels.len(), 1, 1]);
        Ok((output, Tensor::from_data(seed, network.device())))
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The class, by index.
    pub class: usize,
    /// The layers, each a node of the graph.
    pub layers: Vec<NodeId>,
    /// Which of the field's ways of doing it.
    pub convention: Convention,
}

/// One part of an answer, still on the device. Methods enqueue device work and never read back.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The layer it is about; `None` is the input.
    pub layer: Option<NodeId>,
    /// A map before rectifying and scaling, `[1, 1, h, w]`, or an image in the space of the input, `[1, 3, H, W]`.
    pub map: Tensor<4>,
    /// What each channel of the layer counted for, `[1, C, 1, 1]`, where channels are weighed.
    pub weights: Option<Tensor<4>>,
}

/// Frames one after the other; whoever pulls them can stop, which cancels the rest.
pub type Frames<'a> = Box<dyn Iterator<Item = Frame> + 'a>;

/// A way to explain a class at layers.
pub trait Method: Sync {
    /// The name on the command line and in file names.
    fn id(&self) -> &'static str;
    /// The name for people.
    fn title(&self) -> &'static str;
    /// The paper.
    fn paper(&self) -> &'static str;
    /// All three, as a manifest says them.
    fn record(&self) -> record::Method {
        record::Method { id: self.id(), title: self.title(), paper: self.paper() }
    }
    /// Whether it answers at layers; one that answers at the input alone is asked for none.
    fn takes_layers(&self) -> bool {
        true
    }
    /// The answer, frame by frame, in the order of `ask.layers`.
    ///
    /// # Errors
    /// [`Error::Request`] where the model or the layers do not fit the method.
    fn frames<'a>(&self, subject: Subject<'a>, ask: &Ask) -> Result<Frames<'a>>;
}

/// All methods.
pub static METHODS: &[&dyn Method] = &[
    &grad_cam::GradCam,
    &guided_grad_cam::GuidedGradCam,
    &input_gradient::GRADIENT,
    &input_gradient::GUIDED_BACKPROP,
    &input_gradient::DECONVNET,
];

/// The method of that name.
///
/// # Errors
/// [`Error::Request`] naming those there are.
pub fn method(id: &str) -> Result<&'static dyn Method> {
    let names = || METHODS.iter().map(|method| method.id()).collect::<Vec<_>>().join(", ");
    let found = METHODS.iter().find(|method| method.id() == id);
    found.copied().ok_or_else(|| Error::Request(format!("there is no method {id}; choose one of {}", names())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn method_names_are_unique_and_unknown_ones_are_refused() {
        for one in METHODS {
            assert_eq!(METHODS.iter().filter(|other| other.id() == one.id()).count(), 1);
            assert_eq!(method(one.id()).unwrap().title(), one.title());
        }
        assert!(method("tea_leaves").err().unwrap().to_string().contains("grad_cam"));
    }
}
