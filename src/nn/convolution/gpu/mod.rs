//! Convolutions in kernels of our own on a GPU, where burn's is a loop over the weights for each output, without blocks.
//!
//! 3 x 3 convolutions of stride 1, their pullbacks and those of other strides go by Winograd's tiles, in four kernels: the kernel
//! transform U, and then for each run of tiles the input transform V, one product of matrices M = U V for each point, and the
//! output transform. 1 x 1 convolutions are one product. What is between the kernels lies in buffers that are given back to
//! burn's pool, and are at most [`BUFFER`] bytes: longer runs of tiles are cut.

mod choice;
mod kernel;
mod source;

use burn::backend::Cube;
use burn::backend::wgpu::CubeTensor;
use burn::cubecl::client::Client;
use burn::cubecl::server::Handle;
use burn::tensor::{DType, Tensor};

use super::tile::{Four as Tiles, Tile};
use crate::nn::Padding;
pub(super) use choice::{forward, pullback};
use kernel::Kernel;
use source::Block;

/// Outputs and points of a tile along an axis, and points in all.
const OUT: usize = Tiles::OUT;
const POINTS: usize = Tiles::POINTS;
const AREA: usize = POINTS * POINTS;

/// Bytes of a binding that WebGPU promises.
const BINDING: usize = 128 << 20;

/// Bytes of the transformed inputs V or the products M of one run.
const BUFFER: usize = BINDING / 2;

/// Transformed kernel U `[points, C, K]`, on the device.
#[derive(Debug)]
pub(super) struct Weights {
    values: Handle,
    into: usize,
    out: usize,
}

/// A tensor's memory, row-major.
fn memory<const D: usize>(tensor: Tensor<D>) -> CubeTensor {
    let tensor = match tensor.try_into_primitive::<Cube>() {
        Ok(tensor) => tensor,
        Err(error) => unreachable!("only tensors of the GPU come here: {error:?}"),
    };
    if tensor.is_contiguous() {
        return tensor;
    }
    let (client, device, dtype) = (tensor.client.clone(), tensor.device.clone(), tensor.dtype);
    let element = burn::backend::cubecl::dtype_to_storage_type(dtype);
    let row_major = burn::cubecl::std::tensor::into_contiguous(&client, tensor.binding(), element);
    CubeTensor::new(client, row_major.handle, *row_major.metadata, device, dtype)
}

fn floats(client: &Client, count: usize) -> Handle {
    client.empty(count * size_of::<f32>())
}

impl Weights {
    /// Whether the values for a kernel `[K, C, 3, 3]` can be bound.
    pub(super) fn fit([k, c]: [usize; 2]) -> bool {
        AREA * k.next_multiple_of(4) * c.next_multiple_of(4) * size_of::<f32>() <= BINDING
    }

    /// Weights of a kernel `[K, C, 3, 3]`; for the pullback, of the flipped kernel `[C, K, 3, 3]`.
    pub(super) fn new(kernel: Tensor<4>, pullback: bool) -> Self {
        let [k, c, ..] = kernel.dims();
        let kernel = memory(kernel);
        let ([into, out], [into_step, out_step]) = if pullback { ([k, c], [9 * c, 9]) } else { ([c, k], [9, 9 * c]) };
        let row = out.next_multiple_of(4);
        let values = floats(&kernel.client, AREA * into * row);
        let words = [into, out, into_step, out_step, row].map(|word| word as u32);
        let which = Kernel::WeightTransform { flipped: pullback };
        which.launch(&kernel.client, [out.div_ceil(64), into, 1], &[&kernel.handle, &values], &words);
        Self { values, into, out }
    }

    /// The convolution of `[N, C, H, W]`, with its bias, and rectified if asked for.
    pub(super) fn forward(&self, x: Tensor<4>, bias: Option<Tensor<1>>, padding: Padding, rectify: bool) -> Tensor<4> {
        let [.., height, width] = x.dims();
        let size = [height + padding.top + padding.bottom - 2, width + padding.left + padding.right - 2];
        self.convolve(x, [1, 1], [padding.top, padding.left], size, bias, rectify)
    }

    /// Pullback of a gradient `[N, K, h, w]` at the output of a convolution with such steps to its input of that size, these being
    /// the values of the flipped kernel; `None` where the padding is more than it covers.
    pub(super) fn pullback(
        &self,
        gradient: Tensor<4>,
        size: [usize; 2],
        steps: [usize; 2],
        padding: Padding,
    ) -> Option<Tensor<4>> {
        let before = [2_usize.checked_sub(padding.top)?, 2_usize.checked_sub(padding.left)?];
        Some(self.convolve(gradient, steps, before, size, None, false))
    }

