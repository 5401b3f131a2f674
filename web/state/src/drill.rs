//! A place that is looked into: which channels of the chosen layer drove the class there, and from there to other channels, layers, places
//! and images, with the way back.

use std::rc::Rc;

use convscope_core::artifact::Panel;
use convscope_core::explain::BoundingBox;

use super::aside::Aside;
use super::{Effect, ExplanationAction, ImageFile, Shared, State};

/// Steps that the way back has at most.
const STEPS: usize = 16;

/// Step on the way to what is seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The image.
    pub photo: Rc<ImageFile>,
    /// The layer.
    pub layer: String,
    /// The place.
    pub place: BoundingBox,
    /// The channel, where one had been chosen.
    pub channel: Option<usize>,
}

/// A place that is looked into.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrillState {
    /// The place; none while nothing is looked into.
    pub place: Option<BoundingBox>,
    /// The channel that was chosen, with its layer; the one with the largest share where none was.
    pub(super) channel: Option<(String, usize)>,
    /// The way to here, the last step last.
    pub trail: Vec<Step>,
    /// Channels whose optimum a person has asked for, with their layers.
    pub(super) optima: Vec<(String, usize)>,
    /// Optima that have been looked up among those that are kept, by their names there.
    pub(super) looked_up: Vec<(String, Aside)>,
}

/// Action on a place that is looked into.
#[derive(Clone, Debug, PartialEq)]
pub enum DrillAction {
    /// Look into the place where the map that is seen is largest.
    Open,
    /// Look into a place.
    Look(BoundingBox),
    /// Move the place, as with the keys: no step of its own.
    Move(BoundingBox),
    /// Look at the same place in another layer.
    Layer(String),
    /// Look at another channel.
    Channel(usize),
    /// Make the chosen channel's optimum.
    Optimize,
    /// An optimum that was looked up under that name, if it is kept.
    Kept(String, Option<Shared<Panel>>),
    /// Look into a place of another image.
    Image(Rc<ImageFile>, BoundingBox),
    /// Go back to a step of the way.
    Back(usize),
    /// Look into nothing.
    Close,
}

/// A place without size, as shares of the image's width and height, in the steps in which places are said.
pub fn point(place: (f64, f64)) -> BoundingBox {
    let [left, top] = [place.0, place.1].map(|share| (1000.0 * share.clamp(0.0, 1.0)).round() / 1000.0);
    BoundingBox { left, top, width: 0.0, height: 0.0 }
}

impl DrillState {
    /// Forgets all that is about the layers and channels of a model that is there no longer. The place is one of the image.
    pub(super) fn forget_network(&mut self) {
        *self = Self { place: self.place, ..Self::default() };
    }

    /// Looks into what a link says. Where that is a step of the way, or what is seen already, the way to it stays.
    pub(super) fn follow(&mut self, place: Option<&str>, layer: Option<String>, channel: Option<usize>) {
        let place: Option<BoundingBox> = place.and_then(|place| place.parse().ok());
        let is =
            |step: &Step| Some(step.place) == place && Some(&step.layer) == layer.as_ref() && step.channel == channel;
        let step = self.trail.iter().rposition(is);
        let channel = layer.zip(channel).filter(|_| place.is_some());
        match step {
            Some(step) => self.trail.truncate(step),
            None if place != self.place || channel != self.channel => self.trail.clear(),
            None => {}
        }
        (self.place, self.channel) = (place, channel);
    }
}

impl State {
    /// Whether places of the image can be looked into.
    pub fn can_drill(&self) -> bool {
        let card = self.card().is_some_and(|card| card.asks.image);
        card && self.image.observation.is_some() && self.attribution().is_some() && self.drill_layer().is_some()
    }

    /// The channel that was chosen of the layer that is looked into.
    pub(super) fn drill_channel(&self) -> Option<usize> {
        let (layer, channel) = self.drill.channel.as_ref()?;
        (Some(layer) == self.drill_layer().as_ref()).then_some(*channel)
    }

