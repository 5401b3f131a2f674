//! Counterparts: what a request about one model means for another, so that both can be asked the same.

use super::Manifest;
use crate::error::{Error, Result};
use crate::fault;
use crate::nn::Role;
use crate::request::{Layers, Request};
use crate::target::Target;

/// A class's name, however a list of labels writes it.
fn plain(name: &str) -> String {
    name.replace('_', " ").to_lowercase()
}

impl Manifest {
    /// Layers with feature maps that no pool gives, from the image on.
    fn mapped(&self) -> Vec<&str> {
        let pools = |name: &str| self.nodes.iter().any(|node| node.name == name && node.op.role() == Role::Pool);
        self.taps.iter().map(String::as_str).filter(|name| !pools(name)).collect()
    }

    /// Name of the layer that stands for that one of `other`: the one of its name, or else the one as deep among as many.
    fn layer_like(&self, other: &Self, layer: &str) -> String {
        let (own, others) = (self.mapped(), other.mapped());
        let depth = others.iter().position(|name| *name == layer);
        let same = self.taps.iter().any(|name| name == layer);
        let (Some(depth), Some(last), false) = (depth, own.len().checked_sub(1), same) else { return layer.into() };
        // Half steps go to the later layer, which is more about the class.
        let steps = 2 * (others.len() - 1).max(1);
        own[if others.len() == 1 { last } else { (2 * depth * last + steps / 2) / steps }].into()
    }

    /// Index of the class that is called like class `index` of `other`.
    fn class_like(&self, other: &Self, index: usize) -> Result<usize> {
        let name = other.labels.get(index).map(|name| plain(name)).unwrap_or_default();
        let is = |index: &usize| self.labels.get(*index).is_some_and(|own| plain(own) == name);
        // Where two classes have one name, the one in the same place is meant.
        let found = Some(index).filter(is).or_else(|| (0..self.labels.len()).find(is));
        found.ok_or_else(|| {
            Error::Request(fault!(
                "counterpart-class",
                "{model} has no class called {class}",
                model = self.name,
                class = name
            ))
        })
    }
}

impl Request {
    /// The request that asks `other` what this one asks `own`: of the classes of the same names, at the layers of the same names, or else
    /// as deep.
    ///
    /// # Errors
    /// [`Error::Request`] naming a class that `other` does not have.
    pub fn for_model(&self, own: &Manifest, other: &Manifest) -> Result<Self> {
        let target = match &self.target {
            Some(target) => {
                let terms = target.terms().iter();
                let alike = terms.map(|term| Ok((other.class_like(own, term.class)?, term.weight)));
                Some(Target::new(alike.collect::<Result<Vec<_>>>()?)?)
            }
            None => None,
        };
        let layers = match &self.layers {
            Layers::Named(names) => Layers::Named(names.iter().map(|name| other.layer_like(own, name)).collect()),
            layers => layers.clone(),
        };
        let map = self.map.as_ref().map(|map| map.for_model(own, other).map(Box::new)).transpose()?;
        Ok(Self { target, layers, map, ..self.clone() })
    }
}

#[cfg(test)]
mod tests;
