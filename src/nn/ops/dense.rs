//! Dense layer.

use std::sync::Arc;

use burn::tensor::Tensor;

use super::{Change, Inputs, Load, Operator, changed};
use crate::error::Fault;
use crate::nn::parameter::Parameters;
use crate::nn::{Dense, Site};

/// A dense layer with its parameters.
#[derive(Debug)]
struct Layer {
    /// The weight in pieces `[in, some of out]`.
    columns: Vec<Tensor<2>>,
    /// `[1, out]`.
    bias: Option<Tensor<2>>,
}

impl Load for Dense {
    fn load(&self, parameters: &Parameters<'_>) -> Result<Arc<dyn Operator>, Fault> {
        let bias = self.bias.as_deref().map(|name| parameters.vector(name)).transpose()?;
        Ok(Arc::new(Layer { columns: parameters.columns(&self.weight)?, bias: bias.map(Tensor::unsqueeze) }))
    }
}

impl Operator for Layer {
    fn forward(&self, Inputs { x, shape: [out, ..], .. }: Inputs<'_>) -> Tensor<4> {
        let [batch, into, ..] = x.dims();
        let x = x.clone().reshape([batch, into]);
        let parts = self.columns.iter().map(|columns| x.clone().matmul(columns.clone())).collect();
        let mut y = Tensor::cat(parts, 1);
        if let Some(bias) = &self.bias {
            y = y + bias.clone();
        }
        y.reshape([batch, out, 1, 1])
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let [batch, out, ..] = gradient.dims();
        let gradient = gradient.reshape([batch, out]);
        let mut start = 0;
        let parts = self.columns.iter().map(|columns| {
            let count = columns.dims()[1];
            start += count;
            gradient.clone().narrow(1, start - count, count).matmul(columns.clone().transpose())
        });
        let [into, ..] = at.input_shape(0);
        let sum = parts.reduce(Tensor::add).unwrap_or_else(|| Tensor::zeros([batch, into], &gradient.device()));
        sum.reshape([batch, into, 1, 1])
    }

    fn with_parameters(&self, weight: &Change<'_>, bias: &Change<'_>) -> Option<Arc<dyn Operator>> {
        let columns = self.columns.iter().map(|columns| changed(columns, weight)).collect();
        Some(Arc::new(Self { columns, bias: self.bias.as_ref().map(|numbers| changed(numbers, bias)) }))
    }
}
