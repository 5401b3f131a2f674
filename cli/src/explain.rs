//! `explain`, and the subcommands that methods have of their own: what is asked of every image, written down.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use convscope::artifact::Artifact;
use convscope::card::Gives;
use convscope::error::{Error, Result};
use convscope::explain::{AttributionMap, Blank, Diagnosis};
use convscope::export::{About, LayerWords, Made, joined};
use convscope::measured::{Metric, picture};
use convscope::model::Model;
use convscope::observation::Observation;
use convscope::predictions::Class;
use convscope::request::{Layers, Request};
use convscope::target::Explained;
use serde_json::{Value, json};

use super::ask::Ask;
use super::bundle::Gathered;
use super::destination::Destination;
use super::files::Input;
use super::images::{Failure, Images, exit_code, for_each_image};
use super::in_words;
use super::listen::{collect, collect_measured, listen};
use super::network;
use super::report::{Report, Section};
use super::results::Results;
use super::say::{note, print};

pub(super) fn run(ask: &Ask, model: &Arc<Model>, images: &Images, to: Destination<'_>) -> Result<ExitCode> {
    // Everything that can be wrong with the request is said before an image is read or a file is written.
    let layers = ask.layers(model)?;
    let words = LayerWords::of_graph(model.network.graph());
    if !ask.card.asks.image {
        if !images.is_empty() {
            note(&format!("{} is about the network alone; the images are not looked at", ask.card.id));
        }
        return network::run(ask, model, layers.first().copied().unwrap_or_default(), &words, to);
    }
    let mut desk = Desk::new(ask, model, &words, json!({}), to)?;
    let failures = for_each_image(images, |input| desk.explain(model, input, &layers));
    desk.finish(json!({}), &failures)?;
    Ok(exit_code(&failures))
}

/// Desk where results are written down.
pub(super) struct Desk<'a> {
    ask: &'a Ask,
    model: &'a Model,
    words: &'a LayerWords,
    pub(super) results: Results<'a>,
    report: Option<Report>,
    bundle: Option<&'a Gathered>,
    speaks: bool,
    /// Whether it has been said that methods coincide at the layer, whatever the image is.
    coincide: bool,
}

impl<'a> Desk<'a> {
    /// A desk with an empty page and its folder. The manifest says `more` of how it was asked.
    pub(super) fn new(
        ask: &'a Ask,
        model: &'a Model,
        words: &'a LayerWords,
        more: Value,
        to: Destination<'a>,
    ) -> Result<Self> {
        let how = joined(ask.how(&model.manifest.preprocessing)?, more);
        let results = Results::new(to, model.maker().head(ask.card, how))?;
        let report = to.report.map(|file| Report::new(file, ask)).transpose()?;
        Ok(Self { ask, model, words, results, report, bundle: to.bundle, speaks: to.speaks(), coincide: false })
    }

    /// Origin of results, and how they are written down.
    pub(super) fn made<'b>(&self, about: Option<About<'b>>, explained: Option<&'b Explained>, seconds: f64) -> Made<'b>
    where
        'a: 'b,
    {
        Made {
            maker: self.model.maker(),
            preprocessing: &self.model.manifest.preprocessing,
            layers: self.words,
            card: self.ask.card,
            convention: self.ask.convention,
            about,
            explained,
            picture: None,
            style: self.ask.style,
            seconds,
        }
    }

    fn explain(&mut self, model: &Arc<Model>, input: &Input, layers: &[&str]) -> Result<()> {
        input.say_doubt(model);
        let mut start = Instant::now();
        let seen = self.ask.observe(model, &input.image)?;
        for request in self.ask.about(&seen)? {
            self.answer(input, &seen, &request, layers, start)?;
            start = Instant::now();
        }
        Ok(())
    }

