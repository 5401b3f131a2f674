//! Files of other frameworks become a graph of [`Node`]s and float tensors. What a file is, its content says, not its name.
//!
//! Whatever comes out follows this crate's conventions: feature maps are `[C, H, W]` (a graph that works on `[H, W, C]` is turned,
//! and a dense weight behind a flattened map has its rows reordered), convolution weights are `[out, in / groups, height, width]`,
//! dense weights `[in, out]`, batch normalization is part of the linear layer beside it, and a layer's name means its output after
//! the activation function, with the linear part at `NAME/linear`. A file that holds weights only (Keras's HDF5, PyTorch's pickles,
//! safetensors) brings them as they are; the recipe says how they are laid out, or Keras's own configuration where a file has it. Such files can hold much more than there is memory:
//! they are read tensor by tensor, each when it is packed ([`Tensor`]), and none claims more numbers than a file of its size can hold.
//!
//! ```
//! use std::path::Path;
//!
//! use convscope_core::model::Packing;
//! use convscope_import::pack;
//!
//! // A packed model can be packed again; ONNX, safetensors, Keras's and PyTorch's files are given in the same place.
//! let source = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/squeezenet1_1"));
//! let folder = tempfile::tempdir()?;
//! pack::run(source, None, &folder.path().join("half"), Packing::F16)?;
//! assert!(folder.path().join("half/model.json").is_file());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod architecture;
pub(crate) mod axes;
pub(crate) mod element;
pub(crate) mod foreign;
#[cfg(test)]
mod hostile;
mod keras;
mod memory;
mod onnx;
pub mod pack;
mod place;
pub mod recipes;
mod safetensors;
mod tensor;
mod torch;
pub(crate) mod wording;
pub mod zip;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::nn::Node;

pub(crate) use memory::{Budget, Memory};
pub use place::{Content, Given, Place};
pub use tensor::Tensor;

/// A tensor of float32 numbers, row-major.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FloatTensor {
    /// Shape.
    pub shape: Vec<usize>,
    /// Numbers, row-major.
    pub values: Vec<f32>,
}

/// Contents of a file.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(PartialEq))]
pub struct Imported {
    /// The graph in topological order; empty for a file that holds weights only.
    pub nodes: Vec<Node>,
    /// The graph of a file whose tensors are still to be brought into its order.
    pub(crate) written: Option<keras::Written>,
    /// Kind of the file's graph, where it has one that is not read, and how to get one that is.
    pub unread_graph: Option<Fault>,
    /// The tensors by name: those the graph's nodes name, or all that the file has.
    pub tensors: BTreeMap<String, Tensor>,
    /// What the file says of its input.
    pub input: Input,
    /// The node that holds the logits, if the graph ends in a classifier.
    pub logits: Option<String>,
    /// The node that holds the probabilities, if the graph ends in a classifier.
    pub probabilities: Option<String>,
    /// Notes for the reader: assumptions made, things left out. Sentences without full stop.
    pub notes: Vec<Fault>,
}

/// Input of a file's graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// Height and width, where the file says.
    pub size: Option<[usize; 2]>,
    /// Whether it takes pixels as whole numbers, 0 to 255.
    pub whole_pixels: bool,
    /// Whether its channels come last, as TensorFlow and Keras have them.
    pub channels_last: bool,
    /// The factor of its largest channel by which the graph scales pixels before anything else, where it does.
    pub own_scale: Option<f32>,
    /// Name that the file has for the first layer behind it that lies in a scope, which is often called as the network is.
    pub scope: Option<String>,
}

/// Options for reading a file that has a graph.
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
    /// Whether somebody else names the nodes: no file beside is asked for a graph, and tensors keep the names that they have.
    pub has_nodes: bool,
}

/// Reads a file.
///
/// # Errors
/// [`Error::File`] if it cannot be read; [`Error::Weights`], naming the file and what is wrong where, if it is of no known kind,
/// damaged, or needs something that is not supported.
pub fn read(path: &Path, options: &Options) -> Result<Imported> {
    let file = File::open(path).map_err(|error| Error::read(path, error))?;
    match file.metadata() {
        Ok(meta) if meta.is_dir() => {
            let path = path.display();
            return Err(Error::Weights(fault!("weights-folder", "{path} is a folder; name a file in it", path)));
        }
        Ok(meta) if !meta.is_file() => {
            let path = path.display();
            return Err(Error::Weights(fault!(
                "weights-device",
                "{path} is no file but a device or a pipe; name a file",
                path
            )));
        }
        _ => {}
    }
    parse(file, path, options).map_err(|fault| in_file(path, fault))
}

/// The error of a file, which its fault does not name.
pub(crate) fn in_file(path: &Path, cause: Fault) -> Error {
    let path = path.display();
    Error::Weights(fault!("weights-file", "{path}: {cause}", cause = cause, path))
}

/// Reads a file of any kind from wherever it lies. `place` is the file's, beside which the other files of a model lie.
///
/// # Errors
/// A sentence that lacks the file's name, as [`read`] has it.
pub fn parse<'a, R: Read + Seek + Send + 'static>(
    file: R,
    place: impl Into<Place<'a>>,
    options: &Options,
) -> Result<Imported, Fault> {
    let mut imported = by_kind(file, place.into(), options).map_err(|fault| fault.map(printable))?;
    imported.notes = imported.notes.into_iter().map(|note| note.map(printable)).collect();
    Ok(imported)
}

