//! Packed models as sources: they can be packed again, in another codec.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use super::Draft;
use crate::{FloatTensor, in_file};
use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::model::{Codec, Folder, Manifest, Source, decode};

/// A packed model, with its numbers as floats.
pub(super) fn read(source: &Path, recipe: Option<&Path>) -> Result<Draft> {
    if let Some(recipe) = recipe {
        return Err(Error::Request(fault!(
            "recipe-unneeded",
            "{source} is a folder, so it must be a packed model, which needs no recipe; leave out {recipe}",
            source = source.display(),
            recipe = recipe.display()
        )));
    }
    if let Some(what) = crate::foreign::folder(source) {
        return Err(in_file(source, what));
    }
    let folder = Folder(source.into());
    let file = |name: &str| pollster::block_on(folder.read(name, &mut |_| {}));
    let manifest = Manifest::parse(&file("model.json")?)?;
    let stream = pollster::block_on(folder.stream(&manifest));
    let stream = stream.map_err(|error| in_file(source, Fault::from(&error)))?;
    let mut notes = vec![];
    // Four bits become four bytes.
    let memory = crate::Memory::of(3 * stream.len() as u64);
    let mut tensors = BTreeMap::new();
    let mut lossy = HashSet::new();
    for (name, entry) in &manifest.tensors {
        // Many tensors can lie over the same bytes.
        memory
            .spend(entry.shape.iter().product())
            .map_err(|cause| in_file(source, fault!("packed-memory", "model.json {cause}", cause = cause)))?;
        // The manifest's check has seen to it that the tensor lies in the stream.
        let bytes = &stream[entry.offset as usize..][..entry.bytes as usize];
        let values = decode(entry.codec, bytes, &entry.shape, entry.axis);
        tensors.insert(name.clone(), FloatTensor { shape: entry.shape.clone(), values }.into());
        if entry.codec != Codec::F32 {
            lossy.insert(entry.codec.name());
        }
    }
    for codec in lossy {
        notes.push(fault!("note-packed", "the source is packed in {codec}: what that lost stays lost", codec));
    }
    Ok(Draft { file: source.into(), manifest, tensors, notes })
}
