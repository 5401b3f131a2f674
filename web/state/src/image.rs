//! The image: those that were given, the one that is seen, and what the network made of it.

use std::cell::OnceCell;
use std::rc::Rc;

use convscope_core::error::Fault;
use convscope_core::predictions::Class;
use convscope_core::preprocess::Region;
use convscope_core::protocol::{Command, Ticket};

use super::search::tell_apart;
use super::{Content, Effect, Shared, State};

/// An image as a file.
#[derive(Clone, Debug)]
pub struct ImageFile {
    /// The file's name, or what it shows.
    pub name: String,
    /// Content of the file.
    pub file: Content,
    /// Differs between any two images of one page.
    pub serial: u64,
    /// The example's id, if it is one.
    pub example: Option<String>,
    /// Whether it is one of many that a camera sees one after the other.
    pub frame: bool,
    /// SHA-256 of the file, once the worker has said it.
    sha256: OnceCell<String>,
}

impl ImageFile {
    /// SHA-256 of the file, in hexadecimal, once it has been looked at.
    pub fn sha256(&self) -> Option<&str> {
        self.sha256.get().map(String::as_str)
    }

    /// Takes up its SHA-256; a file has one, however often it is looked at.
    pub(super) fn know(&self, sha256: &str) {
        let _ = self.sha256.set(sha256.to_owned());
    }

    /// Whether its SHA-256 is known, and begins like that.
    pub(super) fn is(&self, start: &str) -> bool {
        self.sha256().is_some_and(|sha256| sha256.starts_with(start))
    }
}

impl PartialEq for ImageFile {
    fn eq(&self, other: &Self) -> bool {
        self.serial == other.serial
    }
}

/// An example as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFile {
    /// Id of the example, as links name it.
    pub id: String,
    /// Word for what it shows.
    pub name: String,
    /// Bytes of the file.
    pub file: Rc<[u8]>,
}

/// Numbers that the network made of the image.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The image's size in pixels.
    pub size: (u32, u32),
    /// The part of it that the network saw.
    pub region: Region,
    /// All classes, the likeliest first; empty without a classifier.
    pub classes: Vec<Class>,
    /// Reason why it is no image that the model was made for, where that can be told.
    pub doubt: Option<Fault>,
    /// SHA-256 of the image's file.
    pub sha256: String,
    /// Seconds it took.
    pub seconds: f64,
}

/// The image, and what the network made of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageState {
    /// The image that is seen.
    pub photo: Option<Rc<ImageFile>>,
    /// Numbers that the network made of it.
    pub observation: Option<Shared<Observation>>,
    /// Seconds of the quickest look so far with the model that is ready: the first is slower than the rest.
    pub quickest: Option<f64>,
    /// The files that were given, to choose from.
    pub tray: Vec<Rc<ImageFile>>,
    /// The image that was seen before it, another file: what it is compared with by methods that take two.
    pub before: Option<Rc<ImageFile>>,
    /// The image that will be seen once it has been looked at.
    pub(super) incoming: Option<Rc<ImageFile>>,
    /// The serial number given last.
    serial: u64,
}

/// Action on the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageAction {
    /// An image has been given.
    Given {
        /// The file's name, or what it shows.
        name: String,
        /// Bytes of the file.
        file: Rc<[u8]>,
    },
    /// Files have been given, with their names and contents; they can be chosen from.
    Files(Vec<(String, Content)>),
    /// An image that a camera sees now, one of many.
    Frame {
        /// The file's name.
        name: String,
        /// Bytes of the file.
        file: Rc<[u8]>,
    },
    /// One of the images that were given, by its serial number.
    Choose(u64),
    /// One of the images that were given is not offered any longer, nor kept.
    Remove(u64),
    /// None of them is.
    RemoveAll,
    /// An example has been chosen.
    ChooseExample(ExampleFile),
    /// The first example has come, which gives way to any image that was given meanwhile.
    Example(ExampleFile),
}

fn whole((width, height): (u32, u32)) -> Region {
    Region { x: 0.0, y: 0.0, width: width as f32, height: height as f32 }
}

impl ImageState {
    /// A class by its index, once an image has been looked at.
    pub fn class(&self, index: usize) -> Option<&Class> {
        self.observation.as_ref()?.classes.iter().find(|class| class.index == index)
    }

    /// The size of the image that is seen, in pixels; that of none is a shape to hold its place.
    pub fn size(&self) -> (u32, u32) {
        self.observation.as_ref().map_or((3, 2), |observation| observation.size)
    }

    /// The part of the image that the network saw.
    pub fn region(&self) -> Region {
        self.observation.as_ref().map_or_else(|| whole(self.size()), |observation| observation.region)
    }

    /// Whether the network saw a part of the image only.
    pub fn is_cut(&self) -> bool {
        self.region() != whole(self.size())
    }

    /// The image that is on its way, or else the one that is seen.
    pub(super) fn newest(&self) -> Option<&Rc<ImageFile>> {
        self.incoming.as_ref().or(self.photo.as_ref())
    }

    /// Gives up the image that is on its way, and does not offer it again.
    pub(super) fn drop_incoming(&mut self) {
        let bad = self.incoming.take();
        self.tray.retain(|photo| Some(photo) != bad.as_ref());
    }

