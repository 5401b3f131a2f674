//! The page: built by trunk into `dist`, with the models beside it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::run::Step;
use crate::seal::{Offline, seal};
use crate::setup::wasm::{self, TARGET};
use crate::weights::read_json;
use crate::{atomic, optimise, paths, weights};

/// The model that is part of the checkout and comes first.
pub const EMBEDDED: &str = "squeezenet1_1";

/// Purpose of a build of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Work on it: browsers never keep it.
    Fresh,
    /// Tests: browsers keep it, as they do a site.
    Kept,
    /// Visitors: optimised, too.
    Site,
}

/// Builds the release page and returns its folder.
///
/// # Errors
/// When a crate cannot be fetched, the page does not compile, or the models cannot be copied.
pub fn build(build: Build) -> Result<PathBuf> {
    let repo = paths::repo();
    let dist = repo.join("dist");
    // Trunk runs cargo without network, so that it cannot fetch tools of its own either.
    let mut fetch = wasm::cargo();
    fetch.current_dir(&repo).args(["fetch", "--locked", "--target", TARGET]);
    // Build scripts and macros run here, and depend on crates of their own.
    fetch.args(wasm::host().iter().flat_map(|host| ["--target", host]));
    Step { title: "Fetching the page's crates", log: "fetch", limit: None }.run(&mut fetch)?;
    let mut trunk = wasm::command(Path::new("trunk"));
    trunk.current_dir(&repo).args(["build", "--release", "--dist"]).arg(&dist);
    if build == Build::Site {
        trunk.args(["--cargo-profile", "site"]);
    }
    // Trunk takes NO_COLOR=1, which many set, for a bad value of its own flag.
    trunk.env_remove("NO_COLOR");
    let title = "Building the page (the first time takes 15 minutes or more)";
    Step { title, log: "trunk", limit: None }.run(&mut trunk)?;
    if build == Build::Site {
        optimise::folder(&dist)?;
    }
    seal(&dist, if build == Build::Fresh { Offline::Never } else { Offline::Kept })?;
    add_models(&dist, build)?;
    Ok(dist)
}

/// Puts the embedded model and the packed ones into `dist/weights`, with an index.
fn add_models(dist: &Path, build: Build) -> Result<()> {
    let mut models = models(&paths::repo().join("models"), &weights::folder())?;
    if build == Build::Site {
        keep_offered(&mut models);
    }
    if models.is_empty() {
        println!("no models: the page will have nothing to show until one is packed");
    }
    atomic::folder(&dist.join("weights"), |part| {
        for model in &models {
            let id = model.file_name().context("a model folder has no name")?;
            atomic::copy_tree(model, &part.join(id))?;
        }
        fs::write(part.join("index.json"), index(&models)?.to_string())?;
        Ok(())
    })
}

/// The model folders, the embedded one first, the others by name. A model packed again in `packed` stands back behind
/// the embedded one of the same name.
fn models(embedded: &Path, packed: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let default = embedded.join(EMBEDDED);
    if default.join("model.json").is_file() {
        found.push(default.clone());
    }
    let entries = fs::read_dir(packed).into_iter().flatten().flatten();
    let mut others: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| is_model(path)).collect();
    others.retain(|path| found.is_empty() || path.file_name() != default.file_name());
    others.sort();
    found.extend(others);
    Ok(found)
}

/// Leaves out what no visitor is offered.
fn keep_offered(models: &mut Vec<PathBuf>) {
    models.retain(|path| path.file_name().is_some_and(|id| weights::offered(&id.to_string_lossy())));
}

/// Whether a folder is a packed model; a hidden one is an unfinished one.
fn is_model(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    !hidden && path.join("model.json").is_file()
}

/// `{"models": [{"id", "name", "bytes"}, ..]}`: what the page offers before it has loaded any model.
fn index(models: &[PathBuf]) -> Result<Value> {
    let entries: Result<Vec<Value>> = models.iter().map(|model| entry(&model.join("model.json"))).collect();
    Ok(json!({ "models": entries? }))
}

fn entry(manifest: &Path) -> Result<Value> {
    let json = read_json(manifest)?;
    let shards = json.get("shards").and_then(Value::as_array);
    let bytes: Option<u64> = shards.and_then(|list| list.iter().map(|shard| shard.get("bytes")?.as_u64()).sum());
    // The page asks for a model by the name of its folder.
    let id = manifest.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    match (id, json.get("name"), bytes) {
        (Some(id), Some(name), Some(bytes)) => Ok(json!({ "id": id, "name": name, "bytes": bytes })),
        _ => bail!("{} lacks a name or the shards' sizes: pack the model again", manifest.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model of one name in a folder of another, as another packing of it is.
    fn model(root: &Path, id: &str) {
        let json = json!({ "id": "net", "name": id.to_uppercase(), "shards": [{ "bytes": 3 }, { "bytes": 4 }] });
        fs::create_dir_all(root.join(id)).expect("created");
        fs::write(root.join(id).join("model.json"), json.to_string()).expect("written");
    }

    #[test]
    fn the_embedded_model_comes_first_and_once() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (embedded, packed) = (dir.path().join("models"), dir.path().join("weights"));
        model(&embedded, EMBEDDED);
        for id in ["vgg16_base", "alexnet", EMBEDDED, ".unfinished"] {
            model(&packed, id);
        }
        let found = models(&embedded, &packed).expect("found");
        let index = index(&found).expect("an index");
        let ids: Vec<&str> =
            index["models"].as_array().expect("a list").iter().filter_map(|m| m["id"].as_str()).collect();
        assert_eq!(ids, [EMBEDDED, "alexnet", "vgg16_base"]);
        assert_eq!(index["models"][0], json!({ "id": EMBEDDED, "name": "SQUEEZENET1_1", "bytes": 7 }));
    }

    #[test]
    fn visitors_are_offered_what_is_for_them_and_what_is_somebodys_own() {
        let all = [EMBEDDED, "vgg16_base", "vgg16_brain_mri", "my_model"];
        let mut models: Vec<PathBuf> = all.iter().map(PathBuf::from).collect();
        keep_offered(&mut models);
        assert_eq!(models, [EMBEDDED, "vgg16_base", "my_model"].map(PathBuf::from));
    }

    #[test]
    fn a_manifest_without_shards_is_named() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        fs::write(dir.path().join("model.json"), "{\"id\": \"x\", \"name\": \"X\"}").expect("written");
        let error = index(&[dir.path().to_path_buf()]).expect_err("no shards").to_string();
        assert!(error.contains("model.json"), "{error}");
    }

    #[test]
    fn no_packed_models_is_no_error() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        assert!(models(&dir.path().join("a"), &dir.path().join("b")).expect("none").is_empty());
    }
}
