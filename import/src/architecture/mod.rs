//! Built-in architectures: the graphs of well-known networks, for files that hold weights only, by the names that torchvision (or, of
//! EfficientNet-Lite, its one published port; of VGG, Keras too) gives the tensors. A family is one file, and a network a line of numbers in it.

mod alexnet;
mod densenet;
mod draft;
mod efficientnet;
mod mobilenet;
mod resnet;
mod squeezenet;
#[cfg(test)]
mod tests;
mod vgg;

use std::collections::BTreeMap;

use self::draft::Draft;
use crate::pack::{BatchNorm, Layout};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::named::did_you_mean;
use convscope_core::nn::Node;
use convscope_core::preprocess::{Preprocessing, Preset};

/// A well-known network.
#[derive(Debug)]
pub struct Architecture {
    /// Name, as torchvision spells it.
    pub id: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// The paper, for people.
    pub paper: &'static str,
    port: Port,
    draw: fn(&mut Draft),
}

/// Program whose files of weights are meant: how it names and lays out tensors, and what it trained with.
#[derive(Clone, Copy, Debug)]
enum Port {
    Torchvision,
    /// PyTorch's layout, and one mean and deviation of all channels.
    Scaled([f32; 2]),
    /// `keras.applications`, of the weights of Oxford's group.
    Keras,
}

/// The graph of a network, and what it expects of a file.
#[derive(Debug)]
pub(crate) struct Drawn {
    /// Nodes in topological order; convolutions stand in the places of batch normalizations.
    pub(crate) nodes: Vec<Node>,
    /// The batch normalizations.
    pub(crate) batch_norms: Vec<BatchNorm>,
    /// Shapes of all tensors in the file's layout by name.
    pub(crate) shapes: BTreeMap<String, Vec<usize>>,
    /// Name of the last layer's bias.
    pub(crate) head: String,
}

/// All of them, by family.
const FAMILIES: [&[Architecture]; 7] =
    [&alexnet::ALL, &vgg::ALL, &squeezenet::ALL, &resnet::ALL, &densenet::ALL, &mobilenet::ALL, &efficientnet::ALL];

/// The networks whose graphs are known here.
pub fn architectures() -> impl Iterator<Item = &'static Architecture> {
    FAMILIES.into_iter().flatten()
}

impl Architecture {
    /// The architecture of that name.
    ///
    /// # Errors
    /// A sentence that lists those there are.
    pub fn named(id: &str) -> Result<&'static Self, Fault> {
        architectures().find(|architecture| architecture.id == id).ok_or_else(|| {
            let known: Vec<&str> = architectures().map(|architecture| architecture.id).collect();
            fault!(
                "architecture-unknown",
                "there is no architecture {id}{near}; there are {known}",
                @near = did_you_mean(id, &known),
                id,
                known = known.join(", ")
            )
        })
    }

    /// The graph, with so many classes.
    pub(crate) fn drawn(&self, classes: usize) -> Drawn {
        let mut draft = Draft::new(classes, self.layout());
        (self.draw)(&mut draft);
        draft.finish()
    }

    /// Layout of the tensors of its files.
    pub(crate) fn layout(&self) -> Layout {
        match self.port {
            Port::Torchvision | Port::Scaled(_) => Layout::Oihw,
            Port::Keras => Layout::Hwio,
        }
    }

    /// Names and shapes, in the file's layout, of the tensors that a file of a network of so many classes has.
    pub fn tensors(&self, classes: usize) -> BTreeMap<String, Vec<usize>> {
        self.drawn(classes).shapes
    }

    /// What images become for it, of an input of that height and width.
    pub(crate) fn preprocessing(&self, size: [u32; 2]) -> Preprocessing {
        let usual = Preset::Torchvision.preprocessing(size);
        match self.port {
            Port::Torchvision => usual,
            Port::Scaled([mean, std]) => Preprocessing { scale: 1.0, mean: [mean; 3], std: [std; 3], ..usual },
            Port::Keras => Preset::Caffe.preprocessing(size),
        }
    }
}
