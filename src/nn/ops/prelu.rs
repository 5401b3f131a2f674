//! Parametric rectified linear unit.

use std::sync::Arc;

use burn::tensor::Tensor;

use super::{Change, Holds, Inputs, Load, Operator, changed};
use crate::error::Fault;
use crate::nn::parameter::Parameters;
use crate::nn::{Prelu, Site};

/// The function with its slopes, `[1, C, 1, 1]`.
#[derive(Debug)]
struct Layer(Tensor<4>);

impl Load for Prelu {
    fn load(&self, parameters: &Parameters<'_>) -> Result<Arc<dyn Operator>, Fault> {
        let slopes = parameters.vector(&self.slopes)?;
        let channels = slopes.dims()[0];
        Ok(Arc::new(Layer(slopes.reshape([1, channels, 1, 1]))))
    }
}

impl Operator for Layer {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        x.clone().clamp_min(0.0) + x.clone().clamp_max(0.0) * self.0.clone()
    }

    /// The input: a slope below 0 makes outputs positive on both sides.
    fn holds(&self) -> Holds {
        Holds::Input
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let positive = at.input(0).greater_elem(0.0).float();
        gradient * (positive.clone() + (-positive + 1.0) * self.0.clone())
    }

    fn with_parameters(&self, weight: &Change<'_>, _: &Change<'_>) -> Option<Arc<dyn Operator>> {
        Some(Arc::new(Self(changed(&self.0, weight))))
    }

    /// Slopes may have any sign.
    fn is_monotone(&self) -> bool {
        false
    }
}
