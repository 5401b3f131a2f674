//! Teaching: a classifier of a few images of the person's own, on the features of a model. The person gathers images by class; the worker
//! looks at each, teaches, and keeps the model; then that is opened, and asked where the heat of each class lies.

mod gather;
mod heat;
mod lesson;

use std::collections::HashMap;
use std::rc::Rc;

use convscope_core::error::Fault;
use convscope_core::protocol::Taught;
use convscope_core::teach::Examples;

use super::{Content, Effect, ImageFile, Shared, State, Text};
pub use heat::TeachHeat;

/// Class that is to be taught.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TeachClass {
    /// Its name.
    pub name: String,
    /// Its images.
    pub images: Vec<Rc<ImageFile>>,
}

/// How far teaching is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum TeachStep {
    /// The person gathers images.
    #[default]
    Gathering,
    /// The worker looks at images: how many it has, of how many.
    Looking(usize, usize),
    /// The worker teaches and tries: steps of how many.
    Fitting(usize, usize),
    /// The model is there.
    Taught(Shared<Lecture>),
}

/// What has been taught, and with which images.
#[derive(Clone, Debug)]
pub struct Lecture {
    /// The model, and what it is worth.
    pub taught: Taught,
    /// The model's name before it was taught anything.
    pub base: String,
    /// The examples.
    pub examples: Examples,
    /// Their images.
    pub images: Vec<Rc<ImageFile>>,
    /// Images that were left out, and why.
    pub left_out: Vec<(String, Text)>,
    /// Seconds that looking at the images took.
    pub seconds: f64,
}

/// What is known of an image.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    /// SHA-256 of the model, and the layer.
    of: (String, Option<String>),
    /// Features and SHA-256 of the file, or why there are none.
    seen: Result<(Vec<f32>, String), Fault>,
    seconds: f64,
}

/// Teaching, and what has come of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TeachState {
    /// Whether the person sees it.
    pub open: bool,
    /// The classes.
    pub classes: Vec<TeachClass>,
    /// Short name of the model that is to come of it.
    pub name: String,
    /// Layer whose features are taken; the usual one where none is chosen.
    pub layer: Option<String>,
    /// How far it is.
    pub step: TeachStep,
    /// Why nothing came of it the last time.
    pub problem: Option<Text>,
    /// Where the heat of each class lies.
    pub heat: TeachHeat,
    /// Id of the model whose features are taken.
    base: String,
    /// Id of the model that came of it last, which the next one takes the place of.
    made: Option<String>,
    /// What is known of images, by their serial numbers.
    known: HashMap<u64, Known>,
    /// Image that the worker looks at.
    looking: Option<Rc<ImageFile>>,
}

/// Action on teaching.
#[derive(Clone, Debug, PartialEq)]
pub enum TeachAction {
    /// Begin, with those of the images that were given whose folders say what they are: labels and serial numbers.
    Open(Vec<(String, u64)>),
    /// See it no longer.
    Close,
    /// Another class.
    AddClass,
    /// Name a class, by index.
    NameClass(usize, String),
    /// Leave out a class, by index.
    RemoveClass(usize),
    /// Images of a class, by index, with their names and contents.
    Add(usize, Vec<(String, Content)>),
    /// Images with their classes' names, their own names and contents.
    AddFolder(Vec<(String, String, Content)>),
    /// Leave out an image, by its class's index and its serial number.
    Remove(usize, u64),
    /// Call the model something.
    Name(String),
    /// Take the features of that layer.
    Layer(String),
    /// Teach.
    Teach,
    /// Do what is to be done next, the worker being idle.
    Next,
    /// Stop what goes on.
    Stop,
    /// Gather images again.
    Again,
}

impl State {
    pub(super) fn change_teach(&mut self, action: TeachAction) -> Vec<Effect> {
        match action {
            TeachAction::Open(labelled) => self.open_teach(&labelled),
            TeachAction::Close => {
                self.teach.open = false;
                self.stop_teach()
            }
            TeachAction::Teach => self.begin_lesson(),
            TeachAction::Next if self.is_teach_due() => self.next_lesson(),
            TeachAction::Next => vec![],
            TeachAction::Stop => self.stop_teach(),
            TeachAction::Again => {
                self.teach.step = TeachStep::Gathering;
                self.stop_teach()
            }
            other => {
                self.gather(other);
                vec![]
            }
        }
    }
}
