//! `explain`, and the subcommands that methods have of their own: what is asked of every picture, written down.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use convscope::artifact::{Artifact, Sheet};
use convscope::error::{Error, Result};
use convscope::explain::{Blank, Map};
use convscope::model::Model;
use convscope::record::{About, LayerWords, Made};
use pollster::block_on;
use serde_json::{Value, json};

use super::ask::Ask;
use super::files::{Input, exit_code, for_each_picture};
use super::listen::{collect, listen};
use super::network;
use super::report::{Report, Section};
use super::results::Results;
use super::say::{note, print};

/// Where results go.
#[derive(Clone, Copy)]
pub(super) struct Into<'a> {
    /// Folder for files.
    pub(super) out: Option<&'a Path>,
    /// One page with all results in it.
    pub(super) report: Option<&'a Path>,
    /// Whether each is a line of JSON, instead of words.
    pub(super) json: bool,
}

pub(super) fn run(ask: &Ask, model: &Arc<Model>, pictures: &[PathBuf], into: Into<'_>) -> Result<ExitCode> {
    // Everything that can be wrong with the request is said before a picture is read or a file is written.
    let layers = ask.layers(model)?;
    if !ask.card.asks.image {
        return network::run(ask, model, &layers, pictures, into);
    }
    let head = model.maker().head(ask.card, ask.how(&model.manifest.preprocessing)?);
    let results = Results::new(into.out, into.json, head)?;
    let report = into.report.map(|file| Report::new(file, ask)).transpose()?;
    let words = LayerWords::of_graph(model.network.graph());
    let mut desk = Desk { ask, model, layers, words, results, report, json: into.json };
    let failures = for_each_picture(pictures, |input| desk.explain(input));
    let manifest = desk.results.finish(json!({}), &failures)?;
    if let Some(report) = desk.report {
        report.finish(model, &failures, &manifest)?;
    }
    Ok(exit_code(&failures))
}

/// Where pictures are explained, one after the other.
struct Desk<'a> {
    ask: &'a Ask,
    model: &'a Arc<Model>,
    layers: Vec<&'a str>,
    words: LayerWords,
    results: Results,
    report: Option<Report>,
    json: bool,
}

impl Desk<'_> {
    fn explain(&mut self, input: &Input) -> Result<()> {
        let Self { ask, model, .. } = *self;
        let (start, name, sha256) = (Instant::now(), input.name(), input.sha256());
        let seen = block_on(model.observe_async(input.picture.clone()))?;
        let request = ask.about(&seen)?;
        let kept = if ask.streams() { Ok(vec![]) } else { collect(&seen, &request) };
        let kept = match kept {
            Err(Error::Nothing(why)) => {
                note(&format!("{name}: {why}"));
                return Ok(());
            }
            kept => kept?,
        };
        let words = self.words.clone();
        let made = Made {
            maker: model.maker(),
            preprocessing: &model.manifest.preprocessing,
            layers: &words,
            card: ask.card,
            convention: ask.convention,
            about: Some(About { name: &name, sha256: &sha256, picture: seen.picture() }),
            class: request.class.map(|class| seen.prediction(class)).transpose()?,
            style: ask.style,
            seconds: start.elapsed().as_secs_f64(),
        };
        let _lock = self.results.lock();
        let stem = self.results.start(input, |stem| {
            let sheets = self.layers.iter().filter(|_| ask.streams()).map(|layer| made.sheet(stem, layer));
            kept.iter().flat_map(|artifact| made.files(stem, artifact)).chain(sheets).collect()
        });
        let mut section = self.report.as_ref().map(|_| Section::new(&made, seen.classes())).transpose()?;
        if !self.json && says_all(ask) {
            print(&name)?;
        }
        if ask.streams() {
            listen(&seen, &request, |artifact| self.keep(&made, &stem, &artifact, section.as_mut()))?;
        }
        kept.iter().try_for_each(|artifact| self.keep(&made, &stem, artifact, section.as_mut()))?;
        let seconds = if ask.streams() { start.elapsed().as_secs_f64() } else { made.seconds };
        match (&mut self.report, section) {
            (Some(report), Some(section)) => report.add(section, seconds),
            _ => Ok(()),
        }
    }

    /// Writes an artifact's files, and says what there is to say of it.
    fn keep(&mut self, made: &Made<'_>, stem: &str, artifact: &Artifact, section: Option<&mut Section>) -> Result<()> {
        let files = self.results.write_all(made, stem, artifact)?;
        if !self.json {
            self.say(made, artifact)?;
        }
        if let Some(section) = section {
            section.add(made, artifact)?;
        }
        self.results.add(made.entry(artifact, files.as_deref()), details(artifact))
    }

    fn say(&self, made: &Made<'_>, artifact: &Artifact) -> Result<()> {
        match artifact {
            Artifact::Map(map) => say_if_blank(made, map),
            Artifact::Panel(_) => Ok(()),
            Artifact::Sheet(sheet) => print(&in_words(sheet)),
            Artifact::Curve(curve) => {
                print(&format!("  {:<20} area {:.4} under the {} by {}", curve.layer, curve.area, curve.y, curve.x))
            }
        }
    }
}

/// Whether every result is said in words, below the picture's name.
fn says_all(ask: &Ask) -> bool {
    use convscope::card::Gives;
    matches!(ask.card.gives, Gives::Sheet | Gives::Curve)
}

/// What a line of JSON says beside the manifest's entry: all channels of a sheet, which are thousands.
fn details(artifact: &Artifact) -> Value {
    match artifact {
        Artifact::Sheet(sheet) => {
            let channels = sheet.activation.channels.iter();
            json!({ "channels": channels.map(|(channel, sum)| json!({ "channel": channel, "sum": sum })).collect::<Value>() })
        }
        _ => json!({}),
    }
}

/// A map that shows nothing says why, and what shows more.
fn say_if_blank(made: &Made<'_>, map: &Map) -> Result<()> {
    let (Some(why), Some(about)) = (map.blank, made.about) else { return Ok(()) };
    let hint = match why {
        Blank::AllNegative if made.style.signed => return Ok(()),
        Blank::AllNegative if made.card.gives.signed() => " (--signed draws it)",
        Blank::SaturatedSoftmax => " (--convention paper)",
        _ => "",
    };
    note(&format!("{}: the map of {} is blank: {why}{hint}", about.name, map.layer));
    Ok(())
}

/// How many channels a person is shown.
const SHOWN: usize = 4;

fn in_words(Sheet { activation: one, .. }: &Sheet) -> String {
    let top = one.channels.iter().take(SHOWN).map(|(channel, sum)| format!("{channel}: {sum:.2}"));
    format!(
        "  {:<20} {:?}  mean {:.4}, maximum {:.4}, {:.1} % zeros; largest sums {}",
        one.layer,
        one.shape,
        one.mean,
        one.maximum,
        100.0 * one.zeros,
        top.collect::<Vec<_>>().join(", ")
    )
}
