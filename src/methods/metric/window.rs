//! The box that a person draws around an object.

use crate::error::{Error, Result};
use crate::fault;
use crate::param::Param;
use crate::run::Run;

pub(super) const BOX: Param = Param::bounding_box(
    "box",
    "Box",
    "Around the object: left edge, top edge, width and height, as shares of the image's sides",
    "0.25,0.25,0.5,0.5",
);

/// A box in pixels of the network's input: left, top, right and bottom edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Window {
    pub(super) edges: [f64; 4],
}

impl Window {
    /// The box of a request, which is drawn in the image, as the network sees it.
    pub(super) fn of(run: &Run<'_>) -> Result<Self> {
        let seen = run.observation()?;
        let [.., height, width] = seen.input().dims();
        let size = (seen.image().width(), seen.image().height());
        let [left, top, right, bottom] = run.request().values.bounding_box(&BOX).within(seen.region(), size);
        let (across, down) = (width as f64, height as f64);
        let edges = [left * across, top * down, right * across, bottom * down];
        let visible = |low: f64, high: f64, side: usize| high.min(side as f64) > low.max(0.0);
        if visible(edges[0], edges[2], width) && visible(edges[1], edges[3], height) {
            return Ok(Self { edges });
        }
        Err(Error::Request(fault!(
            "box-unseen",
            "the box lies where the network sees nothing, or is empty; draw it around what is to be found"
        )))
    }

    /// How far a pixel's middle is from the box, in pixels; 0 inside.
    pub(super) fn distance(&self, row: usize, column: usize) -> f64 {
        let [left, top, right, bottom] = self.edges;
        let beyond = |place: f64, low: f64, high: f64| (low - place).max(place - high).max(0.0);
        beyond(column as f64 + 0.5, left, right).hypot(beyond(row as f64 + 0.5, top, bottom))
    }
}
