//! Pages that hold all that they show, in one file: no script, no network.

use maud::{DOCTYPE, PreEscaped, html};

/// Content-Security-Policy of a page. No script, no network: images are in the page, and so is its style.
const POLICY: &str =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// End of a page.
pub const END: &str = "</main></body></html>\n";

/// Start of a page.
pub fn start(title: &str) -> String {
    // maud closes what it opens, and the sections are written one by one.
    let head = html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="generator" content=(concat!("convscope ", env!("CARGO_PKG_VERSION")));
            title { (title) }
            style { (PreEscaped(include_str!("style.css"))) }
        }
    };
    format!("{}<html lang=\"en\">{}<body><main>", DOCTYPE.into_string(), head.into_string())
}