    /// Carries out one request about an image.
    pub(super) fn answer(
        &mut self,
        input: &Input,
        seen: &Observation,
        request: &Request,
        layers: &[&str],
        start: Instant,
    ) -> Result<()> {
        let (ask, name, sha256) = (self.ask, input.name(), input.sha256());
        let (maps, kept) = match self.results_of(seen, request) {
            Err(Error::Nothing(why)) => {
                note(&format!("{name}: {why}"));
                return Ok(());
            }
            found => found?,
        };
        let hidden = self.bundle.map_or(Ok(None), |bundle| bundle.take(input, seen.image(), request))?;
        let about = About { name: &name, sha256: &sha256, image: hidden.as_ref().unwrap_or(seen.image()) };
        let explained = request.target.as_ref().map(|target| seen.explained(target)).transpose()?;
        let measured = self.measured(seen, request, &kept)?;
        let made = self.made(Some(about), explained.as_ref(), start.elapsed().as_secs_f64());
        let _lock = self.results.lock();
        let stem = self.results.start(input, |stem| {
            let sheets = layers.iter().filter(|_| ask.streams()).map(|layer| made.sheet(stem, layer));
            let files = kept.iter().flat_map(|artifact| made.files(stem, artifact)).chain(sheets);
            let of = |(metric, artifact): &(Metric, Artifact)| metric.made(made).files(stem, artifact);
            files.chain(measured.iter().flat_map(of)).collect()
        });
        let is_told =
            |artifact: &Artifact| matches!(artifact, Artifact::Panel(panel) if in_words::share(panel).is_some());
        let in_words = matches!(ask.card.gives, Gives::Sheet | Gives::Curve | Gives::Number)
            || !measured.is_empty()
            || kept.iter().any(is_told);
        if self.speaks && in_words {
            print(&name)?;
        }
        let mut section = self.section(&made, seen.classes())?;
        if ask.streams() {
            listen(seen, request, |artifact| self.keep(&made, &stem, &artifact, &mut section))?;
        }
        let of = request.map.as_deref().map(Metric::of).transpose()?;
        for (index, artifact) in kept.iter().enumerate() {
            // Each map stands before what the metric says of it.
            if let (Some(section), Some(of), Some(map)) = (&mut section, of, maps.get(index)) {
                section.show_measured(&of.made(made), map)?;
            }
            self.keep(&made, &stem, artifact, &mut section)?;
        }
        for (metric, artifact) in &measured {
            let picture = if self.results.keeps_files() { picture(&made, &kept, artifact)? } else { None };
            let made = Made { picture: picture.as_ref(), ..metric.made(made) };
            self.keep(&made, &stem, artifact, &mut section)?;
        }
        self.report(section, if ask.streams() { start.elapsed().as_secs_f64() } else { made.seconds })
    }

    /// What a request gives, and the maps that it measures, where a report is to show them; nothing of what streams.
    fn results_of(&self, seen: &Observation, request: &Request) -> Result<(Vec<AttributionMap>, Vec<Artifact>)> {
        match &request.map {
            _ if self.ask.streams() => Ok((vec![], vec![])),
            Some(of) if self.report.is_some() => {
                let of = Request { target: request.target.clone(), ..of.as_ref().clone() };
                let maps: Vec<AttributionMap> =
                    collect(seen, &of)?.into_iter().filter_map(Artifact::into_map).collect();
                let found = collect_measured(seen, request, &maps)?;
                Ok((maps, found.into_iter().map(Artifact::Measurement).collect()))
            }
            _ => Ok((vec![], collect(seen, request)?)),
        }
    }

