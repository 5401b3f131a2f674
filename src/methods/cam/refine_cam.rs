//! RefineCAM: Domeniconi et al. 2026, <https://arxiv.org/abs/2605.14641>.
//!
//! The maps of all layers by another method, each rectified and divided by its maximum, enlarged to the network's input (bilinear) and
//! multiplied place by place ([`Fusion::Product`]).

use super::{Cam, grad_cam, grad_cam_plus_plus, hires_cam, layer_cam, xgrad_cam};
use crate::artifact::Artifact;
use crate::card;
use crate::card::{Asks, Gives, LayersAsked};
use crate::error::{Error, Result};
use crate::explain::{AttributionMap, Fusion, Refined};
use crate::fault;
use crate::methods::Method;
use crate::methods::layers::maps_at;
use crate::nn::Graph;
use crate::param::Param;
use crate::request::Layers;
use crate::run::Run;

/// Grad-CAM++ in torch-cam and in pytorch-grad-cam.
const REFINED: Param = Param::choice(
    "refined",
    "Maps of",
    "The method whose maps of all layers are multiplied",
    Refined::PAIRS,
    Refined::GradCamPlusPlus.name(),
);

/// RefineCAM.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
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
        params: [REFINED],
    },
    run: |run| Box::pin(refine_cam(run)),
};

async fn refine_cam(run: Run<'_>) -> Result<()> {
    let layers = run.model().layers(&Layers::All, LayersAsked::Many)?;
    if layers.len() < 2 {
        return Err(Error::Request(fault!(
            "one-layer-to-refine",
            "the model {model} has one layer only, and {method} multiplies the maps of several; use grad_cam_plus_plus",
            model = run.model().manifest.id,
            method = METHOD.card.id
        )));
    }
    let cam: &Cam = match run.choice(&REFINED) {
        Refined::GradCamPlusPlus => &grad_cam_plus_plus::METHOD,
        Refined::GradCam => &grad_cam::METHOD,
        Refined::LayerCam => &layer_cam::METHOD,
        Refined::HiResCam => &hires_cam::METHOD,
        Refined::XGradCam => &xgrad_cam::METHOD,
    };
    let maps = maps_at(&run, &layers, async |layer| cam.at(&run, layer, &layers)).await?;
    let [.., height, width] = run.input()?.dims();
    let map = Fusion::Product.fuse_at([width, height], &maps);
    run.emit(Artifact::Map(AttributionMap { layer: Graph::INPUT.into(), ..map })).await
}
