//! Numbers read back from a device, and what is said where they are none.

use burn::tensor::Tensor;

use crate::error::{Error, Result};
use crate::fault;
use crate::model::Model;
use crate::nn::Trace;

/// The fault of the first layer whose numbers are not all finite.
pub(super) async fn first_without_numbers(model: &Model, trace: &Trace) -> Result<Error> {
    let network = &model.network;
    for (id, node) in network.graph().nodes().iter().enumerate() {
        if let Err(error) = finite(&node.name, read(network.output(trace, id)).await?) {
            return Ok(error);
        }
    }
    Ok(scores_without_numbers())
}

/// Error of scores that are not all finite.
pub(crate) fn scores_without_numbers() -> Error {
    Error::Weights(fault!(
        "classes-not-finite",
        "the layer of its classes gives numbers that are infinite or not a number, so nothing can be said of this image; check the model's preprocessing and weights, and get or pack it again"
    ))
}

/// A layer's numbers, if they all are numbers.
pub(crate) fn finite(layer: &str, values: Vec<f32>) -> Result<Vec<f32>> {
    if values.iter().all(|value| value.is_finite()) { Ok(values) } else { Err(no_number(layer)) }
}

fn no_number(layer: &str) -> Error {
    Error::Weights(fault!(
        "layer-not-finite",
        "the layer {layer} gives numbers that are infinite or not a number, so nothing can be said of this image; check the model's preprocessing and weights, and get or pack it again",
        layer
    ))
}

/// Reads a tensor back, row-major.
pub(crate) async fn read(tensor: Tensor<4>) -> Result<Vec<f32>> {
    let stopped = |error: &dyn std::fmt::Debug| {
        let error = format_args!("{error:?}");
        Error::Device(fault!(
            "device-stopped",
            "the device stopped working ({error}); try again, or use the CPU instead",
            error
        ))
    };
    let data = tensor.into_data_async().await.map_err(|error| stopped(&error))?;
    data.try_into_vec::<f32>().map_err(|error| stopped(&error))
}
