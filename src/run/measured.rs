//! Maps that are measured: made by another method, or known already.

use super::checked::{carry_out, checked};
use super::listen::Inner;
use super::{Collect, Listener, Run, Subject, run_method};
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
    let (method, subject) = (method(&request.method)?, Subject::from(seen));
    let (card, maps) = (method.card(), Some(maps));
    let request = &checked(card, subject, request)?;
    carry_out(method, Run { subject, card, request, listener, maps }).await
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

    /// The request for the maps that are measured: of the metric's target, where it names none.
    fn measured_request(&self) -> Request {
        let wanted = self.request.map.as_deref().cloned().unwrap_or_default();
        Request { target: wanted.target.or_else(|| self.request.target.clone()), ..wanted }
    }

    /// The request for the maps that are measured, in the form in which their method gets it: with all its parameters and its convention.
    ///
    /// # Errors
    /// Those of [`Run::measured_card`], and [`Error::Request`] where the request does not fit that method.
    pub fn measured_checked(&self) -> Result<Checked> {
        self.measured_request().check(self.measured_card()?)
    }

    /// The maps that are measured.
    ///
    /// # Errors
    /// [`Error::Request`] where the method that is to make them makes no maps, and whatever it says.
    pub async fn measured(&self) -> Result<Vec<AttributionMap>> {
        match self.maps {
            Some(maps) => Ok(maps.to_vec()),
            None => self.maps_of(self.observation()?, &self.measured_request(), 0, 1).await,
        }
    }

    /// One of the maps that are measured, of a changed image or network, the `index`th of `count` such: no other layer's is made.
    ///
    /// # Errors
    /// Those of [`Run::measured`], and [`Error::Request`] where the method of the request does not make such a map.
    pub async fn measured_again(
        &self,
        map: &AttributionMap,
        seen: &Observation,
        index: usize,
        count: usize,
    ) -> Result<AttributionMap> {
        let card = self.measured_card()?;
        let request = self.measured_request().at_layer(card, &map.layer);
        let mut maps = self.maps_of(seen, &request, index, count).await?;
        let size = |map: &AttributionMap| [map.signed.width, map.signed.height];
        match (maps.pop(), maps.is_empty()) {
            (Some(found), true) if found.layer == map.layer && size(&found) == size(map) => Ok(found),
            _ => Err(Error::Request(fault!(
                "maps-unfit",
                "the map of {layer} is none that {method} makes as it is asked; measure a map with the request that made it",
                layer = map.layer,
                method = card.id
            ))),
        }
    }

    async fn maps_of(
        &self,
        seen: &Observation,
        request: &Request,
        index: usize,
        count: usize,
    ) -> Result<Vec<AttributionMap>> {
        let inner = Inner { outer: self.listener, kept: Collect::default(), index, count };
        run_method(method(&self.measured_card()?.id)?, seen, request, &inner).await?;
        Ok(inner.kept.into_artifacts().into_iter().filter_map(Artifact::into_map).collect())
    }
}
