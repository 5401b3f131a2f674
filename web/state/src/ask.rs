//! The techniques: how each is asked, and what comes back.

use std::rc::Rc;

use convscope_core::explain::Mode;
use convscope_core::explain::filters::Convention;
use convscope_core::nn::ReluRule;
use convscope_core::numbers::Activation;
use convscope_core::picture::Plane;
use convscope_core::protocol::{Climb, Command, Descend, Drawing, Panel};
use convscope_core::render::{Colours, Scaling};

use super::{Action, Effect, State};

/// The ways of looking into a network that the page offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Technique {
    /// What speaks for a class: Grad-CAM and what else [`METHODS`](convscope_core::explain::METHODS) lists.
    #[default]
    Classes,
    /// What each layer makes of the picture.
    Activations,
    /// What makes filters fire.
    Filters,
    /// What in the picture made channels fire.
    Deconvnet,
}

impl Technique {
    /// All of them, with the names they go by.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::Classes, "grad_cam"),
        (Self::Activations, "activations"),
        (Self::Filters, "filters"),
        (Self::Deconvnet, "deconvnet"),
    ];

    /// The name it goes by.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(technique, _)| *technique == self).map_or("", |(_, name)| name)
    }
}

/// How the techniques are asked, apart from model, picture, class and layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The method's id.
    pub method: String,
    /// The convention of maps and descents.
    pub convention: String,
    /// How a sheet's channels are brought to colours.
    pub scaling: Scaling,
    /// A sheet's tiles a row.
    pub columns: usize,
    /// The channels that go down, as people write them.
    pub channels: String,
    /// How much of each feature map goes down.
    pub mode: Mode,
    /// What rectifiers pass on the way down.
    pub rule: ReluRule,
    /// The filters that are climbed for, as people write them.
    pub filters: String,
    /// The side of their pictures in pixels.
    pub size: usize,
    /// How often each is moved.
    pub steps: usize,
    /// Where the noise comes from.
    pub seed: u64,
    /// Whose way of climbing it is.
    pub climbing: Convention,
    /// Which colours the pictures are shown in.
    pub colours: Colours,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            method: "grad_cam".into(),
            convention: "paper".into(),
            scaling: Scaling::Channel,
            columns: 16,
            channels: "top4".into(),
            mode: Mode::All,
            rule: ReluRule::Deconvnet,
            filters: "0..5".into(),
            size: 64,
            steps: 32,
            seed: 0,
            climbing: Convention::Lucid,
            colours: Colours::True,
        }
    }
}

/// What came back about a layer's channels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// A layer's numbers.
    pub activation: Option<Rc<Activation>>,
    /// Its sheet, and how many tiles it has a row.
    pub sheet: Option<(Rc<Drawing>, usize)>,
    /// The layer, the channel and the numbers, -1 to 1, of the feature map over the picture.
    pub channel: Option<(String, usize, Rc<Plane>)>,
    /// The layer that the panels are of.
    pub layer: String,
    /// One a channel, in the order in which they came.
    pub panels: Vec<Rc<Panel>>,
    /// Steps taken and steps in all.
    pub progress: Option<(usize, usize)>,
}

impl Answer {
    pub(super) fn take_sheet(&mut self, activation: Activation, drawing: Drawing, columns: usize) {
        if self.channel.as_ref().is_some_and(|(layer, ..)| *layer != activation.layer) {
            self.channel = None;
        }
        self.activation = Some(Rc::new(activation));
        self.sheet = Some((Rc::new(drawing), columns));
    }

    pub(super) fn take_panel(&mut self, panel: Panel) {
        match self.panels.iter_mut().find(|old| old.channel == panel.channel) {
            Some(old) => *old = Rc::new(panel),
            None => self.panels.push(Rc::new(panel)),
        }
    }

    fn new_panels(&mut self, layer: &str) {
        self.panels.clear();
        self.layer = layer.into();
        self.progress = None;
    }
}

