//! Following a link, and the link to what is seen.

use convscope_core::card::{Card, Gives};

use super::link::{Link, LinkImage, short};
use super::own_image::Lost;
use super::{Closed, Effect, ExampleFile, Form, KeptImage, Recovery, Shared, State, Text};

/// Part of a link that has to wait for the model or the image.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PendingLink {
    pub(super) link: Link,
    /// Whether the method and its parameters have been taken up.
    resolved: bool,
    /// Notes on what of the link could not be had, in words.
    notes: Vec<Text>,
}

/// A link that is being followed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Followed {
    /// Part that is not there yet.
    pub(super) pending: Option<PendingLink>,
    /// Image that is not here.
    pub(super) lost: Option<Lost>,
    /// The link that is followed after the one that it keeps.
    pub(super) then: Option<Link>,
    /// The feature map that it asks for.
    channel: Option<usize>,
}

/// Action on links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkAction {
    /// A link is to be followed; what of it was not understood, in words.
    Follow(Box<Link>, Option<Text>),
    /// The example that a link asks for, or why there is none.
    Example(Result<ExampleFile, Text>),
    /// The image that the browser has kept whose SHA-256 begins like that, if it has.
    Kept(String, Option<KeptImage>),
}

impl Followed {
    fn note(&mut self, text: Text) {
        if let Some(pending) = &mut self.pending {
            pending.notes.push(text);
        }
    }
}

impl State {
    pub(super) fn change_link(&mut self, action: LinkAction) -> Vec<Effect> {
        match action {
            LinkAction::Follow(link, problem) => self.follow(*link, problem),
            LinkAction::Example(example) => self.linked_example(example),
            LinkAction::Kept(sha256, kept) => self.kept_image(&sha256, kept),
        }
    }

    /// Shows what a link says, or what of it can be had. `problem` is what was wrong with its text.
    pub(super) fn follow_one(&mut self, link: Link, problem: Option<Text>) -> Vec<Effect> {
        self.explanation.draw_as(&link);
        self.panes = link.panes.unwrap_or(self.panes);
        self.notice.line = None;
        self.link.lost = None;
        let other = link.model.clone().filter(|model| *model != self.model.chosen);
        let notes = problem.into_iter().collect();
        self.link.pending = Some(PendingLink { link, resolved: false, notes });
        match other {
            // The list, when it comes, opens what is there of it.
            Some(model) if self.model.list.is_empty() => self.model.chosen = model,
            Some(model) if self.model.lists(&model) => {
                self.model.chosen = model;
                return self.open();
            }
            Some(model) => {
                self.link.note(Text::Own("no-such-model", vec![("model", model), ("first", self.model.chosen.clone())]))
            }
            None => {}
        }
        if !self.worker.loaded || self.worker.is_opening() {
            return vec![];
        }
        self.check_hash();
        self.resolve_link();
        match self.wanted_image() {
            Some(effects) => effects,
            // The link is taken up once the image has been looked at.
            None if self.image.incoming.is_some() && !self.worker.is_looking() => self.look(),
            None if self.worker.is_looking() || self.image.observation.is_none() => vec![],
            None => {
                let mut effects = self.restore_link();
                effects.extend(self.run_what_is_missing());
                effects
            }
        }
    }

    /// The image that a link asks for, if it is another one than there is.
    pub(super) fn wanted_image(&mut self) -> Option<Vec<Effect>> {
        let here = self.image.newest().and_then(|photo| photo.example.clone());
        match self.link.wanted_image()?.clone() {
            LinkImage::Example(id) => (here.as_ref() != Some(&id)).then(|| vec![Effect::GetNamed(id)]),
            LinkImage::Own(sha256) => self.wanted_own(sha256),
        }
    }

    /// The example that a link asks for, unless another image has been given meanwhile.
    fn linked_example(&mut self, example: Result<ExampleFile, Text>) -> Vec<Effect> {
        if self.link.wanted_image().is_none() {
            return vec![];
        }
        match example {
            Ok(example) => self.take_example(example),
            Err(text) => {
                self.link.note(text);
                self.link.give_up_image();
                self.look()
            }
        }
    }

