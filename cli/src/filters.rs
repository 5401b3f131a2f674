//! `filters`: for every filter a picture of what makes it fire, and a sheet of them all.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use convscope::error::{Error, Result};
use convscope::explain::Channels;
use convscope::explain::filters::{Climbed, Convention, FilterAsk, Pattern};
use convscope::fault;
use convscope::picture::Picture;
use convscope::record::{Method, plain};
use convscope::render::{Colours, stitch};
use convscope::session::Session;
use indicatif::{ProgressBar, ProgressStyle};
use pollster::block_on;
use serde_json::json;

use super::results::{Results, layer_words};
use super::say::{note, print};
use super::{With, stop};

const METHOD: Method =
    Method { id: "filters", title: "Filter patterns", paper: "https://distill.pub/2017/feature-visualization" };

/// Black pixels between the pictures of a sheet: the notebook's.
const MARGIN: usize = 5;
/// How many filters are shown if nothing is said.
const FILTERS: usize = 64;

/// What is asked.
#[derive(Debug, clap::Args)]
pub(super) struct Ask {
    /// A layer's name, or `last`
    #[arg(long, default_value = "last")]
    layer: String,
    /// Filters by number, as in 0..63 or 3,7; `all`; or of all those that fire most, as in top64 [default: the first 64]
    #[arg(long)]
    filters: Option<Channels>,
    /// Side of the pictures in pixels
    #[arg(long, default_value_t = 128)]
    size: usize,
    /// How often each picture is moved [default: 64; of keras_notebook 20]
    #[arg(long)]
    steps: Option<usize>,
    /// Where the noise that the pictures start from comes from
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Whose way of doing it
    #[arg(long, default_value = "lucid", value_parser = crate::named::named::<Convention>())]
    convention: Convention,
    /// Red as red, or the network's first channel as red [default: true; of keras_notebook as_stored, as it has blue as red]
    #[arg(long, value_parser = crate::named::named::<Colours>())]
    colours: Option<Colours>,
}

impl Ask {
    fn colours(&self) -> Colours {
        self.colours.unwrap_or(self.convention.colours())
    }

    /// Which filters, as they are asked for.
    fn filters_in_words(&self, question: &FilterAsk) -> String {
        match &self.filters {
            Some(Channels::All) => "all".into(),
            Some(Channels::Top(count)) => format!("top{count}"),
            _ => question.channels.iter().map(usize::to_string).collect::<Vec<_>>().join(","),
        }
    }
}

/// A filter and its picture.
struct Found {
    pattern: Pattern,
    /// None of a filter that does not fire.
    picture: Option<Picture>,
}

pub(super) fn run(with: &With, ask: &Ask, out: &Path, as_json: bool) -> Result<ExitCode> {
    let session = with.session(None)?;
    let (question, best) = question(&session, ask)?;
    stop::on_signals();
    let start = Instant::now();
    let mut found = climb(&session, &question, ask.colours())?;
    let seconds = start.elapsed().as_secs_f64();
    if let Some(best) = best {
        found.sort_by(|one, other| other.pattern.rank.total_cmp(&one.pattern.rank));
        found.truncate(best);
    }
    let graph = session.model().network.graph();
    let layer = &graph.nodes()[question.layer].name;
    let how = json!({
        "convention": ask.convention, "colours": ask.colours(), "layer": layer, "size": question.size, "steps": question.steps,
        "seed": question.seed, "filters": ask.filters_in_words(&question),
    });
    let mut results = Results::new(Some(out), as_json, session.maker().head(METHOD, how))?;
    let word = layer_words(&session).of(layer);
    let begin = |begin: &str| format!("{begin}.filters.{word}");
    let files = |start: &str| names(&begin(start), &found);
    let lock = results.lock();
    let start = results.start_without_picture(&plain(&session.model().manifest.id), files);
    let begin = begin(&start);
    for one in &found {
        write_filter(&session, &begin, layer, ask.convention, one, &mut results)?;
    }
    let all = found.len();
    let dropped = found.iter().filter(|one| one.pattern.dead()).count();
    let sheet = write_sheet(&begin, found, &results)?;
    drop(lock);
    if dropped > 0 {
        note(&format!("{dropped} of {all} filters of {layer} do not fire and are dropped"));
    }
    if ask.colours() == Colours::AsStored {
        note("the network's first channel is shown as red, as in the notebook; --colours true shows red as red");
    }
    if !as_json {
        let place = sheet.as_ref().map(|sheet| format!(", the best of them in {}", out.join(sheet).display()));
        print(&format!("{layer}: {} filters in {seconds:.1} s{}", all - dropped, place.unwrap_or_default()))?;
    }
    results.finish(json!({ "seconds": seconds, "sheet": sheet, "dropped": dropped }), &[])?;
    Ok(ExitCode::SUCCESS)
}

