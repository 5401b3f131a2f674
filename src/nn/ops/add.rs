//! Sum of feature maps.

use burn::tensor::Tensor;

use super::{Holds, Inputs, Operator};
use crate::nn::cpu::{lend, on_cpu};
use crate::nn::elementwise::combined;
use crate::nn::{Add, Site};

impl Operator for Add {
    fn forward(&self, Inputs { x, others, .. }: Inputs<'_>) -> Tensor<4> {
        if !on_cpu(&x.device()) {
            return others.iter().fold(x.clone(), |sum, other| sum + other.clone());
        }
        let (device, shape) = (x.device(), x.dims());
        let x = lend(x);
        let Some((first, rest)) = others.split_first_mut() else { unreachable!("a sum has two parts at least") };
        let mut sum = combined(&x, &lend(first), shape, &device, |one, other| one + other);
        for other in rest {
            let more = combined(&lend(&mut sum), &lend(other), shape, &device, |one, other| one + other);
            sum = more;
        }
        sum
    }

    /// The output: to have a sum again would take having all again that it is made of.
    fn holds(&self) -> Holds {
        Holds::Output
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, _: &Site<'_>) -> Tensor<4> {
        gradient
    }
}
