//! The techniques, and how each is asked: everything here that knows one from the other.

use convscope_core::explain::Mode;
use convscope_core::explain::filters::Convention;
use convscope_core::nn::ReluRule;
use convscope_core::protocol::{Climb, Command, Descend};
use convscope_core::render::{Colours, Scaling};

use super::link::{id, named, text, within, word};
use super::{ExplanationAction, ExplanationState};

/// The ways of looking into a network that the page offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Technique {
    /// What speaks for a class: Grad-CAM and what else the registry lists.
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

    /// Whether another layer is another question at once: all layers' class maps come together, and the patterns of another layer
    /// stay until they are asked for.
    pub(super) fn asks_at_each_layer(self) -> bool {
        matches!(self, Self::Activations | Self::Deconvnet)
    }

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

impl Question {
    /// The action that asks this way.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> ExplanationAction {
        let mut question = self.clone();
        change(&mut question);
        ExplanationAction::Ask(question)
    }

    /// Whether the chosen method's maps have a sign.
    pub fn is_signed(&self) -> bool {
        self.method == "grad_cam"
    }

    /// What the chosen technique asks at once.
    pub(super) fn command(&self, explanation: &ExplanationState) -> Option<Command> {
        let layer = explanation.layer.clone()?;
        let Self { method, convention, scaling, columns, channels, mode, rule, .. } = self.clone();
        match explanation.technique {
            Technique::Classes => {
                let class = explanation.class?;
                Some(Command::Explain { method, class, layer: "all".into(), convention })
            }
            Technique::Activations => Some(Command::Sheet { layer, scaling, columns, colormap: explanation.colormap }),
            Technique::Deconvnet => Some(Command::Descend(Descend { layer, channels, mode, rule, convention })),
            Technique::Filters => None,
        }
    }

    /// What asks for the patterns of a layer's filters.
    pub(super) fn climb(&self, layer: String) -> Command {
        let Self { filters, size, steps, seed, climbing, colours, .. } = self.clone();
        Command::Climb(Climb { layer, filters, size, steps, seed, convention: climbing, colours })
    }

    /// Whether the technique asks anything else at once than with the question before.
    pub(super) fn asks_otherwise(&self, old: &Self, technique: Technique) -> bool {
        let Self { method, convention, scaling, columns, channels, mode, rule, .. } = self;
        match technique {
            Technique::Classes => (method, convention) != (&old.method, &old.convention),
            Technique::Activations => (scaling, columns) != (&old.scaling, &old.columns),
            Technique::Deconvnet => {
                (channels, mode, rule, convention) != (&old.channels, &old.mode, &old.rule, &old.convention)
            }
            Technique::Filters => false,
        }
    }

    /// All keys of a link that are about the question.
    pub(super) const KEYS: [&str; 12] = [
        "method",
        "convention",
        "seed",
        "scaling",
        "channels",
        "mode",
        "rule",
        "filters",
        "size",
        "steps",
        "way",
        "colours",
    ];

    /// What a link says of it, by key; what is as usual is left out, but for the first three.
    pub(super) fn pairs(&self) -> Vec<(&'static str, Option<String>)> {
        let usual = Self::default();
        let other = |differs: bool, value: String| differs.then_some(value);
        vec![
            ("method", Some(self.method.clone())),
            ("convention", Some(self.convention.clone())),
            ("seed", Some(self.seed.to_string())),
            ("scaling", other(self.scaling != usual.scaling, word(&self.scaling))),
            ("channels", other(self.channels != usual.channels, self.channels.clone())),
            ("mode", other(self.mode != usual.mode, word(&self.mode))),
            ("rule", other(self.rule != usual.rule, word(&self.rule))),
            ("filters", other(self.filters != usual.filters, self.filters.clone())),
            ("size", other(self.size != usual.size, self.size.to_string())),
            ("steps", other(self.steps != usual.steps, self.steps.to_string())),
            ("way", other(self.climbing != usual.climbing, word(&self.climbing))),
            ("colours", other(self.colours != usual.colours, word(&self.colours))),
        ]
    }

    /// Takes up what a link says for a key; `None` if the key does not take that value.
    pub(super) fn set(&mut self, key: &str, value: &str) -> Option<()> {
        match key {
            // The worker knows the methods, and says which there are.
            "method" => self.method = id(value)?,
            "convention" => self.convention = convscope_core::explain::Convention::named(value).ok()?.name.into(),
            "seed" => self.seed = value.parse().ok()?,
            "scaling" => self.scaling = named(value)?,
            "channels" => self.channels = text(value)?,
            "mode" => self.mode = named(value)?,
            "rule" => self.rule = named(value)?,
            "filters" => self.filters = text(value)?,
            "size" => self.size = within(value, 8, 256)?,
            "steps" => self.steps = within(value, 1, 512)?,
            "way" => self.climbing = named(value)?,
            "colours" => self.colours = named(value)?,
            _ => return None,
        }
        Some(())
    }
}
