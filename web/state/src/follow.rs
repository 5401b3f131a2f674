//! Following a link, and the link to what is seen.

use std::rc::Rc;

use convscope_core::protocol::Command;

use super::link::{Link, LinkPicture};
use super::{Answer, Effect, ExampleFile, Question, Recovery, State, Technique, Text};

/// What a link asks for that has to wait for the model or the picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PendingLink {
    model: Option<String>,
    technique: Option<Technique>,
    hash: Option<String>,
    picture: Option<LinkPicture>,
    class: Option<usize>,
    layer: Option<String>,
    channel: Option<usize>,
    /// What of the link could not be had, in words.
    notes: Vec<Text>,
}

/// A link that is being followed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Followed {
    /// What it asks for and that is not there yet.
    wanted: Option<PendingLink>,
    /// The feature map that it asks for.
    channel: Option<usize>,
}

/// What happens to links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkAction {
    /// A link is to be followed; what of it was not understood, in words.
    Follow(Link, Option<Text>),
    /// The example that a link asks for, or why there is none.
    Example(Result<ExampleFile, Text>),
}

impl Followed {
    pub(super) fn forget_picture(&mut self) {
        if let Some(wanted) = &mut self.wanted {
            wanted.picture = None;
        }
    }

    fn note(&mut self, text: Text) {
        if let Some(wanted) = &mut self.wanted {
            wanted.notes.push(text);
        }
    }
}

impl State {
    pub(super) fn change_link(&mut self, action: LinkAction) -> Vec<Effect> {
        match action {
            LinkAction::Follow(link, problem) => self.follow(link, problem),
            LinkAction::Example(example) => self.linked_example(example),
        }
    }

    /// Shows what a link says, or what of it can be had. `problem` is what was wrong with its text.
    pub(super) fn follow(&mut self, link: Link, problem: Option<Text>) -> Vec<Effect> {
        let Link { model, hash, picture, technique, class, layer, channel, signed, question } = link;
        // How many tiles a row has is a matter of the screen.
        let explanation = &mut self.explanation;
        let columns = explanation.question.columns;
        explanation.question = Rc::new(Question { columns, ..Rc::unwrap_or_clone(question) });
        explanation.signed = signed;
        if let Some(technique) = technique {
            explanation.technique = technique;
            explanation.answer = Answer::default();
        }
        explanation.shown.clear();
        let notes = problem.into_iter().collect();
        self.link.wanted =
            Some(PendingLink { model: model.clone(), technique, hash, picture, class, layer, channel, notes });
        let other = model.filter(|model| *model != self.model.chosen);
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
        self.fit_technique();
        match self.wanted_picture() {
            Some(effects) => effects,
            // What it says will be taken up once the picture has been looked at.
            None if self.worker.is_looking() || self.image.observation.is_none() => vec![],
            None => {
                self.restore_link();
                self.ask_again()
            }
        }
    }

    /// The picture that a link asks for, if it is another one than there is.
    pub(super) fn wanted_picture(&mut self) -> Option<Vec<Effect>> {
        let here = self.image.newest().map(|photo| photo.example.clone());
        match self.link.wanted.as_ref()?.picture.clone()? {
            LinkPicture::Example(id) if here.flatten().as_ref() != Some(&id) => Some(vec![Effect::GetNamed(id)]),
            LinkPicture::Example(_) => None,
            LinkPicture::Own => {
                self.link.note(Text::key("link-own-picture"));
                // The example would only be in the way.
                let nothing = self.image.newest().is_none();
                if nothing {
                    self.say_notes();
                }
                nothing.then(Vec::new)
            }
        }
    }

    /// The example that a link asks for, unless another picture has been given meanwhile.
    pub(super) fn linked_example(&mut self, example: Result<ExampleFile, Text>) -> Vec<Effect> {
        if self.link.wanted.as_ref().is_none_or(|wanted| wanted.picture.is_none()) {
            return vec![];
        }
        match example {
            Ok(example) => self.take_example(example),
            Err(text) => {
                self.link.note(text);
                self.link.forget_picture();
                self.look()
            }
        }
    }

