//! Files that PyTorch's `torch.save` writes of a state dict: since version 1.6 a zip archive of a pickle and one entry a storage
//! (`torch/serialization.py`, `_save`), before that four pickles, a list of storages, and the storages (`_legacy_save`), as
//! torchvision's `vgg16-397923af.pth` is. A storage is a run of numbers, a tensor a view of one.

pub(super) mod archive;
pub(super) mod legacy;
mod pickle;
mod plain;
mod rebuild;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::pickle::{Pickle, damaged};
use self::rebuild::StateDict;
use super::element::Element;
use super::tensor::Source;
use super::{Budget, FloatTensor, Imported, count, note_left_out, unreadable};
use convscope_core::error::Fault;
use convscope_core::fault;

/// The fault of numbers in the wrong byte order.
const BIG_ENDIAN: Fault = fault!("big-endian", "its numbers are big-endian; save it again on a usual machine");

/// A run of numbers in the file.
#[derive(Clone, Debug, PartialEq)]
struct Storage {
    key: String,
    element: Element,
    /// Number of numbers of the whole storage.
    elements: usize,
    /// The first one that this view of it has.
    offset: usize,
}

/// A view of a storage.
#[derive(Clone, Debug, PartialEq)]
struct Tensor {
    storage: Storage,
    offset: usize,
    shape: Vec<usize>,
    /// Steps along each axis, in numbers, not bytes.
    stride: Vec<usize>,
}

/// Tensors with their names.
type Tensors = Vec<(String, Tensor)>;

/// A state dict whose storages are still to be read.
struct Reader {
    /// All storages that the pickle speaks of, by key.
    storages: BTreeMap<String, Storage>,
    /// The tensors that view each storage.
    waiting: BTreeMap<String, Tensors>,
    /// Length of the file in bytes.
    length: u64,
    imported: Imported,
}

/// The fault of a storage that the pickle speaks of and the file has not.
fn storage_missing(key: &str) -> Fault {
    damaged(fault!("storage-missing", "the storage {key} is missing", key))
}

/// The fault of a storage of another length than the pickle says.
fn storage_length(key: &str) -> Fault {
    damaged(fault!("storage-length", "the storage {key} has not the length it should have", key))
}

impl Reader {
    /// Takes the tensors out of a pickle in a file of `length` bytes.
    fn new(pickle: &Pickle, length: u64) -> Result<Self, Fault> {
        let mut storages: BTreeMap<String, Storage> = BTreeMap::new();
        for storage in pickle.storages() {
            let known = storages.entry(storage.key.clone()).or_insert_with(|| storage.clone());
            if (known.element, known.elements) != (storage.element, storage.elements) {
                return Err(damaged(fault!("storage-kinds", "the storage {key} is of two kinds", key = storage.key)));
            }
        }
        let StateDict { tensors, left_out, notes } = rebuild::state_dict(pickle)?;
        let mut budget = Budget::of(length);
        let mut waiting: BTreeMap<String, Tensors> = BTreeMap::new();
        for (name, tensor) in tensors {
            budget.take(&tensor.shape)?;
            if !tensor.fits() {
                return Err(damaged(fault!(
                    "tensor-beyond-storage",
                    "the tensor {name} reaches beyond its storage",
                    name
                )));
            }
            waiting.entry(tensor.storage.key.clone()).or_default().push((name, tensor));
        }
        let mut imported = Imported { notes, ..Imported::default() };
        note_left_out(&mut imported.notes, &left_out);
        Ok(Self { storages, waiting, length, imported })
    }

    /// Bytes of a storage; no more than the file.
    fn bytes(&self, key: &str) -> Result<u64, Fault> {
        let storage = self.storages.get(key);
        let storage =
            storage.ok_or_else(|| damaged(fault!("storage-unused", "the storage {key} belongs to no tensor", key)))?;
        let bytes = (storage.elements as u64).checked_mul(storage.element.bytes() as u64);
        let bytes = bytes.filter(|&bytes| bytes <= self.length);
        bytes.ok_or_else(|| damaged(fault!("storage-too-long", "the storage {key} is longer than the file", key)))
    }

    /// Gives a storage, whose numbers are `source`, to the tensors that view it.
    fn storage<S: Source + 'static>(&mut self, key: &str, source: impl FnOnce(Element) -> S) -> Result<(), Fault> {
        let Some(tensors) = self.waiting.remove(key) else { return Ok(()) };
        let storage = &self.storages[key];
        let source = source(storage.element);
        // The usual case: the numbers may wait where they are.
        if let [(name, view)] = &tensors[..]
            && view.is_whole()
        {
            let tensor = crate::Tensor::in_file(view.shape.clone(), Arc::new(source));
            self.imported.tensors.insert(name.clone(), tensor);
            return Ok(());
        }
        let mut values = Vec::with_capacity(storage.elements);
        source.read(&mut |piece| {
            values.extend_from_slice(piece);
            Ok(())
        })?;
        for (name, view) in tensors {
            let own = view.view(&values);
            self.imported.tensors.insert(name, FloatTensor { shape: view.shape, values: own }.into());
        }
        Ok(())
    }
}

impl Tensor {
    /// The place of its first number in the storage.
    fn start(&self) -> Option<usize> {
        self.storage.offset.checked_add(self.offset)
    }

    /// Whether all of the tensor's numbers lie in its storage, and each is there once.
    fn fits(&self) -> bool {
        let Ok(numbers) = count(&self.shape) else { return false };
        if numbers == 0 {
            return true;
        }
        let last =
            self.shape.iter().zip(&self.stride).try_fold(self.start(), |last, (size, stride)| {
                Some(last?.checked_add((size - 1).checked_mul(*stride)?))
            });
        last.flatten().is_some_and(|last| last < self.storage.elements) && numbers <= self.storage.elements
    }

    /// Whether the tensor is its storage, number by number.
    fn is_whole(&self) -> bool {
        let mut sizes = self.shape.iter().zip(&self.stride).rev();
        let row_major =
            sizes.try_fold(1, |step, (&size, &stride)| (size == 1 || stride == step).then_some(step * size));
        self.start() == Some(0) && row_major == Some(self.storage.elements)
    }

    /// Numbers of the tensor, row-major.
    fn view(&self, storage: &[f32]) -> Vec<f32> {
        let numbers = self.shape.iter().product();
        let start = self.start().unwrap_or(0);
        let place = |mut index: usize| {
            let axes = self.shape.iter().zip(&self.stride).rev();
            axes.fold(start, |place, (&size, &stride)| {
                let along = index % size;
                index /= size;
                place + along * stride
            })
        };
        (0..numbers).map(|index| storage[place(index)]).collect()
    }
}