    pub(super) fn add(&mut self, example: Option<String>, name: String, file: impl Into<Content>) -> ImageFile {
        self.serial += 1;
        ImageFile { name, file: file.into(), serial: self.serial, example, frame: false, sha256: OnceCell::new() }
    }
}

impl State {
    pub(super) fn change_image(&mut self, action: ImageAction) -> Vec<Effect> {
        match action {
            ImageAction::Given { name, file } => self.choose_new(None, name, file),
            ImageAction::ChooseExample(ExampleFile { id, name, file }) => self.choose_new(Some(id), name, file),
            ImageAction::Frame { name, file } => {
                let photo = ImageFile { frame: true, ..self.image.add(None, name, file) };
                self.choose(photo.into())
            }
            ImageAction::Files(files) => self.files(files),
            ImageAction::Remove(serial) => self.remove(|photo| photo.serial == serial),
            ImageAction::RemoveAll => self.remove(|_| true),
            ImageAction::Choose(serial) => {
                let photo = self.image.tray.iter().find(|photo| photo.serial == serial).cloned();
                photo.map_or_else(Vec::new, |photo| self.choose(photo))
            }
            ImageAction::Example(_) if self.image.newest().is_some() => vec![],
            ImageAction::Example(example) => {
                // Nobody asked for the example, so a message from before stays.
                let message = self.notice.message.take();
                let effects = self.take_example(example);
                self.notice.message = message;
                effects
            }
        }
    }

    fn choose_new(&mut self, example: Option<String>, name: String, file: Rc<[u8]>) -> Vec<Effect> {
        let photo = self.image.add(example, name, file);
        self.choose(photo.into())
    }

    /// An image that a person has chosen; one that a link asks for is not waited for any longer.
    pub(super) fn choose(&mut self, photo: Rc<ImageFile>) -> Vec<Effect> {
        self.survey.open = false;
        self.notice.message = None;
        self.notice.line = None;
        self.link.then = None;
        self.link.give_up_image();
        if photo.example.is_some() {
            self.link.lost = None;
        }
        self.take(photo)
    }

    /// An example that nobody has chosen on the page.
    pub(super) fn take_example(&mut self, ExampleFile { id, name, file }: ExampleFile) -> Vec<Effect> {
        let photo = self.image.add(Some(id), name, file);
        self.take(photo.into())
    }

    pub(super) fn take(&mut self, photo: Rc<ImageFile>) -> Vec<Effect> {
        self.image.incoming = Some(photo);
        self.notice.message = None;
        if self.worker.is_opening() {
            // The model that is on its way will look at it.
            vec![]
        } else if self.worker.loaded {
            self.look()
        } else {
            self.open()
        }
    }

    /// Has the network look at the newest image. A model that is on its way looks at it when it has come: to be asked for it before would
    /// stop it, and no image is seen without a model.
    pub(super) fn look(&mut self) -> Vec<Effect> {
        if self.worker.is_opening() || !self.worker.loaded {
            return vec![];
        }
        if let Some(effects) = self.wanted_image() {
            return effects;
        }
        self.tell_dropped();
        let Some(photo) = self.image.newest() else { return vec![Effect::GetExample] };
        let photo = photo.clone();
        let command = Command::Look { name: photo.name.clone(), file: vec![] };
        vec![send_with(self.worker.looking(), command, &photo)]
    }

    pub(super) fn observed(&mut self, mut observation: Observation) -> Vec<Effect> {
        tell_apart(&mut observation.classes);
        let new = self.image.incoming.take();
        // After a change of the device the target stays as it was chosen, and for other images where a person has pinned it.
        let another = new.is_some() && !self.explanation.pinned;
        if another || self.explanation.target.is_none() {
            self.explanation.target = observation.classes.first().map(|class| class.index.into());
        }
        // One that a page around this one gives is that page's to keep.
        let own = new.clone().filter(|photo| photo.example.is_none() && !self.embed.is_asked());
        if let Some(photo) = new {
            photo.know(&observation.sha256);
            let goes_on = photo.frame && self.image.photo.as_ref().is_some_and(|before| before.frame);
            let old = self.image.photo.replace(photo).filter(|old| old.sha256() != Some(&*observation.sha256));
            self.image.before = old.or(self.image.before.take());
            let methods = &self.model.methods;
            let stay = |id: &str| methods.iter().any(|card| card.id == id && !card.asks.image);
            self.explanation.forget_image(goes_on, stay);
        }
        self.fit_layer();
        let quickest = self.image.quickest.map_or(observation.seconds, |quickest| quickest.min(observation.seconds));
        self.image.quickest = Some(quickest);
        self.image.observation = Some(observation.into());
        if own.is_some() {
            self.meet_lost();
        }
        own.map(Effect::KeepImage).into_iter().chain(self.restore_and_run()).collect()
    }
}

/// Sends a command that takes an image's file: at once where its bytes are here, or else when they have been read.
pub(super) fn send_with(ticket: Ticket, mut command: Command, photo: &Rc<ImageFile>) -> Effect {
    match &photo.file {
        Content::Bytes(bytes) => {
            command.take_file(bytes.to_vec());
            Effect::Send(ticket, command)
        }
        Content::File(handle) => Effect::SendWithFile(ticket, command, handle.clone()),
    }
}
