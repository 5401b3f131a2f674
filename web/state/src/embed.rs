//! The page in a frame of another one, which asks for explanations and hears what has come of them.

use std::rc::Rc;

use convscope_core::explain::AttributionMap;
use convscope_core::protocol::Ready;
use convscope_core::request::Layers;

use super::tickets::Kind;
use super::{Busy, Effect, Engine, Link, LinkImage, Message, Shared, Shown, State, Text, gives_maps};

/// The class that is explained where none is named, and the layer.
const USUAL_CLASS: &str = "top1";

/// What the page around this one has asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmbedState {
    /// Number of its newest request; none where no page asks.
    asked: Option<u32>,
    /// Whether that cannot be had: nothing else is explained in its place.
    refused: bool,
}

/// Action of the page around this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EmbedAction {
    /// It asks for an explanation.
    Ask {
        /// Number of the request.
        number: u32,
        /// What is explained; what it does not say is as usual.
        link: Box<Link>,
        /// What of the link was not understood, in words.
        problem: Option<Text>,
        /// Name and bytes of an image's file; the one before, or an example that the link names, where there is none.
        image: Option<(String, Rc<[u8]>)>,
    },
}

impl EmbedState {
    /// Whether a page around this one asks: whatever is run then has been asked for.
    pub fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether nothing is to be explained.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    /// What was asked for cannot be had.
    pub(super) fn refuse(&mut self) {
        self.refused = self.is_asked();
    }

    /// A person has chosen something.
    pub(super) fn choose(&mut self) {
        self.refused = false;
    }
}

impl State {
    pub(super) fn change_embed(&mut self, action: EmbedAction) -> Vec<Effect> {
        let EmbedAction::Ask { number, link, problem, image } = action;
        self.embed = EmbedState { asked: Some(number), refused: false };
        self.notice.message = None;
        let mut link = self.asked_for(*link);
        if link.layer.is_none() {
            self.explanation.layer = None;
        }
        if image.is_some() || link.image.is_some() {
            // Nobody waits for the one before any longer.
            self.worker.end(Kind::Look);
            self.image.incoming = image.map(|(name, file)| self.image.add(None, name, file).into());
        } else {
            // The one before may be on its way.
            link.image = self.link.wanted_image().cloned();
        }
        let mut effects = if self.worker.engine == Engine::Crashed { self.restart() } else { vec![] };
        effects.extend(self.follow_one(link, problem));
        effects
    }

    /// The link with what is usual where it says nothing, and without what no map of its own is of, or what this machine keeps of a person.
    fn asked_for(&self, link: Link) -> Link {
        let Link { model, image, class, layer, method, convention, map, values, .. } = link;
        let Link { signed, colormap, opacity, blend, contour, .. } = link;
        let first = || self.model.methods.iter().find(|card| self.offers(card)).map(|card| card.id.to_string());
        Link {
            model: model.or_else(|| self.model.list.first().map(|model| model.id.clone())),
            image: image.filter(|image| matches!(image, LinkImage::Example(_))),
            class: class.or_else(|| Some(USUAL_CLASS.into())),
            layer: layer.filter(|layer| Layers::parse(layer) != Layers::Last),
            method: method.or_else(first),
            convention,
            map,
            values,
            signed,
            colormap,
            opacity,
            blend,
            contour,
            ..Link::default()
        }
    }

    /// Why the page around this one cannot be given what the chosen method gives.
    pub(super) fn without_map(&self) -> Option<Text> {
        let card = self.card().filter(|card| self.embed.is_asked() && !gives_maps(card))?;
        Some(Text::Own("embed-no-map", vec![("method", card.id.to_string())]))
    }

    /// Whether nothing is on its way any longer.
    fn rests(&self) -> bool {
        let is_told = self.notice.message.is_some();
        let waits = self.link.wanted_image().is_some() || self.image.incoming.is_some();
        match self.worker.engine {
            Engine::Crashed => true,
            Engine::Starting => false,
            Engine::Running if self.worker.busy() != Busy::No => false,
            Engine::Running if self.worker.loaded => !waits && (is_told || self.link.pending.is_none()),
            Engine::Running => is_told,
        }
    }

    /// The map that answers everything that is chosen, once it is there.
    pub fn settled_map(&self) -> Option<&Shown> {
        let current = self.explanation.current();
        let whole = self.explanation.is_finished() && !self.embed.refused && !self.is_stale(current);
        current.filter(|_| whole)
    }
}

/// Event that the page around this one hears.
#[derive(Clone, Debug, PartialEq)]
pub enum EmbedEvent {
    /// A model is there.
    Ready,
    /// Something is on its way: whether a file is loaded, how much has been done and of how much.
    Progress(bool, u64, u64),
    /// [`State::settled_map`] is there, to the request of that number, or to what a person has chosen.
    Explained(Option<u32>),
    /// Something went wrong, by which the request of that number cannot be answered, if it says one.
    Failed(Option<u32>, Text),
}

/// What the page around this one has been told.
#[derive(Clone, Debug, Default)]
pub struct Told {
    answered: Option<u32>,
    ready: Option<Shared<Ready>>,
    map: Option<Shared<AttributionMap>>,
    message: Option<Message>,
    progress: Option<(bool, u64, u64)>,
}

impl Told {
    /// What is new since it was told last.
    pub fn news(&mut self, state: &State) -> Vec<EmbedEvent> {
        let Some(asked) = state.embed.asked else { return vec![] };
        let mut news = vec![];
        if self.ready != state.model.ready {
            self.ready.clone_from(&state.model.ready);
            news.push(EmbedEvent::Ready);
        }
        let progress = progress(state);
        if self.progress != progress {
            self.progress = progress;
            news.extend(progress.map(|(loads, done, total)| EmbedEvent::Progress(loads, done, total)));
        }
        let message = state.notice.message.as_ref();
        let is_new = message.is_some() && self.message.as_ref() != message;
        self.message = message.cloned();
        let waits = Some(asked).filter(|asked| self.answered != Some(*asked));
        let answer = state.settled_map().filter(|_| state.rests());
        match (answer, waits) {
            (None, Some(number)) if state.rests() || state.embed.refused => {
                self.answered = Some(number);
                let why = message.map_or_else(|| Text::key("embed-nothing"), |message| message.text.clone());
                news.push(EmbedEvent::Failed(Some(number), why));
            }
            (Some(shown), waits) if waits.is_some() || self.map.as_ref() != Some(&shown.map) => {
                self.answered = Some(asked);
                self.map = Some(shown.map.clone());
                news.push(EmbedEvent::Explained(waits));
            }
            _ => news.extend(message.filter(|_| is_new).map(|one| EmbedEvent::Failed(None, one.text.clone()))),
        }
        news
    }
}

fn progress(state: &State) -> Option<(bool, u64, u64)> {
    match state.worker.busy() {
        Busy::Starting(done, total) | Busy::Loading(done, total) => Some((true, done, total)),
        Busy::Explaining => state.explanation.results.progress.map(|(done, total)| (false, done as u64, total as u64)),
        Busy::No | Busy::Looking => None,
    }
}
