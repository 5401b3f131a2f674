//! The settings of an ONNX node.

use super::builder::LIMIT;
use super::proto::{AttributeProto, TensorProto};
use convscope_core::error::Fault;
use convscope_core::fault;

/// A node's attributes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attributes<'a>(pub(super) &'a [AttributeProto]);

impl<'a> Attributes<'a> {
    fn get(&self, name: &str) -> Option<&'a AttributeProto> {
        self.0.iter().find(|attribute| attribute.name.as_deref() == Some(name))
    }

    pub(super) fn int(&self, name: &str) -> Option<i64> {
        // A number that is 0 may be left out of the file.
        self.get(name).map(|attribute| attribute.i.unwrap_or(0))
    }

    pub(super) fn float(&self, name: &str) -> Option<f32> {
        self.get(name).map(|attribute| attribute.f.unwrap_or(0.0))
    }

    pub(super) fn ints(&self, name: &str) -> Option<&'a [i64]> {
        self.get(name).map(|attribute| &attribute.ints[..])
    }

    pub(super) fn floats(&self, name: &str) -> Option<&'a [f32]> {
        self.get(name).map(|attribute| &attribute.floats[..])
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.get(name)?.s.as_deref().and_then(|text| std::str::from_utf8(text).ok())
    }

    pub(super) fn tensor(&self, name: &str) -> Option<&'a TensorProto> {
        self.get(name)?.t.as_ref()
    }

    /// `N` sizes, such as strides or pads.
    pub(super) fn sizes<const N: usize>(&self, name: &str) -> Result<Option<[usize; N]>, Fault> {
        self.ints(name).map(|sizes| to_sizes(name, sizes)).transpose()
    }
}

/// `N` numbers that are sizes.
pub(super) fn to_sizes<const N: usize>(name: &str, values: &[i64]) -> Result<[usize; N], Fault> {
    let fits = values.iter().all(|&value| (0..=LIMIT).contains(&value));
    let sizes: Vec<usize> = values.iter().map(|&value| value as usize).collect();
    let sizes = <[usize; N]>::try_from(sizes).ok().filter(|_| fits);
    sizes.ok_or_else(|| {
        fault!(
            "onnx-sizes",
            "has {name} {values}, not {count} sizes of 0 to {most}",
            name,
            values = format_args!("{values:?}"),
            count = N,
            most = LIMIT
        )
    })
}
