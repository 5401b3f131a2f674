//! Feature maps: Zeiler and Fergus 2013, <https://arxiv.org/abs/1311.2901>; laid out as in Chollet's Deep Learning with Python.

use crate::artifact::{Artifact, Sheet};
use crate::card;
use crate::card::{Asks, Gives, Variant};
use crate::error::Result;
use crate::methods::Method;
use crate::observation::finite;
use crate::param::Param;
use crate::predictions::Activation;
use crate::render::Scaling;
use crate::run::Run;

const SCALING: Param = Param::choice(
    "scaling",
    "Scaling",
    "Bring each channel to the full range, or all of a layer by the same scale",
    Scaling::PAIRS,
    Scaling::Channel.name(),
);
const COLUMNS: Param = Param::int("columns", "Columns", "Feature maps in a row of the sheet", 1, 65_535, 16);

/// Feature maps.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "activations",
        title: "Feature maps",
        family: Channel,
        paper: ("Zeiler and Fergus 2013", "https://arxiv.org/abs/1311.2901"),
        shows: "All feature maps of a layer: what each of its channels responds to in this image, and how strongly.",
        limits: "A feature map says where a channel responds, not what it stands for, nor that the decision used it.",
        asks: Asks::LAYERS,
        gives: Gives::Sheet,
        params: [SCALING, COLUMNS],
        conventions: &[Variant::new("paper", "as computed, after the activation function")],
        command: "activations",
    },
    run: |run| Box::pin(activations(run)),
};

async fn activations(run: Run<'_>) -> Result<()> {
    for layer in run.layers()? {
        let name = run.name(layer);
        let values = finite(name, run.read(run.features(layer)?).await?)?;
        let shape = run.model().network.graph().shape(layer);
        let activation = Activation::of(name.into(), shape, &values);
        let columns = run.int(&COLUMNS).min(shape[0]);
        run.emit(Artifact::Sheet(Sheet { activation, values, scaling: run.choice(&SCALING), columns })).await?;
    }
    Ok(())
}
