//! Explanation that is wanted: of what, by which method and how it is drawn, and what the methods have given.

use std::collections::BTreeMap;
use std::rc::Rc;

use convscope_core::card::Card;
use convscope_core::error::Result;
use convscope_core::explain::Convention;
use convscope_core::model::Outputs;
use convscope_core::nn::Graph;
use convscope_core::render::{Blend, Colormap, MapStyle};
use convscope_core::request::Request;
use convscope_core::target::Target;

use super::cards::is_layerwise;
use super::form::same_way;
use super::{Effect, Form, Recovery, Results, Shown, State, Text};

/// Explanation that is wanted, and the results.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplanationState {
    /// Id of the chosen method; empty until the cards have come.
    pub method: String,
    /// Choices made of each method, by its id.
    forms: BTreeMap<String, Form>,
    /// Target: a class, or a sum of classes.
    pub target: Option<Target>,
    /// Whether the target stays for other images.
    pub pinned: bool,
    /// The chosen layer.
    pub layer: Option<String>,
    /// A layer whose map is looked at in passing.
    pub(super) preview: Option<String>,
    /// Results of the chosen method.
    pub results: Results,
    /// Results of the other methods, by their ids.
    others: BTreeMap<String, Results>,
    /// The request that came to its end last, which is what the worker can write down.
    pub(super) finished: Option<Rc<Request>>,
    /// Whether maps that have a sign are drawn with it.
    pub signed: bool,
    /// The colour map.
    pub colormap: Colormap,
    /// Opacity of the heat, 0 to 1.
    pub opacity: f32,
    /// Dependence of the opacity on the value.
    pub blend: Blend,
    /// Share of the maximum, 0 to 1, at which a contour line is drawn.
    pub contour: Option<f32>,
    /// Place of the divider of image and heat, as a share of the image's width: the heat is seen at its right alone.
    pub split: Option<f32>,
    /// Feature maps that the screen has room for in a row.
    pub columns: usize,
}

impl Default for ExplanationState {
    fn default() -> Self {
        Self {
            method: String::new(),
            forms: BTreeMap::new(),
            target: None,
            pinned: false,
            layer: None,
            preview: None,
            results: Results::default(),
            others: BTreeMap::new(),
            finished: None,
            signed: false,
            colormap: Colormap::default(),
            opacity: MapStyle::OPACITY,
            blend: Blend::default(),
            contour: None,
            split: None,
            columns: usize::MAX,
        }
    }
}

/// Action on what is to be explained.
#[derive(Clone, Debug, PartialEq)]
pub enum ExplanationAction {
    /// Choose another class.
    ChooseClass(usize),
    /// Choose another target, as it was typed.
    ChooseTarget(String),
    /// Keep the target for other images, or take the likeliest class of each.
    Pin(bool),
    /// Choose another layer.
    ChooseLayer(String),
    /// Look at the map of a layer in passing, or no longer.
    Preview(Option<String>),
    /// Choose the first method of another command.
    ChooseCommand(String),
    /// Choose another method.
    ChooseMethod(String),
    /// Choose another convention of the chosen method.
    ChooseConvention(String),
    /// Choose another method whose map the chosen one measures.
    ChooseMeasured(String),
    /// Set a parameter of the chosen method to another value, as it was typed.
    SetValue(String, String),
    /// Lay one feature map over the image, or none.
    ChooseChannel(Option<usize>),
    /// Run the chosen method.
    Run,
    /// Cancel what is going on.
    Stop,
    /// Show the signed map, or the rectified one.
    ChooseSigned(bool),
    /// Choose another colour map.
    ChooseColormap(Colormap),
    /// Choose the opacity of the heat, 0 to 1.
    ChooseOpacity(f32),
    /// Choose how the opacity depends on the value.
    ChooseBlend(Blend),
    /// Draw a contour line at a share of the maximum, 0 to 1, or none.
    ChooseContour(Option<f32>),
    /// Divide the image, at a share of its width, from the heat at its right, or lay the heat over all of it.
    ChooseSplit(Option<f32>),
}

