//! Selection of channels.

use burn::tensor::{Device, IndexingUpdateOp, Int, Tensor, TensorData};

use super::{Inputs, Operator};
use crate::nn::{SelectChannels, Site};

impl Operator for SelectChannels {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        match run(self) {
            Some(start) => x.clone().narrow(1, start, self.channels.len()),
            None => x.clone().select(1, indices(self, &x.device())),
        }
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let like = at.zeros_like_input(&gradient);
        let indices = indices(self, &like.device());
        like.select_assign(1, indices, gradient, IndexingUpdateOp::Add)
    }
}

/// The first channel, if the others are those behind it.
fn run(SelectChannels { channels }: &SelectChannels) -> Option<usize> {
    let start = *channels.first()?;
    channels.iter().copied().eq(start..start + channels.len()).then_some(start)
}

fn indices(SelectChannels { channels }: &SelectChannels, device: &Device) -> Tensor<1, Int> {
    let channels: Vec<i32> = channels.iter().map(|&channel| channel as i32).collect();
    let count = channels.len();
    Tensor::from_data(TensorData::new(channels, [count]), device)
}
