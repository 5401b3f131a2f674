//! Convscope shows why an image classifier decided what it did.
//!
//! # One direction
//! A file's bytes become a [`picture::Picture`]; [`input`] makes the input tensor of it; [`nn::Network::forward`] runs it into
//! a [`nn::Trace`]; a method of [`explain`] asks the trace, by walks back with [`nn::Network::pullback`], and yields frames;
//! [`session`] reads them back; [`render`] draws them; [`record`] says what they are. The command line and the page's worker
//! ([`host`], spoken to by [`protocol`]) are two ends of the same pipe.
//!
//! # Crates
//! `convscope-core` holds everything without a tensor, and is all that the page itself is built with; `convscope-import` makes
//! packed models of other frameworks' files; this crate is the engine, and alone has burn in it.
//!
//! # Decisions
//! - Every activation is `[N, C, H, W]`; a vector is `[N, C, 1, 1]`.
//! - A network is a graph of named nodes in topological order, checked once ([`nn::Graph`]), so that running it cannot fail. A
//!   layer bears its framework's name and means its output after the activation function; the linear part before it is
//!   `NAME/linear`.
//! - Every op has a transposed map. Gradient, guided backpropagation and deconvnet are one walk with another [`nn::ReluRule`].
//! - What makes a filter fire ([`explain::filters`]) is climbed to by the same walks: the graph is checked again at the pictures'
//!   size and cut behind the layer ([`nn::Network::at_size`]), and each step is one forward pass and one walk back for a batch of filters.
//! - A model is data ([`model`]): `model.json` and compressed shards. Adding one means packing it, not writing Rust.
//! - Only [`session`] reads back from the device, always asynchronously, since a browser cannot otherwise.
//! - What the Keras notebooks do otherwise than the papers is a convention, and each quirk is named where it is repeated:
//!   [`explain::Convention::KERAS_NOTEBOOK`], [`explain::Descent`], [`explain::filters::Convention::KerasNotebook`],
//!   [`render::deprocess`], [`render::Scaling`].
//! - Errors are kinds to match on ([`Error`]) with sentences for people: what was wrong, where, and what to do. A sentence has a code
//!   and arguments ([`error::Fault`]), so that a page says it in its own language.

pub mod device;
pub mod embedded;
pub mod explain;
pub mod host;
pub mod input;
pub mod methods;
pub mod model;
pub mod nn;
pub mod observation;
pub mod run;
pub mod session;
pub mod workload;

pub use convscope_core::{
    artifact, card, error, fault, named, numbers, param, picture, preprocess, protocol, record, render, request,
};
pub use error::{Error, Result};
