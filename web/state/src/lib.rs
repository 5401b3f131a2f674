//! Everything that the page knows, and the one function that changes it. Nothing here touches a browser: what has to be done
//! outside comes back as [`Effect`]s, so that every path is tested natively.

mod ask;
mod follow;
mod health;
mod link;
mod parts;
mod save;
mod stored;
mod view;
mod worker;

use std::rc::Rc;

pub use ask::{Answer, Question, Technique};
use convscope_core::Choice;
use convscope_core::numbers::Class;
use convscope_core::protocol::{Ready, Tap, Ticket};
use convscope_core::render::Colormap;
use follow::Wanted;
use health::Health;
pub use link::{Link, LinkPicture};
pub use parts::{
    Action, Busy, Effect, Engine, ExampleFile, Language, Looked, Message, ModelEntry, Photo, Remedy, Shown, Text,
};
pub use save::Saving;
pub use stored::{Kept, Stored};
pub use view::View;

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
    /// The language.
    pub language: Language,
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
    /// An explanation that is kept to compare with.
    pub kept: Option<View>,
    /// Whether compared maps are drawn on one scale.
    pub shared_scale: bool,
    /// The files that were given, to choose from.
    pub tray: Vec<Photo>,
    /// What went wrong last.
    pub message: Option<Message>,
    coming: Option<Photo>,
    /// What a link asks for and that is not there yet.
    wanted: Option<Wanted>,
    /// The feature map that a link asks for.
    wanted_channel: Option<usize>,
    /// Whether the worker has a model.
    loaded: bool,
    bytes: (u64, u64),
    /// Of the worker's program, while it comes.
    program: Option<(u64, u64)>,
    tickets: Tickets,
    serial: u64,
    health: Health,
}

impl State {
    /// The page when it has been opened, with what its address asks for, and what it does first.
    pub fn new(model: Option<String>, device: Choice) -> (Self, Vec<Effect>) {
        let state = Self {
            language: Language::default(),
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
            kept: None,
            shared_scale: true,
            tray: vec![],
            message: None,
            coming: None,
            wanted: None,
            wanted_channel: None,
            loaded: false,
            bytes: (0, 0),
            program: None,
            tickets: Tickets::default(),
            serial: 0,
            health: Health::default(),
        };
        (state, vec![Effect::Start, Effect::List])
    }

    /// Changes what is known, and says what has to be done.
    pub fn apply(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Listed(Ok(models)) => self.listed(models),
            Action::Listed(Err(error)) => self.fail(Text::Engine(error), Remedy::ListAgain),
            Action::Coming(done, total) => {
                self.program = Some((done, total));
                vec![]
            }
            Action::Started => {
                self.engine = Engine::Running;
                self.program = None;
                vec![]
            }
            Action::Heard(ticket, event) => {
                self.alive();
                self.heard(ticket, event)
            }
            Action::Alive => self.alive(),
            Action::Tick => self.tick(),
            Action::Crashed(why) => self.crashed(&why),
            Action::Lost(why) => self.lost(&why),
            Action::Given { name, file } => self.choose_picture(None, name, file),
            Action::Example(ExampleFile { id, name, file }) => {
                if self.photo.is_some() || self.coming.is_some() {
                    vec![]
                } else {
                    // Nobody asked for it, so what was said before still counts.
                    let message = self.message.take();
                    let effects = self.given(Some(id), name, file);
                    self.message = message;
                    effects
                }
            }
            Action::Files(files) => self.files(files),
            Action::ChoosePhoto(serial) => self.choose_photo(serial),
            Action::ChooseExample(ExampleFile { id, name, file }) => self.choose_picture(Some(id), name, file),
            Action::LinkedExample(example) => self.linked_example(example),
            Action::Follow(link, problem) => self.follow(link, problem),
            Action::Save(saving) => self.save(saving),
            Action::Failed(text) => self.fail(text, Remedy::None),
            Action::ChooseLanguage(language) => {
                self.language = language;
                vec![Effect::Speak(language)]
            }
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
            Action::Keep => {
                self.keep();
                vec![]
            }
            Action::ShareScale(shared) => {
                self.shared_scale = shared;
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
        if let (Engine::Starting, Some((done, total))) = (self.engine, self.program) {
            return Busy::Starting(done, total);
        }
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

    fn fail(&mut self, text: Text, remedy: Remedy) -> Vec<Effect> {
        self.message = Some(Message { text, remedy });
        vec![]
    }
}

#[cfg(test)]
mod tests;