impl ExplanationState {
    /// Choices made of a method.
    pub fn form(&self, method: &str) -> Form {
        self.forms.get(method).cloned().unwrap_or_default()
    }

    /// The map of the chosen layer, or the one there is of the input.
    pub fn current(&self) -> Option<&Shown> {
        let chosen = self.layer.as_deref().and_then(|layer| self.results.map(layer));
        chosen.or_else(|| self.results.map(Graph::INPUT))
    }

    /// The convention of the map that is seen; the paper's where none is.
    pub(super) fn convention(&self) -> Convention {
        let named = self.current().and_then(|shown| Convention::named(&shown.request.convention).ok());
        named.unwrap_or(Convention::PAPER)
    }

    /// Whether everything that is seen answers one request, which the worker still holds.
    pub(super) fn is_finished(&self) -> bool {
        self.results.seconds.is_some() && self.results.request == self.finished
    }

    /// Takes up another method with what it has given before.
    pub(super) fn take_method(&mut self, id: String) {
        let old = std::mem::replace(&mut self.method, id);
        let results = self.others.remove(&self.method).unwrap_or_default();
        let results = std::mem::replace(&mut self.results, results);
        self.others.insert(old, Results { progress: None, ..results });
    }

    /// Results of a method that is not the chosen one.
    pub(super) fn results_of(&self, method: &str) -> Option<&Results> {
        self.others.get(method)
    }

    pub(super) fn set_form(&mut self, method: &str, form: Form) {
        self.forms.insert(method.into(), form);
    }

    /// Forgets what methods have given of an image, but for those that `stay`. Where it `goes_on` as one of many that a camera sees, what
    /// the chosen method has given is seen until the next comes.
    pub(super) fn forget_image(&mut self, goes_on: bool, stay: impl Fn(&str) -> bool) {
        let results = std::mem::take(&mut self.results);
        self.forget(&stay);
        if goes_on || stay(&self.method) {
            self.results = Results { before: goes_on && !stay(&self.method), ..results };
        }
    }

    /// Forgets what methods have given, but for those that `stay`; the worker holds nothing of it any longer.
    pub(super) fn forget(&mut self, stay: impl Fn(&str) -> bool) {
        self.finished = None;
        if !stay(&self.method) {
            self.results = Results::default();
        }
        self.others.retain(|method, _| stay(method));
    }
}