    /// Says where the model is another one than the link's.
    pub(super) fn check_hash(&mut self) {
        let (Some(PendingLink { link, .. }), Some(ready)) = (&self.link.pending, &self.model.ready) else { return };
        let seen = |hash: &str| hash.chars().take(8).collect::<String>();
        let same = link.model.as_ref().is_none_or(|model| *model == ready.id);
        if let Some(hash) = link.hash.as_ref().filter(|_| same).filter(|hash| !ready.hash.starts_with(hash.as_str())) {
            let values = vec![("name", ready.name.clone()), ("wanted", seen(hash)), ("here", seen(&ready.hash))];
            self.link.note(Text::Own("link-other-model", values));
        }
    }

    /// Takes up a link's method and its parameters, now that there are cards to compare them with.
    pub(super) fn resolve_link(&mut self) {
        let Some(mut pending) = self.link.pending.take() else { return };
        if !std::mem::replace(&mut pending.resolved, true) {
            self.take_linked_method(&mut pending);
            self.fit_layer();
        }
        self.link.pending = Some(pending);
    }

    fn take_linked_method(&mut self, pending: &mut PendingLink) {
        let mut wrong = vec![];
        if let Some(card) = self.linked_method(&pending.link, &mut wrong) {
            let form = self.linked_form(&card, &pending.link, &mut wrong);
            self.explanation.set_form(&card.id, form);
            if !self.offers(&card) {
                pending.notes.push(Text::key("technique-missing"));
            } else if card.id != self.explanation.method {
                self.tell_dropped();
                self.explanation.take_method(card.id.to_string());
            }
        }
        if !wrong.is_empty() {
            pending.notes.push(Text::Own("link-not-understood", vec![("keys", wrong.join(", "))]));
        }
    }

    /// The method that a link means. Links of before say a `technique`, a command or a method, whose command the `method` must be
    /// of to be meant.
    fn linked_method(&self, link: &Link, wrong: &mut Vec<String>) -> Option<Shared<Card>> {
        let method = link.method.as_deref().and_then(|id| self.card_of(id)).cloned();
        if link.method.is_some() && method.is_none() {
            wrong.push("method".into());
        }
        let Some(technique) = link.technique.as_deref() else {
            return method.or(self.card().filter(|_| link.method.is_none()).cloned());
        };
        let methods = &self.model.methods;
        let first = methods.iter().find(|card| card.command == technique).or_else(|| self.card_of(technique)).cloned();
        if first.is_none() {
            wrong.push("technique".into());
        }
        let belongs = |card: &Shared<Card>| first.as_ref().is_none_or(|first| first.command == card.command);
        method.filter(belongs).or(first)
    }

    /// Choices of a method that a link makes; what it does not say is as usual.
    fn linked_form(&self, card: &Card, link: &Link, wrong: &mut Vec<String>) -> Form {
        let mut form = Form::default();
        // In links of before, the convention may be that of another method.
        let other = link.technique.is_some() && link.method.as_deref() != Some(&*card.id);
        match &link.convention {
            Some(name) if card.variant(name).is_ok() => form.convention.clone_from(name),
            Some(_) if !other => wrong.push("convention".into()),
            _ => {}
        }
        match &link.map {
            Some(id) if self.measurable().iter().any(|card| card.id == *id) => form.map = Some(id.clone()),
            Some(_) if card.asks.map => wrong.push("map".into()),
            _ => {}
        }
        for param in card.params.iter() {
            let Some(text) = link.values.get(param.id.as_ref()) else { continue };
            match param.parse(text) {
                Ok(_) => form.set(card, &param.id, text.clone()),
                Err(_) => wrong.push(param.id.to_string()),
            }
        }
        form
    }

