//! How many inputs go through a network at once.

use super::Network;

/// No batch is larger: more does not make a CPU faster.
const MAX_BATCH: u64 = 16;
/// About what a batch's activations may take, in bytes, with their gradients...
const BATCH_BYTES: u64 = 256 << 20;
/// ...and the largest of them: what WebGPU guarantees for a binding.
const BINDING_BYTES: u64 = 128 << 20;

impl Network {
    /// How many inputs of the network's size fit into a batch.
    pub fn batch(&self) -> usize {
        let graph = self.graph();
        // In 64 bits, which a browser's usize has not.
        let bytes = |id| 4 * graph.shape(id).iter().map(|&side| side as u64).product::<u64>();
        let sizes = || (0..graph.nodes().len()).map(bytes);
        let (all, largest) = (sizes().sum::<u64>().max(1), sizes().max().unwrap_or(1).max(1));
        (BATCH_BYTES / (2 * all)).min(BINDING_BYTES / largest).clamp(1, MAX_BATCH) as usize
    }
}
