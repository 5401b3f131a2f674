//! Images that stand for the absence of everything.

use crate::named;
use crate::run::Run;

/// Image that integrated gradients start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Baseline {
    /// Zeros at the network's input.
    Zero,
    /// Black.
    Black,
    /// White.
    White,
    /// The image's own mean colour.
    Mean,
}

named!(Baseline {
    Zero = "zero", "0 at the network's input: the mean of the training images, where that is subtracted";
    Black = "black", "Black";
    White = "white", "White";
    Mean = "mean", "The image's own mean colour";
});

impl Baseline {
    /// The numbers of its three channels at the network's input, the same at every pixel; `input` is the image's, `[3, H, W]`.
    pub(super) fn colour(self, run: &Run<'_>, input: &[f32]) -> Vec<f32> {
        let preprocessing = &run.model().manifest.preprocessing;
        let size = input.len() / 3;
        let mean = |channel: &[f32]| (channel.iter().map(|&x| f64::from(x)).sum::<f64>() / size as f64) as f32;
        match self {
            Self::Zero => vec![0.0; 3],
            Self::Black => preprocessing.grey(0.0).to_vec(),
            Self::White => preprocessing.grey(255.0).to_vec(),
            Self::Mean => input.chunks_exact(size).map(mean).collect(),
        }
    }
}
