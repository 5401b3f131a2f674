//! Arguments of `explain`, and the request that they are.

use std::path::PathBuf;

use clap::Args;
use convscope::card::Card;
use convscope::error::{Error, Result};
use convscope::fault;
use convscope::methods::method;
use convscope::render::{Blend, Colormap, MapStyle};
use convscope::request::{Layers, Request};

use super::super::named::{Known, named};
use super::{Ask, cards, maps, metrics, no_value, usual};

/// How an image is explained.
#[derive(Debug, Args)]
pub(in super::super) struct Explain {
    /// How to explain; `convscope methods` says more of each
    #[arg(long, default_value = usual(), value_parser = Known::new(cards().map(|card| (&*card.id, &*card.title))))]
    method: String,
    /// A parameter of the method (`convscope methods METHOD` lists them); may be given several times. Of a method that is measured,
    /// or of a metric: METHOD.KEY=VALUE
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Metrics of the maps, which come with them: their ids, or `all`; may be given several times, or joined by commas
    #[arg(long = "metric", value_name = "METRIC", value_delimiter = ',', value_parser = Known::new(metrics::known()))]
    metrics: Vec<String>,
    /// The layer whose map those metrics measure [default: all that are made]
    #[arg(long, value_name = "LAYER", requires = "metrics")]
    metric_layer: Option<String>,
    /// The method whose maps are measured, where --method is a measure [default: the first]
    #[arg(long, value_name = "METHOD", value_parser = Known::new(maps()))]
    of: Option<String>,
    /// What is explained: a class by its index, its name or `topK`, the likeliest; a contrast as `285 - 282`; `not 285`, what speaks
    /// against it; a weighted sum as `285 + 0.5 * 282`; or `output 0`, the network's own first output. Where it is not clear which
    /// class is meant, index:N or name:NAME; several joined by commas are explained one after the other; a name with ` - `, ` + ` or ` * ` in it stands between double quotes in a sum
    #[arg(long, default_value = "top1")]
    class: String,
    /// Another image, for methods that draw on such where they are asked to, as by --set baselines=images; may be given several times
    #[arg(long, value_name = "IMAGE")]
    references: Vec<PathBuf>,
    /// A layer's name (`convscope models --json` lists them), `all` or `last`, or all of them in one map:
    /// `fused` (the largest number at each place), `fused_mean` or `fused_product`; of a measure, that of the map
    #[arg(long, default_value = "last")]
    layer: String,
    /// Whose way of doing it; which of them a method has, `convscope methods METHOD` says [default: its first]
    #[arg(long, value_parser = Known::new(conventions()))]
    convention: Option<String>,
    /// Show what speaks against the class too, in blue, beside what speaks for it, in red (of maps with signs, as `convscope
    /// methods` says)
    #[arg(long)]
    signed: bool,
    /// Colours of the heat
    #[arg(long, default_value = "inferno", value_parser = named::<Colormap>())]
    colormap: Colormap,
    /// How much of the heat covers the image, 0 to 1
    #[arg(long, default_value_t = MapStyle::OPACITY, value_parser = share)]
    opacity: f32,
    /// Whether cold places are covered too
    #[arg(long, default_value = Blend::default().name(), value_parser = named::<Blend>())]
    blend: Blend,
    /// Draw a line where the map crosses that share of its maximum, 0 to 1
    #[arg(long, value_name = "LEVEL", value_parser = share)]
    contour: Option<f32>,
}

/// The conventions of all methods, each once.
fn conventions() -> Vec<(&'static str, &'static str)> {
    let mut all = vec![];
    for variant in cards().flat_map(|card| card.conventions.iter()) {
        if all.iter().all(|(name, _)| *name != variant.name) {
            all.push((&*variant.name, &*variant.describes));
        }
    }
    all
}

fn share(text: &str) -> Result<f32, String> {
    let number = text.parse().map_err(|_| "give a number from 0 to 1")?;
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err("give a number from 0 to 1".into()) }
}

impl Explain {
    /// Request of the arguments. Whatever is wrong with it whichever the model is said here.
    pub(in super::super) fn ask(&self) -> Result<Ask> {
        let card = method(&self.method)?.card();
        let layers = Layers::parse(&self.layer);
        let convention = self.convention.clone().unwrap_or_default();
        let mut request = Request { method: self.method.clone(), layers, convention, ..Request::default() };
        match &self.of {
            Some(of) if !card.asks.map => {
                return Err(Error::Request(fault!(
                    "measures-nothing",
                    "{method} measures no map of {of}; leave out --of",
                    method = card.id,
                    of
                )));
            }
            of if card.asks.map => request.map = Some(Box::new(measured(of.as_deref(), card, &request)?)),
            _ => {}
        }
        let (mut metrics, own) = metrics::of_maps(card, &self.metrics, &self.set)?;
        if let Some(layer) = &self.metric_layer {
            metrics.iter_mut().for_each(|metric| metric.layers = Layers::Named(vec![layer.clone()]));
        }
        metrics::check_box(card, &own, "")?;
        own.into_iter().try_for_each(|text| set(&mut request, card, text))?;
        let Self { colormap, opacity, blend, signed, contour, .. } = *self;
        let style = MapStyle { colormap, opacity, blend, signed, contour };
        Ask { metrics, ..Ask::new(request, &self.class, style)? }.beside(&self.references)
    }
}

/// The request for the map that is measured.
fn measured(of: Option<&str>, by: &Card, request: &Request) -> Result<Request> {
    let card = method(of.unwrap_or(usual()))?.card();
    if !card.gives.is_map() {
        let maps = maps().map(|(id, _)| id).collect::<Vec<_>>().join(", ");
        return Err(Error::Request(fault!(
            "no-map-to-measure",
            "{method} gives no map that {metric} could measure; choose one of {maps}",
            method = card.id,
            metric = by.id,
            maps
        )));
    }
    Ok(Request { method: card.id.to_string(), layers: request.layers.clone(), ..Request::default() })
}

/// Sets a parameter of the method, or of the one that it measures.
fn set(request: &mut Request, card: &Card, text: &str) -> Result<()> {
    let Some((key, value)) = text.split_once('=') else { return Err(no_value(text)) };
    match (key.split_once('.'), &mut request.map) {
        (None, _) => request.set(card, key, value),
        (Some((id, key)), Some(map)) if map.method == id => map.set(method(id)?.card(), key, value),
        (Some((id, _)), Some(map)) => Err(Error::Request(fault!(
            "set-of-another",
            "--set {text} is about {id}, but measured is {measured}; choose it with --of",
            text,
            id,
            measured = map.method
        ))),
        (Some((id, _)), None) if cards().any(|metric| metric.id == id && metric.asks.map) => {
            Err(Error::Request(fault!(
                "set-of-no-metric",
                "--set {text} is about the metric {id}, which is not asked for; add --metric {id}",
                text,
                id
            )))
        }
        (Some(_), None) => Err(Error::Request(fault!(
            "set-of-nothing",
            "--set {text} is about a method that is measured, and {method} measures none",
            text,
            method = card.id
        ))),
    }
}
