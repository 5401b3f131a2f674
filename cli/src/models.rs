//! `models`.

use std::process::ExitCode;

use convscope::error::Result;
use convscope::installed::Found;
use serde_json::json;

use super::open::Place;
use super::pull::{self, Other};
use super::say::{complain, print, print_json};

pub(super) fn run(place: &Place, as_json: bool) -> Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    place.say_which();
    let models = place.models().all()?;
    for (id, found) in &models {
        let manifest = match found.manifest() {
            Ok(manifest) => manifest,
            Err(error) => {
                complain(&error);
                code = ExitCode::FAILURE;
                continue;
            }
        };
        let place = match found {
            Found::Folder(folder) => folder.0.display().to_string(),
            Found::Embedded(_) => "embedded".into(),
        };
        let bytes = manifest.total_bytes();
        if as_json {
            let line = json!({
                "id": id, "name": manifest.name, "bytes": bytes, "classes": manifest.labels.len(),
                "layers": manifest.taps, "licence": manifest.licence, "source": manifest.source, "place": place,
            });
            print_json("model", line)?;
        } else {
            let classes = match manifest.labels.len() {
                0 => "no classifier".into(),
                1 => "1 output".into(),
                count if manifest.probabilities.is_none() => format!("{count} outputs"),
                count => format!("{count} classes"),
            };
            let megabytes = bytes as f64 / 1e6;
            print(&format!(
                "{id:<20} {} ({classes}, {megabytes:.1} MB, {}) in {place}",
                manifest.name, manifest.licence
            ))?;
        }
    }
    let known: Vec<&str> = models.iter().map(|(id, _)| id.as_str()).collect();
    for Other { id, title, bytes, fetched } in pull::others(&known) {
        if as_json {
            print_json("model", json!({ "id": id, "name": title, "download": bytes, "fetched": fetched }))?;
        } else {
            let megabytes = bytes as f64 / 1e6;
            let how = if fetched { "fetches" } else { "says how to get its file of" };
            print(&format!("{id:<20} {title} (not here; `convscope pull {id}` {how} {megabytes:.1} MB)"))?;
        }
    }
    Ok(code)
}
