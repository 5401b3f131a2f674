//! An explanation that is kept beside those that come.

use std::rc::Rc;

use convscope_core::card::Card;
use convscope_core::explain::{AttributionMap, Comparison};
use convscope_core::image::Plane;
use convscope_core::render::{Blend, Colormap};
use convscope_core::request::Request;
use convscope_core::target::Explained;

use super::cards::gives_maps;
use super::form::same_way;
use super::{Effect, ImageFile, Layered, Link, Numbers, Observation, Overlay, Paint, Shared, State};

/// One explanation with all that it is of.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The image.
    pub photo: Rc<ImageFile>,
    /// Numbers that the network made of it.
    pub observation: Shared<Observation>,
    /// What is explained, of a method that asks for a class.
    pub explained: Option<Explained>,
    /// The map.
    pub map: Shared<AttributionMap>,
    /// The method.
    pub card: Shared<Card>,
    /// The request.
    pub request: Rc<Request>,
    /// The model's name.
    pub model: String,
}

impl View {
    /// Whether the maps of two views are in the same units, so that one scale for both has a meaning. Each layer has its own: gradients
    /// and activations are of another size there.
    pub fn same_units(&self, other: &Self) -> bool {
        self.model == other.model && self.map.layer == other.map.layer && same_way(&self.request, &other.request)
    }
}

/// Probability below which a class is as good as not seen.
const UNLIKELY: f32 = 0.001;
/// The largest number of a map that is not seen, as a share of the scale.
const VANISHES: f32 = 0.05;

/// Two explanations, and what differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The explanation that was kept.
    pub kept: Rc<View>,
    /// The present one, once it is there; until then the kept one is compared with itself.
    pub now: Option<Rc<View>>,
    /// Whether both are on one scale; none where that has no meaning.
    pub shared: Option<bool>,
    /// The one that vanishes on that scale, 0 or 1, with its largest number as a share of the scale.
    pub vanishes: Option<(usize, f32)>,
    /// Numbers of their maps, 0 to 1, on one scale or each on its own.
    pub planes: [Shared<Plane>; 2],
    /// The second less the first, -1 to 1, where they differ.
    pub difference: Option<Shared<Plane>>,
    /// The largest difference, as a share of the scale.
    pub largest: f32,
    /// Pearson's correlation of the two, where both have one.
    pub correlation: Option<f32>,
}

impl Compared {
    /// Compares two explanations, where it has a meaning on one scale, if that is `wanted`. Where nobody has said so, those of one image
    /// are: how strong a network answers to two images has many reasons.
    pub fn of(kept: Rc<View>, now: Option<Rc<View>>, wanted: Option<bool>) -> Self {
        let other = now.as_ref().unwrap_or(&kept);
        let shared = kept.same_units(other).then(|| wanted.unwrap_or(kept.photo == other.photo));
        let on_one = shared == Some(true);
        let Comparison { planes, difference, largest, correlation } = Comparison::of([&kept.map, &other.map], on_one);
        let seen = |index: usize| (index, planes[index].max());
        let faint = |(index, largest): &(usize, f32)| {
            let view = [&kept, other][*index];
            view.map.blank.is_none() && *largest < VANISHES
        };
        let vanishes = [0, 1].map(seen).into_iter().find(faint).filter(|_| on_one);
        let (planes, difference) = (planes.map(Shared::from), difference.map(Shared::from));
        Self { kept, now, shared, vanishes, planes, difference, largest, correlation }
    }

    /// The present explanation, or the kept one until that is there.
    pub fn other(&self) -> &View {
        self.now.as_ref().unwrap_or(&self.kept)
    }

    /// The three images that are seen: the kept one, the present one, and the difference, over the image if both are of the same.
    pub fn panes(&self, colormap: Colormap, opacity: f32, blend: Blend) -> [Layered; 3] {
        let (kept, now) = (&*self.kept, self.other());
        let [first, second] = &self.planes;
        let layered = |view: &View, plane: Option<&Shared<Plane>>, paint| Layered {
            photo: Some(view.photo.clone()),
            size: view.observation.size,
            region: view.observation.region,
            overlay: plane.map(|plane| Overlay { numbers: Numbers::Plane(plane.clone()), paint }),
            opacity,
            blend,
            contour: None,
            split: None,
        };
        let heat = Paint::Heat(colormap);
        let same = kept.photo == now.photo;
        let difference = layered(now, self.difference.as_ref(), Paint::Signed);
        let (photo, opacity) = if same { (difference.photo, opacity) } else { (None, 1.0) };
        [
            layered(kept, Some(first), heat),
            layered(now, self.now.as_ref().map(|_| second), heat),
            Layered { photo, opacity, ..difference },
        ]
    }
}

/// An explanation that is kept to compare with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ComparisonState {
    /// The explanation, if one is kept.
    pub kept: Option<Rc<View>>,
    /// The link to it.
    pub(super) link: Option<Link>,
    /// Whether compared maps are drawn on one scale where that has a meaning, once a person has said so.
    pub shared_scale: Option<bool>,
}

/// Action on what is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparisonAction {
    /// Keep the explanation that is seen, to compare with what comes, or let go of the one that is kept.
    Keep,
    /// Draw compared maps on one scale, or each on its own.
    ShareScale(bool),
}

impl State {
    pub(super) fn change_comparison(&mut self, action: ComparisonAction) -> Vec<Effect> {
        match action {
            ComparisonAction::Keep if self.comparison.kept.is_some() => self.let_go(),
            ComparisonAction::Keep => {
                self.grid.open = false;
                self.keep();
            }
            ComparisonAction::ShareScale(shared) => self.comparison.shared_scale = Some(shared),
        }
        vec![]
    }

    /// The explanation that is kept, where the chosen method gives maps to compare it with.
    pub fn kept(&self) -> Option<&Rc<View>> {
        self.comparison.kept.as_ref().filter(|_| self.card().is_some_and(|card| gives_maps(card)))
    }

    /// The explanation that is kept, beside the one that is seen, where they are compared.
    pub fn compared(&self) -> Option<Compared> {
        Some(Compared::of(self.kept()?.clone(), self.view(), self.comparison.shared_scale))
    }

    /// What a request explains, with what the network makes of it.
    pub fn explained(&self, request: &Request) -> Option<Explained> {
        Explained::new(request.target.as_ref()?, &self.image.observation.as_ref()?.classes).ok()
    }

    /// What would be explained now, with what the network makes of it.
    pub fn explained_now(&self) -> Option<Explained> {
        Explained::new(self.explanation.target.as_ref()?, &self.image.observation.as_ref()?.classes).ok()
    }

    /// Whether the map that is seen is one of a class that the network hardly sees: its map is as bright as that of any other.
    pub fn is_unlikely(&self) -> bool {
        let explained = self.explanation.current().and_then(|shown| self.explained(&shown.request));
        let probability = explained.as_ref().and_then(|explained| explained.class()?.probability);
        probability.is_some_and(|probability| probability < UNLIKELY)
    }

    /// The explanation that is seen, if it is there and no older one's.
    pub fn view(&self) -> Option<Rc<View>> {
        let shown = self.explanation.current().filter(|shown| !self.is_stale(Some(shown)))?;
        if self.explanation.results.before {
            return None;
        }
        Some(Rc::new(View {
            photo: self.image.photo.clone()?,
            observation: self.image.observation.clone()?,
            explained: self.explained(&shown.request),
            map: shown.map.clone(),
            card: self.card_of(&shown.request.method)?.clone(),
            request: shown.request.clone(),
            model: self.model.ready.as_ref()?.name.clone(),
        }))
    }
}
