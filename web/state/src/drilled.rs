//! What is seen of a place that is looked into, and the requests that it takes.

use std::rc::Rc;

use convscope_core::artifact::{Measure, Panel, Sheet};
use convscope_core::card::{Card, Family, Gives};
use convscope_core::explain::BoundingBox;
use convscope_core::param::{Kind, Param};
use convscope_core::protocol::Tap;
use convscope_core::request::{Layers, Request};

use super::aside::{Answer, Aside};
use super::drill::point;
use super::{ImageFile, Observation, Peak, Shared, State, Step, Text};

/// Channels that are ranked.
const RANKED: &str = "top12";

/// Other images that are searched for what a channel fires at, the newest.
const SEARCHED: usize = 24;

/// What is seen of a place that is looked into.
#[derive(Clone, Debug, PartialEq)]
pub struct Drilled {
    /// The layer.
    pub layer: String,
    /// Width and height of its feature maps.
    pub size: [usize; 2],
    /// The place.
    pub place: BoundingBox,
    /// The cells of the place, as columns and rows.
    pub cells: Vec<(usize, usize)>,
    /// The channels with their shares, the largest first; empty until they have come.
    pub shares: Vec<Shared<Panel>>,
    /// Why there are none.
    pub failed: Option<Text>,
    /// The chosen channel.
    pub channel: Option<usize>,
    /// The feature maps of the layer.
    pub sheet: Option<Shared<Sheet>>,
    /// What in the image made the channel fire.
    pub reconstruction: Option<Shared<Panel>>,
    /// Why that cannot be seen.
    pub unreconstructed: Option<Text>,
    /// What makes the channel fire most.
    pub optimum: Option<Shared<Panel>>,
    /// Why that cannot be seen.
    pub unoptimized: Option<Text>,
    /// Whether the optimum has been asked for, and how far it is.
    pub optimizing: Option<(usize, usize)>,
    /// Whether the optimum can be asked for.
    pub can_optimize: bool,
    /// Other images, the one where the channel fires most first.
    pub elsewhere: Vec<Elsewhere>,
    /// Other images among which is searched.
    pub searched: usize,
    /// Other images that are still to be searched.
    pub unsearched: usize,
    /// The layer before.
    pub earlier: Option<String>,
    /// The layer behind.
    pub later: Option<String>,
    /// The way to here.
    pub trail: Vec<Step>,
}

/// The place of another image where a channel fires most.
#[derive(Clone, Debug, PartialEq)]
pub struct Elsewhere {
    /// The image.
    pub photo: Rc<ImageFile>,
    /// The number there.
    pub value: f32,
    /// The place, as shares of the image's width and height.
    pub place: (f64, f64),
    /// The image's size in pixels.
    pub size: (u32, u32),
}

impl Elsewhere {
    fn of(photo: &Rc<ImageFile>, seen: &Observation, peak: &Peak) -> Self {
        let share = |start: f32, length: f32, at: f64, whole: u32| {
            (f64::from(start) + at * f64::from(length)) / f64::from(whole)
        };
        let (region, size) = (seen.region, seen.size);
        let across = share(region.x, region.width, peak.place.0, size.0);
        let down = share(region.y, region.height, peak.place.1, size.1);
        Self { photo: photo.clone(), value: peak.value, place: (across, down), size }
    }

    /// The place, to be looked into.
    pub fn point(&self) -> BoundingBox {
        point(self.place)
    }
}

fn param(card: &Card, is: fn(&Kind) -> bool) -> Option<&Param> {
    card.params.iter().find(|param| is(&param.kind))
}

fn channels_of(card: &Card) -> Option<&Param> {
    param(card, |kind| matches!(kind, Kind::Channels { .. }))
}

fn place_of(card: &Card) -> Option<&Param> {
    param(card, |kind| matches!(kind, Kind::Box { .. }))
}

impl State {
    fn first_card(&self, is: impl Fn(&Card) -> bool) -> Option<&Shared<Card>> {
        self.model.methods.iter().find(|card| is(card) && self.offers(card))
    }

