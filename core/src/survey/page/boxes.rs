//! How much of the heat lies in the boxes that people have drawn.

use maud::{Markup, html};

use super::{Survey, percent};
use crate::survey::Row;
use crate::survey::summary::Boxed;

impl Survey<'_> {
    /// The shares of all images, and those of the least; nothing without boxes.
    pub(super) fn boxes(&self) -> Markup {
        let Some(Boxed { hits, heat, images }) = Boxed::of(self.rows) else { return html! {} };
        let rows: Vec<&Row> = images.iter().map(|(row, _)| *row).collect();
        html! {
            section {
                h2 { "Heat in the boxes" }
                p {
                    "On the mean, " strong { (percent(heat)) } " of a map's heat lies in the boxes around the objects. The hottest pixel lies in one, or at most 15 pixels of the "
                    "network's input away, in " strong { (percent(hits.share())) } " of the images (" (hits.count) " of " (hits.of) "; 95 % interval "
                    (percent(hits.interval[0])) " to " (percent(hits.interval[1])) "; pointing game)."
                }
            }
            (self.gallery("Heat elsewhere", "Least of the heat lies in the boxes; the least first.", &rows))
        }
    }
}
