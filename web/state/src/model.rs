//! The models and the devices: which there are, which is chosen, and which is ready.

use convscope_core::error::Fault;
use std::rc::Rc;

use convscope_core::Choice;
use convscope_core::card::Card;
use convscope_core::import_message::OWN_MODEL;
use convscope_core::protocol::{Command, Ready};

use super::tickets::Kind;
use super::{Effect, Engine, FidelityState, Recovery, Shared, State, Text};

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

/// A model's packing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// The model's id.
    pub id: String,
    /// Name of the network, which all packings of it share.
    pub network: String,
    /// Name of the way in which its weights are stored.
    pub stored: String,
}

/// The models and the devices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModelState {
    /// Models that can be chosen; empty until the list has come.
    pub list: Rc<[ModelEntry]>,
    /// Packings of those models; none until they have been asked for.
    pub packed: Option<Rc<[Packed]>>,
    /// The chosen model's id; empty until there is a list.
    pub chosen: String,
    /// The chosen device.
    pub device: Choice,
    /// The device that was chosen when the model became ready: the one that runs.
    pub(super) runs: Option<Choice>,
    /// The model that could not be opened, which another try opens.
    pub(super) failed: Option<String>,
    /// The model that the results are from.
    pub ready: Option<Shared<Ready>>,
    /// All methods, in the order in which they are offered.
    pub methods: Vec<Shared<Card>>,
}

/// Codes of faults of a GPU.
const OF_GPU: [&str; 2] = ["no-gpu", "gpu-refused"];

/// Action on the models and the devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelAction {
    /// The list of models has come, or not.
    Listed(Result<Vec<ModelEntry>, Fault>),
    /// The packings of the models have come, of those that can be read.
    Described(Vec<Packed>),
    /// Choose another model.
    Choose(String),
    /// Choose another device.
    ChooseDevice(Choice),
    /// Load no model any longer: the one before goes on.
    CancelOpen,
    /// The model of that id is kept no longer; the server's are had again.
    Forgotten(String),
}

impl ModelState {
    /// Whether there is a model of that id.
    pub(super) fn lists(&self, id: &str) -> bool {
        self.list.iter().any(|entry| entry.id == id)
    }

    /// Whether the model that is ready has a classifier.
    pub fn has_classes(&self) -> bool {
        self.ready.as_ref().is_none_or(|ready| !ready.labels.is_empty())
    }
}

impl State {
    pub(super) fn change_model(&mut self, action: ModelAction) -> Vec<Effect> {
        match action {
            ModelAction::Listed(Ok(models)) => self.listed(models),
            ModelAction::Listed(Err(error)) => self.fail(Text::Engine(error), Recovery::ListAgain),
            ModelAction::Described(packed) => {
                self.model.packed = Some(packed.into());
                self.follow_asides()
            }
            ModelAction::Choose(model) => {
                self.link.then = None;
                self.model.chosen = model;
                self.open()
            }
            ModelAction::ChooseDevice(device) => {
                self.model.device = device;
                self.restart()
            }
            ModelAction::CancelOpen => self.cancel_open(),
            ModelAction::Forgotten(id) => self.forgotten(&id),
        }
    }

    fn listed(&mut self, models: Vec<ModelEntry>) -> Vec<Effect> {
        let Some(first) = models.first().map(|model| model.id.clone()) else {
            return self.fail(Text::key("no-models"), Recovery::ListAgain);
        };
        self.model.list = models.into();
        self.model.packed = None;
        if !self.model.lists(&self.model.chosen) {
            if !self.model.chosen.is_empty() {
                let values = vec![("model", self.model.chosen.clone()), ("first", first.clone())];
                self.embed.refuse();
                self.fail(Text::Own("no-such-model", values), Recovery::None);
            }
            self.model.chosen = first;
        }
        self.open()
    }

    /// A model of the person's own that is kept no longer is not offered; another one is opened in its place.
    fn forgotten(&mut self, id: &str) -> Vec<Effect> {
        if !id.starts_with(OWN_MODEL) {
            return vec![];
        }
        self.model.list = self.model.list.iter().filter(|model| model.id != id).cloned().collect();
        if self.model.chosen != id {
            return vec![];
        }
        self.model.chosen = self.model.list.first().map(|model| model.id.clone()).unwrap_or_default();
        self.open()
    }

    /// Loads the chosen model onto the chosen device.
    pub(super) fn open(&mut self) -> Vec<Effect> {
        self.tell_dropped();
        let ModelState { list, chosen, device, .. } = &self.model;
        if chosen.is_empty() || self.worker.engine == Engine::Crashed {
            return vec![];
        }
        let total = list.iter().find(|model| model.id == *chosen).map_or(0, |model| model.bytes);
        let command = Command::Open { model: chosen.clone(), device: *device };
        vec![Effect::Send(self.worker.opening(total), command)]
    }