impl State {
    pub(super) fn change_explanation(&mut self, action: ExplanationAction) -> Vec<Effect> {
        // Whoever chooses does not wait for the rest of a link.
        if !matches!(action, ExplanationAction::Preview(_)) {
            self.link.then = None;
            self.embed.choose();
        }
        let explanation = &mut self.explanation;
        match action {
            ExplanationAction::ChooseClass(class) => return self.choose_target(Target::from(class)),
            ExplanationAction::ChooseTarget(text) => {
                return match self.target(&text) {
                    Ok(target) => self.choose_target(target),
                    Err(error) => self.fail(Text::Engine(error.fault().clone()), Recovery::None),
                };
            }
            ExplanationAction::ChooseLayer(layer) => {
                explanation.layer = Some(layer);
                explanation.preview = None;
                // The maps of all layers are there together; that which is made of them is another request.
                let asked = self.explanation.results.request.as_deref().map(|request| &request.layers);
                let another = self.request().is_some_and(|request| asked != Some(&request.layers));
                let again = another || self.card().is_some_and(|card| is_layerwise(card));
                return if again { self.run_at_once() } else { vec![] };
            }
            ExplanationAction::ChooseCommand(command) => {
                if self.card().is_some_and(|card| card.command == command) {
                    return vec![];
                }
                let methods = self.methods_of(&command);
                let first = methods.iter().find(|(_, refusal)| refusal.is_none()).map(|(card, _)| card.id.to_string());
                return first.map_or_else(Vec::new, |id| self.choose_method(id));
            }
            ExplanationAction::ChooseMethod(id) => return self.choose_method(id),
            ExplanationAction::ChooseConvention(name) => return self.change_form(|form, _| form.convention = name),
            ExplanationAction::ChooseMeasured(id) => return self.change_form(|form, _| form.map = Some(id)),
            ExplanationAction::SetValue(id, text) => return self.set_value(&id, text),
            ExplanationAction::ChooseChannel(channel) => return self.choose_channel(channel),
            ExplanationAction::Run => return self.run(),
            ExplanationAction::Stop => return self.stop(),
            ExplanationAction::Preview(layer) => explanation.preview = layer,
            ExplanationAction::ChooseColormap(colormap) => explanation.colormap = colormap,
            ExplanationAction::Pin(pinned) => explanation.pinned = pinned,
            ExplanationAction::ChooseSigned(signed) => explanation.signed = signed,
            ExplanationAction::ChooseOpacity(opacity) => explanation.opacity = opacity.clamp(0.0, 1.0),
            ExplanationAction::ChooseBlend(blend) => explanation.blend = blend,
            ExplanationAction::ChooseContour(level) => explanation.contour = level.map(|level| level.clamp(0.0, 1.0)),
            ExplanationAction::ChooseSplit(place) => explanation.split = place.map(|place| place.clamp(0.0, 1.0)),
        }
        vec![]
    }

    /// Whether a request differs in more than its layers from the one that would be made now.
    pub fn is_outdated(&self, request: &Request) -> bool {
        self.request().is_some_and(|now| now.target != request.target || !same_way(&now, request))
    }

    /// The target that a text means for the model and the image.
    pub(super) fn target(&self, text: &str) -> Result<Target> {
        let (model, labels, first) = match self.model.ready.as_deref() {
            Some(ready) => (ready.id.as_str(), &ready.labels[..], ready.first_output),
            None => ("", &[][..], 0),
        };
        let classes = self.image.observation.as_ref().map_or(&[][..], |observation| &observation.classes);
        let ranked: Vec<usize> = classes.iter().map(|class| class.index).collect();
        Outputs { model, labels, first }.target(text)?.resolve(&ranked)
    }

    fn choose_target(&mut self, target: Target) -> Vec<Effect> {
        if self.explanation.target.as_ref() == Some(&target) && self.explanation.results.seconds.is_some() {
            return vec![];
        }
        self.explanation.target = Some(target);
        if self.card().is_some_and(|card| card.asks.class) { self.run_at_once() } else { vec![] }
    }

    fn choose_method(&mut self, id: String) -> Vec<Effect> {
        let offered = self.card_of(&id).is_some_and(|card| self.offers(card));
        if !offered || id == self.explanation.method {
            return vec![];
        }
        self.tell_dropped();
        self.explanation.take_method(id);
        self.fit_layer();
        let effects = self.run_at_once();
        // Results still to come are the other method's, and no longer wanted.
        if effects.is_empty() { self.stop() } else { effects }
    }

    pub(super) fn change_form(&mut self, change: impl FnOnce(&mut Form, &Card)) -> Vec<Effect> {
        let Some(card) = self.card().cloned() else { return vec![] };
        let before = self.request();
        let mut form = self.explanation.form(&card.id);
        change(&mut form, &card);
        self.explanation.set_form(&card.id, form);
        self.fit_layer();
        if self.request() == before { vec![] } else { self.run_at_once() }
    }

    pub(super) fn choose_channel(&mut self, channel: Option<usize>) -> Vec<Effect> {
        match self.explanation.results.choose_channel(channel) {
            Ok(()) => vec![],
            Err(error) => self.fail(Text::Engine(error.fault().clone()), Recovery::None),
        }
    }
}
