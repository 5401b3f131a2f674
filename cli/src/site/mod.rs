//! `open`: the page, served to this machine's own browser.

mod packed;

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use convscope::embedded;
use convscope::error::{Error, Result};
use convscope::fault;
use convscope::installed::Found;
use convscope_server::{Content, Embedder, Folder, NO_SERVICE_WORKER, Policy, Site, address, browse, listen, serve};
use serde_json::json;

use super::open::Place;
use super::say::{complain, note, print};

/// The page, and the script by which browsers keep it: on this port another program's page may be next, which a kept one would
/// stand before. So the page is served without it, and in the script's place one that removes what an earlier version has left.
const PAGE: &str = "index.html";
const SERVICE_WORKER: &str = "service_worker.js";
/// Start of the tag by which the page names the script; see `xtask/src/seal.rs`.
const KEPT_BY: &str = "<meta name=\"convscope-service-worker\"";
/// Folder of the models on the site.
const WEIGHTS: &str = "weights/";

/// Request for the page, from the command line.
#[derive(Debug, clap::Args)]
pub(super) struct Ask {
    /// Folder of packed models, which the page offers beside the one that is part of the program [default: $CONVSCOPE_WEIGHTS,
    /// else convscope/models in the folder for the user's data]
    #[arg(value_name = "WEIGHTS")]
    weights: Option<PathBuf>,
    /// The port on 127.0.0.1; 0 is any that is free
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Do not open a browser
    #[arg(long)]
    no_browser: bool,
    /// Serve the built page in this folder instead of the one that is part of the program
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// A page's origin that may show the page in a frame, such as http://127.0.0.1:3000, or file: for pages of this machine's disk; may be
    /// given several times [default: none]
    #[arg(long, value_name = "ORIGIN")]
    embed_in: Vec<Embedder>,
}

/// Serves until the program is ended.
pub(super) fn run(ask: &Ask) -> Result<ExitCode> {
    let page = page(ask.site.as_deref())?;
    let models = models(&Place { weights: ask.weights.clone() })?;
    let listener = listen(ask.port).map_err(served)?;
    let address = address(&listener).map_err(|error| {
        Error::Request(fault!("no-address", "the server has no address ({error})", error).with_source(error))
    })?;
    print(&format!("{address} (Ctrl-C ends it)"))?;
    if !ask.no_browser && browse(&address).is_err() {
        note(&format!("no browser could be opened; open {address} in one"));
    }
    serve(listener, Whole { page, models }, Policy::from(ask.embed_in.clone())).map_err(served)?;
    Ok(ExitCode::SUCCESS)
}

/// Error that the server gives as a sentence.
fn served(sentence: String) -> Error {
    Error::Request(fault!("server", "{sentence}", sentence))
}

/// The page's own files.
enum Page {
    Folder(Folder),
    Packed(HashMap<String, Arc<[u8]>>),
}

fn page(folder: Option<&Path>) -> Result<Page> {
    let Some(folder) = folder else {
        return packed::read()?.map(Page::Packed).ok_or_else(|| {
            Error::Request(fault!(
                "no-page",
                "this program was built without the page: build one that has it with `cargo xtask site --binary FILE`, or name the folder of a built page with --site"
            ))
        });
    };
    if !folder.join(PAGE).is_file() {
        return Err(Error::Request(fault!(
            "no-index",
            "there is no index.html in {folder}; name the folder that `cargo xtask page` or `cargo xtask site` has built",
            folder = folder.display()
        )));
    }
    Ok(Page::Folder(Folder(folder.into())))
}

/// The models, and the list of them that the page asks for first.
struct Models {
    list: Arc<[u8]>,
    by_id: HashMap<String, Found>,
}

/// The embedded model comes first, since the page shows the first one. One that cannot be read is named and left out.
fn models(place: &Place) -> Result<Models> {
    let (mut entries, mut by_id) = (vec![], HashMap::new());
    let mut found = place.models().all()?;
    place.say_which();
    found.sort_by_key(|(id, _)| id != embedded::ID);
    for (id, found) in found {
        match found.manifest() {
            Ok(manifest) => {
                // The page asks for a model by the name of its folder.
                entries.push(json!({ "id": id, "name": manifest.name, "bytes": manifest.total_bytes() }));
                by_id.insert(id, found);
            }
            Err(error) => complain(&error),
        }
    }
    let list = json!({ "models": entries }).to_string().into_bytes();
    Ok(Models { list: list.into(), by_id })
}

