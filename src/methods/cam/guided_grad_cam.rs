//! Guided Grad-CAM: Selvaraju et al. 2016, <https://arxiv.org/abs/1610.02391>, section 3.2.
//!
//! Guided backpropagation at the input, times the Grad-CAM map of a layer enlarged to the input's size (bilinear).

use std::borrow::Cow;

use burn::tensor::activation::relu;
use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};

use super::grad_cam::GRAD_CAM;
use crate::card::{Asks, Card, Family, Gives, Paper};
use crate::error::Result;
use crate::methods::Method;
use crate::nn::ReluRule;
use crate::run::Run;

/// Guided Grad-CAM.
pub(in crate::methods) static GUIDED_GRAD_CAM: Method = Method {
    card: Card {
        id: Cow::Borrowed("guided_grad_cam"),
        title: Cow::Borrowed("Guided Grad-CAM"),
        family: Family::Cam,
        paper: Paper::new("Selvaraju et al. 2016", "https://arxiv.org/abs/1610.02391"),
        shows: Cow::Borrowed(
            "Guided Grad-CAM multiplies guided backpropagation by Grad-CAM: the edges and textures in the places that \
                speak for the class.",
        ),
        limits: Cow::Borrowed(
            "Guided backpropagation finds edges whatever the class is (Adebayo et al. 2018); what tells the classes \
                apart here is Grad-CAM's part, which is coarse.",
        ),
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::InputImage,
        params: Cow::Borrowed(&[]),
    },
    run: |run| Box::pin(guided_grad_cam(run)),
};

async fn guided_grad_cam(run: Run<'_>) -> Result<()> {
    let guided = run.input_gradient(ReluRule::GuidedBackprop)?;
    let [.., height, width] = guided.dims();
    for layer in run.layers()? {
        let (map, weights) = GRAD_CAM.weighted(&run, layer)?;
        let options = InterpolateOptions::new(InterpolateMode::Bilinear)
            .with_align_corners(false)
            .with_output_size([height, width]);
        let image = guided.clone() * interpolate(relu(map), options);
        let image = run.map(Some(layer), image, Some(weights)).await?;
        run.emit(image).await?;
    }
    Ok(())
}
