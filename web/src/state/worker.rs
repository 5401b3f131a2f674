//! What the worker is told, and what its answers change.

use std::rc::Rc;

use convscope::protocol::{Command, Event, Ready, Ticket};

use super::health::not_kept;
use super::{Answer, Effect, Engine, Looked, ModelEntry, Photo, Remedy, Shown, State, Technique, Text, Tickets};

impl State {
    pub(super) fn listed(&mut self, models: Vec<ModelEntry>) -> Vec<Effect> {
        let Some(first) = models.first().map(|model| model.id.clone()) else {
            return self.fail(Text::key("no-models"), Remedy::ListAgain);
        };
        self.models = models;
        if !self.models.iter().any(|model| model.id == self.model) {
            if !self.model.is_empty() {
                let values = vec![("model", self.model.clone()), ("first", first.clone())];
                self.fail(Text::Own("no-such-model", values), Remedy::None);
            }
            self.model = first;
        }
        self.open()
    }

    pub(super) fn open(&mut self) -> Vec<Effect> {
        if self.model.is_empty() || self.engine == Engine::Crashed {
            return vec![];
        }
        let ticket = self.ticket();
        self.tickets = Tickets { last: ticket, open: Some(ticket), ..Tickets::default() };
        let total = self.models.iter().find(|model| model.id == self.model).map_or(0, |model| model.bytes);
        self.bytes = (0, total);
        vec![Effect::Send(ticket, Command::Open { model: self.model.clone(), device: self.device })]
    }

    /// Another worker, which knows nothing yet. What is seen stays until it is known anew.
    pub(super) fn restart(&mut self) -> Vec<Effect> {
        self.engine = Engine::Starting;
        self.program = None;
        self.loaded = false;
        self.message = None;
        let mut effects = vec![Effect::Start];
        effects.extend(self.open());
        effects
    }

    pub(super) fn mend(&mut self) -> Vec<Effect> {
        let remedy = self.message.take().map_or(Remedy::None, |message| message.remedy);
        match remedy {
            Remedy::None => vec![],
            Remedy::ListAgain => vec![Effect::List],
            Remedy::OpenAgain => self.open(),
            Remedy::Restart => self.restart(),
        }
    }

    /// A picture that a person has chosen; one that a link asks for is not waited for any longer.
    pub(super) fn choose_picture(&mut self, example: Option<String>, name: String, file: Rc<[u8]>) -> Vec<Effect> {
        self.message = None;
        self.forget_wanted_picture();
        self.given(example, name, file)
    }

    pub(super) fn given(&mut self, example: Option<String>, name: String, file: Rc<[u8]>) -> Vec<Effect> {
        self.serial += 1;
        self.take(Photo { name, file, serial: self.serial, example })
    }

    pub(super) fn take(&mut self, photo: Photo) -> Vec<Effect> {
        self.coming = Some(photo);
        self.message = None;
        match (self.tickets.open, self.loaded) {
            // The model that is on its way will look at it.
            (Some(_), _) => vec![],
            (None, true) => self.look(),
            (None, false) => self.open(),
        }
    }

    pub(super) fn look(&mut self) -> Vec<Effect> {
        if let Some(effects) = self.wanted_picture() {
            return effects;
        }
        let Some(photo) = self.coming.as_ref().or(self.photo.as_ref()) else { return vec![Effect::GetExample] };
        let file = photo.file.to_vec();
        let ticket = self.ticket();
        self.tickets.look = Some(ticket);
        self.tickets.ask = None;
        vec![Effect::Send(ticket, Command::Look { file })]
    }

    pub(super) fn ask(&mut self) -> Vec<Effect> {
        // While something newer is on its way, its answer will bring the question with it.
        if self.looked.is_none() || !self.answers() {
            return vec![];
        }
        let Some(command) = self.command() else { return vec![] };
        self.send(command)
    }

    /// Whether the worker has the model and the picture that are seen, and nothing newer on its way.
    pub(super) fn answers(&self) -> bool {
        self.loaded && self.tickets.open.or(self.tickets.look).is_none()
    }

    pub(super) fn send(&mut self, command: Command) -> Vec<Effect> {
        self.explained = None;
        let ticket = self.ticket();
        self.tickets.ask = Some(ticket);
        vec![Effect::Send(ticket, command)]
    }