    /// The outputs of that size of `[N, C, H, W]`, whose rows and columns stand `steps` apart, with zeros between, before and
    /// behind.
    fn convolve(
        &self,
        x: Tensor<4>,
        steps: [usize; 2],
        before: [usize; 2],
        size: [usize; 2],
        bias: Option<Tensor<1>>,
        rectify: bool,
    ) -> Tensor<4> {
        let [batch, _, height, width] = x.dims();
        let x = memory(x);
        let bias = bias.map(memory);
        let y = floats(&x.client, batch * self.out * size[0] * size[1]);
        let tiles = size.map(|length| length.div_ceil(OUT));
        let total = batch * tiles[0] * tiles[1];
        let most = (BUFFER / size_of::<f32>() / AREA / self.into.max(self.out)).max(4) / 4 * 4;
        let floor = if rectify { 0.0 } else { f32::NEG_INFINITY };
        for first in (0..total).step_by(most) {
            let count = most.min(total - first);
            let row = count.next_multiple_of(4);
            let of_run = [tiles[0], tiles[1], first, count, row];
            let values = floats(&x.client, AREA * self.into * row);
            let of_planes = [self.into, height, width, before[0], before[1], steps[0], steps[1]];
            let words: Vec<u32> = of_planes.into_iter().chain(of_run).map(|word| word as u32).collect();
            let groups = [count.div_ceil(64), self.into, 1];
            Kernel::InputTransform.launch(&x.client, groups, &[&x.handle, &values], &words);
            let products = floats(&x.client, AREA * self.out * row);
            self.multiply(&x.client, &values, &products, row);
            let of_planes = [self.out, size[0], size[1]];
            let words = of_planes.into_iter().chain(of_run).map(|word| word as u32).chain([floor.to_bits()]);
            let mut buffers = vec![&products, &y];
            buffers.extend(bias.as_ref().map(|bias| &bias.handle));
            let which = Kernel::OutputTransform { bias: bias.is_some() };
            let groups = [count.div_ceil(64), self.out, 1];
            which.launch(&x.client, groups, &buffers, &words.collect::<Vec<_>>());
        }
        let shape = [batch, self.out, size[0], size[1]].into();
        Tensor::from_primitive::<Cube>(CubeTensor::new_contiguous(x.client, x.device, shape, y, DType::F32))
    }

    /// `[points, out, row]` from values `[points, into, row]`.
    fn multiply(&self, client: &Client, values: &Handle, products: &Handle, row: usize) {
        let block = Block::best(self.out, row);
        let [high, wide] = block.size();
        let fours = self.out.div_ceil(4);
        let words = [self.into, self.out, fours, row / 4].map(|word| word as u32);
        let groups = [row.div_ceil(wide), self.out.div_ceil(high), AREA];
        Kernel::BatchedProduct(block).launch(client, groups, &[&self.values, values, products], &words);
    }
}

/// A 1 x 1 convolution of `[N, C, H, W]` with its bias, rectified if asked for; or its pullback of `[N, K, H, W]`.
fn pointwise(x: Tensor<4>, kernel: Tensor<4>, bias: Option<Tensor<1>>, rectify: bool, pullback: bool) -> Tensor<4> {
    let ([batch, _, height, width], [k, c, ..]) = (x.dims(), kernel.dims());
    let ([depth, out], steps) = if pullback { ([k, c], [c, 1]) } else { ([c, k], [1, c]) };
    let (x, kernel, bias) = (memory(x), memory(kernel), bias.map(memory));
    let pixels = height * width;
    let y = floats(&x.client, batch * out * pixels);
    let floor: f32 = if rectify { 0.0 } else { f32::NEG_INFINITY };
    let words = [depth, out, pixels, steps[0], steps[1]].into_iter().map(|word| word as u32).chain([floor.to_bits()]);
    let mut buffers = vec![&kernel.handle, &x.handle, &y];
    buffers.extend(bias.as_ref().map(|bias| &bias.handle));
    let block = Block::best(out, pixels);
    let [high, wide] = block.size();
    let groups = [pixels.div_ceil(wide), out.div_ceil(high), batch];
    let which = Kernel::Pointwise { block, bias: bias.is_some() };
    which.launch(&x.client, groups, &buffers, &words.collect::<Vec<_>>());
    let shape = [batch, out, height, width].into();
    Tensor::from_primitive::<Cube>(CubeTensor::new_contiguous(x.client, x.device, shape, y, DType::F32))
}
