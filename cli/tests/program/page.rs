//! A page's side of its worker, without a page.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;

use convscope::device::Choice;
use convscope::error::Result;
use convscope::methods::method;
use convscope::model::Source;
use convscope::param::Value;
use convscope::protocol::{Command, Event, Export, Form};
use convscope::render::{Colormap, MapStyle};
use convscope::request::{Layers, Request};
use convscope::worker::{Worker, WorkerContext};
use pollster::block_on;

/// A page with a worker that knows one model.
pub struct Page<S> {
    world: World<S>,
    worker: Worker,
}

struct World<S> {
    source: S,
    events: RefCell<Vec<Event>>,
}

impl<S: Source + Clone> WorkerContext for World<S> {
    type Source = S;

    async fn source(&self, _: &str) -> S {
        self.source.clone()
    }

    async fn keep(&self, _: &str, _: Vec<(String, Vec<u8>)>) -> Result<()> {
        Ok(())
    }

    fn emit(&self, event: Event) {
        self.events.borrow_mut().push(event);
    }

    fn now(&self) -> f64 {
        0.0
    }

    async fn pause(&self) -> bool {
        true
    }
}

impl<S: Source + Clone> Page<S> {
    /// A page on which the model is ready, on the CPU.
    pub fn open(source: S) -> Self {
        let world = World { source, events: RefCell::default() };
        let mut page = Self { world, worker: Worker::default() };
        page.say(Command::Open { model: "model".into(), device: Choice::Cpu });
        page
    }

    /// What comes of a command.
    pub fn say(&mut self, command: Command) -> Vec<Event> {
        block_on(self.worker.handle(command, &self.world));
        self.world.events.take()
    }

    /// Looks at an image.
    pub fn look(&mut self, name: &str, file: Vec<u8>) {
        self.say(Command::Look { name: name.into(), file });
    }

    /// Explains a class at all layers.
    pub fn explain(&mut self, method: &str, class: usize) {
        let request =
            Request { method: method.into(), target: Some(class.into()), layers: Layers::All, ..Request::default() };
        self.say(Command::Run(request));
    }

    /// Carries out a method at the last layer or a class, as it takes them, with those of the parameters that it has.
    pub fn ask(&mut self, id: &str, class: usize, values: &[(&str, i64)]) {
        let card = method(id).unwrap().card();
        let has = |(name, _): &&(&str, i64)| card.param(name).is_some();
        let values = values.iter().filter(has).map(|(name, value)| ((*name).to_owned(), Value::Int(*value)));
        let target = card.asks.class.then(|| class.into());
        let request = Request { method: id.into(), target, values: values.collect(), ..Request::default() };
        self.say(Command::Run(request));
    }

    /// What comes of saving the last results.
    pub fn export(&mut self, form: Form, signed: bool) -> Vec<Event> {
        let style = MapStyle { colormap: Colormap::Viridis, opacity: 0.5, signed, ..MapStyle::default() };
        self.say(Command::Export(Export { style, form }))
    }
}

/// The one file that a page was given.
pub fn saved(events: Vec<Event>) -> (String, Vec<u8>) {
    match <[Event; 1]>::try_from(events) {
        Ok([Event::Saved { name, bytes }]) => (name, bytes),
        other => panic!("not one file: {other:?}"),
    }
}

/// The files in a zip archive, of which no two have one name.
pub fn unzipped(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let archive = rawzip::ZipArchive::from_slice(zip).unwrap();
    let mut entries = archive.entries();
    let mut files = BTreeMap::new();
    while let Some(entry) = entries.next_entry().unwrap() {
        let found = archive.get_entry(entry.wayfinder()).unwrap();
        let mut bytes = vec![];
        found.verifying_reader(found.data()).read_to_end(&mut bytes).unwrap();
        let name = entry.file_path().try_normalize().unwrap().as_ref().to_owned();
        assert!(files.insert(name.clone(), bytes).is_none(), "{name} twice");
    }
    files
}
