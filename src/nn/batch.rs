//! Number of inputs that go through a network at once.

use super::Network;

/// Inputs of the largest batch: more does not make a CPU faster.
const MAX_BATCH: u64 = 16;
/// Bytes that a batch's activations may take, about, with their gradients.
const BATCH_BYTES: u64 = 256 << 20;
/// Bytes that the largest of them may take: what WebGPU guarantees for a binding.
const BINDING_BYTES: u64 = 128 << 20;

impl Network {
    /// Number of inputs of the network's size that fit into a batch.
    pub fn batch(&self) -> usize {
        let graph = self.graph();
        // In 64 bits, which a browser's usize has not.
        let bytes = |id| 4 * graph.shape(id).iter().map(|&side| side as u64).product::<u64>();
        let sizes = || (0..graph.nodes().len()).map(bytes);
        let (all, largest) = (sizes().sum::<u64>().max(1), sizes().max().unwrap_or(1).max(1));
        (BATCH_BYTES / (2 * all)).min(BINDING_BYTES / largest).clamp(1, MAX_BATCH) as usize
    }
}