    /// The method that says which channels drove a class at a place.
    pub(super) fn attribution(&self) -> Option<&Shared<Card>> {
        let ranks = |card: &Card| card.family == Family::Channel && card.asks.class && place_of(card).is_some();
        self.first_card(|card| ranks(card) && channels_of(card).is_some())
    }

    fn sheets(&self) -> Option<&Shared<Card>> {
        self.first_card(|card| card.gives == Gives::Sheet)
    }

    fn reconstruction(&self) -> Option<&Shared<Card>> {
        let of_channels =
            |card: &Card| card.family == Family::Channel && !card.asks.class && channels_of(card).is_some();
        self.first_card(|card| of_channels(card) && card.gives == Gives::Panels)
    }

    fn optimization(&self) -> Option<&Shared<Card>> {
        self.first_card(|card| !card.asks.image && card.gives == Gives::Panels && channels_of(card).is_some())
    }

    fn drill_taps(&self) -> Vec<&Tap> {
        self.model.ready.as_ref().map_or_else(Vec::new, |ready| ready.taps.iter().filter(|tap| !tap.pool).collect())
    }

    /// The layer that is looked into: the chosen one, or the last where that is none with channels.
    pub(super) fn drill_layer(&self) -> Option<String> {
        let taps = self.drill_taps();
        let chosen = taps.iter().find(|tap| Some(&tap.name) == self.explanation.layer.as_ref());
        chosen.or(taps.last()).map(|tap| tap.name.clone())
    }

    /// The layer before the one that is looked into, where that has a channel for each class.
    pub(super) fn layer_of_classes(&self) -> Option<String> {
        let (taps, layer, classes) = (self.drill_taps(), self.drill_layer()?, self.model.ready.as_ref()?.labels.len());
        let at = taps.iter().position(|tap| tap.name == layer && tap.shape[0] == classes)?;
        Some(taps.get(at.checked_sub(1)?)?.name.clone())
    }

    /// A request of a method at a layer, as its form stands but for these parameters.
    fn beside(&self, card: &Card, layer: &str, set: &[(Option<&Param>, String)]) -> Option<Aside> {
        let mut form = self.explanation.form(&card.id);
        for (param, value) in set {
            form.set(card, &(*param)?.id, value.clone());
        }
        let request = Request {
            method: card.id.to_string(),
            target: if card.asks.class { Some(self.explanation.target.clone()?) } else { None },
            layers: Layers::Named(vec![layer.to_owned()]),
            values: form.request(card)?,
            convention: form.convention(card).into(),
            map: None,
        };
        self.aside(request, self.image.photo.clone().filter(|_| card.asks.image))
    }

    fn shares_aside(&self, layer: &str, place: BoundingBox) -> Option<Aside> {
        let card = self.attribution()?;
        self.beside(card, layer, &[(place_of(card), place.to_string()), (channels_of(card), RANKED.into())])
    }

    fn sheet_aside(&self, layer: &str) -> Option<Aside> {
        self.beside(self.sheets()?, layer, &[])
    }

    fn channel_aside(&self, card: Option<&Shared<Card>>, layer: &str, channel: usize) -> Option<Aside> {
        self.beside(card?, layer, &[(channels_of(card?), channel.to_string())])
    }

    /// The same request for each of the other images.
    fn searches(&self, sheet: Option<&Aside>) -> Vec<Aside> {
        let others = self.image.tray.iter().rev().filter(|photo| Some(*photo) != self.image.photo.as_ref());
        let search = |photo: &Rc<ImageFile>| self.aside(sheet?.request.clone(), Some(photo.clone()));
        others.take(SEARCHED).filter_map(search).collect()
    }

    /// The requests that the place takes, in the order in which they are made.
    pub(super) fn drill_wants(&self) -> Vec<Aside> {
        let (Some(place), Some(layer), true) = (self.drill.place, self.drill_layer(), self.can_drill()) else {
            return vec![];
        };
        let shares = self.shares_aside(&layer, place);
        let channel = self.channel_in(shares.as_ref());
        let of = |card: Option<&Shared<Card>>| channel.and_then(|channel| self.channel_aside(card, &layer, channel));
        let sheet = self.sheet_aside(&layer);
        let asked = channel.is_some_and(|channel| self.drill.optima.contains(&(layer.clone(), channel)));
        let optimum = of(self.optimization()).filter(|_| asked);
        let searches = self.searches(sheet.as_ref());
        [shares, sheet, of(self.reconstruction()), optimum].into_iter().flatten().chain(searches).collect()
    }

