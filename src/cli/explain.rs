//! `explain`: for every picture and layer an overlay, the map itself, and one manifest of it all.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use convscope::error::{Error, Result};
use convscope::explain::{self, Ask, Blank, Convention, Map};
use convscope::picture::Picture;
use convscope::render::{deprocess, heat_over, signed_over};
use convscope::session::Session;
use pollster::block_on;
use serde_json::json;

use super::files::{exit_code, for_each_picture, plain};
use super::results::{Method, Results};
use super::{ExplainAsk, With};

/// The method whose maps have a sign; the others answer in magnitudes.
const SIGNED: &str = "grad_cam";

pub(super) fn run(pictures: &[PathBuf], with: &With, ask: &ExplainAsk, out: &Path, as_json: bool) -> Result<ExitCode> {
    // Everything that can be wrong with the request is said before a picture is read or a file is written.
    let convention = Convention::named(&ask.convention)?;
    let method = explain::method(&ask.method)?;
    if ask.signed && ask.method != SIGNED {
        return Err(Error::Request(format!(
            "the maps of {} have no sign; leave out --signed, or use the method {SIGNED}",
            ask.method
        )));
    }
    let mut session = with.session(None)?;
    let layers = session.layers(&ask.layer, false)?;
    if ask.class != "top1" || session.model().manifest.labels.is_empty() {
        session.class(&ask.class)?;
    }
    let mut results = Results::new(out, as_json)?;
    let failures = for_each_picture(pictures, |path, picture| {
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
        let stem = results.stem(path);
        for map in maps {
            let overlay = draw(&session, picture, ask, &question, &map);
            let sign = if ask.signed { "_signed" } else { "" };
            let name = format!("{stem}.{}{sign}.{}.{class}", ask.method, plain(&map.layer));
            let (drawn, array) = (format!("{name}.png"), format!("{name}.npy"));
            results.write(&drawn, &overlay.png()?)?;
            results.write(&array, &if ask.signed { map.signed.npy() } else { map.normalised.npy() })?;
            if !as_json {
                say_if_blank(path, ask, &map);
            }
            let entry = json!({
                "picture": path, "method": ask.method, "convention": convention.name, "layer": map.layer,
                "class": session.classes()?.iter().find(|one| one.index == class), "signed": ask.signed,
                "shape": [map.normalised.height, map.normalised.width],
                "region": session.model().manifest.preprocessing.region(picture.width(), picture.height()),
                "raw_maximum": map.raw_maximum.is_finite().then_some(map.raw_maximum),
                "blank": map.blank.map(|blank| blank.to_string()), "seconds": seconds, "overlay": drawn, "map": array,
            });
            results.add(&session, entry)?;
        }
        Ok(())
    });
    let named = Method { id: method.id(), title: method.title(), paper: method.paper() };
    results.finish(&session, &named, json!({ "convention": convention }), &failures)?;
    Ok(exit_code(&failures))
}

/// The picture of a map.
fn draw(session: &Session, picture: &Picture, ask: &ExplainAsk, question: &Ask, map: &Map) -> Picture {
    let preprocessing = &session.model().manifest.preprocessing;
    let region = preprocessing.region(picture.width(), picture.height());
    match &map.image {
        // An image in the space of the input is shown at the input's size, pixel for pixel.
        Some(image) => {
            let colours = question.convention.colours;
            deprocess(image, map.normalised.width, map.normalised.height, preprocessing.channels, colours)
        }
        None if ask.signed => match map.signed_normalised() {
            Some(signed) => signed_over(picture, &signed, region, ask.opacity),
            None => picture.clone(),
        },
        None => heat_over(picture, &map.normalised, region, ask.colormap, ask.opacity, question.convention.style),
    }
}

/// A map that shows nothing says why, and what shows more.
fn say_if_blank(path: &Path, ask: &ExplainAsk, map: &Map) {
    let Some(why) = map.blank else { return };
    let hint = match why {
        Blank::AllNegative if ask.signed => return,
        Blank::AllNegative => " (--signed draws it)",
        Blank::SaturatedSoftmax => " (--convention paper)",
        _ => "",
    };
    eprintln!("convscope: {}: the map of {} is blank: {why}{hint}", path.display(), map.layer);
}
