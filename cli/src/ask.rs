//! From arguments to a request: of `explain` for every method, and of the subcommands that methods have of their own.

mod explain;
mod flags;
pub(super) mod metrics;

use std::path::PathBuf;
use std::sync::Arc;

use convscope::card::{Card, Gives};
use convscope::error::{Error, Result};
use convscope::explain::Convention;
use convscope::export::Asked;
use convscope::fault;
use convscope::image::Image;
use convscope::methods::{how, method, methods};
use convscope::model::Model;
use convscope::observation::Observation;
use convscope::param::{Param, Value};
use convscope::preprocess::Preprocessing;
use convscope::render::MapStyle;
use convscope::request::Request;
use convscope::target::Target;
use pollster::block_on;
use serde_json::{Value as Json, json};

use super::files::Input;
pub(super) use explain::Explain;
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
    /// SHA-256 of their files.
    pub(super) sums: Vec<String>,
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
        Ok(Self {
            card,
            convention,
            style,
            request,
            metrics: vec![],
            class: class.into(),
            references: vec![],
            sums: vec![],
        })
    }

    /// What a bundle was asked, once more.
    pub(super) fn again(request: &Request, asked: &Asked, references: &[PathBuf]) -> Result<Self> {
        let class = request.target.as_ref().map(ToString::to_string).unwrap_or_default();
        let ask = Self::new(Request { target: None, ..request.clone() }, &class, asked.style)?;
        Self { metrics: asked.metrics.clone(), ..ask }.beside(references)
    }

    /// The same with other images to draw on.
    fn beside(mut self, references: &[PathBuf]) -> Result<Self> {
        for input in references.iter().map(|path| Input::read(path)) {
            let input = input?;
            self.sums.push(input.sha256());
            self.references.push(Image::clone(&input.image));
        }
        Ok(self)
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

/// The methods whose maps can be measured.
pub(super) fn maps() -> impl Iterator<Item = (&'static str, &'static str)> {
    cards().filter(|card| card.gives.is_map()).map(|card| (&*card.id, &*card.title))
}

pub(super) fn no_value(text: &str) -> Error {
    Error::Request(fault!("set-no-value", "--set {text} has no value; write it as KEY=VALUE", text))
}
