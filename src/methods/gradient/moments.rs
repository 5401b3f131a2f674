//! Moments: what gradients of several inputs are put together to.

use burn::tensor::Tensor;

use crate::named;

/// Way in which the gradients of noisy images become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Combine {
    /// Their mean (Smilkov et al. 2017, <https://arxiv.org/abs/1706.03825>).
    Mean,
    /// The mean of their squares (Hooker et al. 2019, <https://arxiv.org/abs/1806.10758>).
    Squared,
    /// Their variance, divided by their number (Adebayo et al. 2018, <https://arxiv.org/abs/1810.03307>).
    Variance,
}

named!(Combine {
    Mean = "mean", "The mean of the gradients (SmoothGrad)";
    Squared = "squared", "The mean of their squares (SmoothGrad-Squared)";
    Variance = "variance", "Their variance (VarGrad)";
});

impl Combine {
    /// The sums over a batch of gradients `[N, 3, H, W]` that [`Self::of_sums`] wants, `[M, 3, H, W]`. `centre` `[1, 3, H, W]`, any
    /// gradient near the others, is taken off before the variance's squares are: float32 keeps little of two near sums' difference.
    pub(super) fn sums(self, gradients: Tensor<4>, centre: Tensor<4>) -> Tensor<4> {
        let square = |numbers: &Tensor<4>| numbers.clone() * numbers.clone();
        match self {
            Self::Mean => gradients.sum_dim(0),
            Self::Squared => square(&gradients).sum_dim(0),
            Self::Variance => {
                let from_centre = gradients - centre;
                Tensor::cat(vec![from_centre.clone().sum_dim(0), square(&from_centre).sum_dim(0)], 0)
            }
        }
    }

    /// Result of the sums over all `count` gradients, `[M, 3, H, W]`, `[3, H, W]`.
    pub(super) fn of_sums(self, sums: &[f64], count: usize) -> Vec<f64> {
        let mean = |sum: &f64| sum / count as f64;
        match self {
            Self::Mean | Self::Squared => sums.iter().map(mean).collect(),
            Self::Variance => {
                let (firsts, squares) = sums.split_at(sums.len() / 2);
                let pairs = firsts.iter().zip(squares);
                pairs.map(|(first, square)| (mean(square) - mean(first).powi(2)).max(0.0)).collect()
            }
        }
    }
}
