//! Files of other frameworks become a graph of [`Node`]s and float tensors. What a file is, its content says, not its name.
//!
//! Whatever comes out follows this crate's conventions: feature maps are `[C, H, W]` (a graph that works on `[H, W, C]` is turned,
//! and a dense weight behind a flattened map has its rows reordered), convolution weights are `[out, in / groups, height, width]`,
//! dense weights `[in, out]`, batch normalization is part of the linear layer beside it, and a layer's name means its output after
//! the activation function, with the linear part at `NAME/linear`. A file that holds weights only brings them as they are; the
//! recipe says how they are laid out.

mod onnx;
mod safetensors;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

use crate::error::{Error, Result};
use crate::nn::Node;

/// A tensor of float32 numbers, row-major.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FloatTensor {
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its numbers.
    pub values: Vec<f32>,
}

/// What was found in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// The graph in topological order; empty for a file that holds weights only.
    pub nodes: Vec<Node>,
    /// The tensors by name: those the graph's nodes name, or all that the file has.
    pub tensors: BTreeMap<String, FloatTensor>,
    /// Height and width of the input, where the file says.
    pub input_size: Option<[usize; 2]>,
    /// The node that holds the logits, if the graph ends in a classifier.
    pub logits: Option<String>,
    /// The node that holds the probabilities, if the graph ends in a classifier.
    pub probabilities: Option<String>,
    /// What the reader should know: assumptions made, things left out. Sentences without full stop.
    pub notes: Vec<String>,
}

/// How to read a file that has a graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Height and width of the input, in place of the file's.
    pub size: Option<[usize; 2]>,
    /// Whether layer names lose the `_<number>` that Keras 3 adds when it traces a model (`dense_1_2` is the layer `dense_1`).
    pub strip_scope_suffix: bool,
    /// New names for layers, by the names they would have had.
    pub rename: BTreeMap<String, String>,
    /// The last node that is kept, with what it needs; what comes behind it need not be readable.
    pub until: Option<String>,
}

/// Reads a file.
///
/// # Errors
/// [`Error::File`] if it cannot be read; [`Error::Weights`], naming the file and what is wrong where, if it is of no known kind,
/// damaged, or needs something that is not supported.
pub fn read(path: &Path, options: &Options) -> Result<Imported> {
    let bytes = std::fs::read(path).map_err(|error| Error::read(path, error))?;
    parse(bytes, options).map_err(|what| Error::Weights(format!("{}: {what}", path.display())))
}

/// Reads a file's bytes; the error is a sentence that lacks the file's name.
fn parse(bytes: Vec<u8>, options: &Options) -> Result<Imported, String> {
    if safetensors::recognises(&bytes) {
        return safetensors::read(&bytes);
    }
    let kind = match bytes.get(..4) {
        None => "too short for a file of weights",
        Some(b"\x89HDF") => "an HDF5 file",
        Some(b"PK\x03\x04") => "a zip archive",
        Some([0x80, 2..=5, ..]) => "a Python pickle",
        Some(_) => return onnx::read(bytes, options),
    };
    Err(format!(
        "it is {kind}; convscope packs ONNX files, safetensors files and packed models: export the model as ONNX"
    ))
}

/// The product of a shape's sizes, if there can be such a tensor.
fn count(shape: &[usize]) -> Result<usize, String> {
    let count = shape.iter().try_fold(1_usize, |count, &size| count.checked_mul(size));
    count.ok_or_else(|| format!("a tensor has the impossible shape {shape:?}"))
}

/// The end of a sentence about something that is not supported.
fn unsupported(what: impl Display) -> String {
    format!(
        "{what}, which convscope does not support; cut the graph before it with \"until\" in a recipe, or export the model differently"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_of_weights_is_named() {
        let text = |bytes: &[u8]| parse(bytes.to_vec(), &Options::default()).unwrap_err();
        assert!(text(b"").contains("too short"));
        assert!(text(b"\x89HDF\r\n\x1a\n and more").contains("HDF5"));
        assert!(text(b"PK\x03\x04 and more").contains("zip"));
        assert!(text(b"\x80\x02}q\x00.").contains("pickle"));
        assert!(
            text(b"It was a dark and stormy night").contains("neither"),
            "{}",
            text(b"It was a dark and stormy night")
        );
        let missing = read(Path::new("no/such/file.onnx"), &Options::default()).unwrap_err().to_string();
        assert!(missing.contains("no/such/file.onnx"), "{missing}");
    }
}
