//! Subject that a method is run on.

use crate::error::{Error, Result};
use crate::fault;
use crate::model::Model;
use crate::observation::Observation;

/// Subject that a method is run on: a model, and what it has seen.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub(super) model: &'a Model,
    pub(super) observation: Option<&'a Observation>,
}

impl<'a> From<&'a Observation> for Subject<'a> {
    fn from(observation: &'a Observation) -> Self {
        Self { model: observation.model(), observation: Some(observation) }
    }
}

impl<'a> From<&'a Model> for Subject<'a> {
    fn from(model: &'a Model) -> Self {
        Self { model, observation: None }
    }
}

impl<'a> Subject<'a> {
    /// Observation: what the model has seen.
    ///
    /// # Errors
    /// [`Error::Request`] where that is nothing.
    pub(crate) fn observation(self) -> Result<&'a Observation> {
        self.observation
            .ok_or_else(|| Error::Request(fault!("no-image", "no image has been looked at; give one first")))
    }
}
