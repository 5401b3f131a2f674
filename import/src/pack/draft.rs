//! Models that have been read and are still to be packed.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use super::loss::measure;
use super::{Answers, Loss, Recipe, Summary, guess};
use crate::tensor::PIECE;
use crate::{Options, Place, Tensor, in_file, printable};
use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::model::{Codec, FORMAT, Manifest, Packing, Sink, Stored, Stream, TensorEntry};

/// Model of a file, most of whose numbers still lie there.
pub struct Draft {
    /// The file, for what is said of it.
    pub(super) file: PathBuf,
    /// What the model says of itself, but for its shards.
    pub manifest: Manifest,
    pub(super) tensors: BTreeMap<String, Tensor>,
    /// Notes for the reader: assumptions made, things left out. Sentences without full stop.
    pub notes: Vec<Fault>,
}

impl Draft {
    /// The model of a file on a disk, with answers and guesses for what it does not say.
    pub(super) fn guessed(source: &Path, answers: &Answers) -> Result<Self> {
        guess::draft(source, answers, |options| crate::read(source, options))
    }

    /// The model of a file from wherever it lies, with answers and guesses for what it does not say.
    ///
    /// # Errors
    /// [`Error::Weights`] where the file does not make a model, [`Error::Request`] where the answers are not fit.
    pub fn of<R: Read + Seek + Send + 'static>(file: R, place: Place<'_>, answers: &Answers) -> Result<Self> {
        let read = |options: &Options| crate::parse(file, place, options).map_err(|fault| in_file(place.path, fault));
        guess::draft(place.path, answers, read)
    }

    /// The model of a file from wherever it lies, by the recipe that somebody wrote for it.
    ///
    /// # Errors
    /// [`Error::Weights`] where file and recipe do not make a model.
    pub fn by_recipe<R: Read + Seek + Send + 'static>(file: R, place: Place<'_>, recipe: &Recipe) -> Result<Self> {
        let read = |options: &Options| crate::parse(file, place, options).map_err(|fault| in_file(place.path, fault));
        super::by_recipe(place.path, recipe, read)
    }

    /// Packs the model into a place, which it gives back with what came of it. Each tensor's numbers are read when it is its turn and
    /// dropped once they are written: a large model is never in memory as a whole.
    ///
    /// # Errors
    /// [`Error::Weights`] where a tensor cannot be read or packed, and those of the place.
    pub fn pack<S: Sink>(self, packing: Packing, sink: S) -> Result<(S, Summary)> {
        let Self { file, mut manifest, mut tensors, notes } = self;
        let mut stream = Stream::new(sink);
        manifest.format = FORMAT;
        manifest.packing = Some(packing);
        manifest.tensors.clear();
        let mut losses: Vec<Loss> = vec![];
        let names: Vec<String> = manifest.nodes.iter().flat_map(|node| node.op.parameters()).map(Into::into).collect();
        let dense = names.iter().filter_map(|name| tensors.get(name)).filter(|tensor| Packing::is_dense(&tensor.shape));
        let most = dense.map(Tensor::count).max().unwrap_or(0);
        let total = names.len();
        for (index, name) in names.into_iter().enumerate() {
            let Some(tensor) = tensors.remove(&name) else { continue };
            let shape = tensor.shape.clone();
            let values = tensor.into_values().map_err(|cause| in_file(&file, cause.map(printable)))?;
            let wrong = |cause| {
                Error::Weights(fault!(
                    "tensor-not-packed",
                    "the tensor {name} cannot be packed: {cause}",
                    cause = cause,
                    name
                ))
            };
            let offset = stream.bytes;
            let entry = if packing.is_exact(&shape) {
                // As many bytes as the numbers are; no second time.
                for piece in values.chunks(PIECE) {
                    let Stored { bytes, .. } = packing.store(piece, &[piece.len()], most).map_err(&wrong)?;
                    stream.push(&bytes, index, total)?;
                }
                let axis = usize::from(Packing::is_dense(&shape));
                measure(&mut losses, &values, &shape, (Codec::F32, axis, &[]));
                TensorEntry { codec: Codec::F32, axis, offset, bytes: stream.bytes - offset, shape }
            } else {
                let Stored { codec, axis, bytes } = packing.store(&values, &shape, most).map_err(&wrong)?;
                measure(&mut losses, &values, &shape, (codec, axis, &bytes));
                drop(values);
                stream.push(&bytes, index, total)?;
                TensorEntry { codec, shape, axis, offset, bytes: bytes.len() as u64 }
            };
            stream.stored(index + 1, total);
            manifest.tensors.insert(name, entry);
        }
        let (id, tensors) = (manifest.id.clone(), manifest.tensors.len());
        let (sink, shards) = stream.finish(manifest)?;
        let bytes = shards.iter().map(|shard| shard.bytes).sum();
        Ok((sink, Summary { id, tensors, shards: shards.len(), bytes, losses, notes }))
    }
}
