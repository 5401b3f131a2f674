//! Values of a graph so far, as the translators ask for them.

use super::builder::Builder;
use super::constant::Constant;
use super::view::{FeatureMap, Value};
use crate::count;
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::Padding;

impl Builder<'_> {
    /// ONNX's data type of a constant that lies in the file.
    pub(super) fn data_type(&self, name: &str) -> Option<i32> {
        self.initializers.get(name)?.data_type
    }

    /// The feature maps that an ONNX value is, with the zeros around them that are known to be such.
    pub(super) fn padded_map(&self, name: &str) -> Result<FeatureMap, Fault> {
        match self.value(name)? {
            Some(Value::Map(map)) => Ok(*map),
            _ => Err(fault!("onnx-no-maps", "computes with the constant {name} where feature maps belong", name)),
        }
    }

    /// The feature maps that an ONNX value is; zeros around them are numbers like others.
    pub(super) fn map(&self, name: &str) -> Result<FeatureMap, Fault> {
        Ok(FeatureMap { pad: Padding::default(), ..self.padded_map(name)? })
    }

    /// The maps without the zeros around them.
    pub(super) fn unpadded(&self, map: FeatureMap) -> FeatureMap {
        let Padding { top, left, bottom, right } = map.pad;
        let [channels, height, width] = map.shape;
        match map.node {
            Some(node) if map.pad != Padding::default() => FeatureMap {
                node: self.drafts[node].inputs[0],
                shape: [channels, height - top - bottom, width - left - right],
                pad: Padding::default(),
                ..map
            },
            _ => map,
        }
    }

    /// Adds a note that one node's reader needs as much as another's.
    pub(super) fn note_once(&mut self, note: Fault) {
        if !self.notes.iter().any(|other| other.code() == note.code()) {
            self.notes.push(note);
        }
    }

    /// Whether an ONNX value is there and is feature maps.
    pub(super) fn is_map(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(Ok(Value::Map(_))))
    }

    /// The constant that an ONNX value is.
    pub(super) fn constant(&self, name: &str) -> Result<Constant, Fault> {
        match self.value(name)? {
            Some(Value::Constant(constant)) => {
                self.spend(count(&constant.shape)?)?;
                Ok(constant.clone())
            }
            Some(Value::Map(_)) => {
                Err(fault!("onnx-no-constant", "needs {name} to be a constant, not computed from the image", name))
            }
            None => {
                self.spend(Constant::numbers(self.initializers[name]))?;
                Constant::read(self.initializers[name], self.external)
            }
        }
    }

    /// Takes the memory of that many numbers off what the file may have.
    pub(super) fn spend(&self, numbers: usize) -> Result<(), Fault> {
        self.memory.spend(numbers)
    }

    /// The transposed matrix of a constant.
    pub(super) fn transposed(&self, name: &str) -> Result<Constant, Fault> {
        match self.value(name)? {
            Some(_) => self.constant(name)?.transposed(),
            None => {
                self.spend(Constant::numbers(self.initializers[name]))?;
                Constant::read_transposed(self.initializers[name], self.external)
            }
        }
    }

    /// A value that has been computed, or `None` for one that lies in the file.
    pub(super) fn value(&self, name: &str) -> Result<Option<&Value>, Fault> {
        match self.values.get(name) {
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(reason)) => Err(reason.clone()),
            None if self.initializers.contains_key(name) => Ok(None),
            None => {
                let name = format_args!("{name:?}");
                Err(fault!("onnx-reads-unknown", "reads {name}, which no node before it gives", name))
            }
        }
    }
}
