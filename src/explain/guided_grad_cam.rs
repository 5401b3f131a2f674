//! Guided Grad-CAM: Selvaraju et al. 2016, <https://arxiv.org/abs/1610.02391>, section 3.2.
//!
//! Guided backpropagation at the input, times the Grad-CAM map of a layer enlarged to the input's size (bilinear).

use burn::tensor::activation::relu;
use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};

use super::{Ask, Frame, Frames, Method, Subject, grad_cam, input_gradient};
use crate::error::Result;
use crate::nn::ReluRule;

/// Guided Grad-CAM.
pub(super) struct GuidedGradCam;

impl Method for GuidedGradCam {
    fn id(&self) -> &'static str {
        "guided_grad_cam"
    }

    fn title(&self) -> &'static str {
        "Guided Grad-CAM"
    }

    fn paper(&self) -> &'static str {
        "https://arxiv.org/abs/1610.02391"
    }

    fn frames<'a>(&self, subject: Subject<'a>, ask: &Ask) -> Result<Frames<'a>> {
        let guided = input_gradient::at_input(subject, ask, ReluRule::GuidedBackprop)?;
        let maps = grad_cam::GradCam.frames(subject, ask)?;
        Ok(Box::new(maps.map(move |frame| {
            let [.., height, width] = guided.dims();
            let options = InterpolateOptions::new(InterpolateMode::Bilinear)
                .with_align_corners(false)
                .with_output_size([height, width]);
            let map = interpolate(relu(frame.map), options);
            Frame { map: guided.clone() * map, ..frame }
        })))
    }
}
