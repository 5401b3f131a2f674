//! Maps that are measured: made by another method, or known already.

use super::listen::Inner;
use super::{Collect, Listener, Run, run_method};
use crate::artifact::Artifact;
use crate::card::Card;
use crate::error::{Error, Result};
use crate::explain::AttributionMap;
use crate::fault;
use crate::methods::method;
use crate::observation::Observation;
use crate::request::{Checked, Request};

/// Carries out a metric's request on maps that are known already, those of its `map`'s method; that one runs only where the metric needs
/// maps of changed images or networks.
///
/// # Errors
/// Those of [`run`](super::run).
pub async fn measure(
    seen: &Observation,
    request: &Request,
    maps: &[AttributionMap],
    listener: &dyn Listener,
) -> Result<()> {
    let method = method(&request.method)?;
    let card = method.card();
    card.applies(seen.model().offer()).map_err(Error::Request)?;
    let request = request.check(card)?;
    method.run(Run { subject: seen.into(), card, request: &request, listener, maps: Some(maps) }).await
}

impl<'a> Run<'a> {
    /// The same with another request.
    pub(crate) fn with<'b>(self, request: &'b Checked) -> Run<'b>
    where
        'a: 'b,
    {
        Run { request, ..self }
    }

    /// The card of the method whose maps are measured.
    ///
    /// # Errors
    /// [`Error::Request`] where there is no such method, or it makes no maps.
    pub fn measured_card(&self) -> Result<&'static Card> {
        let wanted = self.request.map.as_deref().map(|map| map.method.as_str()).unwrap_or_default();
        let card = method(wanted)?.card();
        if card.gives.is_map() {
            return Ok(card);
        }
        Err(Error::Request(fault!(
            "method-without-map",
            "the method {method} makes no map that {metric} could measure; name one that does",
            method = card.id,
            metric = self.card.id
        )))
    }

    /// The maps that are measured.
    ///
    /// # Errors
    /// [`Error::Request`] where the method that is to make them makes no maps, and whatever it says.
    pub async fn measured(&self) -> Result<Vec<AttributionMap>> {
        match self.maps {
            Some(maps) => Ok(maps.to_vec()),
            None => self.measured_of(self.observation()?, 0, 1).await,
        }
    }

    /// Maps of the same request for a changed image or network, the `index`th of `count` such.
    ///
    /// # Errors
    /// Those of [`Run::measured`].
    pub async fn measured_of(&self, seen: &Observation, index: usize, count: usize) -> Result<Vec<AttributionMap>> {
        let method = method(&self.measured_card()?.id)?;
        let wanted = self.request.map.as_deref().cloned().unwrap_or_default();
        let wanted = Request { target: wanted.target.or_else(|| self.request.target.clone()), ..wanted };
        let inner = Inner { outer: self.listener, kept: Collect::default(), index, count };
        run_method(method, seen, &wanted, &inner).await?;
        Ok(inner.kept.into_artifacts().into_iter().filter_map(Artifact::into_map).collect())
    }
}