    /// Takes up what else a link asks for, now that there is a model and an image.
    fn restore_link(&mut self) -> Vec<Effect> {
        let Some(mut pending) = self.link.pending.take() else { return vec![] };
        let link = std::mem::take(&mut pending.link);
        if let Some(class) = link.class.filter(|_| self.model.has_classes()) {
            match self.target(&class) {
                Ok(target) => self.explanation.target = Some(target),
                Err(_) => pending.notes.push(Text::Own("link-no-class", vec![("class", class)])),
            }
        }
        self.explanation.layer = link.layer.clone().or(self.explanation.layer.take());
        self.fit_layer();
        if let Some(layer) = link.layer.filter(|layer| Some(layer) != self.explanation.layer.as_ref()) {
            pending.notes.push(Text::Own("link-no-layer", vec![("layer", layer)]));
        }
        self.explanation.results.channel = None;
        self.drill.follow(link.drill.as_deref(), self.drill_layer(), link.unit);
        self.follow_grid(link.rows.as_deref(), link.columns.as_deref());
        self.link.channel = link.channel.filter(|_| self.card().is_some_and(|card| card.gives == Gives::Sheet));
        pending.notes.extend(self.without_map());
        self.link.pending = Some(pending);
        self.say_notes();
        self.link.pending = None;
        let mut effects = self.follow_view(link.view);
        effects.extend(self.look_at_one());
        effects.extend(self.describe_models());
        effects
    }

    /// Takes up the rest of a link after an image has been looked at. What takes long waits for a person: whoever follows a link has
    /// not asked for it.
    pub(super) fn restore_and_run(&mut self) -> Vec<Effect> {
        let mut effects = self.restore_link();
        effects.extend(self.run_at_once());
        self.goes_on(effects)
    }

    /// The feature map that a link asks for, once its layer's sheet has come.
    pub(super) fn wanted_channel(&mut self) -> Vec<Effect> {
        let wanted = self.link.channel.filter(|_| self.explanation.results.sheet.is_some());
        if wanted.is_none() {
            return vec![];
        }
        self.link.channel = None;
        self.choose_channel(wanted)
    }

    fn say_notes(&mut self) {
        let notes = self.link.pending.as_mut().map(|pending| std::mem::take(&mut pending.notes)).unwrap_or_default();
        if !notes.is_empty() {
            self.embed.refuse();
            self.fail(Text::All(notes), Recovery::None);
        }
    }

    /// The link to what is seen, once that is whole.
    pub fn link(&self) -> Option<Link> {
        let (ready, photo) = (self.model.ready.as_ref()?, self.image.photo.as_ref()?);
        let (card, explanation) = (self.card()?, &self.explanation);
        let own = || LinkImage::Own(photo.sha256().map(short));
        let image = photo.example.clone().map_or_else(own, LinkImage::Example);
        let settled = self.link.pending.is_none()
            && self.link.then.is_none()
            && self.image.incoming.is_none()
            && self.image.observation.is_some()
            && self.worker.answers();
        let form = explanation.form(&card.id);
        let [rows, columns] = self.grid_link();
        let link = || Link {
            model: Some(ready.id.clone()),
            hash: Some(ready.hash.clone()),
            image: Some(image),
            class: explanation.target.as_ref().map(ToString::to_string),
            layer: explanation.layer.clone(),
            channel: explanation.results.channel.as_ref().map(|map| map.channel),
            rows,
            columns,
            drill: self.drill.place.filter(|_| self.can_drill()).map(|place| place.to_string()),
            unit: self.drill_channel().filter(|_| self.drill.place.is_some()),
            view: self.beside_view(),
            method: Some(card.id.to_string()),
            convention: Some(form.convention(card).to_owned()).filter(|name| !name.is_empty()),
            map: if card.asks.map { self.measured(card).map(|card| card.id.to_string()) } else { None },
            values: form.link(card),
            panes: Some(self.panes).filter(|closed| *closed != Closed::default()),
            ..Link::default()
        };
        settled.then(|| self.compared_in(explanation.drawn_as(link())))
    }
}