    /// A device or a model that cannot be had: the choices show again what runs, and a sentence says so.
    pub(super) fn open_failed(&mut self, fault: Fault) -> Vec<Effect> {
        self.link.then = None;
        if OF_GPU.contains(&fault.code()) {
            let refused = self.model.device;
            self.model.device = self.model.runs.filter(|runs| *runs != refused).unwrap_or_default();
            let effects = if self.model.device == refused { vec![] } else { self.open() };
            self.fail(Text::key("gpu-unusable"), Recovery::None);
            return effects;
        }
        self.embed.refuse();
        let Some(ready) = self.model.ready.clone().filter(|ready| ready.id != self.model.chosen) else {
            self.model.failed = None;
            self.fail(Text::Engine(fault), Recovery::OpenAgain);
            return self.go_on();
        };
        self.model.failed = Some(std::mem::replace(&mut self.model.chosen, ready.id.clone()));
        // After a restart the worker has not even the one before.
        let effects = if self.worker.loaded {
            self.go_on()
        } else {
            self.link.pending = None;
            self.open()
        };
        let goes_on = Text::Own("model-goes-on", vec![("name", ready.name.clone())]);
        self.fail(Text::All(vec![Text::Engine(fault), goes_on]), Recovery::OpenAgain);
        effects
    }

    /// Gives up the model that is on its way. Where there is one before, that goes on; the other can be loaded again.
    fn cancel_open(&mut self) -> Vec<Effect> {
        let Some(ticket) = self.worker.stop(Kind::Open) else { return vec![] };
        self.link.then = None;
        let mut effects = vec![Effect::Send(ticket, Command::Stop)];
        let before = self.model.ready.as_ref().filter(|_| self.worker.loaded);
        let before = before.map(|ready| (ready.id.clone(), ready.name.clone()));
        if let Some((id, _)) = before.clone().filter(|(id, _)| *id != self.model.chosen) {
            self.model.failed = Some(std::mem::replace(&mut self.model.chosen, id));
        }
        effects.extend(self.go_on());
        let goes_on = before.map(|(_, name)| Text::Own("model-goes-on", vec![("name", name)]));
        let cancelled = std::iter::once(Text::key("load-cancelled")).chain(goes_on).collect();
        self.fail(Text::All(cancelled), Recovery::OpenAgain);
        effects
    }

    /// Goes on with the model before, if the worker has one: the link that asked for another is given up, an image that was given meanwhile
    /// is looked at, and a run that was cut short begins again.
    fn go_on(&mut self) -> Vec<Effect> {
        if !self.worker.loaded {
            return vec![];
        }
        self.link.pending = None;
        let lacks = self.image.incoming.is_some() || self.image.observation.is_none();
        if lacks { self.look() } else { self.resume() }
    }

    /// A model is there that nobody waits for: it was cancelled when the worker had built it already, and has taken the place of the one
    /// that the page goes on with, which is loaded again.
    pub(super) fn came_too_late(&mut self) -> Vec<Effect> {
        if self.worker.is_opening() || !self.worker.loaded {
            return vec![];
        }
        self.worker.loaded = false;
        self.open()
    }

    /// Opens the model that could not be opened once more.
    pub(super) fn open_again(&mut self) -> Vec<Effect> {
        if let Some(failed) = self.model.failed.take() {
            self.model.chosen = failed;
        }
        self.open()
    }

    /// A model is there; what was seen stays if it is the same one, on another device or in another worker.
    pub(super) fn became_ready(&mut self, ready: Ready) -> Vec<Effect> {
        let same = self.model.ready.as_ref().is_some_and(|old| old.hash == ready.hash);
        let without = self.model.ready.as_ref().is_some_and(|old| old.labels.is_empty());
        self.model.methods = ready.methods.iter().cloned().map(Shared::from).collect();
        self.model.ready = Some(ready.into());
        self.model.runs = Some(self.model.device);
        // While another try is offered, it is that of the model that did not come.
        if self.notice.message.as_ref().is_none_or(|message| message.recovery != Recovery::OpenAgain) {
            self.model.failed = None;
        }
        self.explanation.finished = None;
        self.image.quickest = None;
        if !same {
            self.fidelity = FidelityState::default();
            self.image.observation = None;
            self.explanation.forget(|_| false);
            self.explanation.target = None;
            self.drill.forget_network();
        }
        self.check_hash();
        if without && self.model.has_classes() && self.is_taught() {
            self.choose_heat_method();
        }
        self.fit_method();
        self.resolve_link();
        self.look()
    }
}
