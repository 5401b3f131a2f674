//! The page of a survey: what stands out among all images, with the images in it. It is of bounded size, whatever their number.

use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{Markup, html};

use super::row::{Row, SIDE};
use super::summary::{Calibration, OfClass, accuracy, classes, confusions, duplicates, surest};
use super::{Cue, SURE};
use crate::error::Result;
use crate::html::{END, start};
use crate::image::{Image, Plane};
use crate::render::{Colormap, heatmap};

mod agreement;
mod boxes;
mod cues;

/// Images that a section shows, and classes that the page shows.
const SHOWN: usize = 24;
const CLASSES: usize = 20;
/// Images that are shown of each class, the most and the least typical ones.
const TYPICAL: usize = 4;
/// Lines of a table.
const LINES: usize = 40;
/// The side of a mean map, in pixels.
const MEAN: usize = 128;
/// Pictures of the images, small, under their maps, as JPEG files; none of one that is not at hand.
pub type Pictures<'a> = dyn Fn(&Row) -> Result<Option<Vec<u8>>> + 'a;

/// Survey that a page is made of.
pub struct Survey<'a> {
    /// The model's name for people.
    pub name: &'a str,
    /// The model's id.
    pub id: &'a str,
    /// SHA-256 of the model.
    pub hash: &'a str,
    /// Id of the method.
    pub method: &'a str,
    /// The layer that the maps are of; nothing of a method that takes none.
    pub layers: &'a str,
    /// Version of the program that looked at the images.
    pub program: &'a str,
    /// Name of the other model that was asked, if one was.
    pub against: Option<&'a str>,
    /// The rows, in the order of their paths.
    pub rows: &'a [Row],
    /// The pictures.
    pub picture: &'a Pictures<'a>,
}

impl std::fmt::Debug for Survey<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Survey").field("model", &self.id).field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

