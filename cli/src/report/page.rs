//! The report's HTML. Everything that comes from outside goes through maud, which escapes it.

use convscope::card::{Card, Gives};
use convscope::digits::digits;
use convscope::model::Model;
use convscope::predictions::Class;
use maud::{Markup, html};
use serde_json::Value;

use super::words::human;
use super::{How, Section, places};
use crate::images::Failure;

/// Head of the page: what all images have in common, and the list of them.
pub(super) fn head(model: &Model, how: &How, contents: &[String], failures: &[Failure]) -> Markup {
    let manifest = &model.manifest;
    let Card { shows, limits, paper, .. } = how.method;
    html! {
        header {
            h1 { "Why it decided so: " (how.method.title) }
            p { (shows) }
            p { strong { "What this does not prove. " } (limits) }
            dl.facts {
                dt { "Model" } dd { (manifest.name) " (" code { (manifest.id) } ")" }
                dt { "SHA-256 of the model" } dd { code { (model.hash) } }
                dt { "Weights from" } dd { (manifest.source) }
                dt { "Licence" } dd { (manifest.licence) }
                dt { "Method" } dd { (how.method.title) ", " a href=(paper.url) { (paper.short()) } }
                @if let Some(measured) = how.measured {
                    dt { "Measured" } dd { "the map of " (measured.title) ", " a href=(measured.paper.url) { (measured.paper.short()) } }
                }
                dt { "Convention" } dd { code { (how.convention) } ": " (how.describes) }
                dt { "Device" } dd { (model.device) }
                dt { "Program" } dd { (concat!("convscope ", env!("CARGO_PKG_VERSION"))) }
            }
        }
        @if contents.len() > 1 {
            section {
                h2 { "Images" }
                ol.contents {
                    @for (index, name) in contents.iter().enumerate() {
                        li { a href={ "#image-" (index + 1) } { (name) } }
                    }
                }
            }
        }
        @if !failures.is_empty() {
            section {
                h2 { "Without a result" }
                ul { @for failure in failures { li.error { (places::sentence(&failure.error.to_string(), &failure.image)) } } }
            }
        }
    }
}

/// One image, or the network alone.
pub(super) fn section(index: usize, section: &Section, how: &How, seconds: f64) -> Markup {
    let Section { name, image, explained, figures, .. } = section;
    html! {
        section id={ "image-" (index + 1) } {
            h2 { (name) }
            @if let Some(shown) = image {
                div.seen {
                    figure {
                        img src=(shown.address) width=(shown.small.width()) height=(shown.small.height()) decoding="async" alt={ "The image " (name) };
                        figcaption.muted {
                            (shown.size.0) " × " (shown.size.1) " pixels."
                            @if shown.part { " The network saw the middle of it only." }
                        }
                    }
                    div {
                        @if !section.top.is_empty() { (classes(section)) }
                        p.muted {
                            @if let Some(explained) = explained {
                                "Explained is " strong { (explained.name(human)) }
                                @if let Some(class) = explained.class() { " (" (number(class)) ")" }
                                ": "
                            }
                            (count(figures.len(), how)) " in " (format!("{seconds:.2}")) " s, the look at the image included."
                        }
                    }
                }
            } @else {
                p.muted { (count(figures.len(), how)) " in " (format!("{seconds:.2}")) " s." }
            }
            div.maps.pairs[how.measured.is_some()] { @for one in figures { (one) } }
            @if how.measured.is_some() {
                (section.verdict.sentences())
                p.muted { (section.verdict.introduction()) }
            }
            @if !section.measurements.is_empty() {
                h3 { "How far to trust this" }
                (section.verdict.sentences())
                p.muted { (section.verdict.introduction()) }
                div.maps { @for one in &section.measurements { (one) } }
            }
        }
    }
}

/// Number of results, and their kind.
fn count(results: usize, how: &How) -> String {
    let one = match how.method.gives {
        Gives::LayerMap { .. } | Gives::InputMap { .. } | Gives::InputImage => "map",
        Gives::Panels => "image",
        Gives::Sheet => "sheet",
        Gives::Curve => "curve",
        Gives::Number => "number",
    };
    format!("{results} {one}{}", if results == 1 { "" } else { "s" })
}

fn classes(section: &Section) -> Markup {
    // The explained classes are always in the list, if only at its end.
    let explained = section.explained.as_ref().map_or(&[][..], |explained| &explained.classes);
    let column = if section.top.iter().all(|class| class.probability.is_some()) { "Probability" } else { "Output" };
    let is = |one: &Class, other: &Class| one.index == other.index;
    let chosen = |class: &Class| explained.iter().any(|one| is(one, class));
    let outside = explained.iter().filter(|one| !section.top.iter().any(|class| is(one, class)));
    html! {
        table {
            caption.muted { "What the network took it for" }
            thead { tr { th scope="col" { "Class" } th.number scope="col" { "Index" } th.number scope="col" { (column) } } }
            tbody {
                @for class in section.top.iter().chain(outside) {
                    tr.chosen[chosen(class)] {
                        td { (human(&class.name)) }
                        td.number { (class.index) }
                        td.number { (number(class)) }
                    }
                }
            }
        }
    }
}

/// What is said of a page that takes no more.
pub(super) const FULL: &str = "the page is full at 100 MB, and what comes is left out of it; explain fewer images or layers at a time, or have files by --out";

/// Images that came when the page was full, which is not passed over in silence.
pub(super) fn left_out(names: &[String]) -> Markup {
    html! {
        @if !names.is_empty() {
            section {
                h2 { "Not on this page" }
                p { "Here " (FULL) "." }
                ul { @for name in names { li { (name) } } }
            }
        }
    }
}

/// Foot of the page: how all this was made.
pub(super) fn foot(command: &str, manifest: &Value) -> Markup {
    html! {
        footer {
            h2 { "How this was made" }
            p { "Everything was computed on one machine; nothing was sent anywhere. The command:" }
            pre { (command) }
            details {
                summary { "The manifest" }
                pre { (format!("{manifest:#}")) }
            }
        }
    }
}

/// A class's probability, or its raw output where it has none.
fn number(class: &Class) -> String {
    match class.probability {
        Some(probability) => format!("{:.2} %", 100.0 * probability),
        None => digits(class.logit.into()),
    }
}