    /// The request for what makes the channel fire most that is looked into.
    pub(super) fn optimum_aside(&self) -> Option<Aside> {
        let (place, layer) = (self.drill.place.filter(|_| self.can_drill())?, self.drill_layer()?);
        let channel = self.channel_in(self.shares_aside(&layer, place).as_ref())?;
        self.channel_aside(self.optimization(), &layer, channel)
    }

    /// The chosen channel, or the first of those that have come.
    fn channel_in(&self, shares: Option<&Aside>) -> Option<usize> {
        let first = || shares.and_then(|aside| self.answer(aside)?.panels.first()?.channel);
        self.drill_channel().or_else(first)
    }

    /// What is seen of the place that is looked into.
    pub fn drilled(&self) -> Option<Drilled> {
        let (place, layer) = (self.drill.place.filter(|_| self.can_drill())?, self.drill_layer()?);
        let taps = self.drill_taps();
        let at = taps.iter().position(|tap| tap.name == layer)?;
        let [_, height, width] = taps[at].shape;
        let shares = self.shares_aside(&layer, place);
        let channel = self.channel_in(shares.as_ref());
        let of = |card: Option<&Shared<Card>>| channel.and_then(|channel| self.channel_aside(card, &layer, channel));
        let (sheet, made, best) = (self.sheet_aside(&layer), of(self.reconstruction()), of(self.optimization()));
        let answer = |aside: &Option<Aside>| aside.as_ref().and_then(|aside| self.answer(aside));
        let panel = |answer: Option<&Answer>| answer.and_then(|answer| answer.panels.first().cloned());
        let failed = |answer: Option<&Answer>| answer.and_then(|answer| answer.failed.clone());
        // Channels that are dark there have no part in it.
        let counts = |panel: &&Shared<Panel>| !matches!(panel.measure, Measure::Share(one) if one.value == 0.0);
        let searches = self.searches(sheet.as_ref());
        let found = |aside: &Aside| {
            let answer = self.answer(aside)?;
            let peak = *answer.peaks.as_ref()?.get(channel?).filter(|peak| peak.value > 0.0)?;
            Some(Elsewhere::of(aside.photo.as_ref()?, answer.seen.as_ref()?, &peak))
        };
        let mut elsewhere: Vec<Elsewhere> = searches.iter().filter_map(found).collect();
        elsewhere.sort_by(|one, other| other.value.total_cmp(&one.value));
        let searched =
            |aside: &&Aside| self.answer(aside).is_some_and(|answer| answer.whole || answer.failed.is_some());
        let asked = channel.is_some_and(|channel| self.drill.optima.contains(&(layer.clone(), channel)));
        let waits = asked && !answer(&best).is_some_and(|answer| answer.whole || answer.failed.is_some());
        let progress = best.as_ref().and_then(|aside| self.aside_progress(aside));
        Some(Drilled {
            size: [width, height],
            place,
            cells: place.cells(self.image.region(), self.image.size(), [height, width]),
            shares: answer(&shares)
                .map_or_else(Vec::new, |answer| answer.panels.iter().filter(counts).cloned().collect()),
            failed: failed(answer(&shares)),
            channel,
            sheet: answer(&sheet).and_then(|answer| answer.sheet.clone()),
            reconstruction: panel(answer(&made)),
            unreconstructed: failed(answer(&made)),
            optimum: panel(answer(&best)),
            unoptimized: failed(answer(&best)),
            optimizing: waits.then(|| progress.unwrap_or_default()),
            can_optimize: best.is_some(),
            searched: searches.len(),
            unsearched: searches.len() - searches.iter().filter(searched).count(),
            elsewhere,
            earlier: at.checked_sub(1).map(|at| taps[at].name.clone()),
            later: taps.get(at + 1).map(|tap| tap.name.clone()),
            trail: self.drill.trail.clone(),
            layer,
        })
    }
}
