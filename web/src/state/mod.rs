//! Everything that the page knows, and the one function that changes it. Nothing here touches a browser: what has to be done
//! outside comes back as [`Effect`]s, so that every path is tested natively (`tests/page_state.rs`).

mod ask;

use std::rc::Rc;

pub use ask::{Answer, Question, Technique};
use convscope::device::Choice;
use convscope::explain::Map;
use convscope::numbers::Class;
use convscope::preprocess::Region;
use convscope::protocol::{Command, Event, Ready, Tap, Ticket};
use convscope::render::Colormap;

/// A model that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelEntry {
    /// The folder name.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// The size of its weights.
    pub bytes: u64,
}

/// A picture as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    /// The file's name, or what it shows.
    pub name: String,
    /// Its bytes.
    pub file: Rc<[u8]>,
    /// Differs between any two pictures of one page.
    pub serial: u64,
}

/// What the network made of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// The picture's size in pixels.
    pub size: (u32, u32),
    /// The part of it that the network saw.
    pub region: Region,
    /// All classes, the likeliest first; empty without a classifier.
    pub classes: Vec<Class>,
    /// Seconds it took.
    pub seconds: f64,
}

/// A map on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The class it is about.
    pub class: usize,
    /// The map.
    pub map: Rc<Map>,
}

/// Whether there is a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Its program is being loaded.
    Starting,
    /// It listens.
    Running,
    /// It died.
    Crashed,
}

/// What the worker is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// Nothing.
    No,
    /// Getting weights: bytes so far and in all.
    Loading(u64, u64),
    /// Running the network forward.
    Looking,
    /// Walking back.
    Explaining,
}

/// What a person can do about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Nothing but read it.
    None,
    /// Load the list of models again.
    ListAgain,
    /// Load the model again.
    OpenAgain,
    /// Start another worker.
    Restart,
}

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// One sentence.
    pub text: String,
    /// What the button beside it does.
    pub remedy: Remedy,
}

/// What happens to the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The list of models has come, or not.
    Listed(Result<Vec<ModelEntry>, String>),
    /// The worker listens.
    Started,
    /// The worker answers.
    Heard(Ticket, Event),
    /// The worker died.
    Crashed(String),
    /// A picture has been given.
    Given {
        /// The file's name, or what it shows.
        name: String,
        /// Its bytes.
        file: Rc<[u8]>,
    },
    /// The first example has come, which gives way to any picture that was given meanwhile.
    Example {
        /// What it shows.
        name: String,
        /// Its bytes.
        file: Rc<[u8]>,
    },
    /// Something could not be done on the page itself.
    Failed(String),
    /// Another model.
    ChooseModel(String),
    /// Another device.
    ChooseDevice(Choice),
    /// Another class.
    ChooseClass(usize),
    /// Another layer.
    ChooseLayer(String),
    /// Another technique.
    ChooseTechnique(Technique),
    /// Another way of asking; what cannot be asked at once waits for [`Action::Climb`].
    Ask(Question),
    /// Show the signed map, or the rectified one.
    ChooseSigned(bool),
    /// One feature map over the picture, or none.
    ChooseChannel(Option<usize>),
    /// Climb to what makes filters fire.
    Climb,
    /// Cancel what is going on.
    Stop,
    /// Another colour map.
    ChooseColormap(Colormap),
    /// How opaque the heat is, 0 to 1.
    ChooseOpacity(f32),
    /// The message has been read.
    Dismiss,
    /// The button beside the message.
    Mend,
}

/// What the page has to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Get the list of models.
    List,
    /// Start a worker; an older one ends.
    Start,
    /// Tell the worker.
    Send(Ticket, Command),
    /// Get the first example.
    GetExample,
}

/// Which command each kind of answer must bear the ticket of; an answer to an older one is stale.
#[derive(Clone, Debug, Default, PartialEq)]
struct Tickets {
    last: Ticket,
    open: Option<Ticket>,
    look: Option<Ticket>,
    ask: Option<Ticket>,
}

/// Everything that the page knows.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What can be chosen; empty until it has come.
    pub models: Vec<ModelEntry>,
    /// The chosen model's id; empty until there is a list.
    pub model: String,
    /// The chosen device.
    pub device: Choice,
    /// Whether there is a worker.
    pub engine: Engine,
    /// The model that the results are from.
    pub ready: Option<Rc<Ready>>,
    /// The picture that is seen.
    pub photo: Option<Photo>,
    /// What the network made of it.
    pub looked: Option<Rc<Looked>>,
    /// The chosen class.
    pub class: Option<usize>,
    /// The chosen layer.
    pub layer: Option<String>,
    /// At most one map a layer; those of an older class are replaced as the new ones come.
    pub shown: Vec<Shown>,
    /// Seconds that the last whole answer took.
    pub explained: Option<f64>,
    /// The chosen technique.
    pub technique: Technique,
    /// How it is asked.
    pub question: Question,
    /// What came back about a layer's channels.
    pub answer: Answer,
    /// Whether maps are drawn with their sign.
    pub signed: bool,
    /// The colour map.
    pub colormap: Colormap,
    /// How opaque the heat is, 0 to 1.
    pub opacity: f32,
    /// What went wrong last.
    pub message: Option<Message>,
    coming: Option<Photo>,
    /// Whether the worker has a model.
    loaded: bool,
    bytes: (u64, u64),
    tickets: Tickets,
    serial: u64,
}

