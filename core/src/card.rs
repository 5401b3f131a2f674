//! Cards: what a method says of itself, as data. Everything that lists, asks for or describes methods is derived from them: the
//! page's picker and forms, the command line's help, links, file names, reports and the table in `docs/methods.md`.
//!
//! ```
//! use convscope_core::card;
//! use convscope_core::card::{Asks, Card, Gives};
//!
//! const CARD: Card = card! {
//!     id: "my_cam", title: "My CAM", family: Cam, paper: ("Somebody 2026", "https://arxiv.org/abs/0000.00000"),
//!     shows: "What the map shows.", limits: "What it does not prove.",
//!     asks: Asks::CLASS_AT_LAYERS, gives: Gives::LayerMap { signed: false },
//! };
//! assert_eq!(CARD.paper.short(), "Somebody 2026, arXiv 0000.00000");
//! assert_eq!(CARD.variant("")?.name, "paper");
//! # Ok::<(), convscope_core::error::Fault>(())
//! ```

mod applies;
mod asks;
mod cost;
mod variant;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::error::Fault;
use crate::fault;
use crate::named::{did_you_mean, named};
use crate::param::{Param, Value};
pub use applies::{Offer, no_layers};
pub use asks::{Asks, LayersAsked};
pub use variant::{CLASS_CONVENTIONS, MAP_CONVENTIONS, SCORE_CONVENTIONS, Variant, usual_conventions};

/// Text of a card: of this program, or received.
pub type Text = Cow<'static, str>;

/// Description of a method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Name on the command line, in links and in file names.
    pub id: Text,
    /// Name for people.
    pub title: Text,
    /// Kind of method.
    pub family: Family,
    /// Publication that defines the method.
    pub paper: Paper,
    /// Sentence that says what the result shows.
    pub shows: Text,
    /// Sentence that says what the result does not prove.
    pub limits: Text,
    /// Parts that a request must have.
    pub asks: Asks,
    /// Kind of the result.
    pub gives: Gives,
    /// Parameters, in the order of their form.
    pub params: Cow<'static, [Param]>,
    /// Conventions in which it can be done, the usual one first.
    pub conventions: Cow<'static, [Variant]>,
    /// Whether it takes many passes through the network at each layer, so that a page waits until it is asked for.
    pub many_passes: bool,
    /// Command of the command line that asks for it.
    pub command: Text,
}

/// Command of the methods that explain a class.
pub const EXPLAIN: &str = "explain";

impl Card {
    /// The word for it in file names: its id, or the command that asks for nothing else.
    pub fn word(&self) -> &str {
        if self.command == EXPLAIN { &self.id } else { &self.command }
    }

    /// The convention of that name; the usual one where the name is empty.
    ///
    /// # Errors
    /// Fault that names those there are.
    pub fn variant(&self, name: &str) -> Result<&Variant, Fault> {
        let found = self.conventions.iter().find(|variant| name.is_empty() || variant.name == name);
        found.ok_or_else(|| {
            let names: Vec<&str> = self.conventions.iter().map(|variant| variant.name.as_ref()).collect();
            let known = names.join(", ");
            fault!(
                "convention-of-method",
                "there is no convention {convention} of {method}{near}; choose one of {known}",
                @near = did_you_mean(name, &names),
                convention = name,
                method = self.id,
                known
            )
        })
    }

    /// The value of a parameter where nothing is said, in a convention. `quick` is where a person waits in front of a page.
    pub fn default(&self, param: &Param, convention: &str, quick: bool) -> Value {
        let of_convention = |variant: &Variant| {
            let value = variant.defaults.iter().find(|(id, _)| *id == param.id);
            value.map(|(_, value)| value.clone())
        };
        let quickly = param.quick.clone().filter(|_| quick);
        self.variant(convention).ok().and_then(of_convention).or(quickly).unwrap_or_else(|| param.default())
    }

    /// Fault that there is no parameter of that name, and which there are.
    pub(crate) fn no_param(&self, id: &str) -> Fault {
        let names: Vec<&str> = self.params.iter().map(|param| param.id.as_ref()).collect();
        let (method, known) = (&self.id, names.join(", "));
        if names.is_empty() {
            return fault!(
                "no-parameters",
                "the method {method} has no parameter {param}; it has none",
                method,
                param = id
            );
        }
        fault!(
            "parameter-unknown",
            "the method {method} has no parameter {param}{near}; it has {known}",
            @near = did_you_mean(id, &names),
            method,
            param = id,
            known
        )
    }

    /// The parameter of that name.
    pub fn param(&self, id: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.id == id)
    }
}

