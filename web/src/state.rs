//! Everything that the page knows, and the one function that changes it. Nothing here touches a browser: what has to be done
//! outside comes back as [`Effect`]s, so that every path is tested natively (`tests/page_state.rs`).

use std::rc::Rc;

use convscope::device::Choice;
use convscope::explain::Map;
use convscope::preprocess::Region;
use convscope::protocol::{Command, Event, Ready, Tap, Ticket};
use convscope::render::Colormap;
use convscope::session::{Activation, Class};

/// The method that the page shows.
pub const METHOD: &str = "grad_cam";
/// The convention that the page asks for.
pub const CONVENTION: &str = "paper";

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
    /// Seconds that the last whole explanation took.
    pub explained: Option<f64>,
    /// The chosen layer in numbers, for a model without classifier.
    pub activation: Option<Activation>,
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
            activation: None,
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
                // All layers' maps are here or on their way.
                if self.has_classes() { vec![] } else { self.ask() }
            }
            Action::ChooseColormap(colormap) => {
                self.colormap = colormap;
                vec![]
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

    /// The layers that can be chosen: class activation maps leave out the pools.
    pub fn layers(&self) -> Vec<&Tap> {
        let pools = !self.has_classes();
        let taps = self.ready.as_deref().map_or(&[][..], |ready| &ready.taps).iter();
        taps.filter(|tap| pools || !tap.pool).collect()
    }

    /// The map of the chosen layer, if it has come.
    pub fn current(&self) -> Option<&Shown> {
        let layer = self.layer.as_deref()?;
        self.map(layer)
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
        self.explained = None;
        let command = if self.has_classes() {
            let Some(class) = self.class else { return vec![] };
            Command::Explain { method: METHOD.into(), class, layer: "all".into(), convention: CONVENTION.into() }
        } else {
            let Some(layer) = self.layer.clone() else { return vec![] };
            Command::Activations { layer }
        };
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
                self.explained = Some(seconds);
            }
            Event::Activated(activation) if ask == Some(ticket) => {
                self.tickets.ask = None;
                self.activation = Some(activation);
            }
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
            self.class = None;
        }
        self.look()
    }

    fn forget_results(&mut self) {
        self.looked = None;
        self.shown.clear();
        self.explained = None;
        self.activation = None;
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
        let names: Vec<&str> = self.layers().iter().map(|tap| tap.name.as_str()).collect();
        if !self.layer.as_deref().is_some_and(|layer| names.contains(&layer)) {
            let last = self.layers().iter().rfind(|tap| !tap.pool).map(|tap| tap.name.clone());
            self.layer = last;
        }
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
            return self.fail(text, Remedy::None);
        } else {
            return vec![];
        };
        self.fail(text, remedy);
        if self.explained.is_none() { self.ask() } else { vec![] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use convscope::picture::Plane;

    fn entry(id: &str) -> ModelEntry {
        ModelEntry { id: id.into(), name: id.to_uppercase(), bytes: 10 }
    }

    fn model(id: &str, labels: &[&str]) -> Event {
        let tap = |name: &str, pool| Tap { name: name.into(), shape: [2, 3, 3], pool };
        Event::Ready(Ready {
            id: id.into(),
            name: id.into(),
            description: String::new(),
            licence: String::new(),
            source: String::new(),
            hash: id.into(),
            device: "CPU".into(),
            taps: vec![tap("conv1", false), tap("pool1", true), tap("conv2", false), tap("pool2", true)],
            labels: labels.iter().map(|label| (*label).into()).collect(),
            seconds: 1.0,
        })
    }

    fn looked(order: &[usize]) -> Event {
        let class = |&index: &usize| Class { index, name: format!("class {index}"), probability: 0.5, logit: 1.0 };
        Event::Looked {
            width: 4,
            height: 2,
            region: Region { x: 1.0, y: 0.0, width: 2.0, height: 2.0 },
            classes: order.iter().map(class).collect(),
            seconds: 0.1,
        }
    }

    fn shown(class: usize, layer: &str) -> Event {
        let plane = Plane::new(1, 1, vec![1.0]);
        let map = Map {
            layer: layer.into(),
            normalised: plane.clone(),
            signed: plane,
            raw_maximum: 1.0,
            blank: None,
            image: None,
        };
        Event::Shown { class, map }
    }

    /// The ticket of the only command among the effects.
    fn sent(effects: &[Effect]) -> (Ticket, &Command) {
        let mut commands = effects.iter().filter_map(|effect| match effect {
            Effect::Send(ticket, command) => Some((*ticket, command)),
            _ => None,
        });
        let first = commands.next().expect("a command");
        assert_eq!(commands.next(), None);
        first
    }

    fn give(state: &mut State, name: &str) -> Vec<Effect> {
        state.apply(Action::Given { name: name.into(), file: Rc::from([1, 2, 3].as_slice()) })
    }

    /// A page that shows everything about its example, for the likeliest class 1.
    fn settled() -> State {
        let (mut state, first) = State::new(None, Choice::Auto);
        assert_eq!(first, [Effect::Start, Effect::List]);
        let effects = state.apply(Action::Listed(Ok(vec![entry("small"), entry("large")])));
        let (open, command) = sent(&effects);
        assert_eq!(command, &Command::Open { model: "small".into(), device: Choice::Auto });
        assert_eq!(state.apply(Action::Started), []);
        assert_eq!(state.busy(), Busy::Loading(0, 10));
        assert_eq!(state.apply(Action::Heard(open, Event::Loading { done: 4, total: 10 })), []);
        assert_eq!(state.busy(), Busy::Loading(4, 10));
        assert_eq!(state.apply(Action::Heard(open, model("small", &["zero", "one"]))), [Effect::GetExample]);
        let effects = state.apply(Action::Example { name: "cat".into(), file: Rc::from([9].as_slice()) });
        let (look, command) = sent(&effects);
        assert_eq!(command, &Command::Look { file: vec![9] });
        assert_eq!((state.busy(), state.photo.is_none()), (Busy::Looking, true));
        let effects = state.apply(Action::Heard(look, looked(&[1, 0])));
        let (ask, command) = sent(&effects);
        assert!(matches!(command, Command::Explain { class: 1, layer, .. } if layer == "all"));
        assert_eq!((state.busy(), state.layer.as_deref()), (Busy::Explaining, Some("conv2")));
        for layer in ["conv1", "conv2"] {
            assert_eq!(state.apply(Action::Heard(ask, shown(1, layer))), []);
        }
        assert_eq!(state.apply(Action::Heard(ask, Event::Explained { seconds: 0.2 })), []);
        assert_eq!((state.busy(), state.current().map(|shown| shown.class)), (Busy::No, Some(1)));
        state
    }

    #[test]
    fn opening_the_page_explains_the_example() {
        let state = settled();
        assert_eq!(state.layers().iter().map(|tap| tap.name.as_str()).collect::<Vec<_>>(), ["conv1", "conv2"]);
        assert_eq!(state.class(0).map(|class| class.name.as_str()), Some("class 0"));
    }

    #[test]
    fn another_class_keeps_the_old_map_until_the_new_one_comes() {
        let mut state = settled();
        let effects = state.apply(Action::ChooseClass(0));
        let (ask, _) = sent(&effects);
        assert_eq!(state.current().map(|shown| shown.class), Some(1));
        state.apply(Action::Heard(ask, shown(0, "conv2")));
        assert_eq!((state.current().map(|shown| shown.class), state.shown.len()), (Some(0), 2));
        // Overtaken before it has ended: what still comes is stale.
        let effects = state.apply(Action::ChooseClass(1));
        let (newer, _) = sent(&effects);
        state.apply(Action::Heard(ask, shown(0, "conv1")));
        assert_eq!(state.map("conv1").map(|shown| shown.class), Some(1));
        state.apply(Action::Heard(newer, Event::Explained { seconds: 0.1 }));
        assert_eq!(state.apply(Action::ChooseClass(1)), []);
        assert_eq!(state.apply(Action::ChooseLayer("conv1".into())), []);
    }

    #[test]
    fn a_bad_picture_leaves_the_previous_one_and_its_maps() {
        let mut state = settled();
        let before = state.clone();
        let effects = give(&mut state, "notes.txt");
        let (look, _) = sent(&effects);
        assert_eq!(state.photo, before.photo);
        assert_eq!(state.apply(Action::Heard(look, Event::Failed { message: "no picture".into() })), []);
        assert_eq!((&state.photo, &state.shown, state.busy()), (&before.photo, &before.shown, Busy::No));
        assert_eq!(state.message.as_ref().map(|message| message.text.as_str()), Some("no picture"));
        state.apply(Action::Dismiss);
        assert_eq!(state.message, None);
        // The next one takes its place.
        let effects = give(&mut state, "dog.jpg");
        let (look, _) = sent(&effects);
        sent(&state.apply(Action::Heard(look, looked(&[0, 1]))));
        assert_eq!((state.class, state.shown.len()), (Some(0), 0));
        assert_eq!(state.photo.map(|photo| photo.name).as_deref(), Some("dog.jpg"));
    }

    #[test]
    fn a_bad_picture_does_not_cut_an_explanation_short() {
        let mut state = settled();
        state.apply(Action::ChooseClass(0));
        let (look, _) = sent(&give(&mut state, "notes.txt"));
        let effects = state.apply(Action::Heard(look, Event::Failed { message: "no picture".into() }));
        assert!(matches!(sent(&effects).1, Command::Explain { class: 0, .. }));
    }

    #[test]
    fn a_crash_keeps_the_results_and_a_restart_restores_the_rest() {
        let mut state = settled();
        let before = state.clone();
        give(&mut state, "bomb.png");
        assert_eq!(state.apply(Action::Crashed("out of memory".into())), []);
        assert_eq!((state.engine, state.busy(), &state.shown), (Engine::Crashed, Busy::No, &before.shown));
        let message = state.message.clone().expect("a message");
        assert_eq!((message.remedy, message.text.contains("out of memory")), (Remedy::Restart, true));
        let effects = state.apply(Action::Mend);
        assert_eq!(effects[0], Effect::Start);
        let (open, _) = sent(&effects);
        state.apply(Action::Started);
        let effects = state.apply(Action::Heard(open, model("small", &["zero", "one"])));
        // The harmless picture, not the one that came before the crash.
        assert_eq!(sent(&effects).1, &Command::Look { file: vec![9] });
        assert_eq!(state.shown, before.shown);
    }

    #[test]
    fn a_model_that_cannot_be_loaded_leaves_the_one_before() {
        let mut state = settled();
        let effects = state.apply(Action::ChooseModel("large".into()));
        let (open, _) = sent(&effects);
        assert_eq!(state.apply(Action::Heard(open, Event::Failed { message: "a shard is damaged".into() })), []);
        assert_eq!(state.ready.as_ref().map(|ready| ready.id.as_str()), Some("small"));
        sent(&state.apply(Action::ChooseClass(0)));
        assert_eq!(state.message.as_ref().map(|message| message.remedy), Some(Remedy::OpenAgain));
        let effects = state.apply(Action::Mend);
        assert!(matches!(sent(&effects).1, Command::Open { model, .. } if model == "large"));
    }

    #[test]
    fn another_device_is_another_worker_with_the_same_question() {
        let mut state = settled();
        sent(&state.apply(Action::ChooseClass(0)));
        let effects = state.apply(Action::ChooseDevice(Choice::Cpu));
        assert_eq!(effects[0], Effect::Start);
        let (open, command) = sent(&effects);
        assert_eq!(command, &Command::Open { model: "small".into(), device: Choice::Cpu });
        state.apply(Action::Started);
        let effects = state.apply(Action::Heard(open, model("small", &["zero", "one"])));
        let (look, _) = sent(&effects);
        let effects = state.apply(Action::Heard(look, looked(&[1, 0])));
        assert!(matches!(sent(&effects).1, Command::Explain { class: 0, .. }));
    }

    #[test]
    fn a_model_without_classifier_shows_activations() {
        let mut state = settled();
        let effects = state.apply(Action::ChooseModel("base".into()));
        let (open, _) = sent(&effects);
        let (look, _) = sent(&state.apply(Action::Heard(open, model("base", &[]))));
        assert!(state.shown.is_empty() && !state.has_classes());
        let effects = state.apply(Action::Heard(look, looked(&[])));
        assert!(matches!(sent(&effects).1, Command::Activations { layer } if layer == "conv2"));
        assert_eq!(state.layers().len(), 4);
        let effects = state.apply(Action::ChooseLayer("pool1".into()));
        assert!(matches!(sent(&effects).1, Command::Activations { layer } if layer == "pool1"));
    }

    #[test]
    fn a_list_that_fails_or_lacks_the_model_says_so() {
        let (mut state, _) = State::new(Some("vanished".into()), Choice::Auto);
        state.apply(Action::Listed(Err("offline".into())));
        assert_eq!(state.apply(Action::Mend), [Effect::List]);
        let effects = state.apply(Action::Listed(Ok(vec![entry("small")])));
        assert!(matches!(sent(&effects).1, Command::Open { model, .. } if model == "small"));
        assert!(state.message.as_ref().is_some_and(|message| message.text.contains("vanished")));
        state.apply(Action::Listed(Ok(vec![])));
        assert!(state.message.is_some_and(|message| message.text.contains("no model")));
    }

    #[test]
    fn a_picture_given_while_the_model_loads_wins_over_the_example() {
        let (mut state, _) = State::new(None, Choice::Auto);
        let (open, _) = sent(&state.apply(Action::Listed(Ok(vec![entry("small")]))));
        assert_eq!(give(&mut state, "dog.jpg"), []);
        assert_eq!(state.apply(Action::Example { name: "cat".into(), file: Rc::from([9].as_slice()) }), []);
        let effects = state.apply(Action::Heard(open, model("small", &["zero"])));
        assert_eq!(sent(&effects).1, &Command::Look { file: vec![1, 2, 3] });
    }
}