    /// What the metrics that are asked for say of the maps among `kept`.
    fn measured(&self, seen: &Observation, request: &Request, kept: &[Artifact]) -> Result<Vec<(Metric, Artifact)>> {
        let map = |artifact: &Artifact| if let Artifact::Map(map) = artifact { Some(map.clone()) } else { None };
        let maps: Vec<AttributionMap> = kept.iter().filter_map(map).collect();
        let mut measured = vec![];
        for metric in self.ask.metrics.iter().filter(|_| !maps.is_empty()) {
            let map = Some(Box::new(request.clone()));
            let of = Request { target: request.target.clone(), map, layers: Layers::default(), ..metric.clone() };
            let meant = |map: &&AttributionMap| match &metric.layers {
                Layers::Named(names) => names.contains(&map.layer),
                _ => true,
            };
            let maps: Vec<AttributionMap> = maps.iter().filter(meant).cloned().collect();
            let metric = Metric::of(metric)?;
            let found = match collect_measured(seen, &of, &maps) {
                // A metric that has nothing to say of these maps leaves room for the others.
                Err(Error::Nothing(why)) => {
                    note(&why.to_string());
                    continue;
                }
                found => found?,
            };
            measured.extend(found.into_iter().map(|one| (metric, Artifact::Measurement(one))));
        }
        Ok(measured)
    }

    /// A section of the report, if there is to be one.
    pub(super) fn section(&self, made: &Made<'_>, classes: &[Class]) -> Result<Option<Section>> {
        self.report.as_ref().map(|_| Section::new(made, classes)).transpose()
    }

    /// Adds a section that is whole to the report.
    pub(super) fn report(&mut self, section: Option<Section>, seconds: f64) -> Result<()> {
        self.report.iter_mut().zip(section).try_for_each(|(report, section)| report.add(section, seconds))
    }

    /// Writes an artifact's files, and says what there is to say of it.
    pub(super) fn keep(
        &mut self,
        made: &Made<'_>,
        stem: &str,
        artifact: &Artifact,
        section: &mut Option<Section>,
    ) -> Result<()> {
        let files = self.results.write_all(made, stem, artifact)?;
        if self.speaks {
            self.say(made, artifact)?;
        }
        section.iter_mut().try_for_each(|section| section.add(made, artifact))?;
        self.results.add(made.entry(artifact, files.as_deref()), details(artifact))
    }

    fn say(&mut self, made: &Made<'_>, artifact: &Artifact) -> Result<()> {
        match artifact {
            Artifact::Map(map) => {
                self.say_diagnoses(made, map);
                Ok(())
            }
            Artifact::Panel(panel) => in_words::share(panel).map_or(Ok(()), |line| print(&line)),
            Artifact::Sheet(sheet) => print(&in_words::sheet(sheet)),
            Artifact::Measurement(one) => print(&in_words::measurement(one)),
        }
    }

    /// Says what is to be known about a map, and what to try; what is true whatever the image is, once.
    fn say_diagnoses(&mut self, made: &Made<'_>, map: &AttributionMap) {
        let Some(about) = made.about else { return };
        for one in &map.diagnoses {
            let hint = match one {
                Diagnosis::Coincide if std::mem::replace(&mut self.coincide, true) => continue,
                Diagnosis::Blank(Blank::AllNegative) if made.style.signed => continue,
                Diagnosis::Blank(Blank::AllNegative) if made.card.gives.signed() => " (--signed draws it)".into(),
                Diagnosis::Blank(Blank::SaturatedSoftmax) | Diagnosis::Saturated => {
                    in_words::of_logits(made.card).map_or_else(String::new, |name| format!(" (--convention {name})"))
                }
                _ => String::new(),
            };
            let is = if matches!(one, Diagnosis::Blank(_)) { " is blank:" } else { ":" };
            note(&format!("{}: the map of {}{is} {one}{hint}; {}", about.name, map.layer, one.advice()));
        }
    }

    /// Writes the manifest, which says `rest` too, and the report.
    pub(super) fn finish(self, rest: Value, failures: &[Failure]) -> Result<()> {
        let manifest = self.results.finish(rest, failures)?;
        self.report.map_or(Ok(()), |report| report.finish(self.model, failures, &manifest))
    }
}

/// Members of a line of JSON beside the manifest's entry: all channels of a sheet, which are thousands.
fn details(artifact: &Artifact) -> Value {
    let Artifact::Sheet(sheet) = artifact else { return json!({}) };
    let channel = |(channel, sum): &(usize, f64)| json!({ "channel": channel, "sum": sum });
    json!({ "channels": sheet.activation.channels.iter().map(channel).collect::<Value>() })
}
