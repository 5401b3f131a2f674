//! Convolutions and their pullbacks: the algorithm of each is chosen by its shape and its device.
//!
//! On the CPU, 3 x 3 convolutions of stride 1 (nearly all of VGG16) go by Winograd's minimal filtering, and all others without
//! groups as one product of matrices, those of 1 x 1 straight from the planes; those with a kernel for each channel have a way of
//! their own. Bias and ReLU are applied as the output is written. Each layer is one parallel region: a core makes its share of the
//! output from beginning to end, so that nothing in between leaves its cache. Weights are brought into the order that products read
//! at first use and kept; the pullback takes the same weights, transposed. On a GPU the same 3 x 3 convolutions go by Winograd's
//! tiles and those of 1 x 1 as one product, in kernels of our own, and so do their pullbacks; what is left is burn's `conv2d`, and for
//! the pullback of stride 1 one with the kernel flipped.
//!
//! # Error
//! Against float64 and as a share of the largest right number, measured by `tests/convolution`: at most 3e-6 for tiles of
//! 4 x 4 with 256 channels, 1e-6 for tiles of 2 x 2 with 512, forward and back. The channel sums of VGG16's thirteen layers
//! differ from Keras' by 4.5e-6 of their size at most.

mod columns;
mod depthwise;
#[cfg(feature = "gpu")]
mod gpu;
mod kernel;
mod lanes;
mod pointwise;
mod product;
mod share;
mod source;
mod strip;
mod target;
mod tile;
mod windows;
mod winograd;

use std::sync::{Arc, OnceLock};

use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, module};

use super::bounds::Bounds;
use super::cpu::on_cpu;
use super::ops::pairs;
use super::{Conv2d, Padding};
use tile::{Four, Two};
use windows::Windows;

/// Pairs of channels `K * C` from which on tiles are 2 x 2, and places of a feature map up to which they are. Transformed weights are
/// 4 times as large as the kernel for tiles of 4 x 4 and 1.8 times for tiles of 2 x 2; where feature maps have few places, reading
/// weights takes as long as multiplying by them, and the smaller tiles cost no time: 125 us instead of 154 for `[64, 13, 13]` to 256 maps. Not in a
/// browser, which takes longer to multiply.
const SMALL_TILE_MIN_CHANNEL_PAIRS: usize = 512 * 512;
const SMALL_TILE_MAX_PLACES: usize = if cfg!(target_family = "wasm") { 0 } else { 16 * 16 };

/// Weights of a convolution, brought into order at its first run; clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct CachedWeights(Arc<OnceLock<Weights>>);

/// Weights in the order that their algorithm reads.
#[derive(Debug)]
enum Weights {
    /// Winograd's tiles on a GPU.
    #[cfg(feature = "gpu")]
    Gpu(gpu::Weights),
    /// Winograd's tiles of 4 x 4 and of 2 x 2.
    Large(kernel::Weights),
    Small(kernel::Weights),
    /// One product of matrices, of pixels or of what lies under windows.
    Plain(kernel::Weights),
}

/// A convolution with what it needs.
pub(super) struct Convolution<'a> {
    pub(super) op: &'a Conv2d,
    pub(super) weight: &'a Tensor<4>,
    pub(super) bias: Option<&'a Tensor<1>>,
    pub(super) cached: &'a CachedWeights,
    /// Whether 3 x 3 convolutions may go by tiles. Tiles mix the numbers of 6 x 6 places, so that rounding leaks from where they are
    /// huge to where they are small; the other ways keep to what each window reaches, and what is 0 stays 0.
    pub(super) tiles: bool,
}

