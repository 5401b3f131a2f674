//! Measurements of maps that are written down beside the maps.

use crate::artifact::Artifact;
use crate::card::Card;
use crate::error::{Error, Result};
use crate::explain::Convention;
use crate::export::Made;
use crate::image::Image;
use crate::methods::method;
use crate::render::draw_map;
use crate::request::Request;

/// A metric that is asked for beside a method.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    card: &'static Card,
    convention: Convention,
}

impl Metric {
    /// The metric that a request asks for.
    ///
    /// # Errors
    /// [`Error::Request`] where there is no such method or convention.
    pub fn of(request: &Request) -> Result<Self> {
        let card = method(&request.method)?.card();
        let convention = Convention::named(&card.variant(&request.convention).map_err(Error::Request)?.name)?;
        Ok(Self { card, convention })
    }

    /// What its results are made of, beside those of the method.
    pub fn made<'a>(self, made: Made<'a>) -> Made<'a> {
        Made { card: self.card, convention: self.convention, ..made }
    }
}

/// The map that a measurement is of, drawn over the image, if it is among `kept`.
///
/// # Errors
/// [`Error::Image`] where memory is short.
pub fn picture(made: &Made<'_>, kept: &[Artifact], measured: &Artifact) -> Result<Option<Image>> {
    let (Artifact::Measurement(one), Some(about)) = (measured, made.about) else { return Ok(None) };
    let map = kept.iter().find_map(|artifact| match artifact {
        Artifact::Map(map) if map.layer == one.layer => Some(map),
        _ => None,
    });
    let draw = |map| draw_map(map, about.image, made.preprocessing, made.convention, made.style);
    map.map(draw).transpose()
}
