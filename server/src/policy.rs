//! Policy of what a browser lets the page do, as the page says it itself in `index.html`, and of who may show it.

use std::fmt;
use std::str::FromStr;

/// The page's own Content-Security-Policy.
const OWN: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
    require-trusted-types-for 'script'; trusted-types convscope";
/// What a browser is told beside it: to take no file for another kind of file, to tell nobody where it comes from, to ask for the camera alone and
/// for the page alone, and to give no file to another origin's page that does not ask as a script does, which [`Policy`] answers.
pub(crate) const ALWAYS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(self), geolocation=(), microphone=()"),
    ("cross-origin-resource-policy", "same-origin"),
];
/// The script of the element by which other pages show this one; the only file that their pages may load.
const ELEMENT: &str = "conv-scope.js";

/// A page's origin that may show the page in a frame: `https://example.org`, with a port where it has one, or `file:` for any page of
/// this machine's disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedder(String);

impl Embedder {
    /// All pages of this machine's disk, as a policy names them, and as a browser names the origin of each.
    const FILES: &str = "file:";
    const OPAQUE: &str = "null";

    /// Whether that is the origin which a browser's `Origin` header names.
    fn is(&self, origin: &str) -> bool {
        self.0 == origin || (self.0 == Self::FILES && origin == Self::OPAQUE)
    }
}

impl FromStr for Embedder {
    type Err = String;

    /// An origin as it is written, without a path, in small letters as browsers write it.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "{text} is no origin of a page: write it as https://example.org or http://127.0.0.1:3000, or {}",
                Self::FILES
            )
        };
        if text == Self::FILES {
            return Ok(Self(text.to_owned()));
        }
        let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let host = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme)).ok_or_else(wrong)?;
        let (name, port) = host.split_once(':').unwrap_or((host, "1"));
        let named = name.split('.').all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        });
        (named && port.parse::<u16>().is_ok_and(|port| port > 0)).then_some(Self(text)).ok_or_else(wrong)
    }
}

/// Who may show the page in a frame; nobody unless it is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    embedders: Vec<Embedder>,
}

impl From<Vec<Embedder>> for Policy {
    fn from(embedders: Vec<Embedder>) -> Self {
        Self { embedders }
    }
}

impl Policy {
    /// The origin that may read the answer about a file, of those that a request names; none but the page's own where there is none.
    pub(crate) fn reader<'a>(&self, name: &str, origin: Option<&'a str>) -> Option<&'a str> {
        origin.filter(|origin| name == ELEMENT && self.embedders.iter().any(|embedder| embedder.is(origin)))
    }
}

/// The Content-Security-Policy as a header: the page's own, and what only a header can say.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{OWN}; frame-ancestors")?;
        if self.embedders.is_empty() {
            return f.write_str(" 'none'");
        }
        self.embedders.iter().try_for_each(|Embedder(origin)| write!(f, " {origin}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_the_header_and_the_documentation_say_the_same() {
        let checkout = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let read = |name: &str| std::fs::read_to_string(checkout.join(name)).expect("readable");
        assert!(read("index.html").contains(&format!("content=\"{OWN}\"")));
        let documentation = read("docs/deploy.md");
        assert!(documentation.contains(&Policy::default().to_string()));
        let lines: Vec<String> = documentation.lines().map(|line| line.trim().to_lowercase()).collect();
        for (key, value) in ALWAYS {
            assert!(lines.contains(&format!("{key}: {value}")), "{key}: {value}");
        }
    }

    #[test]
    fn those_who_may_show_the_page_are_origins_and_nothing_that_says_more() {
        let policy = |origins: &[&str]| -> Result<String, String> {
            let embedders: Result<Vec<Embedder>, String> = origins.iter().map(|origin| origin.parse()).collect();
            Ok(Policy::from(embedders?).to_string())
        };
        let ends = |origins: &[&str], end: &str| {
            let told = policy(origins).expect("origins");
            assert!(told.ends_with(&format!("; frame-ancestors {end}")), "{told}");
        };
        ends(&[], "'none'");
        ends(&["https://Example.org/"], "https://example.org");
        ends(&["http://127.0.0.1:3000", "file:"], "http://127.0.0.1:3000 file:");
        for wrong in [
            "",
            "*",
            "example.org",
            "https://",
            "https://example.org/page",
            "https://example.org; script-src *",
            "https://example.org 'self'",
            "https://a..b",
            "https://example.org:x",
            "https://example.org:0",
            "ftp://example.org",
            "file:///page.html",
            "https://a\r\nb: c",
        ] {
            assert!(policy(&[wrong]).is_err(), "{wrong}");
        }
    }
}
