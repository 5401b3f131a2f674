//! Methods that ask for no image, such as `filters`: everything that they give, and a sheet of the images among it.

use std::process::ExitCode;
use std::time::Instant;

use convscope::artifact::{Artifact, Measure, Optimized, Panel};
use convscope::error::{Error, Result};
use convscope::explain::Channels;
use convscope::export::{LayerWords, plain};
use convscope::image::Image;
use convscope::model::Model;
use convscope::param::{Kind, Param, Value};
use convscope::render::{Colours, stitch};
use serde_json::json;

use super::ask::Ask;
use super::destination::Destination;
use super::explain::Desk;
use super::listen::listen;
use super::say::{note, print};
use super::stop;

/// Black pixels between the images of a sheet: the notebook's.
const MARGIN: usize = 5;

pub(super) fn run(ask: &Ask, model: &Model, layer: &str, words: &LayerWords, to: Destination<'_>) -> Result<ExitCode> {
    let Wanted { noun, channels, text } = Wanted::of(ask, model, layer);
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
            note(&format!("stopped; {} of {} {noun} are done", found.len(), channels.len()));
        }
        done => done?,
    }
    let seconds = start.elapsed().as_secs_f64();
    if !text.starts_with("top") {
        found.sort_by_cached_key(|artifact| channels.iter().position(|&channel| is_of(artifact, channel)));
    }
    let mut desk = Desk::new(ask, model, words, json!({ "layer": layer, noun: text }), to)?;
    let made = desk.made(None, None, seconds);
    let lock = desk.results.lock();
    let stem = desk.results.start_without_image(&plain(&model.manifest.id), |stem| {
        let sheet = std::iter::once(made.sheet(stem, layer));
        found.iter().flat_map(|artifact| made.files(stem, artifact)).chain(sheet).collect()
    });
    let mut section = desk.section(&made, &[])?;
    found.iter().try_for_each(|artifact| desk.keep(&made, &stem, artifact, &mut section))?;
    desk.report(section, seconds)?;
    let sheet = match sheet(&found)? {
        Some(sheet) if desk.results.keeps_files() => {
            let name = made.sheet(&stem, layer);
            desk.results.write(&name, &sheet.png()?)?;
            Some(name)
        }
        _ => None,
    };
    drop(lock);
    let dropped = found.iter().filter(|artifact| optimized(artifact).is_some_and(Optimized::dead)).count();
    if dropped > 0 {
        note(&format!("{dropped} of {} {noun} of {layer} do not fire and are dropped", found.len()));
    }
    say_colours(ask);
    to.bundle.iter().for_each(|bundle| bundle.take_network(&ask.request));
    if to.speaks() {
        let place = sheet.as_ref().zip(to.out);
        let place = place.map(|(sheet, out)| format!(", the best of them in {}", out.join(sheet).display()));
        let count = found.len() - dropped;
        print(&format!("{layer}: {count} {noun} in {seconds:.1} s{}", place.unwrap_or_default()))?;
    }
    desk.finish(json!({ "seconds": seconds, "sheet": sheet, "dropped": dropped }), &[])?;
    Ok(ExitCode::SUCCESS)
}

/// Channels of the layer that are wanted.
struct Wanted {
    /// Noun that they are called by.
    noun: &'static str,
    /// All that are looked at.
    channels: Vec<usize>,
    /// All or the best as they are asked for; others by their numbers.
    text: String,
}

impl Wanted {
    fn of(ask: &Ask, model: &Model, layer: &str) -> Self {
        let param = ask.card.params.iter().find(|param| matches!(param.kind, Kind::Channels { .. }));
        let text = param.map_or_else(|| "all".into(), |param| ask.value(param).to_string());
        let graph = model.network.graph();
        let count = graph.id(layer).map_or(0, |layer| graph.shape(layer)[0]);
        let (channels, whole): (Vec<usize>, _) = match text.parse() {
            Ok(Channels::First(first)) => ((0..count.min(first)).collect(), false),
            Ok(Channels::These(these)) => (these, false),
            _ => ((0..count).collect(), true),
        };
        let numbers = || channels.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
        let text = if whole { text } else { numbers() };
        Self { noun: param.map_or("results", |param| &param.id), channels, text }
    }
}

fn is_of(artifact: &Artifact, channel: usize) -> bool {
    matches!(artifact, Artifact::Panel(panel) if panel.channel == Some(channel))
}

fn optimized(artifact: &Artifact) -> Option<&Optimized> {
    match artifact {
        Artifact::Panel(Panel { measure: Measure::Optimized(optimized), .. }) => Some(optimized),
        _ => None,
    }
}

/// The notebook's sheet: of the channels that fire, the best `n * n`, best first, `n` to a row.
fn sheet(found: &[Artifact]) -> Result<Option<Image>> {
    let rank = |artifact: &Artifact| optimized(artifact).map_or(f32::NEG_INFINITY, |one| one.rank);
    let mut ranked: Vec<&Artifact> = found.iter().collect();
    ranked.sort_by(|one, other| rank(other).total_cmp(&rank(one)));
    let drawn = ranked.into_iter().filter_map(|artifact| match artifact {
        Artifact::Panel(panel) => Some(panel.drawing.as_ref()?.image()),
        _ => None,
    });
    let images: Vec<Image> = drawn.collect::<Result<_>>()?;
    let side = images.len().isqrt();
    if side == 0 { Ok(None) } else { stitch(&images[..side * side], side, MARGIN).map(Some) }
}

/// Notes that red is not red, and how it would be.
fn say_colours(ask: &Ask) {
    let stored = |param: &&Param| ask.value(param) == Value::Text(Colours::AsStored.name().into());
    if let Some(param) = ask.card.params.iter().find(stored) {
        let (option, real) = (&param.id, Colours::True.name());
        note(&format!(
            "the network's first channel is shown as red, as in the notebook; --{option} {real} shows red as red"
        ));
    }
}