/// The question, and how many of its filters are kept if not all.
fn question(session: &Session, ask: &Ask) -> Result<(FilterAsk, Option<usize>)> {
    let [layer] = session.layers(&ask.layer, true)?[..] else {
        return Err(Error::Request(fault!(
            "filters-one-layer",
            "filters takes one layer at a time; name it, or say last"
        )));
    };
    let there = session.model().network.graph().shape(layer)[0];
    let (channels, best) = match &ask.filters {
        None => ((0..there.min(FILTERS)).collect(), None),
        Some(Channels::All) => ((0..there).collect(), None),
        Some(Channels::Top(count)) => ((0..there).collect(), Some(*count)),
        Some(Channels::These(channels)) => (channels.clone(), None),
    };
    let steps = ask.steps.unwrap_or(ask.convention.steps());
    let Ask { size, seed, convention, .. } = *ask;
    Ok((FilterAsk { layer, channels, size, steps, seed, convention }, best))
}

/// Climbs, with a bar that moves at every step.
fn climb(session: &Session, question: &FilterAsk, colours: Colours) -> Result<Vec<Found>> {
    let channels = session.model().manifest.preprocessing.channels;
    // indicatif draws nothing where standard error is no terminal.
    let bar = ProgressBar::new((question.channels.len() * (question.steps + 1)) as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent} % {msg}, {eta} left") {
        bar.set_style(style);
    }
    let mut found = vec![];
    let each = async |climbed| {
        match climbed {
            Climbed::Step { channels, step, objectives, .. } => {
                let mean = objectives.iter().sum::<f32>() / objectives.len() as f32;
                bar.set_message(format!("filter {} and on, step {step}, mean objective {mean:.3}", channels[0]));
                bar.inc(channels.len() as u64);
            }
            Climbed::Done(patterns) => {
                for mut pattern in patterns {
                    // The picture is all that is needed of the image, at a quarter of the bytes.
                    let image = std::mem::take(&mut pattern.image);
                    let draw = || question.convention.draw_in(colours, &image, question.size, channels);
                    let picture = (!pattern.dead()).then(draw);
                    if image.is_empty() {
                        // Dropped without a climb.
                        bar.inc(question.steps as u64 + 1);
                    }
                    found.push(Found { pattern, picture });
                }
            }
        }
        !stop::asked()
    };
    let done = block_on(session.filters(question, 0, each));
    bar.finish_and_clear();
    match done {
        // What was found so far is kept.
        Err(Error::Cancelled) if stop::asked() => {
            note(&format!("stopped; {} of {} filters are done", found.len(), question.channels.len()));
        }
        done => done?,
    }
    let place = |one: &Found| question.channels.iter().position(|&channel| channel == one.pattern.channel);
    found.sort_by_key(place);
    Ok(found)
}

/// The files of filters with a picture, and of the sheet of all.
fn names(begin: &str, found: &[Found]) -> Vec<String> {
    let pictures = found.iter().filter(|one| one.picture.is_some());
    let sheet = std::iter::once(format!("{begin}.png"));
    pictures.map(|one| format!("{begin}.{}.png", one.pattern.channel)).chain(sheet).collect()
}

/// Writes a filter's picture, if there is one, and what is said of it.
fn write_filter(
    session: &Session,
    stem: &str,
    layer: &str,
    convention: Convention,
    Found { pattern, picture }: &Found,
    results: &mut Results,
) -> Result<()> {
    let image = picture.as_ref().map(|_| format!("{stem}.{}.png", pattern.channel));
    if let (Some(name), Some(picture)) = (&image, picture) {
        results.write(name, &picture.png()?)?;
    }
    let entry = json!({
        "method": METHOD.id, "convention": convention, "layer": layer, "filter": pattern.channel, "first": pattern.first,
        "last": pattern.last, "drawn": pattern.drawn, "rank": pattern.rank, "dead_at_start": pattern.dead_at_start(),
        "dead": pattern.dead(), "image": image,
    });
    results.add(session.maker().entry(entry))
}

/// The notebook's sheet: of the filters that fire, the best `n * n`, best first, `n` to a row.
fn write_sheet(stem: &str, mut found: Vec<Found>, results: &Results) -> Result<Option<String>> {
    found.sort_by(|one, other| other.pattern.rank.total_cmp(&one.pattern.rank));
    let pictures: Vec<Picture> = found.into_iter().filter_map(|one| one.picture).collect();
    let side = pictures.len().isqrt();
    if side == 0 {
        return Ok(None);
    }
    let name = format!("{stem}.png");
    results.write(&name, &stitch(&pictures[..side * side], side, MARGIN)?.png()?)?;
    Ok(Some(name))
}
