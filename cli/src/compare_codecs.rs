//! `compare-codecs`: what a model's answers lost by the way its weights are stored.

mod measure;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use convscope::artifact::Artifact;
use convscope::card::{Card, Gives, LayersAsked};
use convscope::device::{Choice, Opened};
use convscope::error::{Error, Result};
use convscope::fault;
use convscope::image::Plane;
use convscope::installed::Found;
use convscope::methods::methods;
use convscope::model::Model;
use convscope::request::{Layers, Request};
use convscope::target::Target;
use pollster::block_on;

pub(crate) use self::measure::Report;
use self::measure::report;
use super::files::Input;
use super::images::{Failure, Images, exit_code, for_each_image};
use super::listen::{collect, listen};
use super::say::{print, print_json};
use super::stop;

/// Answer of a model about an image.
struct Answer {
    image: PathBuf,
    /// The logits by class; none where the model has no classifier.
    logits: Vec<f32>,
    /// The class that the maps are about.
    class: Option<usize>,
    layers: Vec<LayerAnswer>,
}

/// Answer of a model at one layer.
struct LayerAnswer {
    layer: String,
    /// The Grad-CAM map of 0 to 1; of a model without classifier the sum over all channels.
    map: Plane,
    /// Every channel's sum over all positions.
    sums: Vec<f64>,
}

pub(super) fn run(
    images: &Images,
    reference: &Path,
    candidates: &[PathBuf],
    device: Choice,
    as_json: bool,
) -> Result<ExitCode> {
    let opened = super::device::open(device)?;
    // One model at a time: the answers are small, the models are not.
    let load = |folder: &Path| Ok(Arc::new(Found::folder(folder).load(&opened)?));
    let model = load(reference)?;
    let manifest = model.manifest.clone();
    let (expected, failures) = answers(&model, images, None);
    drop(model);
    if expected.is_empty() {
        return Err(Error::Request(fault!(
            "nothing-to-compare",
            "no image could be looked at, so there is nothing to compare; name others"
        )));
    }
    // What the reference could not read is not tried again.
    let readable = Images::of(expected.iter().map(|answer| answer.image.clone()).collect());
    for candidate in candidates {
        if stop::asked() {
            break;
        }
        let model = load(candidate)?;
        let other = &model.manifest;
        if !other.is_same_network(&manifest) {
            return Err(Error::Request(fault!(
                "another-network",
                "{candidate} holds another network than {reference}; compare packings of one model",
                candidate = candidate.display(),
                reference = reference.display()
            )));
        }
        let bytes = other.total_bytes();
        let (actual, failures) = answers(&model, &readable, Some(&expected));
        if let Some(Failure { error, .. }) = failures.into_iter().next() {
            return Err(error);
        }
        let report = report(&manifest.id, candidate, bytes, &expected, &actual);
        if as_json {
            let line = serde_json::to_value(&report);
            let line = line.map_err(|error| {
                Error::Request(
                    fault!("report-not-written", "the report cannot be written: {error}", error).with_source(error),
                )
            })?;
            print_json("compare-codecs", line)?;
        } else {
            print_report(&report)?;
        }
    }
    Ok(exit_code(&failures))
}

/// Measures a packed model's answers about images beside those of the same model packed otherwise.
pub(super) fn measured(reference: &Path, candidate: &Path, images: &[Input], opened: &Opened) -> Result<Report> {
    let load = |folder: &Path| Ok(Arc::new(Found::folder(folder).load(opened)?));
    let model = load(reference)?;
    let expected = images.iter().map(|image| answer(&model, image, None)).collect::<Result<Vec<_>>>()?;
    drop(model);
    let model = load(candidate)?;
    let pairs = images.iter().zip(&expected);
    let actual = pairs.map(|(image, expected)| answer(&model, image, expected.class)).collect::<Result<Vec<_>>>()?;
    let manifest = &model.manifest;
    Ok(report(&manifest.id, candidate, manifest.total_bytes(), &expected, &actual))
}

/// Looks at all images. Maps are those of the class that `right` takes for likeliest, so that one question is compared.
fn answers(model: &Arc<Model>, images: &Images, expected: Option<&[Answer]>) -> (Vec<Answer>, Vec<Failure>) {
    let mut answers = vec![];
    let failures = for_each_image(images, |input| {
        let class = expected.and_then(|expected| expected.get(answers.len())?.class);
        answers.push(answer(model, input, class)?);
        Ok(())
    });
    (answers, failures)
}

fn answer(model: &Arc<Model>, input: &Input, class: Option<usize>) -> Result<Answer> {
    let seen = block_on(model.observe_async(input.image.clone()))?;
    let mut classes = seen.classes().to_vec();
    classes.sort_by_key(|class| class.index);
    let class = class.or(seen.top());
    let mut maps = vec![];
    if class.is_some() {
        let request = Request {
            method: maps_by().into(),
            target: class.map(Target::from),
            layers: Layers::All,
            ..Request::default()
        };
        maps = collect(&seen, &request)?;
    }
    let mut maps = maps.into_iter();
    let ids = model.layers(&Layers::All, LayersAsked::Many)?;
    let names = ids.into_iter().map(|id| model.network.graph().nodes()[id].name.clone()).collect();
    let method = first(|card| card.gives == Gives::Sheet).into();
    let request = Request { method, layers: Layers::Named(names), ..Request::default() };
    let mut layers = vec![];
    listen(&seen, &request, |artifact| {
        let Artifact::Sheet(sheet) = artifact else { return Ok(()) };
        let [_, height, width] = sheet.activation.shape;
        let over_channels = |place: usize| sheet.values.iter().skip(place).step_by(height * width).sum();
        let map = match maps.next() {
            Some(Artifact::Map(map)) => map.normalised,
            _ => Plane::new(width, height, (0..height * width).map(over_channels).collect()),
        };
        let mut sums = sheet.activation.channels;
        sums.sort_by_key(|(channel, _)| *channel);
        let sums = sums.into_iter().map(|(_, sum)| sum).collect();
        layers.push(LayerAnswer { layer: sheet.activation.layer, map, sums });
        Ok(())
    })?;
    let logits = classes.iter().map(|class| class.logit).collect();
    Ok(Answer { image: input.path.clone(), logits, class, layers })
}

/// The id of the first method of a kind.
fn first(is: impl Fn(&Card) -> bool) -> &'static str {
    methods().map(|method| method.card()).find(|card| is(card)).map_or("", |card| &card.id)
}

/// The id of the method whose maps are compared.
fn maps_by() -> &'static str {
    first(|card| card.gives.is_map())
}

fn print_report(report: &Report) -> Result<()> {
    let percent = |share: f64| 100.0 * share;
    let Report { candidate, bytes, images, maps, channel_sums, .. } = report;
    print(&format!("{}: {:.1} MB, {images} images", candidate.display(), *bytes as f64 / 1e6))?;
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
        maps.least_image.display()
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
