//! Convolutions faster than burn's, and their pullbacks: which way each goes is chosen by its weight's shape and its device.
//!
//! On the CPU, 3 x 3 convolutions of stride 1 (nearly all of VGG16) go by Winograd's minimal filtering, whose weights are
//! transformed at first use and kept. The pullback takes the same weights, transposed. 1 x 1 convolutions are products of
//! matrices as they are. Everything else is burn's `conv2d`.

mod lanes;
mod product;
mod tile;
mod winograd;

use std::sync::{Arc, OnceLock};

use burn::tensor::module;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor};

use super::cpu::on_cpu;
use super::network::pairs;
use super::{Op, Padding};
use tile::{Four, Two};
use winograd::Weights;

/// Weights `K * C` above which tiles are small: transformed weights are 4 times as large as the kernel for tiles of 4 x 4 and
/// 1.8 times for tiles of 2 x 2, and layers with as many channels have feature maps of few pixels, where reading weights
/// takes as long as multiplying them.
const MANY: usize = 512 * 512;

/// What a convolution keeps between its runs; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept(Arc<OnceLock<Weights>>);

/// A convolution with what it needs.
pub(super) struct Convolution<'a> {
    pub(super) op: &'a Op,
    pub(super) weight: &'a Tensor<4>,
    pub(super) bias: Option<&'a Tensor<1>>,
    pub(super) kept: &'a Kept,
}

impl Convolution<'_> {
    /// The padding where Winograd's tiles can be laid.
    fn tiled(&self, device: &Device) -> Option<Padding> {
        let Op::Conv2d { stride: [1, 1], dilation: [1, 1], groups: 1, padding, .. } = self.op else { return None };
        let fits = self.weight.dims()[2..] == [3, 3] && on_cpu(device);
        fits.then_some(*padding)
    }

    fn large_tiles(&self) -> bool {
        let [out, into, ..] = self.weight.dims();
        out * into < MANY
    }

    fn transformed(&self) -> &Weights {
        self.kept.0.get_or_init(|| {
            let weight = self.weight.clone();
            if self.large_tiles() { Weights::new::<Four>(weight) } else { Weights::new::<Two>(weight) }
        })
    }

    /// The output `[N, K, h, w]` for `[N, C, H, W]`, rectified if asked for.
    pub(super) fn forward(&self, x: Tensor<4>, rectify: bool) -> Tensor<4> {
        if let Some(padding) = self.tiled(&x.device()) {
            let run = if self.large_tiles() { Weights::forward::<Four> } else { Weights::forward::<Two> };
            return run(self.transformed(), x, self.bias.cloned(), padding, rectify);
        }
        let Op::Conv2d { stride, padding, dilation, groups, .. } = self.op else {
            unreachable!("only convolutions are run as such")
        };
        let mut options = ConvOptions::new(*stride, [0, 0], *dilation, *groups);
        options.padding = pairs(*padding);
        let y = module::conv2d(x, self.weight.clone(), self.bias.cloned(), options);
        if rectify { burn::tensor::activation::relu(y) } else { y }
    }

    /// What a gradient `[N, K, h, w]` at the output gives at the input `[N, C, H, W]` of size `size`, where there is a faster way
    /// than the general one.
    pub(super) fn pullback(&self, gradient: &Tensor<4>, size: [usize; 2]) -> Option<Tensor<4>> {
        let padding = self.tiled(&gradient.device())?;
        let run = if self.large_tiles() { Weights::pullback::<Four> } else { Weights::pullback::<Two> };
        Some(run(self.transformed(), gradient.clone(), size, padding))
    }
}
