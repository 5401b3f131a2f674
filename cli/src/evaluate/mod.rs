//! `evaluate`: how far the maps of methods can be trusted, on images of one's own: metrics of each map beside the same of maps that know
//! nothing of the network, and their means over all images.

mod interval;
mod table;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use convscope::artifact::Artifact;
use convscope::card::Card;
use convscope::error::{Error, Result};
use convscope::explain::AttributionMap;
use convscope::export::{baselines, joined};
use convscope::fault;
use convscope::measurement::{Measurement, Reading, Reference};
use convscope::methods::method;
use convscope::model::Model;
use convscope::observation::Observation;
use convscope::param::Value as Setting;
use convscope::request::{Layers, Request};
use convscope::target::Target;
use pollster::block_on;
use serde_json::json;

use super::ask::metrics::{ALL, asked, is_about, known, set_of};
use super::ask::{cards, maps, usual};
use super::bars::Steps;
use super::files::Input;
use super::images::{Images, exit_code, for_each_image};
use super::listen::{collect, collect_measured};
use super::named::Known;
use super::open::With;
use super::say::{note, print, print_json};
use table::Table;

/// The parameter that says whether baselines are measured too.
const COMPARE: &str = "compare";

/// What is asked.
#[derive(Debug, Args)]
pub(super) struct Ask {
    /// The methods whose maps are measured, or `all`; may be given several times, or joined by commas
    #[arg(long = "method", value_name = "METHOD", value_delimiter = ',', default_value = usual(), value_parser = Known::new(methods()))]
    methods: Vec<String>,
    /// The metrics, or `all`; may be given several times, or joined by commas
    #[arg(long = "metric", value_name = "METRIC", value_delimiter = ',', default_value = ALL, value_parser = Known::new(known()))]
    metrics: Vec<String>,
    /// A parameter of a method or a metric, as METHOD.KEY=VALUE (`convscope methods METHOD` lists them); may be given several times
    #[arg(long = "set", value_name = "METHOD.KEY=VALUE")]
    set: Vec<String>,
    /// An index, a name, or `top1`; where it is not clear which is meant, index:N or name:NAME
    #[arg(long, default_value = "top1")]
    class: String,
    /// A layer's name (`convscope models --json` lists them), `all` or `last`, of the methods that ask for one
    #[arg(long, default_value = "last")]
    layer: String,
}

fn methods() -> impl Iterator<Item = (&'static str, &'static str)> {
    std::iter::once((ALL, "All that give maps")).chain(maps())
}

/// Requests of methods and of metrics, without class.
struct Plan {
    methods: Vec<Request>,
    metrics: Vec<Request>,
}

impl Ask {
    /// What is to be done. Whatever does not fit is an error, before any image is read.
    fn plan(&self, model: &Model) -> Result<Plan> {
        let mut methods = vec![];
        for name in &self.methods {
            let these =
                if name == ALL { cards().filter(|card| card.gives.is_map()).collect() } else { vec![card(name)?] };
            for card in these {
                let request =
                    Request { method: card.id.to_string(), layers: Layers::parse(&self.layer), ..Request::default() };
                if !methods.iter().any(|one: &Request| one.method == request.method) {
                    model.layers(&request.layers, card.asks.layers)?;
                    methods.push(request);
                }
            }
        }
        let mut metrics = asked(&self.metrics, &self.set)?;
        for text in &self.set {
            let mut all = methods.iter_mut().chain(&mut metrics);
            let Some(request) = all.find(|request| is_about(text, &request.method)) else {
                return Err(Error::Request(fault!(
                    "set-of-none",
                    "--set {text} is about none of the methods and metrics; write METHOD.KEY=VALUE of one of them",
                    text
                )));
            };
            set_of(request, text)?;
        }
        model.manifest.target(&self.class)?;
        let target = Some(Target::from(0));
        for request in &methods {
            Request { target: target.clone(), ..request.clone() }.check(method(&request.method)?.card())?;
            for metric in &metrics {
                let map = Some(Box::new(request.clone()));
                Request { target: target.clone(), map, ..metric.clone() }.check(method(&metric.method)?.card())?;
            }
        }
        Ok(Plan { methods, metrics })
    }
}

