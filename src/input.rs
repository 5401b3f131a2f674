//! Input tensors of images.

use burn::tensor::{Device, Tensor, TensorData};

use crate::image::Image;
use crate::preprocess::Preprocessing;

/// The input tensor `[1, 3, H, W]` of an image.
pub fn tensor(preprocessing: &Preprocessing, image: &Image, device: &Device) -> Tensor<4> {
    let [channels, height, width] = preprocessing.input_shape();
    Tensor::from_data(TensorData::new(preprocessing.values(image), [1, channels, height, width]), device)
}
