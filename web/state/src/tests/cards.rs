//! Cards of a few small methods, one for each way in which a method can be asked.

use std::borrow::Cow;

use convscope_core::card::{Asks, Card, Gives, Text, Variant};
use convscope_core::param::{Param, Value};
use convscope_core::protocol::Ready;

use super::*;

const MODES: &[(Text, Text)] =
    &[(Cow::Borrowed("all"), Cow::Borrowed("All of it")), (Cow::Borrowed("max"), Cow::Borrowed("Its largest value"))];

const MASKS: Param = Param::int("masks", "Masks", "How many", 16, 16_000, 2_000).quick(Value::Int(500));
const KEEP: Param = Param::float("keep", "Keep", "How likely", 0.0, 1.0, 0.5);
const SEED: Param = Param::seed("seed", "Seed", "Where from");
const COLUMNS: Param = Param::int("columns", "Columns", "In a row", 1, 64, 16);
const CHANNELS: Param = Param::channels("channels", "Channels", "Which", "top4");
const MODE: Param = Param::choice("mode", "Mode", "How much", MODES, "all");
const FILTERS: Param =
    Param::channels("filters", "Filters", "Which", "0..63").quick(Value::Text(Cow::Borrowed("0..5")));
const STEPS: Param = Param::int("steps", "Steps", "How many", 1, 512, 128).quick(Value::Int(32));

const BOX: Param = Param::bounding_box("box", "Box", "Where", "0.25,0.25,0.5,0.5");

const PLACE: Param = Param::bounding_box("place", "Place", "Where", "0,0,1,1");

const NO_CONVENTION: &[Variant] = &[];
const SYNTHESIS: &[Variant] = &[
    Variant::new("lucid", "as lucid"),
    Variant {
        name: Cow::Borrowed("keras_notebook"),
        describes: Cow::Borrowed("as in the notebooks"),
        defaults: Cow::Borrowed(&[(Cow::Borrowed("steps"), Value::Int(20))]),
    },
];

static CAM: Card = convscope_core::card! {
    id: "grad_cam", title: "Grad-CAM", family: Cam, paper: ("Selvaraju et al. 2016", "https://arxiv.org/abs/1610.02391"),
    shows: "Shows.", limits: "Proves nothing.", asks: Asks::CLASS_AT_LAYERS, gives: Gives::LayerMap { signed: true },
};
static GRADIENT: Card = convscope_core::card! {
    id: "gradient", title: "Gradient", family: Gradient, paper: ("Simonyan et al. 2013", "https://arxiv.org/abs/1312.6034"),
    shows: "Shows.", limits: "Proves nothing.", asks: Asks::CLASS, gives: Gives::InputImage,
};
/// Its id is the command of another method, as it is in the engine.
static DECONVNET: Card = convscope_core::card! {
    id: "deconvnet", title: "Deconvnet", family: Gradient, paper: ("Zeiler and Fergus 2013", "https://arxiv.org/abs/1311.2901"),
    shows: "Shows.", limits: "Proves nothing.", asks: Asks::CLASS, gives: Gives::InputImage,
};
static SHEET: Card = convscope_core::card! {
    id: "activations", title: "Feature maps", family: Channel, paper: ("Yosinski et al. 2015", "https://arxiv.org/abs/1506.06579"),
    shows: "Shows.", limits: "Proves nothing.", asks: Asks::LAYERS, gives: Gives::Sheet, params: [COLUMNS],
    conventions: NO_CONVENTION, command: "activations",
};
static CHANNEL: Card = convscope_core::card! {
    id: "channel_reconstruction", title: "Channels", family: Channel, paper: ("Zeiler and Fergus 2013", "https://arxiv.org/abs/1311.2901"),
    shows: "Shows.", limits: "Proves nothing.", asks: Asks::LAYER, gives: Gives::Panels, params: [CHANNELS, MODE], command: "deconvnet",
};
static SHARES: Card = convscope_core::card! {
    id: "channel_attribution", title: "Shares", family: Channel, paper: ("Olah et al. 2018", "https://distill.pub/2018/building-blocks"),
    shows: "Shows.", limits: "Proves nothing.", asks: Asks::CLASS_AT_LAYER, gives: Gives::Panels, params: [PLACE, CHANNELS],
};
static PATTERNS: Card = convscope_core::card! {
    id: "filters", title: "Patterns", family: Synthesis, paper: ("Olah et al. 2017", "https://distill.pub/2017/feature-visualization"),
    shows: "Shows.", limits: "Proves nothing.", asks: Asks::NETWORK, gives: Gives::Panels, params: [FILTERS, STEPS, SEED],
    conventions: SYNTHESIS, command: "filters",
};
static MASKED: Card = convscope_core::card! {
    id: "rise", title: "RISE", family: Perturbation, paper: ("Petsiuk et al. 2018", "https://arxiv.org/abs/1806.07421"),
    shows: "Shows.", limits: "Proves nothing.", asks: Asks::CLASS, gives: Gives::InputMap { signed: false }, params: [MASKS, KEEP, SEED],
};
static MEASURE: Card = convscope_core::card! {
    id: "deletion", title: "Deletion", family: Metric, paper: ("Petsiuk et al. 2018", "https://arxiv.org/abs/1806.07421"),
    shows: "Shows.", limits: "Proves nothing.", asks: Asks::MAP, gives: Gives::Curve,
};

static INSIDE: Card = convscope_core::card! {
    id: "energy_inside", title: "Inside", family: Metric, paper: ("Wang et al. 2019", "https://arxiv.org/abs/1910.01279"),
    shows: "Shows.", limits: "Proves nothing.", asks: Asks::MAP, gives: Gives::Number, params: [BOX, SEED],
};
static POINTING: Card = convscope_core::card! {
    id: "pointing_game", title: "Pointing", family: Metric, paper: ("Zhang et al. 2016", "https://arxiv.org/abs/1608.00507"),
    shows: "Shows.", limits: "Proves nothing.", asks: Asks::MAP, gives: Gives::Number, params: [BOX],
};

pub(super) fn all() -> Vec<Card> {
    [&CAM, &GRADIENT, &DECONVNET, &SHEET, &SHARES, &CHANNEL, &PATTERNS, &MASKED, &MEASURE, &INSIDE, &POINTING]
        .map(Card::clone)
        .into()
}

pub(super) fn ready(id: &str, labels: &[&str]) -> Ready {
    let tap = |name: &str, pool| Tap { name: name.into(), shape: [4, 3, 3], pool };
    Ready {
        id: id.into(),
        name: id.into(),
        description: String::new(),
        domain: None,
        licence: String::new(),
        source: String::new(),
        hash: id.into(),
        device: "CPU".into(),
        taps: vec![tap("conv1", false), tap("pool1", true), tap("conv2", false), tap("pool2", true)],
        outputs: (!labels.is_empty()).then(|| Tap { name: "logits".into(), shape: [labels.len(), 1, 1], pool: false }),
        labels: labels.iter().map(|label| (*label).into()).collect(),
        features: Some("pool2".into()),
        first_output: 0,
        methods: all(),
        seconds: 1.0,
    }
}
