//! The channels that methods of one pass a channel try.

use crate::card::Variant;
use crate::error::Result;
use crate::nn::NodeId;
use crate::param::{Param, Value};
use crate::run::Run;

/// Number of channels that are tried: as tf-keras-vis's `max_N` (Faster Score-CAM), those whose feature maps have the largest standard
/// deviation.
pub(super) const TRIED: Param = Param::int(
    "tried",
    "Feature maps",
    "How many of a layer's feature maps are tried, those that vary most over the image first",
    1,
    65_536,
    4_096,
)
.quick(Value::Int(64));

/// Conventions of methods that try channels: the logit is usual.
pub(super) const CONVENTIONS: &[Variant] = &[
    Variant::new("logit", "as in the paper: the class's logit, on which no other class has an influence"),
    Variant::new("softmax", "the class's softmax probability"),
];

/// The channels of a layer that are tried, in their own order.
///
/// # Errors
/// [`Error::Device`](crate::Error::Device) where the device stops working.
pub(super) async fn tried(run: &Run<'_>, layer: NodeId) -> Result<Vec<usize>> {
    let (wanted, features) = (run.int(&TRIED), run.features(layer)?);
    let channels = features.dims()[1];
    if wanted >= channels {
        return Ok((0..channels).collect());
    }
    let deviations = features.clone() - features.mean_dims(&[2, 3]);
    let variances = run.read(deviations.powi_scalar(2).mean_dims(&[2, 3])).await?;
    Ok(strongest(&variances, wanted))
}

/// The places of the largest numbers, in rising order; of equals the first.
fn strongest(values: &[f32], wanted: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&one, &other| values[other].total_cmp(&values[one]));
    order.truncate(wanted);
    order.sort_unstable();
    order
}

/// Number of passes that all layers take together.
///
/// # Errors
/// [`Error::Request`](crate::Error::Request) where there is no such layer.
pub(super) fn passes(run: &Run<'_>) -> Result<usize> {
    let channels = |layer: NodeId| run.model().network.graph().shape(layer)[0];
    Ok(run.layers()?.into_iter().map(|layer| channels(layer).min(run.int(&TRIED))).sum())
}

#[cfg(test)]
mod tests {
    use super::strongest;

    #[test]
    fn those_that_vary_most_are_tried() {
        assert_eq!(strongest(&[0.1, 3.0, 0.0, 3.0, 2.0], 3), [1, 3, 4]);
        assert_eq!(strongest(&[1.0, 1.0, 1.0], 2), [0, 1]);
    }
}