/// The page with the models beside it.
struct Whole {
    page: Page,
    models: Models,
}

impl Site for Whole {
    fn find(&self, name: &str) -> Option<Content> {
        if let Some(name) = name.strip_prefix(WEIGHTS) {
            return self.models.find(name);
        }
        match name {
            SERVICE_WORKER => Some(Content::Bytes(Arc::from(NO_SERVICE_WORKER.as_bytes()))),
            PAGE => self.page.find(name).and_then(unkept),
            _ => self.page.find(name),
        }
    }
}

impl Page {
    fn find(&self, name: &str) -> Option<Content> {
        match self {
            Self::Folder(folder) => folder.find(name),
            Self::Packed(files) => files.get(name).cloned().map(Content::Bytes),
        }
    }
}

/// The page without the line by which it has the browser keep it.
fn unkept(page: Content) -> Option<Content> {
    let page = match page {
        Content::File(mut file) => {
            let mut text = String::new();
            file.read_to_string(&mut text).ok()?;
            text
        }
        Content::Bytes(bytes) => String::from_utf8(bytes.to_vec()).ok()?,
    };
    let text = match page.split_once(KEPT_BY) {
        Some((before, after)) => [before, after.split_once('>')?.1].concat(),
        None => page,
    };
    Some(Content::Bytes(text.into_bytes().into()))
}

impl Models {
    fn find(&self, name: &str) -> Option<Content> {
        if name == "index.json" {
            return Some(Content::Bytes(self.list.clone()));
        }
        // A model's folder has no folders in it.
        let (id, file) = name.split_once('/')?;
        match self.by_id.get(id)? {
            Found::Folder(folder) => Folder(folder.0.clone()).find(file),
            Found::Embedded(embedded) => {
                let (_, bytes) = embedded.0.iter().find(|(name, _)| *name == file)?;
                Some(Content::Bytes(Arc::from(*bytes)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_found_by_their_folders_and_nothing_else_is() {
        let dir = tempfile::tempdir().unwrap();
        let (one, broken) = (dir.path().join("weights/my model"), dir.path().join("weights/broken"));
        std::fs::create_dir_all(&one).unwrap();
        std::fs::create_dir_all(&broken).unwrap();
        std::fs::write(dir.path().join("weights/secret.txt"), "secret").unwrap();
        let Found::Embedded(model) = Found::Embedded(embedded::SQUEEZENET) else { unreachable!() };
        for (name, bytes) in model.0 {
            std::fs::write(one.join(name), bytes).unwrap();
        }
        std::fs::write(broken.join("model.json"), "{").unwrap();
        // Reading it would never end.
        #[cfg(unix)]
        assert!(std::process::Command::new("mkfifo").arg(one.join("pipe")).status().unwrap().success());
        std::fs::create_dir(one.join("folder")).unwrap();
        let models = models(&Place { weights: Some(dir.path().join("weights")) }).unwrap();
        let list: serde_json::Value = serde_json::from_slice(&models.list).unwrap();
        let ids: Vec<&str> =
            list["models"].as_array().unwrap().iter().filter_map(|model| model["id"].as_str()).collect();
        assert_eq!(ids, [embedded::ID, "my model"]);
        assert!(list["models"][1]["bytes"].as_u64().unwrap() > 1_000_000);
        for name in ["index.json", "my model/model.json", "squeezenet1_1/weights-00.bin"] {
            assert!(models.find(name).is_some(), "{name}");
        }
        for name in [
            "secret.txt",
            "broken/model.json",
            "my model",
            "my model/absent",
            "my model/pipe",
            "my model/folder",
            "other/model.json",
        ] {
            assert!(models.find(name).is_none(), "{name}");
        }
    }
}
