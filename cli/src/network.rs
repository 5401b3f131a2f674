//! Methods that ask for no picture, such as `filters`: everything that they give, and a sheet of the images among it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use convscope::artifact::{Artifact, Measure, Optimized, Panel};
use convscope::error::{Error, Result};
use convscope::explain::Channels;
use convscope::model::Model;
use convscope::param::{Kind, Param, Value};
use convscope::picture::Picture;
use convscope::record::{LayerWords, Made, joined, plain};
use convscope::render::{Colours, stitch};
use serde_json::json;

use super::ask::Ask;
use super::explain::Into;
use super::listen::listen;
use super::report::{Report, Section};
use super::results::Results;
use super::say::{note, print};
use super::stop;

/// Black pixels between the pictures of a sheet: the notebook's.
const MARGIN: usize = 5;

pub(super) fn run(ask: &Ask, model: &Model, layers: &[&str], pictures: &[PathBuf], into: Into<'_>) -> Result<ExitCode> {
    if !pictures.is_empty() {
        note(&format!("{} is about the network alone; the pictures are not looked at", ask.card.id));
    }
    let layer = layers.first().copied().unwrap_or_default();
    let wanted = Wanted::of(ask, model, layer);
    stop::on_signals();
    let (start, mut found) = (Instant::now(), vec![]);
    let done = listen(model, &ask.request, |mut artifact| {
        // The drawing is all that is needed of an image, at a quarter of the bytes.
        if let Artifact::Panel(panel) = &mut artifact {
            panel.values = vec![];
        }
        found.push(artifact);
        Ok(())
    });
    match done {
        // What was found so far is kept.
        Err(Error::Cancelled) if stop::asked() => {
            note(&format!("stopped; {} of {} {} are done", found.len(), wanted.channels.len(), wanted.noun));
        }
        done => done?,
    }
    let seconds = start.elapsed().as_secs_f64();
    wanted.sort(&mut found);
    let how = joined(ask.how(&model.manifest.preprocessing)?, json!({ "layer": layer, wanted.noun: wanted.words }));
    let mut results = Results::new(into.out, into.json, model.maker().head(ask.card, how))?;
    let mut report = into.report.map(|file| Report::new(file, ask)).transpose()?;
    let made = Made {
        maker: model.maker(),
        preprocessing: &model.manifest.preprocessing,
        layers: &LayerWords::of_graph(model.network.graph()),
        card: ask.card,
        convention: ask.convention,
        about: None,
        class: None,
        style: ask.style,
        seconds,
    };
    let lock = results.lock();
    let all = |stem: &str| {
        let sheet = std::iter::once(made.sheet(stem, layer));
        found.iter().flat_map(|artifact| made.files(stem, artifact)).chain(sheet).collect()
    };
    let stem = results.start_without_picture(&plain(&model.manifest.id), all);
    let mut section = report.as_ref().map(|_| Section::new(&made, &[])).transpose()?;
    for artifact in &found {
        let files = results.write_all(&made, &stem, artifact)?;
        section.iter_mut().try_for_each(|section| section.add(&made, artifact))?;
        results.add(made.entry(artifact, files.as_deref()), json!({}))?;
    }
    let dropped = found.iter().filter(|artifact| optimized(artifact).is_some_and(Optimized::dead)).count();
    let sheet = if results.keeps_files() { write_sheet(&made.sheet(&stem, layer), &found, &results)? } else { None };
    drop(lock);
    if dropped > 0 {
        note(&format!("{dropped} of {} {} of {layer} do not fire and are dropped", found.len(), wanted.noun));
    }
    say_colours(ask);
    if !into.json {
        let place = sheet.as_ref().zip(into.out);
        let place = place.map(|(sheet, out)| format!(", the best of them in {}", out.join(sheet).display()));
        let count = found.len() - dropped;
        print(&format!("{layer}: {count} {} in {seconds:.1} s{}", wanted.noun, place.unwrap_or_default()))?;
    }
    let manifest = results.finish(json!({ "seconds": seconds, "sheet": sheet, "dropped": dropped }), &[])?;
    if let (Some(mut report), Some(section)) = (report.take(), section) {
        report.add(section, seconds)?;
        report.finish(model, &[], &manifest)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Which channels of the layer are wanted.
struct Wanted {
    /// What they are called.
    noun: &'static str,
    /// All that are looked at, by number.
    channels: Vec<usize>,
    /// Whether they are to be in the order of their rank.
    ranked: bool,
    /// As the manifest says it.
    words: String,
}

impl Wanted {
    fn of(ask: &Ask, model: &Model, layer: &str) -> Self {
        let channels = |param: &&Param| matches!(param.kind, Kind::Channels { .. });
        let param = ask.card.params.iter().find(channels);
        let wanted = param.and_then(|param| ask.value(param).to_string().parse().ok()).unwrap_or(Channels::All);
        let graph = model.network.graph();
        let count = graph.id(layer).map_or(0, |layer| graph.shape(layer)[0]);
        let (channels, words) = match &wanted {
            Channels::All => ((0..count).collect(), Some("all".into())),
            Channels::Top(best) => ((0..count).collect(), Some(format!("top{best}"))),
            Channels::First(first) => ((0..count.min(*first)).collect(), None),
            Channels::These(channels) => (channels.clone(), None),
        };
        let numbers = |channels: &[usize]| channels.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
        let words = words.unwrap_or_else(|| numbers(&channels));
        let noun = param.map_or("results", |param| &param.id);
        Self { noun, channels, ranked: matches!(wanted, Channels::Top(_)), words }
    }

    /// In the order in which they were asked for, or the best first.
    fn sort(&self, found: &mut [Artifact]) {
        if self.ranked {
            found.sort_by(|one, other| rank(other).total_cmp(&rank(one)));
        } else {
            let place = |artifact: &Artifact| match artifact {
                Artifact::Panel(panel) => self.channels.iter().position(|channel| *channel == panel.channel),
                _ => None,
            };
            found.sort_by_cached_key(place);
        }
    }
}

fn optimized(artifact: &Artifact) -> Option<&Optimized> {
    match artifact {
        Artifact::Panel(Panel { measure: Measure::Optimized(optimized), .. }) => Some(optimized),
        _ => None,
    }
}

fn rank(artifact: &Artifact) -> f32 {
    optimized(artifact).map_or(f32::NEG_INFINITY, |one| one.rank)
}

/// The notebook's sheet: of the channels that fire, the best `n * n`, best first, `n` to a row.
fn write_sheet(name: &str, found: &[Artifact], results: &Results) -> Result<Option<String>> {
    let mut ranked: Vec<&Artifact> = found.iter().collect();
    ranked.sort_by(|one, other| rank(other).total_cmp(&rank(one)));
    let drawn = ranked.into_iter().filter_map(|artifact| match artifact {
        Artifact::Panel(panel) => Some(panel.drawing.as_ref()?.picture()),
        _ => None,
    });
    let pictures: Vec<Picture> = drawn.collect::<Result<_>>()?;
    let side = pictures.len().isqrt();
    if side == 0 {
        return Ok(None);
    }
    results.write(name, &stitch(&pictures[..side * side], side, MARGIN)?.png()?)?;
    Ok(Some(name.into()))
}

/// That red is not red, and how it would be.
fn say_colours(ask: &Ask) {
    let stored = |param: &&Param| ask.value(param) == Value::Text(Colours::AsStored.name().into());
    if let Some(param) = ask.card.params.iter().find(stored) {
        let (option, real) = (&param.id, Colours::True.name());
        note(&format!(
            "the network's first channel is shown as red, as in the notebook; --{option} {real} shows red as red"
        ));
    }
}
