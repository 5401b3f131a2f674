//! Sigmoid linear unit, which falls left of -1.278 and is flat nowhere. What ReLU's rules mean for such a function is said at
//! [`ReluRule`](crate::nn::ReluRule).

use burn::tensor::{Tensor, activation};

use super::{Holds, Inputs, Operator};
use crate::nn::{Silu, Site};

impl Operator for Silu {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        activation::silu(x.clone())
    }

    /// Two inputs give the same output, so that the gradient cannot be told from that.
    fn holds(&self) -> Holds {
        Holds::Input
    }

    /// `g s (1 + x (1 - s))`, where `s` is the logistic function of `x`.
    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let x = at.input(0);
        let s = activation::sigmoid(x.clone());
        gradient * (s.clone() * (x * (-s + 1.0) + 1.0))
    }

    fn is_monotone(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;
    use crate::nn::{Graph, Network, Node, ReluRule};

    const X: [f32; 7] = [-9.0, -2.0, -1.0, 0.0, 0.5, 2.0, 9.0];

    fn silu(x: f64) -> f64 {
        x / (1.0 + (-x).exp())
    }

    fn slope(x: f32) -> f32 {
        let (x, step) = (f64::from(x), 1e-4);
        ((silu(x + step) - silu(x - step)) / (2.0 * step)) as f32
    }

    fn row(values: &[f32]) -> Tensor<4> {
        Tensor::from_data(TensorData::new(values.to_vec(), [1, 1, 1, values.len()]), &Device::flex())
    }

    #[track_caller]
    fn close(found: Tensor<4>, expected: impl Iterator<Item = f32>) {
        let found: Vec<f32> = found.into_data().try_into_vec().unwrap();
        for ((found, expected), x) in found.iter().zip(expected).zip(X) {
            assert!((found - expected).abs() < 1e-5, "{found} for {expected} at {x}");
        }
    }

    fn network() -> Network {
        let node = Node { name: "silu".into(), inputs: vec![Graph::INPUT.into()], op: Silu {}.into() };
        let graph = Graph::new(vec![node], [1, 1, X.len()], |_| None).unwrap();
        Network::new(graph, |_| None, Device::flex()).unwrap()
    }

    #[test]
    fn silu_is_the_papers_and_its_gradient_a_finite_difference() {
        let network = network();
        let trace = network.forward(row(&X), &[]);
        close(network.output(&trace, 0), X.iter().map(|&x| silu(f64::from(x)) as f32));
        let ones = row(&[1.0; X.len()]);
        let gradient = network.pullback(&trace, 0, ones, ReluRule::Gradient, &[None]).remove(0).unwrap();
        close(gradient, X.iter().map(|&x| slope(x)));
    }

    #[test]
    fn rules_of_relu_hand_back_nothing_negative_and_help_is_not_needed() {
        let network = network();
        let trace = network.forward(row(&X), &[]);
        for above in [2.0, -2.0] {
            let back = |rule| network.pullback(&trace, 0, row(&[above; X.len()]), rule, &[None]).remove(0).unwrap();
            let positive = above.max(0.0);
            close(back(ReluRule::GuidedBackprop), X.iter().map(|&x| (positive * slope(x)).max(0.0)));
            close(back(ReluRule::Deconvnet), X.iter().map(|_| positive));
            close(back(ReluRule::Redirected), X.iter().map(|&x| above * slope(x)));
        }
        assert!(slope(-2.0) < 0.0, "where it falls is among the places");
    }
}
