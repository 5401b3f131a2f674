//! Max pool.

use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Int, Tensor, module};

use super::pad::unpadded;
use super::{Inputs, Operator, padded};
use crate::nn::cpu::on_cpu;
use crate::nn::max_pool::{max_pool, unpool};
use crate::nn::{MaxPool, Padding, Site};

impl Operator for MaxPool {
    fn forward(&self, Inputs { x, shape, .. }: Inputs<'_>) -> Tensor<4> {
        pool(self, x, shape).0
    }

    fn forward_with_switches(&self, Inputs { x, shape, .. }: Inputs<'_>) -> (Tensor<4>, Option<Tensor<4, Int>>) {
        let (maxima, switches) = pool(self, x, shape);
        (maxima, Some(switches))
    }

    /// Unpooling to the switches.
    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let shape = at.input_shape(0);
        if on_cpu(&gradient.device()) && split(self, shape, at.shape()).around == Padding::default() {
            let others = || pool(self, &mut at.input(0), at.shape()).1;
            let mut gradient = gradient;
            return at.read_switches(others, |switches| unpool(&mut gradient, switches, [shape[1], shape[2]]));
        }
        let switches = at.switches().unwrap_or_else(|| pool(self, &mut at.input(0), at.shape()).1);
        let batch = gradient.dims()[0];
        // Switches of one image serve every question about it.
        let copies = if switches.dims()[0] == batch { 1 } else { batch };
        let switches = switches.repeat_dim(0, copies);
        let Split { around, rest } = split(self, shape, at.shape());
        let like = padded(at.zeros_like_input(&gradient), around, 0.0);
        let MaxPool { kernel, stride, padding, ceil_mode } = rest;
        let even = [padding.top, padding.left];
        let pulled =
            module::max_pool2d_with_indices_backward(like, kernel, stride, even, [1, 1], ceil_mode, gradient, switches);
        if around == Padding::default() { pulled } else { unpadded(pulled, around, shape) }
    }
}

/// The maxima and the switches: for every output, the place of its maximum in the flat `H * W` of the input with what
/// [`Split::around`] puts around it.
fn pool(op: &MaxPool, x: &mut Tensor<4>, shape: [usize; 3]) -> (Tensor<4>, Tensor<4, Int>) {
    let [_, rows, columns] = shape;
    max_pool(op, x, [rows, columns]).unwrap_or_else(|| {
        let [_, channels, height, width] = x.dims();
        let Split { around, rest } = split(op, [channels, height, width], shape);
        let mut x = padded(x.clone(), around, f32::MIN);
        max_pool(&rest, &mut x, [rows, columns]).unwrap_or_else(|| {
            let options = MaxPoolOptions::new(rest.kernel)
                .with_stride(rest.stride)
                .with_padding([rest.padding.top, rest.padding.left])
                .with_ceil_mode(rest.ceil_mode);
            module::max_pool2d_with_indices(x, options)
        })
    })
}

/// Split of a max pool in two: burn pads opposite sides alike, and lets windows reach over the end rightly only where nothing is
/// padded; whatever else an op asks for is put around its input beforehand.
struct Split {
    /// Padding put around the input beforehand: less than any number, so that it never wins.
    around: Padding,
    /// The pool of that, which burn can run.
    rest: MaxPool,
}

fn split(op: &MaxPool, [_, height, width]: [usize; 3], [_, rows, columns]: [usize; 3]) -> Split {
    let MaxPool { kernel, stride, padding, .. } = *op;
    // Rows and columns that the windows reach beyond the padded end.
    let over =
        |count: usize, axis: usize, padded: usize| ((count - 1) * stride[axis] + kernel[axis]).saturating_sub(padded);
    let below = over(rows, 0, padding.top + height + padding.bottom);
    let beyond = over(columns, 1, padding.left + width + padding.right);
    let ceil_mode = below + beyond > 0;
    let unpadded = padding == Padding::default() && stride[0] <= kernel[0] && stride[1] <= kernel[1];
    if unpadded || padding.is_symmetric() && !ceil_mode {
        return Split { around: Padding::default(), rest: MaxPool { ceil_mode, ..*op } };
    }
    let around = Padding { bottom: padding.bottom + below, right: padding.right + beyond, ..padding };
    Split { around, rest: MaxPool { padding: Padding::default(), ceil_mode: false, ..*op } }
}