impl State {
    /// What the chosen technique asks at once.
    pub(super) fn command(&mut self) -> Option<Command> {
        let layer = self.layer.clone()?;
        let Question { method, convention, scaling, columns, channels, mode, rule, .. } = self.question.clone();
        match self.technique {
            Technique::Classes => {
                let class = self.class?;
                Some(Command::Explain { method, class, layer: "all".into(), convention })
            }
            Technique::Activations => Some(Command::Sheet { layer, scaling, columns, colormap: self.colormap }),
            Technique::Deconvnet => {
                self.answer.new_panels(&layer);
                Some(Command::Descend(Descend { layer, channels, mode, rule, convention }))
            }
            Technique::Filters => None,
        }
    }

    /// Whether the model that is ready can be asked that way: class maps want a classifier.
    pub fn offers(&self, technique: Technique) -> bool {
        technique != Technique::Classes || self.has_classes()
    }

    /// Gives up a technique that the model does not have, and takes the first one up again where it does.
    pub(super) fn fit_technique(&mut self) {
        if !self.offers(self.technique) {
            self.technique = Technique::Activations;
        }
        self.fit_layer();
    }

    /// Gives up a layer that cannot be chosen for the last one that can.
    pub(super) fn fit_layer(&mut self) {
        let layers = self.layers();
        if !self.layer.as_deref().is_some_and(|layer| layers.iter().any(|tap| tap.name == layer)) {
            let outputs = self.ready.as_deref().and_then(|ready| ready.outputs.as_ref());
            let feature_maps = |tap: &&&convscope_core::protocol::Tap| !tap.pool && Some(**tap) != outputs;
            self.layer = layers.iter().rfind(feature_maps).map(|tap| tap.name.clone());
        }
    }

    pub(super) fn choose_technique(&mut self, technique: Technique) -> Vec<Effect> {
        if technique == self.technique || !self.offers(technique) {
            return vec![];
        }
        self.technique = technique;
        self.answer = Answer::default();
        self.fit_layer();
        if technique == Technique::Filters {
            return self.stop();
        }
        self.ask()
    }

    pub(super) fn ask_otherwise(&mut self, question: Question) -> Vec<Effect> {
        let old = std::mem::replace(&mut self.question, question);
        let Question { method, convention, scaling, columns, channels, mode, rule, .. } = &self.question;
        let changed = match self.technique {
            Technique::Classes => *method != old.method || *convention != old.convention,
            Technique::Activations => *scaling != old.scaling || *columns != old.columns,
            Technique::Deconvnet => {
                (channels, mode, rule, convention) != (&old.channels, &old.mode, &old.rule, &old.convention)
            }
            Technique::Filters => false,
        };
        if !changed {
            return vec![];
        }
        // Another method's maps are no older version of this one's.
        self.shown.clear();
        self.ask()
    }

    pub(super) fn choose_channel(&mut self, channel: Option<usize>) -> Vec<Effect> {
        let (Some(channel), Some(layer), true) = (channel, self.layer.clone(), self.answers()) else {
            self.answer.channel = None;
            return vec![];
        };
        self.send(Command::Channel { layer, channel })
    }

    pub(super) fn climb(&mut self) -> Vec<Effect> {
        let Some(layer) = self.layer.clone().filter(|_| self.answers()) else { return vec![] };
        let Question { filters, size, steps, seed, climbing, colours, .. } = self.question.clone();
        self.answer.new_panels(&layer);
        self.send(Command::Climb(Climb { layer, filters, size, steps, seed, convention: climbing, colours }))
    }

    /// Nothing that is still to come of the last question is wanted.
    pub(super) fn stop(&mut self) -> Vec<Effect> {
        self.answer.progress = None;
        if self.tickets.ask.take().is_none() {
            return vec![];
        }
        let ticket = self.ticket();
        vec![Effect::Send(ticket, Command::Stop)]
    }
}

impl Question {
    /// The action that asks this way.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Action {
        let mut question = self.clone();
        change(&mut question);
        Action::Ask(question)
    }
}
