//! The page's section on cues.

use maud::{Markup, html};

use super::{SHOWN, Survey};
use crate::survey::Cue;

impl Survey<'_> {
    /// Cues with the images that bear them; nothing where there are none.
    pub(super) fn cues(&self, cues: &[Cue]) -> Markup {
        html! {
            @if !cues.is_empty() {
                section {
                    h2 { "Told by a mark (" (cues.len()) ")" }
                    p.muted {
                        "The heat of these images lies in one small place, over the same pixels, and their class hangs on it: what a classifier should not "
                        "go by, unless that is what the class is (spectral relevance analysis, "
                        a href="https://arxiv.org/abs/1902.10178" rel="noreferrer" { "Lapuschkin et al. 2019" } ", and a test by covering)."
                    }
                    @for cue in cues {
                        h3 { (cue.suspect.name) }
                        p { (cue.sentence()) "." }
                        div.tiles { @for &at in cue.suspect.rows.iter().take(SHOWN / 3) { (self.tile(&self.rows[at])) } }
                    }
                }
            }
        }
    }
}
