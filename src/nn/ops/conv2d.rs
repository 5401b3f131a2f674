//! Convolution.

use std::sync::Arc;

use burn::tensor::ops::ConvTransposeOptions;
use burn::tensor::{Tensor, module};

use super::pad::unpadded;
use super::{Change, Inputs, Load, Operator, changed, padded};
use crate::error::Fault;
use crate::nn::bounds::Bounds;
use crate::nn::convolution::{CachedWeights, Convolution};
use crate::nn::parameter::Parameters;
use crate::nn::{Conv2d, Padding, Site};

/// A convolution with its parameters.
#[derive(Debug)]
struct Layer {
    op: Conv2d,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    cached: CachedWeights,
    /// See [`Convolution::tiles`].
    tiles: bool,
}

impl Load for Conv2d {
    fn load(&self, parameters: &Parameters<'_>) -> Result<Arc<dyn Operator>, Fault> {
        let bias = self.bias.as_deref().map(|name| parameters.vector(name)).transpose()?;
        let weight = parameters.kernel(&self.weight)?;
        Ok(Arc::new(Layer { op: self.clone(), weight, bias, cached: CachedWeights::default(), tiles: true }))
    }
}

impl Layer {
    fn convolution(&self) -> Convolution<'_> {
        Convolution {
            op: &self.op,
            weight: &self.weight,
            bias: self.bias.as_ref(),
            cached: &self.cached,
            tiles: self.tiles,
        }
    }
}

impl Operator for Layer {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        self.convolution().forward(x, Bounds::NONE)
    }

    fn fuses_bounds(&self) -> bool {
        true
    }

    fn forward_within(&self, Inputs { x, .. }: Inputs<'_>, bounds: Bounds) -> Tensor<4> {
        self.convolution().forward(x, bounds)
    }

    fn pullback(&self, mut gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let shape @ [_, height, width] = at.input_shape(0);
        let fast = self.convolution().pullback(&mut gradient, [height, width]);
        fast.unwrap_or_else(|| transposed(&self.op, gradient, self.weight.clone(), shape))
    }

    /// Relevance is divided by what such a layer gives, which may be 0 next to where it is not: it is run without tiles.
    fn with_parameters(&self, weight: &Change<'_>, bias: &Change<'_>) -> Option<Arc<dyn Operator>> {
        let bias = self.bias.as_ref().map(|numbers| changed(numbers, bias));
        let weight = changed(&self.weight, weight);
        Some(Arc::new(Self { op: self.op.clone(), weight, bias, cached: CachedWeights::default(), tiles: false }))
    }
}

/// The transposed convolution: from `[K, out, h, w]` to the input's `[K, in, H, W]`, of that shape.
fn transposed(op: &Conv2d, gradient: Tensor<4>, weight: Tensor<4>, shape: [usize; 3]) -> Tensor<4> {
    let Conv2d { stride, padding, dilation, groups, .. } = *op;
    let [_, height, width] = shape;
    // Without padding the transposed map fills the padded input but for the rows and columns that no window reached.
    let options = ConvTransposeOptions::new(stride, [0, 0], [0, 0], dilation, groups);
    let full = module::conv_transpose2d(gradient, weight, None, options);
    let [.., reached_height, reached_width] = full.dims();
    let missing = Padding {
        bottom: (padding.top + height).saturating_sub(reached_height),
        right: (padding.left + width).saturating_sub(reached_width),
        ..Padding::default()
    };
    unpadded(padded(full, missing, 0.0), padding, shape)
}