    pub(super) fn heard(&mut self, ticket: Ticket, event: Event) -> Vec<Effect> {
        let Tickets { open, look, ask, .. } = self.tickets;
        match event {
            Event::Loading { done, total } if open == Some(ticket) => self.bytes = (done, total),
            Event::Ready(ready) if open == Some(ticket) => return self.became_ready(ready),
            Event::Looked { width, height, region, classes, note, seconds } if look == Some(ticket) => {
                if let Some(note) = note {
                    // The picture is explained all the same.
                    self.fail(Text::Engine(note), Remedy::None);
                }
                return self.have_looked(Looked { size: (width, height), region, classes, seconds });
            }
            Event::Shown { class, map } if ask == Some(ticket) => self.show(Shown { class, map: Rc::new(map) }),
            Event::Explained { seconds } if ask == Some(ticket) => {
                self.tickets.ask = None;
                self.answer.progress = None;
                self.explained = Some(seconds);
            }
            Event::Sheet { activation, drawing, columns } if ask == Some(ticket) => {
                self.tickets.ask = None;
                self.answer.take_sheet(activation, drawing, columns);
                return self.wanted_channel();
            }
            Event::Channel { layer, channel, plane, .. } if ask == Some(ticket) => {
                self.tickets.ask = None;
                self.answer.channel = Some((layer, channel, Rc::new(plane)));
            }
            Event::Saved { name, bytes } if ask == Some(ticket) => {
                self.tickets.ask = None;
                return vec![Effect::Download { name, bytes: Rc::from(bytes) }];
            }
            Event::Panel(panel) if ask == Some(ticket) => self.answer.take_panel(panel),
            Event::Progress { done, total } if ask == Some(ticket) => self.answer.progress = Some((done, total)),
            // Nothing is wrong with what was asked.
            Event::NotKept { name, refusal } => return self.fail(not_kept(name, refusal), Remedy::None),
            Event::Failed { message } => return self.command_failed(ticket, message),
            _ => {}
        }
        vec![]
    }

    fn became_ready(&mut self, ready: Ready) -> Vec<Effect> {
        self.tickets.open = None;
        self.loaded = true;
        let same = self.ready.as_ref().is_some_and(|old| old.hash == ready.hash);
        self.ready = Some(Rc::new(ready));
        if !same {
            self.forget_results();
            self.answer = Answer::default();
            self.class = None;
        }
        self.check_hash();
        self.fit_technique();
        self.look()
    }

    fn forget_results(&mut self) {
        self.looked = None;
        self.shown.clear();
        self.explained = None;
        // What makes filters fire does not depend on the picture.
        if self.technique != Technique::Filters {
            self.answer = Answer::default();
        }
    }

    fn have_looked(&mut self, looked: Looked) -> Vec<Effect> {
        self.tickets.look = None;
        let new = self.coming.take();
        // Another device has not changed the question.
        if new.is_some() || self.class.is_none() {
            self.class = looked.classes.first().map(|class| class.index);
        }
        if let Some(photo) = new {
            self.photo = Some(photo);
            self.forget_results();
        }
        self.fit_layer();
        self.looked = Some(Rc::new(looked));
        self.arrive_and_ask()
    }

    fn show(&mut self, shown: Shown) {
        match self.shown.iter_mut().find(|old| old.map.layer == shown.map.layer) {
            Some(old) => *old = shown,
            None => self.shown.push(shown),
        }
    }

    /// What was there before is still there, and a question that the failed command had cut short is asked again.
    fn command_failed(&mut self, ticket: Ticket, text: String) -> Vec<Effect> {
        let text = Text::Engine(text);
        let tickets = &mut self.tickets;
        let remedy = if tickets.open == Some(ticket) {
            tickets.open = None;
            Remedy::OpenAgain
        } else if tickets.look == Some(ticket) {
            tickets.look = None;
            // What is no picture is not offered again.
            let bad = self.coming.take();
            self.tray.retain(|photo| Some(photo.serial) != bad.as_ref().map(|bad| bad.serial));
            Remedy::None
        } else if tickets.ask == Some(ticket) {
            tickets.ask = None;
            self.answer.progress = None;
            return self.fail(text, Remedy::None);
        } else {
            return vec![];
        };
        self.fail(text, remedy);
        if self.explained.is_none() { self.ask() } else { vec![] }
    }
}
