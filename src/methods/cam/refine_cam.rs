//! RefineCAM: Domeniconi et al. 2026, <https://arxiv.org/abs/2605.14641>.
//!
//! The maps of all layers by another method, each rectified and divided by its maximum, enlarged to the network's input (bilinear) and
//! multiplied place by place ([`Fusion::Product`]).

use std::borrow::Cow;
use std::sync::LazyLock;

use super::{Cam, by_gradients, grad_cam_plus_plus};
use crate::artifact::Artifact;
use crate::card;
use crate::card::{Asks, Card, Gives, LayersAsked};
use crate::error::{Error, Result};
use crate::explain::{AttributionMap, Fusion};
use crate::fault;
use crate::methods::layers::maps_at;
use crate::methods::{Explain, Work};
use crate::nn::Graph;
use crate::param::{Kind, Param};
use crate::request::Layers;
use crate::run::Run;

/// Method whose maps are multiplied where nothing is said: that of torch-cam and of pytorch-grad-cam.
static USUAL: &Cam = &grad_cam_plus_plus::METHOD;

/// Choice among all class activation maps by gradients.
static REFINED: LazyLock<Param> = LazyLock::new(|| {
    let choices = by_gradients().map(|cam| (cam.card.id.clone(), cam.card.title.clone())).collect();
    let param = Param::choice("refined", "Maps of", "The method whose maps of all layers are multiplied", &[], "");
    Param { kind: Kind::Choice { choices: Cow::Owned(choices), default: USUAL.card.id.clone() }, ..param }
});

/// Card of the method, which lists what can be refined.
static CARD: LazyLock<Card> = LazyLock::new(|| Card {
    params: Cow::Owned(vec![REFINED.clone()]),
    ..card! {
        id: "refine_cam",
        title: "RefineCAM",
        family: Cam,
        paper: ("Domeniconi et al. 2026", "https://arxiv.org/abs/2605.14641"),
        shows: "RefineCAM multiplies the maps of all layers, so that what remains is what every layer shows: the place from the last \
                ones, as fine as the first ones see it.",
        limits: "One layer that misses something takes it away from all, and the fine detail of early layers is what they see, not \
                 what decides alone.",
        asks: Asks::CLASS,
        gives: Gives::InputMap { signed: false },
    }
});

/// RefineCAM.
pub(in crate::methods) static METHOD: RefineCam = RefineCam;

/// Method whose card is made of those of the methods that it refines.
pub(in crate::methods) struct RefineCam;

impl Explain for RefineCam {
    fn card(&self) -> &Card {
        &CARD
    }

    fn run<'a>(&'a self, run: Run<'a>) -> Work<'a> {
        Box::pin(refine_cam(run))
    }
}

async fn refine_cam(run: Run<'_>) -> Result<()> {
    let layers = run.model().layers(&Layers::All, LayersAsked::Many)?;
    if layers.len() < 2 {
        return Err(Error::Request(fault!(
            "one-layer-to-refine",
            "the model {model} has one layer only, and {method} multiplies the maps of several; use {base}",
            model = run.model().manifest.id,
            method = CARD.id,
            base = USUAL.card.id
        )));
    }
    let chosen = run.request().values.choice(&REFINED);
    let cam = by_gradients().find(|cam| cam.card.id == chosen).unwrap_or(USUAL);
    let maps = maps_at(&run, &layers, async |layer| cam.at(&run, layer, &layers)).await?;
    let [.., height, width] = run.input()?.dims();
    let map = Fusion::Product.fuse_at([width, height], &maps);
    run.emit(Artifact::Map(AttributionMap { layer: Graph::INPUT.into(), ..map })).await
}
