//! Places of files, which a report keeps for itself: whoever gets it learns the names of files, and not of the folders that they lie in
//! on the machine that made it. What was written from where the program ran stays as it was written.

use std::path::Path;

use serde_json::Value;

/// The text, or the last part of it where it is a whole path.
pub(super) fn name(text: &str) -> String {
    let path = Path::new(text);
    let last = path.file_name().filter(|_| path.is_absolute());
    last.map_or_else(|| text.to_owned(), |last| last.to_string_lossy().into_owned())
}

/// The same of a word of a command, which may be an option with its value.
pub(super) fn word(text: &str) -> String {
    match text.split_once('=') {
        Some((option, value)) if option.starts_with("--") => format!("{option}={}", name(value)),
        _ => name(text),
    }
}

/// The same of all texts in a value.
pub(super) fn value(one: &Value) -> Value {
    match one {
        Value::String(text) => name(text).into(),
        Value::Array(items) => items.iter().map(value).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, one)| (name(key), value(one))).collect::<serde_json::Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// A sentence about a file, with its name in the place of its path.
pub(super) fn sentence(text: &str, file: &Path) -> String {
    let path = file.display().to_string();
    text.replace(&path, &name(&path))
}

#[cfg(all(test, unix))]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whole_paths_lose_their_folders_and_nothing_else_changes() {
        assert_eq!(name("/folder/of/alice/patients/cat.jpg"), "cat.jpg");
        assert_eq!(name("photos/cat.jpg"), "photos/cat.jpg");
        assert_eq!(name("tabby/tiger_cat"), "tabby/tiger_cat");
        assert_eq!(name("/"), "/");
        assert_eq!(word("--out=/folder/of/alice/maps"), "--out=maps");
        assert_eq!(word("--class"), "--class");
        assert_eq!(word("a=/b"), "a=/b");
        let told = value(
            &json!({ "image": "/folder/of/alice/cat.jpg", "list": [1, "/srv/x"], "/folder/of/alice/a.png": null, "layer": "a/b" }),
        );
        assert_eq!(told, json!({ "image": "cat.jpg", "list": [1, "x"], "a.png": null, "layer": "a/b" }));
        let path = Path::new("/folder/of/alice/broken.png");
        assert_eq!(sentence("/folder/of/alice/broken.png: it is no image", path), "broken.png: it is no image");
    }
}
