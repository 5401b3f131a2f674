//! Models that have been read and are still to be packed.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::path::Path;

use super::{Answers, Loss, Summary, guess, measure};
use crate::{FloatTensor, Options, Place, in_file};
use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::model::{Codec, FORMAT, Manifest, Packing, Sink, Stored, Stream, TensorEntry, decode};

/// Model of a file, with its numbers as floats.
pub struct Draft {
    /// What the model says of itself, but for its shards.
    pub manifest: Manifest,
    pub(super) tensors: BTreeMap<String, FloatTensor>,
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

    /// Packs the model into a place, which it gives back with what came of it.
    ///
    /// # Errors
    /// [`Error::Weights`] where a tensor cannot be packed, and those of the place.
    pub fn pack<S: Sink>(self, packing: Packing, sink: S) -> Result<(S, Summary)> {
        let Self { mut manifest, mut tensors, notes } = self;
        let mut stream = Stream::new(sink);
        manifest.format = FORMAT;
        manifest.packing = Some(packing);
        manifest.tensors.clear();
        let mut losses: Vec<Loss> = vec![];
        let names: Vec<String> = manifest.nodes.iter().flat_map(|node| node.op.parameters()).map(Into::into).collect();
        let dense = names.iter().filter_map(|name| tensors.get(name)).filter(|tensor| Packing::is_dense(&tensor.shape));
        let most = dense.map(|tensor| tensor.values.len()).max().unwrap_or(0);
        let total = names.len();
        for (index, name) in names.into_iter().enumerate() {
            // Each is dropped once it is written: a large model is not to be in memory twice.
            let Some(FloatTensor { shape, values }) = tensors.remove(&name) else { continue };
            let wrong = |cause| {
                Error::Weights(fault!(
                    "tensor-not-packed",
                    "the tensor {name} cannot be packed: {cause}",
                    cause = cause,
                    name
                ))
            };
            let Stored { codec, axis, bytes } = packing.store(&values, &shape, most).map_err(wrong)?;
            // What f32 stores is what it was given, and a second copy of it would be as large.
            let read = if codec == Codec::F32 { None } else { Some(decode(codec, &bytes, &shape, axis)) };
            measure(&mut losses, codec, &values, read.as_deref().unwrap_or(&values), &shape, axis);
            let offset = stream.bytes;
            stream.push(&bytes, index + 1, total)?;
            let entry = TensorEntry { codec, shape, axis, offset, bytes: bytes.len() as u64 };
            manifest.tensors.insert(name, entry);
        }
        let (id, tensors) = (manifest.id.clone(), manifest.tensors.len());
        let (sink, shards) = stream.finish(manifest)?;
        let bytes = shards.iter().map(|shard| shard.bytes).sum();
        Ok((sink, Summary { id, tensors, shards: shards.len(), bytes, losses, notes }))
    }
}
