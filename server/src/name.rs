//! Names of files, from the targets of requests.

use percent_encoding::percent_decode_str;

/// The name that a request's target means, `index.html` in a folder; none where a part of it is empty or hidden, climbs (`..`), or
/// holds what no name of a site needs and some system takes for more than a name.
pub fn name(target: &str) -> Option<String> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let mut parts: Vec<String> = vec![];
    for part in path.split('/') {
        // Decoded after it was split: an encoded slash is part of a name, which none may have.
        parts.push(percent_decode_str(part).decode_utf8().ok()?.into_owned());
    }
    if parts.last().is_some_and(String::is_empty) {
        parts.pop();
        parts.push("index.html".into());
    }
    let forbidden = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':');
    let harmless = |part: &String| !part.is_empty() && !part.starts_with('.') && !part.contains(forbidden);
    parts.iter().all(harmless).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn names_are_decoded_and_a_folder_means_its_page() {
        let cases = [
            ("/", "index.html"),
            ("/?model=x#y", "index.html"),
            ("/a.wasm", "a.wasm"),
            ("/weights/my%20model/model.json", "weights/my model/model.json"),
            ("/zh/", "zh/index.html"),
            ("/%E7%8C%AB.png?1", "猫.png"),
        ];
        for (target, expected) in cases {
            assert_eq!(name(target).as_deref(), Some(expected), "{target}");
        }
    }

    #[test]
    fn names_with_path_traversal_or_hidden_parts_are_refused() {
        let cases = [
            "",
            "index.html",
            "/..",
            "/../Cargo.toml",
            "/a/../../etc/passwd",
            "/%2e%2e/Cargo.toml",
            "/%2E%2e%2fCargo.toml",
            "/..%5cCargo.toml",
            "/..%2fCargo.toml",
            "/a%2fb",
            "/.hidden",
            "/a/.git/config",
            "//etc/passwd",
            "/a//b",
            "/C:/windows",
            "/c%3a/windows",
            "/a%00.png",
            "/%ff",
            "/./index.html",
        ];
        for target in cases {
            assert_eq!(name(target), None, "{target}");
        }
    }
}