impl Convolution<'_> {
    /// Weights of the algorithm that the convolution of feature maps of so many places goes by, chosen at its first run; `None` leaves
    /// it to burn.
    fn weights(&self, device: &Device, places: usize) -> Option<&Weights> {
        if let Some(weights) = self.cached.0.get() {
            return Some(weights);
        }
        let Conv2d { stride, dilation, groups, .. } = self.op;
        let [out, into, height, width] = self.weight.dims();
        if *groups > 1 || !on_cpu(device) {
            return None;
        }
        let tiled = ([height, width], *stride, *dilation) == ([3, 3], [1, 1], [1, 1]) && self.tiles;
        let weight = self.weight.clone();
        Some(self.cached_or(|| {
            if !tiled {
                Weights::Plain(kernel::Weights::plain(weight))
            } else if out * into < SMALL_TILE_MIN_CHANNEL_PAIRS && places > SMALL_TILE_MAX_PLACES {
                Weights::Large(kernel::Weights::transformed::<Four>(weight))
            } else {
                Weights::Small(kernel::Weights::transformed::<Two>(weight))
            }
        }))
    }

    fn windows(&self) -> Windows {
        let Conv2d { stride, dilation, padding, .. } = *self.op;
        let [.., height, width] = self.weight.dims();
        Windows { kernel: [height, width], stride, dilation, padding }
    }

    /// The windows of a convolution with a kernel for each channel, where it goes without weights in another order.
    fn depthwise(&self, device: &Device) -> Option<Windows> {
        let [out, into, ..] = self.weight.dims();
        let groups = self.op.groups;
        (groups > 1 && into == 1 && out == groups && on_cpu(device)).then(|| self.windows())
    }

    /// Whether the convolution is one product of matrices as it is.
    fn is_pointwise(&self) -> bool {
        let plain = Padding::default();
        matches!(self.op, Conv2d { stride: [1, 1], groups: 1, padding, .. } if *padding == plain)
            && self.weight.dims()[2..] == [1, 1]
    }

    /// The weights that are kept, or else those that `make` gives.
    fn cached_or(&self, make: impl FnOnce() -> Weights) -> &Weights {
        if let Some(weights) = self.cached.0.get() {
            return weights;
        }
        let weights = make();
        // Not made within `get_or_init`: a thread that waits for its helpers there may be given other work that comes here.
        self.cached.0.get_or_init(|| weights)
    }

    /// The output `[N, K, h, w]` for `[N, C, H, W]`, kept within bounds.
    pub(super) fn forward(&self, x: &mut Tensor<4>, bounds: Bounds) -> Tensor<4> {
        let (device, bias) = (x.device(), self.bias.cloned());
        if !on_cpu(&device) {
            return self.forward_elsewhere(x, bounds);
        }
        if let Some(windows) = self.depthwise(&device) {
            return depthwise::forward(x, self.weight, bias, windows, bounds);
        }
        let padding = self.op.padding;
        match self.weights(&device, x.dims()[2] * x.dims()[3]) {
            Some(Weights::Large(weights)) => weights.forward_by_tiles::<Four>(x, bias, padding, bounds),
            Some(Weights::Small(weights)) => weights.forward_by_tiles::<Two>(x, bias, padding, bounds),
            Some(Weights::Plain(weights)) if self.is_pointwise() => weights.forward_pointwise(x, bias, bounds),
            Some(Weights::Plain(weights)) => weights.forward_by_windows(x, bias, self.windows(), bounds),
            _ => bounds.apply(self.general(x)),
        }
    }

    /// The output on other devices than the CPU, whose kernels know of no bounds but ReLU's.
    fn forward_elsewhere(&self, x: &Tensor<4>, bounds: Bounds) -> Tensor<4> {
        #[cfg(feature = "gpu")]
        {
            let rectify = bounds == Bounds::RELU;
            if let Some(y) = gpu::forward(self, x, rectify) {
                return if rectify { y } else { bounds.apply(y) };
            }
        }
        bounds.apply(self.general(x))
    }

    /// The output as burn makes it.
    fn general(&self, x: &Tensor<4>) -> Tensor<4> {
        let Conv2d { stride, padding, dilation, groups, .. } = self.op;
        let mut options = ConvOptions::new(*stride, [0, 0], *dilation, *groups);
        options.padding = pairs(*padding);
        module::conv2d(x.clone(), self.weight.clone(), self.bias.cloned(), options)
    }

    /// Pullback of a gradient `[N, K, h, w]` at the output to the input `[N, C, H, W]` of size `[H, W]`, where there is a faster
    /// algorithm than the general one.
    pub(super) fn pullback(&self, gradient: &mut Tensor<4>, size: [usize; 2]) -> Option<Tensor<4>> {
        let device = gradient.device();
        #[cfg(feature = "gpu")]
        if let Some(back) = gpu::pullback(self, gradient, size) {
            return Some(back);
        }
        if !on_cpu(&device) {
            return self.flipped(gradient);
        }
        if let Some(windows) = self.depthwise(&device) {
            return Some(depthwise::pullback(gradient, self.weight, size, windows));
        }
        let padding = self.op.padding;
        match self.weights(&device, gradient.dims()[2] * gradient.dims()[3])? {
            Weights::Large(weights) => Some(weights.pullback_by_tiles::<Four>(gradient, size, padding)),
            Weights::Small(weights) => Some(weights.pullback_by_tiles::<Two>(gradient, size, padding)),
            Weights::Plain(weights) if self.is_pointwise() => Some(weights.pullback_pointwise(gradient)),
            Weights::Plain(weights) => Some(weights.pullback_by_windows(gradient, size, self.windows())),
            #[cfg(feature = "gpu")]
            Weights::Gpu(_) => None,
        }
    }

    /// The pullback of a convolution of stride 1 as one with the flipped kernel, its channels swapped. In one pair of runs on
    /// llvmpipe, SqueezeNet's backward pass took 0.73 of the time of burn's transposed convolution.
    fn flipped(&self, gradient: &Tensor<4>) -> Option<Tensor<4>> {
        let Conv2d { stride: [1, 1], dilation, groups: 1, padding, .. } = self.op else {
            return None;
        };
        let [.., height, width] = self.weight.dims();
        let reach = [dilation[0] * (height - 1), dilation[1] * (width - 1)];
        let left = |reach: usize, padding: usize| reach.checked_sub(padding);
        let mut options = ConvOptions::new([1, 1], [0, 0], *dilation, 1);
        options.padding = [
            (left(reach[0], padding.top)?, left(reach[0], padding.bottom)?),
            (left(reach[1], padding.left)?, left(reach[1], padding.right)?),
        ];
        let kernel = self.weight.clone().swap_dims(0, 1).flip([2, 3]);
        Some(module::conv2d(gradient.clone(), kernel, None, options))
    }
}
