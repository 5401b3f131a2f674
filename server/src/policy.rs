//! Policy of what a browser lets the page do, as the page says it itself in `index.html`.

/// The Content-Security-Policy as a header: the page's own, and what only a header can say.
pub const HEADER: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[cfg(test)]
mod tests {
    use super::HEADER;

    #[test]
    fn the_page_the_header_and_the_documentation_say_the_same() {
        let (own, _) = HEADER.split_once("; frame-ancestors").expect("what only a header can say");
        let checkout = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let read = |name: &str| std::fs::read_to_string(checkout.join(name)).expect("readable");
        assert!(read("index.html").contains(&format!("content=\"{own}\"")));
        assert!(read("docs/deploy.md").contains(HEADER));
    }
}
