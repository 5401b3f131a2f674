//! What metrics say of maps, beside the maps.

use convscope::artifact::Artifact;
use convscope::card::Card;
use convscope::error::{Error, Result};
use convscope::explain::Convention;
use convscope::export::Made;
use convscope::image::Image;
use convscope::methods::method;
use convscope::render::draw_map;
use convscope::request::Request;

/// A metric that is asked for beside a method.
#[derive(Clone, Copy)]
pub(super) struct Metric {
    card: &'static Card,
    convention: Convention,
}

impl Metric {
    /// The metric that a request asks for.
    pub(super) fn of(request: &Request) -> Result<Self> {
        let card = method(&request.method)?.card();
        let convention = Convention::named(&card.variant(&request.convention).map_err(Error::Request)?.name)?;
        Ok(Self { card, convention })
    }

    /// What its results are made of, beside those of the method.
    pub(super) fn made<'a>(self, made: Made<'a>) -> Made<'a> {
        Made { card: self.card, convention: self.convention, ..made }
    }
}

/// The map that a measurement is of, drawn over the image, if it is among `kept`.
pub(super) fn picture(made: &Made<'_>, kept: &[Artifact], measured: &Artifact) -> Result<Option<Image>> {
    let (Artifact::Measurement(one), Some(about)) = (measured, made.about) else { return Ok(None) };
    let map = kept.iter().find_map(|artifact| match artifact {
        Artifact::Map(map) if map.layer == one.layer => Some(map),
        _ => None,
    });
    let draw = |map| draw_map(map, about.image, made.preprocessing, made.convention, made.style);
    map.map(draw).transpose()
}
