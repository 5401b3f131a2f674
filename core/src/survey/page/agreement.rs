//! The page's section on another model.

use maud::{Markup, html};

use super::{LINES, SHOWN, Survey, more, percent};
use crate::survey::{Agreement, Found, Row};

impl Survey<'_> {
    /// Where two models part; nothing where one was asked.
    pub(super) fn agreement(&self) -> Markup {
        let (Some(agreement), Some(name)) = (Agreement::of(self.rows), self.against) else { return html! {} };
        html! {
            section {
                h2 { "Beside " (name) }
                p {
                    "Both take " strong { (percent(agreement.same.share())) } " of the images (" (agreement.same.count) " of " (agreement.same.of)
                    ") for the same class."
                    @if let Some(median) = agreement.median() { " The median correlation of their maps is " (format!("{median:.2}")) "." }
                }
                @if !agreement.parted.is_empty() {
                    h3 { "Where they part (" (agreement.parted.len()) ")" }
                    table {
                        thead { tr { th { "Image" } th { (self.name) } th { (name) } th { "Label" } } }
                        tbody { @for row in agreement.parted.iter().take(LINES) { (parted(row)) } }
                    }
                    (more(agreement.parted.len()))
                }
                @if !agreement.moved.is_empty() {
                    h3 { "Whose heat moved most" }
                    div.tiles {
                        @for (row, correlation) in agreement.moved.iter().take(SHOWN / 3) {
                            div { (self.tile(row)) p.muted { "correlation " (format!("{correlation:.2}")) } }
                        }
                    }
                }
            }
        }
    }
}

fn parted(row: &Row) -> Markup {
    let cell = |found: &Option<Found>| {
        let found = found.as_ref();
        html! {
            td {
                @if let Some(found) = found {
                    (found.name)
                    @if let Some(probability) = found.probability { " " (percent(probability.into())) }
                }
            }
        }
    };
    html! { tr { td { (row.path) } (cell(&row.found)) (cell(&row.other)) td { (row.truth.as_deref().unwrap_or_default()) } } }
}
