//! `compare-codecs`: what a model's answers lost by the way its weights are stored.

mod measure;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use convscope::device::Choice;
use convscope::error::{Error, Result};
use convscope::explain::{Ask, Convention};
use convscope::fault;
use convscope::picture::Plane;
use convscope::session::Session;
use pollster::block_on;

use self::measure::{Report, report};
use super::files::{Failure, Input, exit_code, for_each_picture};
use super::open::session_of;
use super::say::{print, print_json};
use super::stop;

/// What a model says of a picture.
struct Answer {
    picture: PathBuf,
    /// The logits by class; none where the model has no classifier.
    logits: Vec<f32>,
    /// The class that the maps are about.
    class: Option<usize>,
    layers: Vec<LayerAnswer>,
}

/// What it says at one layer.
struct LayerAnswer {
    layer: String,
    /// The Grad-CAM map of 0 to 1; of a model without classifier the sum over all channels.
    map: Plane,
    /// Every channel's sum over all positions.
    sums: Vec<f64>,
}

pub(super) fn run(
    pictures: &[PathBuf],
    reference: &Path,
    candidates: &[PathBuf],
    device: Choice,
    as_json: bool,
) -> Result<ExitCode> {
    let opened = super::device::open(device)?;
    // One model at a time: the answers are small, the models are not.
    let mut session = session_of(reference, &opened)?;
    let manifest = session.model().manifest.clone();
    let (right, failures) = answers(&mut session, pictures, None);
    drop(session);
    if right.is_empty() {
        return Err(Error::Request(fault!(
            "nothing-to-compare",
            "no picture could be looked at, so there is nothing to compare; name others"
        )));
    }
    // What the reference could not read is not tried again.
    let readable: Vec<PathBuf> = right.iter().map(|answer| answer.picture.clone()).collect();
    for candidate in candidates {
        if stop::asked() {
            break;
        }
        let mut session = session_of(candidate, &opened)?;
        let other = &session.model().manifest;
        if (&other.nodes, &other.labels, &other.preprocessing)
            != (&manifest.nodes, &manifest.labels, &manifest.preprocessing)
        {
            return Err(Error::Request(fault!(
                "another-network",
                "{candidate} holds another network than {reference}; compare packings of one model",
                candidate = candidate.display(),
                reference = reference.display()
            )));
        }
        let bytes = other.total_bytes();
        let (found, failures) = answers(&mut session, &readable, Some(&right));
        if let Some(Failure { error, .. }) = failures.into_iter().next() {
            return Err(error);
        }
        let report = report(&manifest.id, candidate, bytes, &right, &found);
        if as_json {
            let line = serde_json::to_value(&report);
            let unwritten = |error| {
                Error::Request(
                    fault!("report-not-written", "the report cannot be written: {error}", error).with_source(error),
                )
            };
            print_json(&line.map_err(unwritten)?)?;
        } else {
            print_report(&report)?;
        }
    }
    Ok(exit_code(&failures))
}

/// Looks at all pictures. Maps are those of the class that `right` takes for likeliest, so that one question is compared.
fn answers(session: &mut Session, pictures: &[PathBuf], right: Option<&[Answer]>) -> (Vec<Answer>, Vec<Failure>) {
    let mut answers = vec![];
    let failures = for_each_picture(pictures, |input| {
        let class = right.and_then(|right| right.get(answers.len())?.class);
        answers.push(answer(session, input, class)?);
        Ok(())
    });
    (answers, failures)
}

fn answer(session: &mut Session, input: &Input, class: Option<usize>) -> Result<Answer> {
    let mut classes = block_on(session.look(&input.picture))?.to_vec();
    let class = class.or_else(|| classes.first().map(|class| class.index));
    classes.sort_by_key(|class| class.index);
    let ids = session.layers("all", false)?;
    let mut maps = vec![];
    if let Some(class) = class {
        let ask = Ask { class, layers: ids.clone(), convention: Convention::PAPER };
        let keep = async |map: convscope::explain::Map| {
            maps.push(map.normalised);
            true
        };
        block_on(session.explain("grad_cam", &ask, keep))?;
    }
    let mut maps = maps.into_iter();
    let mut layers = vec![];
    for id in ids {
        let [channels, height, width] = session.model().network.graph().shape(id);
        let features = block_on(session.feature_maps(id))?;
        let over_channels = |place: usize| features.iter().skip(place).step_by(height * width).sum();
        let sums =
            features.chunks_exact(height * width).map(|map| map.iter().map(|&value| f64::from(value)).sum()).collect();
        let layer = session.model().network.graph().nodes()[id].name.clone();
        debug_assert_eq!(features.len(), channels * height * width);
        let map =
            maps.next().unwrap_or_else(|| Plane::new(width, height, (0..height * width).map(over_channels).collect()));
        layers.push(LayerAnswer { layer, map, sums });
    }
    let logits = classes.iter().map(|class| class.logit).collect();
    Ok(Answer { picture: input.path.clone(), logits, class, layers })
}

fn print_report(report: &Report) -> Result<()> {
    let percent = |share: f64| 100.0 * share;
    let Report { candidate, bytes, pictures, maps, channel_sums, .. } = report;
    print(&format!("{}: {:.1} MB, {pictures} pictures", candidate.display(), *bytes as f64 / 1e6))?;
    match &report.classes {
        Some(classes) => {
            print(&format!(
                "  classes: top 1 the same for {:.1} %, {:.1} % of the top five shared",
                percent(classes.top1_agreement),
                percent(classes.top5_overlap)
            ))?;
            print(&format!(
                "  logits: error at most {:.3}, root mean square {:.4}; as shares of the reference's root mean square {:.2} and {:.2} %",
                classes.logit_max,
                classes.logit_rms,
                percent(classes.logit_max_relative),
                percent(classes.logit_rms_relative)
            ))?;
        }
        None => {
            print("  classes: the model has no classifier; the maps are sums over all channels instead of Grad-CAM's")?
        }
    }
    print(&format!(
        "  maps ({}, {} of {}): correlation median {:.4}, least {:.4} ({} of {})",
        maps.kind,
        maps.compared,
        maps.compared + maps.both_blank,
        maps.median,
        maps.least,
        maps.least_layer,
        maps.least_picture.display()
    ))?;
    for layer in &maps.layers {
        print(&format!("    {:<20} median {:.4}, least {:.4}", layer.layer, layer.median, layer.least))?;
    }
    print(&format!(
        "  channel sums, error as a share of the reference (root mean square over a layer's channels): median {:.2} %, largest {:.2} %",
        percent(channel_sums.median),
        percent(channel_sums.largest)
    ))
}
