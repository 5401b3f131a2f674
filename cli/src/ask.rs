//! From arguments to a request: of `explain` for every method, and of the subcommands that methods have of their own.

mod flags;
pub(super) mod metrics;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use convscope::card::{Card, Gives};
use convscope::error::{Error, Result};
use convscope::explain::Convention;
use convscope::fault;
use convscope::image::Image;
use convscope::methods::{how, method, methods};
use convscope::model::Model;
use convscope::observation::Observation;
use convscope::param::{Param, Value};
use convscope::preprocess::Preprocessing;
use convscope::render::{Blend, Colormap, MapStyle};
use convscope::request::{Layers, Request};
use convscope::target::Target;
use pollster::block_on;
use serde_json::{Value as Json, json};

use super::named::{Known, named};
pub(super) use flags::{ask, default, with_flags};

/// Request of the command line, before any image is read.
pub(super) struct Ask {
    pub(super) card: &'static Card,
    pub(super) convention: Convention,
    pub(super) style: MapStyle,
    /// Without its target, which may depend on the image.
    pub(super) request: Request,
    /// Metrics of the maps that are wanted too, without class and map.
    pub(super) metrics: Vec<Request>,
    class: String,
    /// Other images, which methods draw on.
    references: Vec<Image>,
}

impl Ask {
    fn new(request: Request, class: &str, style: MapStyle) -> Result<Self> {
        let card = method(&request.method)?.card();
        let convention = Convention::named(&card.variant(&request.convention).map_err(Error::Request)?.name)?;
        if style.signed && !card.gives.signed() {
            let signed: Vec<&str> = cards().filter(|card| card.gives.signed()).map(|card| card.id.as_ref()).collect();
            return Err(Error::Request(fault!(
                "no-sign",
                "the maps of {method} have no sign; leave out --signed, or use one of the methods that have: {signed}",
                method = card.id,
                signed = signed.join(", ")
            )));
        }
        Ok(Self { card, convention, style, request, metrics: vec![], class: class.into(), references: vec![] })
    }

    /// The card and the request of what the layers are those of: the method, or the one that it measures.
    fn at_layers(&self) -> Result<(&'static Card, &Request)> {
        match &self.request.map {
            Some(map) => Ok((method(&map.method)?.card(), map)),
            None => Ok((self.card, &self.request)),
        }
    }

    /// The names of the layers that are asked for. Whatever does not fit the model is an error, before any image is read.
    pub(super) fn layers<'a>(&self, model: &'a Model) -> Result<Vec<&'a str>> {
        let (card, request) = self.at_layers()?;
        for card in [self.card, card] {
            card.applies(model.offer()).map_err(Error::Request)?;
        }
        let layers = model.layers(&request.layers, card.asks.layers)?;
        model.check_layers(card, &layers)?;
        for class in self.classes(model) {
            model.manifest.target(class)?;
        }
        // Which classes are the likeliest, no image has said yet: any stands for them here.
        let target = self.card.asks.class.then(|| Target::from(0));
        for (card, request) in [(self.card, &self.request), (card, request)] {
            Request { target: target.clone(), ..request.clone() }.check(card)?;
        }
        for metric in &self.metrics {
            let map = Some(Box::new(self.request.clone()));
            Request { target: target.clone(), map, ..metric.clone() }.check(method(&metric.method)?.card())?;
        }
        Ok(layers.into_iter().map(|layer| model.network.graph().nodes()[layer].name.as_str()).collect())
    }

    /// What the model sees of an image, beside the others.
    pub(super) fn observe(&self, model: &Arc<Model>, image: &Arc<Image>) -> Result<Observation> {
        Ok(block_on(model.observe_async(image.clone()))?.beside(&self.references))
    }

    /// The classes that are asked for, one after the other; a name may have a comma in it.
    fn classes(&self, model: &Model) -> Vec<&str> {
        if !self.card.asks.class {
            return vec![];
        }
        let one = model.manifest.target(&self.class).is_ok();
        if one { vec![&self.class] } else { self.class.split(',').map(str::trim).collect() }
    }

    /// The requests about an image, one for each class.
    pub(super) fn about(&self, seen: &Observation) -> Result<Vec<Request>> {
        let mut targets: Vec<Option<Target>> = vec![];
        for class in self.classes(seen.model()) {
            let target = Some(seen.target(class)?);
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        if targets.is_empty() {
            targets.push(None);
        }
        Ok(targets.into_iter().map(|target| Request { target, ..self.request.clone() }).collect())
    }

    /// A parameter's value.
    pub(super) fn value(&self, param: &Param) -> Value {
        let given = self.request.values.get(param.id.as_ref()).cloned();
        given.unwrap_or_else(|| self.card.default(param, self.convention.name, false))
    }

    /// Account of how it was asked, as the manifest says it.
    pub(super) fn how(&self, preprocessing: &Preprocessing) -> Result<Json> {
        let mut how = how(&self.request)?;
        if self.streams() {
            how["interpolation"] = json!(preprocessing.interpolation);
        }
        Ok(how)
    }

    /// Whether results are all feature maps of layers, of which no more than one layer's fit in memory.
    pub(super) fn streams(&self) -> bool {
        self.card.gives == Gives::Sheet
    }
}

/// The cards of all methods.
pub(super) fn cards() -> impl Iterator<Item = &'static Card> {
    methods().map(|method| method.card())
}

/// The first method that gives maps.
pub(super) fn usual() -> &'static str {
    maps().next().map_or("", |(id, _)| id)
}

/// How an image is explained.
#[derive(Debug, Args)]
pub(super) struct Explain {
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
    #[arg(long, default_value_t = MapStyle::OPACITY, value_parser = opacity)]
    opacity: f32,
    /// Whether cold places are covered too
    #[arg(long, default_value = Blend::default().name(), value_parser = named::<Blend>())]
    blend: Blend,
}

/// The methods whose maps can be measured.
pub(super) fn maps() -> impl Iterator<Item = (&'static str, &'static str)> {
    cards().filter(|card| card.gives.is_map()).map(|card| (&*card.id, &*card.title))
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

fn opacity(text: &str) -> Result<f32, String> {
    let number = text.parse().map_err(|_| "give a number from 0 to 1")?;
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err("give a number from 0 to 1".into()) }
}

impl Explain {
    /// Request of the arguments. Whatever is wrong with it whichever the model is said here.
    pub(super) fn ask(&self) -> Result<Ask> {
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
        let (metrics, own) = metrics::of_maps(card, &self.metrics, &self.set)?;
        own.into_iter().try_for_each(|text| set(&mut request, card, text))?;
        let style = MapStyle { colormap: self.colormap, opacity: self.opacity, blend: self.blend, signed: self.signed };
        let references = self.references.iter().map(Image::open).collect::<Result<_>>()?;
        Ok(Ask { metrics, references, ..Ask::new(request, &self.class, style)? })
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

pub(super) fn no_value(text: &str) -> Error {
    Error::Request(fault!("set-no-value", "--set {text} has no value; write it as KEY=VALUE", text))
}
