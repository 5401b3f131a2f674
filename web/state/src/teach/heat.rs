//! What a taught model has learnt: the mean heat of each class over its own images.

use convscope_core::artifact::Artifact;
use convscope_core::card::LayersAsked;
use convscope_core::explain::MeanMap;
use convscope_core::image::Plane;
use convscope_core::protocol::{Command, Event};
use convscope_core::request::{Layers, Request};

use super::super::image::send_with;
use super::super::tickets::Kind;
use super::super::{Effect, State};
use super::{Lecture, TeachStep};

/// Mean heat of each class, as far as it has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TeachHeat {
    /// The means, class by class.
    pub means: Vec<MeanMap>,
    /// Images that have been explained.
    pub done: usize,
    /// The map of the one that is being explained.
    map: Option<Plane>,
}

impl TeachHeat {
    /// None yet, of so many classes.
    pub(super) fn of(classes: usize) -> Self {
        Self { means: vec![MeanMap::default(); classes], ..Self::default() }
    }
}

impl State {
    /// The first of the methods that give a map of a class at a layer: each image is explained for its own class, at the last layer.
    fn heat_request(&self, class: usize) -> Option<Request> {
        let card =
            self.measurable().into_iter().find(|card| card.asks.class && card.asks.layers != LayersAsked::None)?;
        let method = card.id.to_string();
        Some(Request { method, target: Some(class.into()), layers: Layers::Last, ..Request::default() })
    }

    /// Whether the model that is ready is the one that was taught last.
    pub(in super::super) fn is_taught(&self) -> bool {
        self.teach.made.is_some() && self.teach.made.as_ref() == self.model.ready.as_ref().map(|ready| &ready.id)
    }

    /// Chooses the method that shows what each class is seen by, in the place of one for networks without classes.
    pub(in super::super) fn choose_heat_method(&mut self) {
        if let Some(request) = self.heat_request(0) {
            self.explanation.take_method(request.method);
        }
    }

    pub(super) fn lacks_heat(&self, lecture: &Lecture) -> bool {
        self.teach.heat.done < lecture.examples.all.len() && self.heat_request(0).is_some()
    }

    pub(super) fn next_heat(&mut self, lecture: &Lecture) -> Vec<Effect> {
        let at = self.teach.heat.done;
        let (Some(one), Some(photo)) = (lecture.examples.all.get(at), lecture.images.get(at)) else { return vec![] };
        let Some(request) = self.heat_request(one.class) else { return vec![] };
        self.teach.heat.map = None;
        vec![send_with(self.worker.begin(Kind::Teach), Command::Aside { request, file: None, model: None }, photo)]
    }

    pub(super) fn take_heat(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Artifact(Artifact::Map(map)) => {
                self.teach.heat.map = Some(map.normalised);
                vec![]
            }
            Event::Done { .. } => self.heat_ended(),
            _ => vec![],
        }
    }

    /// An image that cannot be explained is left out of the mean.
    pub(super) fn heat_failed(&mut self) -> Vec<Effect> {
        self.teach.heat.map = None;
        self.heat_ended()
    }

    fn heat_ended(&mut self) -> Vec<Effect> {
        self.worker.end(Kind::Teach);
        let TeachStep::Taught(lecture) = &self.teach.step else { return vec![] };
        let class = lecture.examples.all.get(self.teach.heat.done).map(|one| one.class);
        if let (Some(class), Some(map)) = (class, self.teach.heat.map.take()) {
            self.teach.heat.means[class].add(&map);
        }
        self.teach.heat.done += 1;
        if self.is_teach_due() { self.next_lesson() } else { vec![] }
    }
}
