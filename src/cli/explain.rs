//! `explain`: for every picture and layer an overlay, the map itself, and one manifest of it all.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use convscope::error::{Error, Result};
use convscope::explain::{self, Ask, Convention, Map};
use convscope::picture::Picture;
use convscope::render::{deprocess, heat_over};
use convscope::session::Session;
use pollster::block_on;
use serde_json::{Value, json};

use super::files::{make_folder, plain, unused_stem, write};
use super::open::{for_each_picture, print};
use super::{ExplainAsk, With};

pub(super) fn run(pictures: &[PathBuf], with: &With, ask: &ExplainAsk, out: &Path, as_json: bool) -> Result<ExitCode> {
    // Everything that can be wrong with the request is said before a picture is read or a file is written.
    let convention = Convention::named(&ask.convention)?;
    let method = explain::method(&ask.method)?;
    let mut session = with.session(None)?;
    let layers = session.layers(&ask.layer, false)?;
    if ask.class != "top1" || session.model().manifest.labels.is_empty() {
        session.class(&ask.class)?;
    }
    make_folder(out)?;

    let mut stems = HashSet::new();
    let (mut results, mut failures) = (Vec::new(), Vec::new());
    let each = |path: &Path, picture: &Picture| {
        let start = Instant::now();
        block_on(session.look(picture))?;
        let class = session.class(&ask.class)?;
        let question = Ask { class, layers: layers.clone(), convention };
        let mut maps = Vec::new();
        let keep = async |map| {
            maps.push(map);
            true
        };
        block_on(session.explain(&ask.method, &question, keep))?;
        let seconds = start.elapsed().as_secs_f64();
        let stem = unused_stem(path, &mut stems);
        for map in maps {
            let entry = write_map(&session, path, picture, &stem, ask, &question, &map, seconds, out)?;
            if as_json {
                print(&entry.to_string())?;
            } else if let Some(blank) = map.blank {
                eprintln!("convscope: {}: the map of {} is blank: {blank}", path.display(), map.layer);
            }
            results.push(entry);
        }
        Ok(())
    };
    let failed = |path: &Path, error: &Error| failures.push(json!({ "picture": path, "error": error.to_string() }));
    let code = for_each_picture(pictures, each, failed);

    let manifest = &session.model().manifest;
    let summary = json!({
        "program": concat!("convscope ", env!("CARGO_PKG_VERSION")),
        "model": { "id": manifest.id, "name": manifest.name, "hash": session.model().hash },
        "method": { "id": method.id(), "title": method.title(), "paper": method.paper() },
        "convention": convention,
        "device": session.device_name(),
        "results": results,
        "failures": failures,
    });
    write(out, "manifest.json", format!("{summary:#}\n").as_bytes())?;
    Ok(code)
}

/// Writes a map's two files and gives its entry for the manifest.
#[allow(clippy::too_many_arguments, reason = "an entry is made of just these")]
fn write_map(
    session: &Session,
    path: &Path,
    picture: &Picture,
    stem: &str,
    ask: &ExplainAsk,
    question: &Ask,
    map: &Map,
    seconds: f64,
    out: &Path,
) -> Result<Value> {
    let manifest = &session.model().manifest;
    let region = manifest.preprocessing.region(picture.width(), picture.height());
    let over = match &map.image {
        // An image in the space of the input is shown at the input's size, pixel for pixel.
        Some(image) => {
            let channels = manifest.preprocessing.channels;
            let colours = question.convention.colours;
            deprocess(image, map.normalised.width, map.normalised.height, channels, colours)
        }
        None => heat_over(picture, &map.normalised, region, ask.colormap, ask.opacity, question.convention.style),
    };
    let name = format!("{stem}.{}.{}.{}", ask.method, plain(&map.layer), question.class);
    let (overlay, array) = (format!("{name}.png"), format!("{name}.npy"));
    write(out, &overlay, &over.png()?)?;
    write(out, &array, &map.normalised.npy())?;
    let class = session.classes()?.iter().find(|class| class.index == question.class);
    Ok(json!({
        "picture": path,
        "model": manifest.id,
        "device": session.device_name(),
        "method": ask.method,
        "convention": question.convention.name,
        "layer": map.layer,
        "class": class,
        "shape": [map.normalised.height, map.normalised.width],
        "region": region,
        "raw_maximum": map.raw_maximum.is_finite().then_some(map.raw_maximum),
        "blank": map.blank.map(|blank| blank.to_string()),
        "seconds": seconds,
        "overlay": overlay,
        "map": array,
    }))
}
