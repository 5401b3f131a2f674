//! `explain`: for every picture and layer an overlay, the map itself, and one manifest of it all; or all of it on one page.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use convscope::error::{Error, Result};
use convscope::explain::{self, Ask, Blank, Convention, METHODS, Map};
use convscope::fault;
use convscope::picture::Picture;
use convscope::record::MapRecord;
use convscope::render::{MapStyle, draw_map};
use convscope::session::Session;
use pollster::block_on;
use serde_json::json;

use super::files::{exit_code, for_each_picture};
use super::report::{Report, Section};
use super::results::{Results, layer_words};
use super::say::note;
use super::{ExplainAsk, With, stop};

pub(super) fn run(
    pictures: &[PathBuf],
    with: &With,
    ask: &ExplainAsk,
    out: Option<&Path>,
    report: Option<&Path>,
    as_json: bool,
) -> Result<ExitCode> {
    // Everything that can be wrong with the request is said before a picture is read or a file is written.
    let convention = Convention::named(&ask.convention)?;
    let method = explain::method(&ask.method)?;
    let card = method.card();
    if ask.signed && !card.gives.signed() {
        let signed = METHODS.iter().map(|method| method.card()).filter(|card| card.gives.signed());
        let signed: Vec<&str> = signed.map(|card| card.id.as_ref()).collect();
        return Err(Error::Request(fault!(
            "no-sign",
            "the maps of {method} have no sign; leave out --signed, or use one of the methods that have: {signed}",
            method = card.id,
            signed = signed.join(", ")
        )));
    }
    let mut session = with.session(None)?;
    let layers = session.layers_for(&ask.method, &ask.layer)?;
    if ask.class != "top1" || session.model().manifest.labels.is_empty() {
        session.class(&ask.class)?;
    }
    let how = json!({ "convention": convention });
    let mut results = Results::new(out, as_json, session.maker().head(card.into(), how))?;
    let mut report = report.map(|file| Report::new(file, card, convention, ask.style())).transpose()?;
    let words = layer_words(&session);
    let failures = for_each_picture(pictures, |input| {
        let (start, picture) = (Instant::now(), &input.picture);
        block_on(session.look(picture))?;
        let question = Ask { class: session.class(&ask.class)?, layers: layers.clone(), convention };
        let maps = maps(&session, &ask.method, &question)?;
        let seconds = start.elapsed().as_secs_f64();
        let (name, sha256) = (input.name(), input.sha256());
        let class = session.class_numbers(question.class)?;
        let record = |map| MapRecord {
            picture: &name,
            picture_sha256: &sha256,
            method: &card.id,
            convention: convention.name,
            class,
            signed: ask.signed,
            region: session.model().manifest.preprocessing.region(picture.width(), picture.height()),
            map,
            seconds,
        };
        let _lock = results.lock();
        let begin =
            results.start(input, |begin| maps.iter().flat_map(|map| record(map).files(begin, &words)).collect());
        let mut section =
            report.as_ref().map(|report| report.section(&session, &name, picture, question.class)).transpose()?;
        for map in &maps {
            let record = record(map);
            let files = results.keeps_files().then(|| record.files(&begin, &words));
            if let Some(files) = &files {
                write(&session, picture, ask.style(), convention, &record, files, &results)?;
            }
            if !as_json {
                say_if_blank(&name, ask, map);
            }
            section.iter_mut().try_for_each(|section| section.map(&session, &record, convention, ask.style()))?;
            results.add(record.entry(&session.maker(), files.as_ref()))?;
        }
        keep(&mut report, section, seconds)
    });
    let manifest = results.finish(json!({}), &failures)?;
    if let Some(report) = report {
        report.finish(&session, &failures, &manifest)?;
    }
    Ok(exit_code(&failures))
}

impl ExplainAsk {
    fn style(&self) -> MapStyle {
        MapStyle { colormap: self.colormap, opacity: self.opacity, signed: self.signed }
    }
}

/// All maps of the picture looked at last.
fn maps(session: &Session, method: &str, question: &Ask) -> Result<Vec<Map>> {
    let mut maps = Vec::new();
    let keep = async |map| {
        maps.push(map);
        !stop::asked()
    };
    block_on(session.explain(method, question, keep))?;
    Ok(maps)
}

/// Writes a map's two files.
fn write(
    session: &Session,
    picture: &Picture,
    style: MapStyle,
    convention: Convention,
    record: &MapRecord<'_>,
    files: &[String; 2],
    results: &Results,
) -> Result<()> {
    let overlay = draw_map(record.map, picture, &session.model().manifest.preprocessing, convention, style)?;
    results.write(&files[0], &overlay.png()?)?;
    results.write(&files[1], &record.array())
}

fn keep(report: &mut Option<Report>, section: Option<Section>, seconds: f64) -> Result<()> {
    match (report, section) {
        (Some(report), Some(section)) => report.add(section, seconds),
        _ => Ok(()),
    }
}

/// A map that shows nothing says why, and what shows more.
fn say_if_blank(picture: &str, ask: &ExplainAsk, map: &Map) {
    let Some(why) = map.blank else { return };
    let hint = match why {
        Blank::AllNegative if ask.signed => return,
        Blank::AllNegative => " (--signed draws it)",
        Blank::SaturatedSoftmax => " (--convention paper)",
        _ => "",
    };
    note(&format!("{picture}: the map of {} is blank: {why}{hint}", map.layer));
}
