//! What the state is made of, what happens to it, and what it asks to be done.

use std::rc::Rc;

use convscope_core::Choice;
use convscope_core::explain::Map;
use convscope_core::numbers::Class;
use convscope_core::preprocess::Region;
use convscope_core::protocol::{Command, Event, Ticket};
use convscope_core::render::Colormap;

use super::{Link, Question, Saving, Technique};

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
    /// The example's id, if it is one.
    pub example: Option<String>,
}

/// An example as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFile {
    /// Its id, as links name it.
    pub id: String,
    /// What it shows.
    pub name: String,
    /// Its bytes.
    pub file: Rc<[u8]>,
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
    /// Getting the worker's program: bytes so far and in all.
    Starting(u64, u64),
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

/// The language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// All of them, with what they call themselves.
    pub const ALL: [(Self, &'static str); 2] = [(Self::English, "English"), (Self::Chinese, "简体中文")];

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-Hans",
        }
    }

    /// The language that a tag such as `zh-CN` asks for, if it is one of ours.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        }
    }
}

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// A sentence of the page's catalogue: its key, and the values in it.
    Own(&'static str, Vec<(&'static str, String)>),
    /// The engine's own words, which are English.
    Engine(String),
    /// One after the other.
    All(Vec<Text>),
}

impl Text {
    /// A sentence without values.
    pub fn key(key: &'static str) -> Self {
        Self::Own(key, vec![])
    }
}

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// One sentence.
    pub text: Text,
    /// What the button beside it does.
    pub remedy: Remedy,
}

/// What happens to the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The list of models has come, or not.
    Listed(Result<Vec<ModelEntry>, String>),
    /// So many bytes of the worker's program have come, of so many.
    Coming(u64, u64),
    /// The worker listens.
    Started,
    /// The worker answers.
    Heard(Ticket, Event),
    /// The worker is at work.
    Alive,
    /// Some seconds have passed in which the worker should have given a sign of life.
    Tick,
    /// The worker died.
    Crashed(String),
    /// The worker died, since the GPU has been lost.
    Lost(String),
    /// A picture has been given.
    Given {
        /// The file's name, or what it shows.
        name: String,
        /// Its bytes.
        file: Rc<[u8]>,
    },
    /// The first example has come, which gives way to any picture that was given meanwhile.
    Example(ExampleFile),
    /// An example has been chosen.
    ChooseExample(ExampleFile),
    /// The example that a link asks for, or why there is none.
    LinkedExample(Result<ExampleFile, Text>),
    /// A link is to be followed; what of it was not understood, in words.
    Follow(Link, Option<Text>),
    /// Save what is seen, or the numbers behind it.
    Save(Saving),
    /// Files have been given, with their names and bytes; they can be chosen from.
    Files(Vec<(String, Rc<[u8]>)>),
    /// One of the pictures that were given, by its serial number.
    ChoosePhoto(u64),
    /// Something could not be done on the page itself.
    Failed(Text),
    /// Another language.
    ChooseLanguage(Language),
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
    /// Keep the explanation that is seen, to compare with what comes, or let go of the one that is kept.
    Keep,
    /// Draw compared maps on one scale, or each on its own.
    ShareScale(bool),
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
    /// Say from now on, and when the page is opened again, everything in that language.
    Speak(Language),
    /// Get the example of that id, which a link asks for.
    GetNamed(String),
    /// Save what is seen as a picture.
    SavePicture {
        /// The file's name.
        name: String,
        /// With a line that says what it is.
        caption: bool,
    },
    /// Save a file.
    Download {
        /// Its name.
        name: String,
        /// What is in it.
        bytes: Rc<[u8]>,
    },
}