impl State {
    /// The page when it has been opened, with what its address asks for, and what it does first.
    pub fn new(model: Option<String>, device: Choice) -> (Self, Vec<Effect>) {
        let state = Self {
            models: vec![],
            model: model.unwrap_or_default(),
            device,
            engine: Engine::Starting,
            ready: None,
            photo: None,
            looked: None,
            class: None,
            layer: None,
            shown: vec![],
            explained: None,
            technique: Technique::default(),
            question: Question::default(),
            answer: Answer::default(),
            signed: false,
            colormap: Colormap::default(),
            opacity: 0.6,
            message: None,
            coming: None,
            loaded: false,
            bytes: (0, 0),
            tickets: Tickets::default(),
            serial: 0,
        };
        (state, vec![Effect::Start, Effect::List])
    }

    /// Changes what is known, and says what has to be done.
    pub fn apply(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Listed(Ok(models)) => self.listed(models),
            Action::Listed(Err(error)) => self.fail(error, Remedy::ListAgain),
            Action::Started => {
                self.engine = Engine::Running;
                vec![]
            }
            Action::Heard(ticket, event) => self.heard(ticket, event),
            Action::Crashed(why) => self.crashed(&why),
            Action::Given { name, file } => self.given(name, file),
            Action::Example { name, file } => {
                if self.photo.is_some() || self.coming.is_some() {
                    vec![]
                } else {
                    self.given(name, file)
                }
            }
            Action::Failed(text) => self.fail(text, Remedy::None),
            Action::ChooseModel(model) => {
                self.model = model;
                self.open()
            }
            Action::ChooseDevice(device) => {
                self.device = device;
                self.restart()
            }
            Action::ChooseClass(class) if self.class == Some(class) && self.explained.is_some() => vec![],
            Action::ChooseClass(class) => {
                self.class = Some(class);
                self.ask()
            }
            Action::ChooseLayer(layer) => {
                self.layer = Some(layer);
                match self.technique {
                    // All layers' maps are here or on their way.
                    Technique::Classes => vec![],
                    // The patterns of another layer stay until they are asked for.
                    Technique::Filters => vec![],
                    Technique::Activations | Technique::Deconvnet => self.ask(),
                }
            }
            Action::ChooseTechnique(technique) => self.choose_technique(technique),
            Action::Ask(question) => self.ask_otherwise(question),
            Action::ChooseSigned(signed) => {
                self.signed = signed;
                vec![]
            }
            Action::ChooseChannel(channel) => self.choose_channel(channel),
            Action::Climb => self.climb(),
            Action::Stop => self.stop(),
            Action::ChooseColormap(colormap) => {
                self.colormap = colormap;
                // The worker colours the sheets.
                if self.technique == Technique::Activations { self.ask() } else { vec![] }
            }
            Action::ChooseOpacity(opacity) => {
                self.opacity = opacity.clamp(0.0, 1.0);
                vec![]
            }
            Action::Dismiss => {
                self.message = None;
                vec![]
            }
            Action::Mend => self.mend(),
        }
    }

    /// What the worker is doing.
    pub fn busy(&self) -> Busy {
        let Tickets { open, look, ask, .. } = self.tickets;
        match (self.engine, open, look, ask) {
            (Engine::Crashed, ..) | (_, None, None, None) => Busy::No,
            (_, Some(_), ..) => Busy::Loading(self.bytes.0, self.bytes.1),
            (_, _, Some(_), _) => Busy::Looking,
            (_, _, _, Some(_)) => Busy::Explaining,
        }
    }

    /// Whether the model that is ready has a classifier.
    pub fn has_classes(&self) -> bool {
        self.ready.as_ref().is_none_or(|ready| !ready.labels.is_empty())
    }

    /// The layers that can be chosen: class activation maps leave out the pools, deconvnet can start from the class outputs too.
    pub fn layers(&self) -> Vec<&Tap> {
        let Some(ready) = self.ready.as_deref() else { return vec![] };
        let pools = self.technique != Technique::Classes;
        let outputs = ready.outputs.iter().filter(|_| self.technique == Technique::Deconvnet);
        ready.taps.iter().filter(|tap| pools || !tap.pool).chain(outputs).collect()
    }

    /// The map of the chosen layer, or the one there is of a method that answers in the space of the input.
    pub fn current(&self) -> Option<&Shown> {
        let layer = self.layer.as_deref()?;
        self.map(layer).or_else(|| self.map("input"))
    }

    /// The map of a layer, if it has come.
    pub fn map(&self, layer: &str) -> Option<&Shown> {
        self.shown.iter().find(|shown| shown.map.layer == layer)
    }

    /// A class by its index, once a picture has been looked at.
    pub fn class(&self, index: usize) -> Option<&Class> {
        self.looked.as_ref()?.classes.iter().find(|class| class.index == index)
    }

    fn ticket(&mut self) -> Ticket {
        self.tickets.last += 1;
        self.tickets.last
    }

    fn fail(&mut self, text: String, remedy: Remedy) -> Vec<Effect> {
        self.message = Some(Message { text, remedy });
        vec![]
    }

    fn listed(&mut self, models: Vec<ModelEntry>) -> Vec<Effect> {
        let Some(first) = models.first().map(|model| model.id.clone()) else {
            return self.fail(
                "there is no model beside the page; pack one and build the page again".into(),
                Remedy::ListAgain,
            );
        };
        self.models = models;
        if !self.models.iter().any(|model| model.id == self.model) {
            if !self.model.is_empty() {
                let text = format!("there is no model {} here, so {first} is shown", self.model);
                self.fail(text, Remedy::None);
            }
            self.model = first;
        }
        self.open()
    }

    fn open(&mut self) -> Vec<Effect> {
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
    fn restart(&mut self) -> Vec<Effect> {
        self.engine = Engine::Starting;
        self.loaded = false;
        self.message = None;
        let mut effects = vec![Effect::Start];
        effects.extend(self.open());
        effects
    }

    fn crashed(&mut self, why: &str) -> Vec<Effect> {
        // The first words are those of the cause.
        if self.engine == Engine::Crashed {
            return vec![];
        }
        self.engine = Engine::Crashed;
        self.loaded = false;
        self.tickets = Tickets { last: self.tickets.last, ..Tickets::default() };
        // It may have been the end of the worker; the one before is known to be harmless.
        self.coming = None;
        let text = format!(
            "the engine stopped ({why}); start it again, with a smaller picture or on the CPU if it stops once more"
        );
        self.fail(text, Remedy::Restart)
    }

    fn mend(&mut self) -> Vec<Effect> {
        let remedy = self.message.take().map_or(Remedy::None, |message| message.remedy);
        match remedy {
            Remedy::None => vec![],
            Remedy::ListAgain => vec![Effect::List],
            Remedy::OpenAgain => self.open(),
            Remedy::Restart => self.restart(),
        }
    }

    fn given(&mut self, name: String, file: Rc<[u8]>) -> Vec<Effect> {
        self.serial += 1;
        self.coming = Some(Photo { name, file, serial: self.serial });
        self.message = None;
        match (self.tickets.open, self.loaded) {
            // The model that is on its way will look at it.
            (Some(_), _) => vec![],
            (None, true) => self.look(),
            (None, false) => self.open(),
        }
    }

    fn look(&mut self) -> Vec<Effect> {
        let Some(photo) = self.coming.as_ref().or(self.photo.as_ref()) else { return vec![Effect::GetExample] };
        let file = photo.file.to_vec();
        let ticket = self.ticket();
        self.tickets.look = Some(ticket);
        self.tickets.ask = None;
        vec![Effect::Send(ticket, Command::Look { file })]
    }

    fn ask(&mut self) -> Vec<Effect> {
        // While something newer is on its way, its answer will bring the question with it.
        if self.tickets.open.or(self.tickets.look).is_some() || self.looked.is_none() || !self.loaded {
            return vec![];
        }
        let Some(command) = self.command() else { return vec![] };
        self.send(command)
    }

    fn send(&mut self, command: Command) -> Vec<Effect> {
        self.explained = None;
        let ticket = self.ticket();
        self.tickets.ask = Some(ticket);
        vec![Effect::Send(ticket, command)]
    }

    fn heard(&mut self, ticket: Ticket, event: Event) -> Vec<Effect> {
        let Tickets { open, look, ask, .. } = self.tickets;
        match event {
            Event::Loading { done, total } if open == Some(ticket) => self.bytes = (done, total),
            Event::Ready(ready) if open == Some(ticket) => return self.became_ready(ready),
            Event::Looked { width, height, region, classes, seconds } if look == Some(ticket) => {
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
            }
            Event::Channel { layer, channel, plane, .. } if ask == Some(ticket) => {
                self.tickets.ask = None;
                self.answer.channel = Some((layer, channel, Rc::new(plane)));
            }
            Event::Panel(panel) if ask == Some(ticket) => self.answer.take_panel(panel),
            Event::Progress { done, total } if ask == Some(ticket) => self.answer.progress = Some((done, total)),
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
        self.ask()
    }

    fn show(&mut self, shown: Shown) {
        match self.shown.iter_mut().find(|old| old.map.layer == shown.map.layer) {
            Some(old) => *old = shown,
            None => self.shown.push(shown),
        }
    }

    /// What was there before is still there, and a question that the failed command had cut short is asked again.
    fn command_failed(&mut self, ticket: Ticket, text: String) -> Vec<Effect> {
        let tickets = &mut self.tickets;
        let remedy = if tickets.open == Some(ticket) {
            tickets.open = None;
            Remedy::OpenAgain
        } else if tickets.look == Some(ticket) {
            tickets.look = None;
            self.coming = None;
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

#[cfg(test)]
mod tests;
