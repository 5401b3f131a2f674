//! What a page may do: load from its own origin and run wasm, and nothing else.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// The Content-Security-Policy of a page, or of a worker's script, which has one of its own. A script that is written into the page
/// may run if it is the one that is there now.
pub(crate) fn of(html: &str) -> String {
    let hashes: String = inline_scripts(html).map(|script| format!(" 'sha256-{}'", hash(script))).collect();
    // Pictures that were dropped come as `blob:`, and what is saved leaves so.
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes}; img-src 'self' blob: data:; object-src 'none'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

fn hash(script: &str) -> String {
    BASE64_STANDARD.encode(Sha256::digest(script))
}

/// What stands in the scripts of a page of our own, as trunk writes it.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=") && !script.is_empty()).then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_their_hash_and_no_others() {
        let html = "<script src=\"a.js\"></script><script type=\"module\">start()</script>";
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["start()"]);
        // printf 'start()' | openssl dgst -sha256 -binary | base64
        let policy = of(html);
        assert!(policy.contains("'sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00='"), "{policy}");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert!(!of("<p>no script</p>").contains("sha256"));
    }
}