fn card(name: &str) -> Result<&'static Card> {
    let card = method(name)?.card();
    if card.gives.is_map() {
        return Ok(card);
    }
    let known: Vec<&str> = methods().map(|(id, _)| id).collect();
    Err(Error::Request(fault!(
        "no-maps-to-evaluate",
        "{method} gives no map that metrics could measure; choose one of {known}",
        method = card.id,
        known = known.join(", ")
    )))
}

pub(super) fn run(images: &Images, with: &With, ask: &Ask, as_json: bool) -> Result<ExitCode> {
    let model = with.model(None)?;
    let plan = ask.plan(&model)?;
    super::stop::on_signals();
    let mut table = Table::default();
    let failures = for_each_image(images, |input| evaluate(&plan, &ask.class, &model, input, as_json, &mut table));
    if !as_json {
        table.lines().iter().try_for_each(|line| print(line))?;
    }
    Ok(exit_code(&failures))
}

fn evaluate(
    plan: &Plan,
    class: &str,
    model: &Arc<Model>,
    input: &Input,
    as_json: bool,
    table: &mut Table,
) -> Result<()> {
    let seen = block_on(model.observe_async(input.image.clone()))?;
    let target = seen.target(class)?;
    let explained = seen.explained(&target)?;
    // What each metric says of the baselines does not depend on the method, so it is found once.
    let mut known: Vec<Option<Vec<(Reference, Reading)>>> = vec![None; plan.metrics.len()];
    let steps = Steps::new(plan.methods.len() * (1 + plan.metrics.len()));
    for request in &plan.methods {
        let request = Request { target: Some(target.clone()), ..request.clone() };
        let maps = match steps.step(request.method.clone(), || maps_of(&seen, &request)) {
            Err(Error::Nothing(why)) => {
                note(&format!("{}: {why}", input.name()));
                continue;
            }
            maps => maps?,
        };
        for (metric, known) in plan.metrics.iter().zip(&mut known) {
            let start = Instant::now();
            let name = format!("{} of {}", metric.method, request.method);
            let found = match steps.step(name, || measured(&seen, metric, &request, &maps, known)) {
                Err(Error::Nothing(why)) => {
                    note(&format!("{}: {why}", input.name()));
                    continue;
                }
                found => found?,
            };
            let seconds = start.elapsed().as_secs_f64();
            for one in found {
                if as_json {
                    let curve = one.reading.curve.as_ref().map(|curve| &curve.points);
                    let about = json!({ "picture": input.name(), "method": request.method, "layer": one.layer });
                    let found = json!({
                        "metric": one.metric, "value": one.reading.value, "curve": curve, "baselines": baselines(&one),
                        "seconds": seconds,
                    });
                    print_json("evaluate", joined(about, joined(explained.json(), found)))?;
                }
                table.add(&input.name(), &request.method, one);
            }
        }
    }
    Ok(())
}

fn maps_of(seen: &Observation, request: &Request) -> Result<Vec<AttributionMap>> {
    Ok(collect(seen, request)?.into_iter().filter_map(Artifact::into_map).collect())
}

/// What a metric says of the maps of a request, with what it says of the baselines, if it is `known` already.
fn measured(
    seen: &Observation,
    metric: &Request,
    of: &Request,
    maps: &[AttributionMap],
    known: &mut Option<Vec<(Reference, Reading)>>,
) -> Result<Vec<Measurement>> {
    let mut request = Request { target: of.target.clone(), map: Some(Box::new(of.clone())), ..metric.clone() };
    let compares = method(&metric.method)?.card().param(COMPARE).is_some();
    if known.is_some() && compares {
        request.values.insert(COMPARE.into(), Setting::Text("none".into()));
    }
    let mut found = collect_measured(seen, &request, maps)?;
    match known {
        Some(known) => found.iter_mut().for_each(|one| one.baselines.clone_from(known)),
        None => *known = found.first().map(|one| one.baselines.clone()),
    }
    Ok(found)
}
