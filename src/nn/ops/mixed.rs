//! Rows and columns made of others by a sparse matrix: what cropping, mirroring and resizing have in common.

use burn::tensor::{Device, Tensor, TensorData};

use crate::nn::Between;

/// Makes each row and each column of `[N, C, H, W]` of two others.
pub(super) fn mixed(x: Tensor<4>, [rows, columns]: [&[Between]; 2]) -> Tensor<4> {
    let [_, _, height, width] = x.dims();
    let device = x.device();
    let x = along_width(x, matrix(columns, width, &device).transpose());
    along_width(x.swap_dims(2, 3), matrix(rows, height, &device).transpose()).swap_dims(2, 3)
}

/// The transposed map of [`mixed`], to a height and width.
pub(super) fn unmixed(gradient: Tensor<4>, [rows, columns]: [&[Between]; 2], [height, width]: [usize; 2]) -> Tensor<4> {
    let device = gradient.device();
    let gradient = along_width(gradient, matrix(columns, width, &device));
    along_width(gradient.swap_dims(2, 3), matrix(rows, height, &device)).swap_dims(2, 3)
}

/// `[N, C, H, W]` times `[W, w]`.
fn along_width(x: Tensor<4>, matrix: Tensor<2>) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let out = matrix.dims()[1];
    x.reshape([batch * channels * height, width]).matmul(matrix).reshape([batch, channels, height, out])
}

/// `[out, in]`.
fn matrix(between: &[Between], size: usize, device: &Device) -> Tensor<2> {
    let mut weights = vec![0.0; between.len() * size];
    for (row, places) in between.iter().enumerate() {
        places.iter().for_each(|&(place, weight)| weights[row * size + place] += weight);
    }
    Tensor::from_data(TensorData::new(weights, [between.len(), size]), device)
}
