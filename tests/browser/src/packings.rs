//! Models that are served beside those that come with the page.

use std::path::Path;

use serde_json::{Value, json};

use crate::{Server, Setting, attempt};

/// Packs a model that comes with the page once more in each of these ways, beside it; `false` where there is no program to.
///
/// # Panics
/// Where the site is not as it should be, or the program refuses.
pub fn packed(test: &str, setting: &Setting, server: &Server, own: &str, codecs: &[&str]) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let source = setting.site.join("weights").join(own).display().to_string();
    for codec in codecs {
        let (id, out) = (format!("{own}-{codec}"), folder.path().join(codec));
        let out = out.to_str().expect("a name");
        let Some((good, _)) = attempt(test, &["pack", &source, "--codec", codec, "--out", out, "--unmeasured"]) else {
            return false;
        };
        assert!(good, "packed in {codec}");
        served(setting, server, &id, "SqueezeNet 1.1", Path::new(out));
    }
    true
}

/// Serves the packed model in a folder, too.
///
/// # Panics
/// Where the site or the folder is not as it should be.
pub fn served(setting: &Setting, server: &Server, id: &str, name: &str, folder: &Path) {
    const LIST: &str = "weights/index.json";
    let list =
        server.replaced(LIST).unwrap_or_else(|| std::fs::read(setting.site.join(LIST)).expect("the list of models"));
    let mut list: Value = serde_json::from_slice(&list).expect("JSON");
    let mut bytes = 0;
    for file in std::fs::read_dir(folder).expect("the packed model").flatten() {
        let (name, content) = (file.file_name(), std::fs::read(file.path()).expect("a file"));
        bytes += content.len();
        server.replace(&format!("weights/{id}/{}", name.to_string_lossy()), content);
    }
    list["models"].as_array_mut().expect("models").push(json!({ "id": id, "name": name, "bytes": bytes }));
    server.replace(LIST, list.to_string().into_bytes());
}