    pub(super) fn change_drill(&mut self, action: DrillAction) -> Vec<Effect> {
        if let DrillAction::Kept(key, panel) = action {
            self.optimum_kept(&key, panel);
            return vec![];
        }
        self.link.then = None;
        let mut effects = match action {
            DrillAction::Kept(..) => vec![],
            DrillAction::Open => match self.peak() {
                Some(place) => self.look_into(place),
                None => vec![],
            },
            DrillAction::Look(place) => self.look_into(place),
            DrillAction::Move(place) => {
                (self.drill.place, self.drill.channel) = (self.drill.place.map(|_| place), None);
                vec![]
            }
            DrillAction::Layer(layer) => {
                self.leave_step();
                self.change_explanation(ExplanationAction::ChooseLayer(layer))
            }
            DrillAction::Channel(channel) => {
                self.leave_step();
                self.drill.channel = self.drill_layer().map(|layer| (layer, channel));
                vec![]
            }
            DrillAction::Optimize => {
                let channel = self.drilled().and_then(|drilled| Some((drilled.layer, drilled.channel?)));
                self.drill.optima.extend(channel);
                vec![]
            }
            DrillAction::Image(photo, place) => {
                let channel = self.drilled().and_then(|drilled| Some((drilled.layer, drilled.channel?)));
                self.leave_step();
                (self.drill.place, self.drill.channel) = (Some(place), channel);
                self.choose(photo)
            }
            DrillAction::Back(index) => self.go_back(index),
            DrillAction::Close => {
                let DrillState { optima, looked_up, .. } = std::mem::take(&mut self.drill);
                self.drill = DrillState { optima, looked_up, ..DrillState::default() };
                vec![]
            }
        };
        effects.extend(self.follow_asides());
        effects
    }

    fn look_into(&mut self, place: BoundingBox) -> Vec<Effect> {
        if !self.can_drill() {
            return vec![];
        }
        let opens = self.drill.place.is_none();
        self.leave_step();
        self.drill.place = Some(place);
        self.drill.channel = None;
        let mut effects = vec![];
        // Where each channel is a class, there is nothing to rank: what it is made of lies before it.
        if let Some(before) = self.layer_of_classes().filter(|_| opens) {
            effects.extend(self.change_explanation(ExplanationAction::ChooseLayer(before)));
        }
        self.grid.open = false;
        effects.extend(self.look_at_one());
        effects
    }

    /// Remembers what is seen as a step on the way.
    fn leave_step(&mut self) {
        let channel = self.drill_channel();
        let (Some(place), Some(layer), Some(photo)) = (self.drill.place, self.drill_layer(), self.image.photo.clone())
        else {
            return;
        };
        let trail = &mut self.drill.trail;
        trail.push(Step { photo, layer, place, channel });
        let many = trail.len().saturating_sub(STEPS);
        trail.drain(..many);
    }

    fn go_back(&mut self, index: usize) -> Vec<Effect> {
        let Some(Step { photo, layer, place, channel }) = self.drill.trail.get(index).cloned() else { return vec![] };
        self.drill.trail.truncate(index);
        self.drill.place = Some(place);
        self.drill.channel = channel.map(|channel| (layer.clone(), channel));
        let other = self.image.newest() != Some(&photo);
        let moved = if self.drill_layer().as_ref() == Some(&layer) {
            vec![]
        } else {
            self.change_explanation(ExplanationAction::ChooseLayer(layer))
        };
        if other { self.choose(photo) } else { moved }
    }

    /// The place where the map that is seen is largest; the middle of what the network sees where there is none.
    fn peak(&self) -> Option<BoundingBox> {
        self.image.observation.as_ref()?;
        let (region, (width, height)) = (self.image.region(), self.image.size());
        let map = self.explanation.current().map(|shown| &shown.map.signed);
        let largest = map.and_then(|map| {
            let at = map.values.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1))?.0;
            let middle = |at: usize, count: usize| (at as f64 + 0.5) / count as f64;
            Some((middle(at % map.width, map.width), middle(at / map.width, map.height)))
        });
        let (across, down) = largest.unwrap_or((0.5, 0.5));
        let share = |start: f32, length: f32, at: f64, whole: u32| {
            (f64::from(start) + at * f64::from(length)) / f64::from(whole)
        };
        Some(point((share(region.x, region.width, across, width), share(region.y, region.height, down, height))))
    }
}
