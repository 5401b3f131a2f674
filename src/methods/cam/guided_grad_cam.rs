//! Guided Grad-CAM: Selvaraju et al. 2016, <https://arxiv.org/abs/1610.02391>, section 3.2.
//!
//! Guided backpropagation at the input, times the Grad-CAM map of a layer enlarged to the input's size (bilinear).

use burn::tensor::activation::relu;

use super::grad_cam;
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::methods::Method;
use crate::methods::enlarge::enlarge;
use crate::nn::ReluRule;
use crate::run::Run;

/// Guided Grad-CAM.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "guided_grad_cam",
        title: "Guided Grad-CAM",
        family: Cam,
        paper: ("Selvaraju et al. 2016", "https://arxiv.org/abs/1610.02391"),
        shows: "Guided Grad-CAM multiplies guided backpropagation by Grad-CAM: the edges and textures in the places that \
                speak for the class.",
        limits: "Guided backpropagation finds edges whatever the class is (Adebayo et al. 2018); what tells the classes \
                apart here is Grad-CAM's part, which is coarse.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::InputImage,
    },
    run: |run| Box::pin(guided_grad_cam(run)),
};

async fn guided_grad_cam(run: Run<'_>) -> Result<()> {
    let guided = run.input_gradient(ReluRule::GuidedBackprop)?;
    let [.., height, width] = guided.dims();
    for layer in run.layers()? {
        let (map, weights) = grad_cam::METHOD.weighted(&run, layer)?;
        let image = guided.clone() * enlarge(relu(map), [height, width]);
        let image = run.map(Some(layer), image, Some(weights)).await?;
        run.emit(image).await?;
    }
    Ok(())
}