/// A [`Card`] of literals: `card! { id: "layer_cam", title: "LayerCAM", family: Cam, paper: ("..", ".."), shows: "..", limits: "..",
/// asks: Asks::CLASS_AT_LAYERS, gives: Gives::LayerMap { signed: false } }`, and behind them, where they are others than none, the
/// usual ones of what it gives, few passes, and `explain`: `params: [..]`, `conventions: [..]`, `many_passes: true`, `command: ".."`.
#[macro_export]
macro_rules! card {
    (id: $id:literal, title: $title:literal, family: $family:ident, paper: ($cite:literal, $url:literal), shows: $shows:literal,
     limits: $limits:literal, asks: $asks:expr, gives: $gives:expr $(, params: $params:expr)? $(, conventions: $conventions:expr)?
     $(, many_passes: $many_passes:literal)? $(, command: $command:literal)? $(,)?) => {
        $crate::card::Card {
            id: ::std::borrow::Cow::Borrowed($id),
            title: ::std::borrow::Cow::Borrowed($title),
            family: $crate::card::Family::$family,
            paper: $crate::card::Paper::new($cite, $url),
            shows: ::std::borrow::Cow::Borrowed($shows),
            limits: ::std::borrow::Cow::Borrowed($limits),
            asks: $asks,
            gives: $gives,
            params: ::std::borrow::Cow::Borrowed($crate::card!(@or [$(&$params)?] &[])),
            conventions: ::std::borrow::Cow::Borrowed($crate::card!(@or [$($conventions)?] $crate::card::usual_conventions($gives))),
            many_passes: $crate::card!(@or [$($many_passes)?] false),
            command: ::std::borrow::Cow::Borrowed($crate::card!(@or [$($command)?] $crate::card::EXPLAIN)),
        }
    };
    (@or [] $usual:expr) => { $usual };
    (@or [$given:expr] $usual:expr) => { $given };
}

/// Kind of method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Class activation maps: feature maps of a layer, weighed.
    Cam,
    /// Gradients of a score at the input, and backward passes with other rules.
    Gradient,
    /// Scores distributed over the input, conserved from layer to layer.
    Decomposition,
    /// Scores of changed inputs.
    Perturbation,
    /// Responses of single channels to an image.
    Channel,
    /// Images made to excite a unit.
    Synthesis,
    /// Measures of how far a map can be trusted.
    Metric,
}

named!(Family {
    Cam = "cam", "Class activation maps: feature maps of a layer, weighed";
    Gradient = "gradient", "Gradients of a score at the input, and backward passes with other rules";
    Decomposition = "decomposition", "Scores distributed over the input, conserved from layer to layer";
    Perturbation = "perturbation", "Scores of changed inputs";
    Channel = "channel", "What single channels respond to in an image";
    Synthesis = "synthesis", "Images made to excite a unit";
    Metric = "metric", "Measures of how far a map can be trusted";
});

/// Publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Authors and year.
    pub cite: Text,
    /// Address.
    pub url: Text,
}

impl Paper {
    /// A paper by its authors, year and address.
    pub const fn new(cite: &'static str, url: &'static str) -> Self {
        Self { cite: Cow::Borrowed(cite), url: Cow::Borrowed(url) }
    }

    /// Authors, year and number, `Selvaraju et al. 2016, arXiv 1610.02391`.
    pub fn short(&self) -> String {
        match self.url.strip_prefix("https://arxiv.org/abs/") {
            Some(number) => format!("{}, arXiv {number}", self.cite),
            None => self.cite.to_string(),
        }
    }
}

/// Kind of result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gives {
    /// A map of each layer, `[h, w]`.
    LayerMap {
        /// Whether numbers below zero speak against the class.
        signed: bool,
    },
    /// A map of the input, `[H, W]`.
    InputMap {
        /// Whether numbers below zero speak against the class.
        signed: bool,
    },
    /// An image in the space of the input, `[3, H, W]`.
    InputImage,
    /// An image of each channel.
    Panels,
    /// All feature maps of a layer on one sheet.
    Sheet,
    /// What a metric says of each map: a curve, and a number that it comes to.
    Curve,
    /// What a metric says of each map: a number.
    Number,
}

impl Gives {
    /// Whether the result can be shown with its sign.
    pub const fn signed(self) -> bool {
        matches!(self, Self::LayerMap { signed: true } | Self::InputMap { signed: true })
    }

    /// Whether the result is a map of numbers that another method can measure; of an image, the largest magnitude of each pixel.
    pub const fn is_map(self) -> bool {
        matches!(self, Self::LayerMap { .. } | Self::InputMap { .. } | Self::InputImage)
    }

    /// Name, as `convscope methods --json` gives it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LayerMap { .. } => "layer_map",
            Self::InputMap { .. } => "input_map",
            Self::InputImage => "input_image",
            Self::Panels => "panels",
            Self::Sheet => "sheet",
            Self::Curve => "curve",
            Self::Number => "number",
        }
    }
}
