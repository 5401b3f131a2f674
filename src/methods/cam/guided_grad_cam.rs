//! Guided Grad-CAM: Selvaraju et al. 2016, <https://arxiv.org/abs/1610.02391>, section 3.2.
//!
//! Guided backpropagation at the input, times the Grad-CAM map of a layer enlarged to the input's size (bilinear).

use burn::tensor::activation::relu;
use burn::tensor::{Tensor, TensorData};

use super::grad_cam;
use crate::artifact::Artifact;
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::explain::AttributionMap;
use crate::image::Plane;
use crate::methods::Method;
use crate::methods::layers::{LayerMap, maps_at};
use crate::methods::resize::resize;
use crate::nn::ReluRule;
use crate::run::{Material, Run};

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
    let ([.., height, width], layers) = (guided.dims(), run.layers()?);
    if let Some(fusion) = run.request().layers.fusion() {
        let map = fusion.fuse(&maps_at(&run, &layers, async |layer| grad_cam::METHOD.at(&run, layer, &layers)).await?);
        let Plane { values, .. } = map.normalised.resize(width, height);
        let heat = Tensor::from_data(TensorData::new(values, [1, 1, height, width]), &guided.device());
        let reaches = guided.clone().abs().max_dims(&[1, 2, 3]);
        let image = run.read_map(None, guided * heat, Material::Gradients(reaches)).await?;
        // Where no layer shows anything, that is the reason.
        let told = if map.blank.is_some() { (map.blank, map.diagnoses) } else { (image.blank, image.diagnoses) };
        let (blank, diagnoses) = told;
        return run.emit(Artifact::Map(AttributionMap { layer: map.layer, blank, diagnoses, ..image })).await;
    }
    for &layer in &layers {
        let LayerMap { values, material } = grad_cam::METHOD.at(&run, layer, &layers)?;
        let image = guided.clone() * resize(relu(values), [height, width]);
        run.emit(run.map(Some(layer), image, material).await?).await?;
    }
    Ok(())
}