/// A sentence with names out of a file, which may hold line ends and what terminals obey.
pub(crate) fn printable(sentence: &str) -> String {
    sentence.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Bytes of the largest file that is read whole: protobuf has none of more.
const MAX_WHOLE: u64 = 1 << 31;

/// Bytes at its start by which a file of another kind is named.
const NAMED_BY: u64 = 1 << 24;

fn by_kind<R: Read + Seek + Send + 'static>(
    mut file: R,
    place: Place<'_>,
    options: &Options,
) -> Result<Imported, Fault> {
    let mut start = vec![];
    file.by_ref().take(9).read_to_end(&mut start).map_err(unreadable)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    match start[..] {
        [] | [_] | [_, _] | [_, _, _] => {
            Err(fault!("weights-short", "it is too short for a file of weights; get it again"))
        }
        [0x89, b'H', b'D', b'F', ..] => keras::read(file, place, options),
        [b'P', b'K', 3, 4, ..] => {
            let zip = zip::Zip::open(file)?;
            if keras::archive::recognises(&zip) {
                return keras::archive::read(zip, options.size);
            }
            torch::archive::read(zip)
        }
        [0x80, 2..=5, ..] => torch::legacy::read(file),
        _ => {
            let length = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
            file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
            if safetensors::recognises(&start) {
                return safetensors::read(file, length);
            }
            // What does not begin as the one that is read whole is read no further than it takes to name it.
            let is_known = onnx::may_be(start[0]);
            if is_known && length > MAX_WHOLE {
                return Err(fault!(
                    "weights-too-long",
                    "it has {length} bytes, more than {most} of any file of its kind that is read; choose another file",
                    length,
                    most = MAX_WHOLE
                ));
            }
            let mut bytes = vec![];
            let most = if is_known { MAX_WHOLE } else { NAMED_BY };
            file.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
            match foreign::file(&bytes) {
                Some(what) => Err(what),
                None => onnx::read(bytes, place, options),
            }
        }
    }
}

fn unreadable(error: std::io::Error) -> Fault {
    fault!("weights-cut", "it cannot be read to its end ({error}); get it again", error).with_source(error)
}

/// Names that a list in a note has before it is cut.
const SHOWN: usize = 5;

/// Whether a tensor is a counter of batches of PyTorch, which has one a layer of batch normalization.
pub(crate) fn is_counter(name: &str) -> bool {
    name.ends_with("num_batches_tracked")
}

/// Adds what was left out to the notes; PyTorch's counters tell nobody anything.
fn note_left_out(notes: &mut Vec<Fault>, left_out: &[String]) {
    let told: Vec<&String> = left_out.iter().filter(|name| !is_counter(name)).collect();
    if !told.is_empty() {
        let names = wording::few(told, SHOWN);
        notes.push(fault!("note-no-floats", "left out what is no floating-point tensor: {names}", names));
    }
}

/// The product of a shape's sizes, if there can be such a tensor.
fn count(shape: &[usize]) -> Result<usize, Fault> {
    let count = shape.iter().try_fold(1_usize, |count, &size| count.checked_mul(size));
    count.ok_or_else(|| {
        let shape = format_args!("{shape:?}");
        fault!("impossible-shape", "a tensor has the impossible shape {shape}", shape)
    })
}

/// A node that is not supported; `cause` says which and why.
fn unsupported(cause: Fault) -> Fault {
    fault!(
        "onnx-unsupported",
        "{cause}, which convscope does not support; cut the graph before it with \"until\" in a recipe, or export the model differently",
        cause = cause
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_of_weights_is_named() {
        let text = |bytes: &[u8]| {
            parse(std::io::Cursor::new(bytes.to_vec()), Path::new("net"), &Options::default()).unwrap_err().to_string()
        };
        assert!(text(b"").contains("too short"));
        assert!(text(b"\x89HDF\r\n\x1a\n and more").contains("HDF5"));
        assert!(text(b"PK\x03\x04 and more").contains("zip"));
        assert!(text(b"\x80\x02}q\x00.").contains("pickle"));
        assert!(text(b"It was a dark and stormy night").contains("none of the kinds"));
        let missing = read(Path::new("no/such/file.onnx"), &Options::default()).unwrap_err().to_string();
        assert!(missing.contains("no/such/file.onnx"), "{missing}");
        let folder = read(Path::new("."), &Options::default()).unwrap_err().to_string();
        assert!(folder.contains("folder"), "{folder}");
    }

    #[test]
    fn a_note_is_short_and_silent_about_counters() {
        let left_out = |names: Vec<String>| {
            let mut notes = vec![];
            note_left_out(&mut notes, &names);
            notes.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let counters = (0..49).map(|layer| format!("layer{layer}.bn.num_batches_tracked"));
        assert_eq!(left_out(counters.clone().collect()), <[&str; 0]>::default());
        let others = (0..7).map(|step| format!("step{step}"));
        assert_eq!(
            left_out(counters.chain(others).collect()),
            ["left out what is no floating-point tensor: step0, step1, step2, step3, step4, .. (+2)"]
        );
    }
}
