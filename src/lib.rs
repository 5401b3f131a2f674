//! Convscope shows why an image classifier decided what it did.
//!
//! ```
//! # let folder = tempfile::tempdir().unwrap();
//! # std::fs::write(folder.path().join("cat.jpg"), convscope::examples::CAT).unwrap();
//! # std::env::set_current_dir(folder.path()).unwrap();
//! use convscope::model::Model;
//! use convscope::image::Image;
//!
//! let model = Model::embedded()?;
//! let seen = model.observe(Image::open("cat.jpg")?)?;
//! let map = seen.explain("layer_cam")?.class(seen.class("tabby")?).layer("last").map()?;
//! map.overlay(&seen).save("cat.png")?;
//! # Ok::<(), convscope::Error>(())
//! ```
//!
//! # One direction
//! A file's bytes become an [`image::Image`]; [`input`] makes the input tensor of it; [`nn::Network::forward`] runs it into
//! a [`nn::Trace`], and all of that is an [`observation::Observation`]; a [`request::Request`] names a method of [`methods`] and its
//! parameters; [`run::run`] carries it out, and gives [`artifact::Artifact`]s; [`render`] draws them; [`export`] writes them down.
//! The command line, the page's worker ([`worker`], spoken to by [`protocol`]) and programs ([`explanation`]) all go that way.
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
//! - An op is a file of its data, shape and role in `convscope-core`, and one that runs it forward and pulls a gradient back. A backward
//!   pass takes the rule of each node from a [`nn::Composite`]: gradient, guided backpropagation and deconvnet are one pass with
//!   another [`nn::ReluRule`].
//! - What makes a filter fire is found by the same backward passes: the graph is checked again at the images' size and cut behind
//!   the layer ([`nn::Network::at_size`]), and each step is one forward and one backward pass for a batch of filters.
//! - A model is data ([`model`]): `model.json` and compressed shards. Adding one means packing it, not writing Rust.
//! - A method reads back through its [`run::Run`], always asynchronously, since a browser cannot otherwise.
//! - What the Keras notebooks do otherwise than the papers is a convention, and each quirk is named where it is repeated:
//!   [`explain::Convention::KERAS_NOTEBOOK`], [`explain::Synthesis::KERAS_NOTEBOOK`], [`render::deprocess`], [`render::Scaling`].
//! - Errors are kinds to match on ([`Error`]) with sentences for people: what was wrong, where, and what to do. A sentence has a code
//!   and arguments ([`error::Fault`]), so that a page says it in its own language.

pub mod bench;
#[cfg(not(target_family = "wasm"))]
mod blocking;
pub mod device;
pub mod embedded;
pub mod explanation;
pub mod input;
#[cfg(not(target_family = "wasm"))]
pub mod installed;
pub mod measured;
pub mod methods;
pub mod model;
pub mod nn;
pub mod observation;
pub mod run;
mod surveyed;
pub mod trust;
pub mod worker;

pub use burn::tensor;
pub use convscope_core::{
    artifact, card, csv, cue, digits, error, examples, explain, export, fault, html, image, measurement, named, param,
    predictions, preprocess, protocol, render, request, share, survey, target, teach,
};
pub use error::{Error, Result};
pub use surveyed::find;