    /// Says where the model is another one than the link's.
    pub(super) fn check_hash(&mut self) {
        let (Some(wanted), Some(ready)) = (&self.link.wanted, &self.model.ready) else { return };
        let short = |hash: &str| hash.chars().take(8).collect::<String>();
        let same = wanted.model.as_ref().is_none_or(|model| *model == ready.id);
        if let Some(hash) = wanted.hash.as_ref().filter(|_| same).filter(|hash| !ready.hash.starts_with(hash.as_str()))
        {
            let values = vec![("name", ready.name.clone()), ("wanted", short(hash)), ("here", short(&ready.hash))];
            self.link.note(Text::Own("link-other-model", values));
        }
    }

    /// Takes up what a link asks for, now that there is a model and a picture.
    pub(super) fn restore_link(&mut self) {
        let Some(mut wanted) = self.link.wanted.take() else { return };
        let classes = self.model.ready.as_ref().map_or(0, |ready| ready.labels.len());
        match wanted.class {
            Some(class) if class < classes => self.explanation.class = Some(class),
            Some(class) if classes > 0 => {
                wanted.notes.push(Text::Own("link-no-class", vec![("class", class.to_string())]))
            }
            _ => {}
        }
        let layer = wanted.layer.take();
        self.explanation.layer = layer.clone().or(self.explanation.layer.take());
        self.fit_layer();
        if let Some(layer) = layer.filter(|layer| Some(layer) != self.explanation.layer.as_ref()) {
            wanted.notes.push(Text::Own("link-no-layer", vec![("layer", layer)]));
        }
        if wanted.technique.is_some_and(|technique| technique != self.explanation.technique) {
            wanted.notes.push(Text::key("technique-missing"));
        }
        self.link.channel = wanted.channel.filter(|_| self.explanation.technique == Technique::Activations);
        self.link.wanted = Some(wanted);
        self.say_notes();
        self.link.wanted = None;
    }

    /// Asks what the technique asks at once, and what a link to its patterns asks.
    fn ask_again(&mut self) -> Vec<Effect> {
        if self.explanation.technique == Technique::Filters { self.climb() } else { self.ask() }
    }

    /// After a picture has been looked at.
    pub(super) fn restore_and_ask(&mut self) -> Vec<Effect> {
        let followed = self.link.wanted.is_some();
        self.restore_link();
        if followed { self.ask_again() } else { self.ask() }
    }

    /// The feature map that a link asks for, once its layer's sheet has come.
    pub(super) fn wanted_channel(&mut self) -> Vec<Effect> {
        let channel = self.link.channel.take();
        let Some((channel, layer)) = channel.zip(self.explanation.layer.clone()) else { return vec![] };
        self.send(Command::Channel { layer, channel })
    }

    fn say_notes(&mut self) {
        let notes = self.link.wanted.as_mut().map(|wanted| std::mem::take(&mut wanted.notes)).unwrap_or_default();
        if !notes.is_empty() {
            self.fail(Text::All(notes), Recovery::None);
        }
    }

    /// The link to what is seen, once that is whole.
    pub fn link(&self) -> Option<Link> {
        let (ready, photo) = (self.model.ready.as_ref()?, self.image.photo.as_ref()?);
        let own = photo.example.clone().map_or(LinkPicture::Own, LinkPicture::Example);
        let settled = self.link.wanted.is_none()
            && self.image.incoming.is_none()
            && self.image.observation.is_some()
            && self.worker.answers();
        let channel =
            self.explanation.answer.channel.as_ref().filter(|_| self.explanation.technique == Technique::Activations);
        settled.then(|| Link {
            model: Some(ready.id.clone()),
            hash: Some(ready.hash.clone()),
            picture: Some(own),
            technique: Some(self.explanation.technique),
            class: self.explanation.class,
            layer: self.explanation.layer.clone(),
            channel: channel.map(|(_, channel, _)| *channel),
            signed: self.explanation.signed,
            question: self.explanation.question.clone(),
        })
    }
}