impl Survey<'_> {
    /// The whole page.
    pub fn page(&self, cues: &[Cue]) -> String {
        let body = html! {
            (self.summary())
            (self.cues(cues))
            (self.gallery(
                "Wrong, and sure of it",
                "The likeliest class is another than the label; the surest first.",
                &surest(self.rows, |row| row.is_right() == Some(false)),
            ))
            (self.confusions())
            (self.calibration())
            (self.boxes())
            (self.agreement())
            (self.gallery(
                "Sure, and nothing to see",
                "The model is sure, and the map is blank: nothing in this layer speaks for the class.",
                &surest(self.rows, |row| {
                    row.found.as_ref().is_some_and(|found| found.blank.is_some()) && row.probability() >= Some(SURE)
                }),
            ))
            (self.duplicates())
            (self.classes())
            (self.failures())
        };
        format!("{}{}{END}", start("Convscope survey"), body.into_string())
    }

    fn summary(&self) -> Markup {
        let right = accuracy(self.rows);
        let [truth, failed] = [
            self.rows.iter().filter(|row| row.truth.is_some() && row.truth_index.is_none()).count(),
            self.rows.iter().filter(|row| row.error.is_some()).count(),
        ];
        html! {
            header {
                h1 { "What " (self.name) " looks at in " (self.rows.len()) " images" }
                @match right {
                    Some(right) => p {
                        strong { (percent(right.share())) " right" } " (" (right.count) " of " (right.of) " images with a label; 95 % interval "
                        (percent(right.interval[0])) " to " (percent(right.interval[1])) ")."
                    }
                    None => p { "No label of an image is a class of the model, so nothing is said of right and wrong." }
                }
                @if truth > 0 { p { (truth) " images have a label that is no class of the model." } }
                @if failed > 0 { p.error { "Without a result: " (failed) "; see the end of the page." } }
                dl.facts {
                    dt { "Model" } dd { code { (self.id) } }
                    dt { "SHA-256 of the model" } dd { code { (self.hash) } }
                    dt { "Maps" } dd { "by " code { (self.method) } ", layer " code { (self.layers) } }
                    dt { "Program" } dd { "convscope " (self.program) }
                    dt { "All images" } dd { code { (super::table::RESULTS) } ", maps " code { (super::table::MAPS) } }
                }
            }
        }
    }

    /// Images with their maps; nothing where there are none.
    fn gallery(&self, title: &str, says: &str, rows: &[&Row]) -> Markup {
        html! {
            @if !rows.is_empty() {
                section {
                    h2 { (title) " (" (rows.len()) ")" }
                    p.muted { (says) @if rows.len() > SHOWN { " The first " (SHOWN) " are shown." } }
                    div.tiles { @for row in rows.iter().take(SHOWN) { (self.tile(row)) } }
                }
            }
        }
    }

    fn tile(&self, row: &Row) -> Markup {
        let found = row.found.as_ref();
        html! {
            figure {
                @match (self.picture)(row) {
                    Ok(Some(file)) => img src=(address("jpeg", &file)) loading="lazy" alt={ "The image " (row.path) " with its map" };
                    Ok(None) => p.muted { "The image was not at hand when this page was made." }
                    Err(error) => p.error { (error) }
                }
                figcaption.muted {
                    @if let Some(found) = found {
                        strong { (found.name) }
                        @if let Some(probability) = found.probability { " " (percent(probability.into())) }
                    }
                    @if let (Some(truth), Some(false)) = (&row.truth, row.is_right()) { ", not " strong { (truth) } }
                    br; (row.path)
                }
            }
        }
    }

    fn confusions(&self) -> Markup {
        let pairs = confusions(self.rows);
        html! {
            @if !pairs.is_empty() {
                section {
                    h2 { "What is taken for what" }
                    table {
                        thead { tr { th { "Label" } th { "Taken for" } th.number { "Images" } th { "One of them" } } }
                        tbody {
                            @for ([truth, predicted], images) in pairs.iter().take(LINES) {
                                tr { td { (truth) } td { (predicted) } td.number { (images.len()) } td { (self.rows[images[0]].path) } }
                            }
                        }
                    }
                    (more(pairs.len()))
                }
            }
        }
    }

    fn calibration(&self) -> Markup {
        let Some(Calibration { bins, error }) = Calibration::of(self.rows) else { return html! {} };
        let point = |x: f64, y: f64| format!("{:.1},{:.1}", 100.0 * x, 100.0 * (1.0 - y));
        let points: Vec<String> = bins.iter().map(|bin| point(bin.probability, bin.right)).collect();
        html! {
            section {
                h2 { "How far its probabilities can be believed" }
                p { "On the mean, a probability is " (percent(error)) " away from how often it is right (expected calibration error in ten parts)." }
                svg viewBox="-2 -2 104 104" width="240" height="240" role="img" aria-label="Share of right images by probability" {
                    path d="M0 0V100H100M0 100L100 0" stroke="currentColor" stroke-width="0.7" opacity="0.5" fill="none" {}
                    polyline points=(points.join(" ")) fill="none" stroke="currentColor" stroke-width="1.5" {}
                    @for (bin, at) in bins.iter().zip(&points) {
                        @let (x, y) = at.split_once(',').unwrap_or_default();
                        circle cx=(x) cy=(y) r="2" fill="currentColor" { title { (bin.count) " images" } }
                    }
                }
                p.muted { "From left to right: the probability of the likeliest class, 0 to 1. Upwards: how often it is right. On the diagonal it is as good as it says." }
            }
        }
    }

    fn duplicates(&self) -> Markup {
        let groups = duplicates(self.rows);
        html! {
            @if !groups.is_empty() {
                section {
                    h2 { "The same file, byte for byte (" (groups.len()) ")" }
                    ul {
                        @for group in groups.iter().take(LINES) {
                            @let labels: BTreeSet<_> = group.iter().filter_map(|row| row.truth.as_ref()).collect();
                            li {
                                @for (index, row) in group.iter().take(TYPICAL).enumerate() { @if index > 0 { ", " } (row.path) }
                                @if group.len() > TYPICAL { " and " (group.len() - TYPICAL) " more" }
                                @if labels.len() > 1 { strong.error { " under different labels" } }
                            }
                        }
                    }
                    (more(groups.len()))
                }
            }
        }
    }

    fn classes(&self) -> Markup {
        let classes = classes(self.rows);
        html! {
            @if !classes.is_empty() {
                section {
                    h2 { "Where each class is seen" }
                    p.muted {
                        "The mean of the maps of all images that the model takes for a class, and those images whose maps are most and least like it. "
                        "Heat that stays in one place whatever the image shows, as in a corner, may be a mark that gives the class away."
                    }
                    @for class in classes.iter().take(CLASSES) { (self.class(class)) }
                    @if classes.len() > CLASSES { p.muted { (classes.len() - CLASSES) " more classes are in the table of results." } }
                }
            }
        }
    }

    fn class(&self, class: &OfClass<'_>) -> Markup {
        let typical = &class.images[..class.images.len().min(TYPICAL)];
        let rest = &class.images[typical.len()..];
        let odd = &rest[rest.len().saturating_sub(TYPICAL)..];
        html! {
            h3 { (class.name) " (" (class.images.len()) ")" }
            div.tiles {
                figure {
                    @if let Some(address) = mean(&class.mean) { img src=(address) alt={ "Mean map of " (class.name) }; }
                    figcaption.muted { "mean" }
                }
                @for (row, _) in typical { (self.tile(row)) }
            }
            @if !odd.is_empty() {
                p.muted { "Least like it:" }
                div.tiles { @for (row, _) in odd { (self.tile(row)) } }
            }
        }
    }

    fn failures(&self) -> Markup {
        let failed: Vec<&Row> = self.rows.iter().filter(|row| row.error.is_some()).collect();
        html! {
            @if !failed.is_empty() {
                section {
                    h2 { "Without a result (" (failed.len()) ")" }
                    ul { @for row in failed.iter().take(LINES) { li.error { (row.path) ": " (row.error.as_deref().unwrap_or_default()) } } }
                    (more(failed.len()))
                }
            }
        }
    }
}

/// What is to be said of a list of so many that is not shown whole.
fn more(count: usize) -> Markup {
    html! { @if count > LINES { p.muted { (count - LINES) " more are in the table of results." } } }
}

/// A mean map as an image, its largest number in the brightest colour.
fn mean(map: &[f32]) -> Option<String> {
    let most = map.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let plane = Plane::new(SIDE, SIDE, map.iter().map(|heat| heat / most).collect()).resize(MEAN, MEAN);
    let rgb =
        heatmap(&plane, Colormap::default()).chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    Some(address("png", &Image::from_rgb(MEAN as u32, MEAN as u32, rgb).ok()?.png().ok()?))
}

/// A file as an address that holds it.
fn address(kind: &str, bytes: &[u8]) -> String {
    format!("data:image/{kind};base64,{}", BASE64_STANDARD.encode(bytes))
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
