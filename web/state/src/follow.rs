//! Following a link, and the link to what is seen.

use convscope_core::protocol::Command;

use super::link::{Link, LinkPicture};
use super::{Effect, ExampleFile, Question, Remedy, State, Technique, Text};

/// What a link asks for that has to wait for the model or the picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wanted {
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

impl State {
    /// Shows what a link says, or what of it can be had. `problem` is what was wrong with its text.
    pub(super) fn follow(&mut self, link: Link, problem: Option<Text>) -> Vec<Effect> {
        let Link { model, hash, picture, technique, class, layer, channel, signed, question } = link;
        // How many tiles a row has is a matter of the screen.
        self.question = Question { columns: self.question.columns, ..question };
        self.signed = signed;
        if let Some(technique) = technique {
            self.technique = technique;
            self.answer = super::Answer::default();
        }
        self.shown.clear();
        let notes = problem.into_iter().collect();
        self.wanted = Some(Wanted { model: model.clone(), technique, hash, picture, class, layer, channel, notes });
        let other = model.filter(|model| *model != self.model);
        match other {
            // The list, when it comes, opens what is there of it.
            Some(model) if self.models.is_empty() => self.model = model,
            Some(model) if self.models.iter().any(|entry| entry.id == model) => {
                self.model = model;
                return self.open();
            }
            Some(model) => self.note(Text::Own("no-such-model", vec![("model", model), ("first", self.model.clone())])),
            None => {}
        }
        if !self.loaded || self.tickets.open.is_some() {
            return vec![];
        }
        self.check_hash();
        self.fit_technique();
        match self.wanted_picture() {
            Some(effects) => effects,
            // What it says will be taken up once the picture has been looked at.
            None if self.tickets.look.is_some() || self.looked.is_none() => vec![],
            None => {
                self.arrive();
                self.ask_again()
            }
        }
    }

    /// The picture that a link asks for, if it is another one than there is.
    pub(super) fn wanted_picture(&mut self) -> Option<Vec<Effect>> {
        let here = self.coming.as_ref().or(self.photo.as_ref()).map(|photo| photo.example.clone());
        match self.wanted.as_ref()?.picture.clone()? {
            LinkPicture::Example(id) if here.flatten().as_ref() != Some(&id) => Some(vec![Effect::GetNamed(id)]),
            LinkPicture::Example(_) => None,
            LinkPicture::Own => {
                self.note(Text::key("link-own-picture"));
                // The example would only be in the way.
                let nothing = self.photo.is_none() && self.coming.is_none();
                if nothing {
                    self.say_notes();
                }
                nothing.then(Vec::new)
            }
        }
    }

    /// The example that a link asks for, unless another picture has been given meanwhile.
    pub(super) fn linked_example(&mut self, example: Result<ExampleFile, Text>) -> Vec<Effect> {
        if self.wanted.as_ref().is_none_or(|wanted| wanted.picture.is_none()) {
            return vec![];
        }
        match example {
            Ok(ExampleFile { id, name, file }) => self.given(Some(id), name, file),
            Err(text) => {
                self.note(text);
                self.forget_wanted_picture();
                self.look()
            }
        }
    }

    pub(super) fn forget_wanted_picture(&mut self) {
        if let Some(wanted) = &mut self.wanted {
            wanted.picture = None;
        }
    }

    /// Says where the model is another one than the link's.
    pub(super) fn check_hash(&mut self) {
        let (Some(wanted), Some(ready)) = (&self.wanted, &self.ready) else { return };
        let short = |hash: &str| hash.chars().take(8).collect::<String>();
        let same = wanted.model.as_ref().is_none_or(|model| *model == ready.id);
        if let Some(hash) = wanted.hash.as_ref().filter(|_| same).filter(|hash| !ready.hash.starts_with(hash.as_str()))
        {
            let values = vec![("name", ready.name.clone()), ("wanted", short(hash)), ("here", short(&ready.hash))];
            self.note(Text::Own("link-other-model", values));
        }
    }

    /// Takes up what a link asks for, now that there is a model and a picture.
    pub(super) fn arrive(&mut self) {
        let Some(mut wanted) = self.wanted.take() else { return };
        let classes = self.ready.as_ref().map_or(0, |ready| ready.labels.len());
        match wanted.class {
            Some(class) if class < classes => self.class = Some(class),
            Some(class) if classes > 0 => {
                wanted.notes.push(Text::Own("link-no-class", vec![("class", class.to_string())]))
            }
            _ => {}
        }
        let layer = wanted.layer.take();
        self.layer = layer.clone().or(self.layer.take());
        self.fit_layer();
        if let Some(layer) = layer.filter(|layer| Some(layer) != self.layer.as_ref()) {
            wanted.notes.push(Text::Own("link-no-layer", vec![("layer", layer)]));
        }
        if wanted.technique.is_some_and(|technique| technique != self.technique) {
            wanted.notes.push(Text::key("technique-missing"));
        }
        self.wanted_channel = wanted.channel.filter(|_| self.technique == Technique::Activations);
        self.wanted = Some(wanted);
        self.say_notes();
        self.wanted = None;
    }

    /// Asks what the technique asks at once, and what a link to its patterns asks.
    fn ask_again(&mut self) -> Vec<Effect> {
        if self.technique == Technique::Filters { self.climb() } else { self.ask() }
    }

    /// After a picture has been looked at.
    pub(super) fn arrive_and_ask(&mut self) -> Vec<Effect> {
        let followed = self.wanted.is_some();
        self.arrive();
        if followed { self.ask_again() } else { self.ask() }
    }

    /// The feature map that a link asks for, once its layer's sheet has come.
    pub(super) fn wanted_channel(&mut self) -> Vec<Effect> {
        let channel = self.wanted_channel.take();
        let Some((channel, layer)) = channel.zip(self.layer.clone()) else { return vec![] };
        self.send(Command::Channel { layer, channel })
    }

    fn note(&mut self, text: Text) {
        if let Some(wanted) = &mut self.wanted {
            wanted.notes.push(text);
        }
    }

    fn say_notes(&mut self) {
        let notes = self.wanted.as_mut().map(|wanted| std::mem::take(&mut wanted.notes)).unwrap_or_default();
        if !notes.is_empty() {
            self.fail(Text::All(notes), Remedy::None);
        }
    }

    /// The link to what is seen, once that is whole.
    pub fn link(&self) -> Option<Link> {
        let (ready, photo) = (self.ready.as_ref()?, self.photo.as_ref()?);
        let own = photo.example.clone().map_or(LinkPicture::Own, LinkPicture::Example);
        let settled = self.wanted.is_none() && self.coming.is_none() && self.looked.is_some() && self.answers();
        let channel = self.answer.channel.as_ref().filter(|_| self.technique == Technique::Activations);
        settled.then(|| Link {
            model: Some(ready.id.clone()),
            hash: Some(ready.hash.clone()),
            picture: Some(own),
            technique: Some(self.technique),
            class: self.class,
            layer: self.layer.clone(),
            channel: channel.map(|(_, channel, _)| *channel),
            signed: self.signed,
            question: self.question.clone(),
        })
    }
}
