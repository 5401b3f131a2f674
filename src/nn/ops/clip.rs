//! Clipped linear unit.

use burn::tensor::{Tensor, activation};

use super::{Holds, Inputs, Operator};
use crate::nn::bounds::Bounds;
use crate::nn::cpu::on_cpu;
use crate::nn::elementwise::mapped;
use crate::nn::{Clip, Site};

impl Operator for Clip {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        let Self { min, max } = *self;
        if on_cpu(&x.device()) {
            return mapped(x, |x| Bounds { min, max }.keep(x));
        }
        x.clone().clamp(min, max)
    }

    fn holds(&self) -> Holds {
        Holds::Output
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        if on_cpu(&gradient.device()) {
            let Self { min, max } = *self;
            return at.masked(gradient, |y| (y > min) & (y < max));
        }
        let [above, below] = between(self, at);
        gradient * (above * below)
    }

    fn is_nonnegative(&self) -> bool {
        self.min >= 0.0
    }

    /// Gradients that lead up from the lower bound, and down from the upper one.
    fn escape(&self, gradient: Tensor<4>, at: &Site<'_>) -> Option<Tensor<4>> {
        let [above, below] = between(self, at);
        Some(activation::relu(gradient.clone()) * below - activation::relu(-gradient) * above)
    }
}

/// Ones where the output lies above the lower bound, and where below the upper one.
fn between(Clip { min, max }: &Clip, at: &Site<'_>) -> [Tensor<4>; 2] {
    let y = at.output();
    [y.clone().greater_elem(*min).float(), y.lower_elem(*max).float()]
}
