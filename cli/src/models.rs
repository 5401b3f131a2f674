//! `models`.

use std::process::ExitCode;

use convscope::error::Result;
use serde_json::json;

use super::Place;
use super::open::Found;
use super::say::{complain, print, print_json};

pub(super) fn run(place: &Place, as_json: bool) -> Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    place.say_which();
    for (id, found) in place.models()? {
        let manifest = match found.manifest() {
            Ok(manifest) => manifest,
            Err(error) => {
                complain(&error);
                code = ExitCode::FAILURE;
                continue;
            }
        };
        let place = match &found {
            Found::Folder(folder) => folder.0.display().to_string(),
            Found::Embedded(_) => "embedded".into(),
        };
        let bytes = manifest.total_bytes();
        if as_json {
            print_json(&json!({
                "id": id, "name": manifest.name, "bytes": bytes, "classes": manifest.labels.len(),
                "layers": manifest.taps, "licence": manifest.licence, "source": manifest.source, "place": place,
            }))?;
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
    Ok(code)
}
