//! Convscope without a tensor: what a page, a command line and an importer share with the engine.
//!
//! Nothing here computes on a device: images and planes of numbers ([`image`], [`preprocess`]), graphs and packed models as data
//! ([`nn`], [`model`]), attribution maps and their conventions ([`explain`]), what metrics say of them ([`measurement`]), drawing ([`render`]), what is left of results
//! ([`export`]), and the messages between a page and its worker ([`protocol`], [`worker_message`]).

pub mod artifact;
mod bytes;
pub mod card;
pub mod choice;
pub mod csv;
pub mod cue;
pub mod digits;
pub mod error;
pub mod examples;
pub mod explain;
pub mod export;
pub mod html;
pub mod image;
pub mod import_message;
pub mod measurement;
pub mod model;
pub mod named;
pub mod nn;
pub mod param;
pub mod predictions;
pub mod preprocess;
pub mod protocol;
pub mod render;
pub mod request;
pub mod share;
pub mod survey;
pub mod target;
pub mod teach;
pub mod worker_message;

pub use choice::Choice;
pub use error::{Error, Result};
