//! An ONNX node as it is translated.

use super::attributes::Attributes;
use convscope_core::error::Fault;
use convscope_core::fault;

/// A node as the translators see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'a> {
    /// The node's name.
    pub(super) raw: &'a str,
    /// All inputs' names; an empty one is not there.
    pub(super) inputs: &'a [String],
    /// Settings of the operation.
    pub(super) attributes: Attributes<'a>,
}

impl<'a> Call<'a> {
    /// The name of an input that must be there.
    pub(super) fn input(&self, index: usize) -> Result<&'a str, Fault> {
        self.optional(index).ok_or_else(|| fault!("onnx-input-missing", "has no input {index}", index))
    }

    /// The name of an input that need not be there.
    pub(super) fn optional(&self, index: usize) -> Option<&'a str> {
        self.inputs.get(index).map(String::as_str).filter(|name| !name.is_empty())
    }
}
