//! Input tensors of images.

use burn::tensor::{Device, Tensor, TensorData};

use crate::picture::Picture;
use crate::preprocess::Preprocessing;

/// The input tensor `[1, 3, H, W]` of a picture.
pub fn tensor(preprocessing: &Preprocessing, picture: &Picture, device: &Device) -> Tensor<4> {
    let [channels, height, width] = preprocessing.input_shape();
    Tensor::from_data(TensorData::new(preprocessing.values(picture), [1, channels, height, width]), device)
}
