//! The report's HTML. Everything that comes from outside goes through maud, which escapes it.

use convscope::render::{Colormap, diverging};
use convscope::session::Session;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use convscope::card::Card;

use super::words::human;
use super::{Figure, How, Section};
use crate::files::Failure;

/// Steps of the scale's colours; more than the eye tells apart between them.
const STEPS: usize = 32;
/// No script, no network: pictures are in the page, and so is its style.
const POLICY: &str =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// What ends the page.
pub(super) const END: &str = "</main></body></html>\n";

/// What the page begins with.
pub(super) fn start() -> String {
    // maud closes what it opens, and the sections are written one by one.
    let head = html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="generator" content=(concat!("convscope ", env!("CARGO_PKG_VERSION")));
            title { "Convscope report" }
            style { (PreEscaped(include_str!("style.css"))) }
        }
    };
    format!("{}<html lang=\"en\">{}<body><main>", DOCTYPE.into_string(), head.into_string())
}

/// What all pictures have in common, and the list of them.
pub(super) fn head(session: &Session, how: How, contents: &[String], failures: &[Failure]) -> Markup {
    let manifest = &session.model().manifest;
    let Card { shows, limits, paper, .. } = how.method;
    html! {
        header {
            h1 { "Why it decided so: " (how.method.title) }
            p { (shows) }
            p { strong { "What this does not prove. " } (limits) }
            dl.facts {
                dt { "Model" } dd { (manifest.name) " (" code { (manifest.id) } ")" }
                dt { "SHA-256 of the model" } dd { code { (session.model().hash) } }
                dt { "Weights from" } dd { (manifest.source) }
                dt { "Licence" } dd { (manifest.licence) }
                dt { "Method" } dd { (how.method.title) ", " a href=(paper.url) { (paper.short()) } }
                dt { "Convention" } dd { code { (how.convention.name) } ": " (how.convention.describes) }
                dt { "Device" } dd { (session.device_name()) }
                dt { "Program" } dd { (concat!("convscope ", env!("CARGO_PKG_VERSION"))) }
            }
        }
        @if contents.len() > 1 {
            section {
                h2 { "Pictures" }
                ol.contents {
                    @for (index, name) in contents.iter().enumerate() {
                        li { a href={ "#picture-" (index + 1) } { (name) } }
                    }
                }
            }
        }
        @if !failures.is_empty() {
            section {
                h2 { "Without a result" }
                ul { @for failure in failures { li.error { (failure.error) } } }
            }
        }
    }
}

/// One picture.
pub(super) fn section(index: usize, section: &Section, how: How, seconds: f64) -> Markup {
    let Section { name, size: (width, height), class, figures, .. } = section;
    html! {
        section id={ "picture-" (index + 1) } {
            h2 { (name) }
            div.seen {
                figure {
                    img src=(section.address) width=(section.small.width()) height=(section.small.height()) alt={ "The picture " (name) };
                    figcaption.muted {
                        (width) " × " (height) " pixels."
                        @if section.part { " The network saw the middle of it only." }
                    }
                }
                div {
                    (classes(section))
                    p.muted {
                        "Explained is " strong { (human(&class.name)) } " (" (percent(class.probability)) "): "
                        (figures.len()) @if figures.len() == 1 { " map" } @else { " maps" }
                        " in " (format!("{seconds:.2}")) " s, the look at the picture included."
                    }
                }
            }
            div.maps { @for one in figures { (figure(one, section, how)) } }
        }
    }
}

fn classes(section: &Section) -> Markup {
    // The explained class is always in the list, if only at its end.
    let outside = section.top.iter().all(|class| class.index != section.class.index).then_some(&section.class);
    html! {
        table {
            caption.muted { "What the network took it for" }
            thead { tr { th scope="col" { "Class" } th.number scope="col" { "Index" } th.number scope="col" { "Probability" } } }
            tbody {
                @for class in section.top.iter().chain(outside) {
                    tr.chosen[class.index == section.class.index] {
                        td { (human(&class.name)) }
                        td.number { (class.index) }
                        td.number { (percent(class.probability)) }
                    }
                }
            }
        }
    }
}

fn figure(figure: &Figure, section: &Section, how: How) -> Markup {
    let (width, height) = figure.shape;
    let class = human(&section.class.name);
    html! {
        figure {
            h3 { @if figure.image { "In the pixels" } @else { code { (figure.layer) } } }
            img src=(figure.address) alt={ "What speaks for " (class) " in " (section.name) ", layer " (figure.layer) ". " (figure.words) };
            figcaption {
                (scale(figure, how))
                @if let Some(blank) = &figure.blank { p.error { "This map is blank: " (blank) "." } }
                p.muted {
                    (figure.words) " Map of " (width) " × " (height)
                    @if figure.maximum.is_finite() { "; its maximum was " (format!("{:.3e}", figure.maximum)) }
                    "."
                }
            }
        }
    }
}

/// What the colours mean.
fn scale(figure: &Figure, how: How) -> Markup {
    let (least, most, colour): (_, _, Box<dyn Fn(f32) -> [u8; 3]>) = match how.style {
        _ if figure.image => {
            return html! { p.muted { "Grey is 0; contrast set by the mean and the deviation. No scale: the colours are those of the input." } };
        }
        style if style.signed => ("−1, against the class", "1, for it", Box::new(|place| diverging(2.0 * place - 1.0))),
        style => {
            let notebook = how.convention.style == convscope::explain::Style::AddJet;
            let colormap = if notebook { Colormap::Jet } else { style.colormap };
            ("0, less evidence", "1, more", Box::new(move |place| colormap.colour(place)))
        }
    };
    let stop = |step| {
        let [r, g, b] = colour(step as f32 / STEPS as f32);
        format!(", #{r:02x}{g:02x}{b:02x}")
    };
    let stops: String = (0..=STEPS).map(stop).collect();
    html! {
        div.scale {
            span { (least) }
            div.ramp style={ "background: linear-gradient(to right" (stops) ")" } {}
            span { (most) }
        }
    }
}

/// How all this was made.
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

fn percent(probability: f32) -> String {
    format!("{:.2} %", 100.0 * probability)
}
