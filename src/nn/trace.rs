//! Traces of forward passes. Whoever reads a tensor's numbers on the CPU takes it out of its trace meanwhile: what two hold would be
//! copied.

use std::sync::{Mutex, MutexGuard, PoisonError};

use burn::tensor::{DType, Int, Tensor};

use super::NodeId;
use super::cpu::lend;

/// Trace of one forward pass, for reading activations and for any number of backward passes.
///
/// Only what cannot be had again cheaply is held: the outputs that pullbacks need, those of sums and the wanted nodes, and pooling
/// switches.
#[derive(Clone, Debug)]
pub struct Trace {
    pub(super) input: Tensor<4>,
    pub(super) outputs: Vec<Held>,
    pub(super) switches: Vec<Switches>,
}

impl Trace {
    /// A trace of an input, in which none of `count` nodes has been run.
    pub(super) fn new(input: Tensor<4>, count: usize) -> Self {
        Self { input, outputs: vec![Held::default(); count], switches: vec![Switches::default(); count] }
    }

    pub(super) fn take(&mut self, node: NodeId) -> Option<Tensor<4>> {
        self.outputs[node].lock().take()
    }
}

/// An output `[N, C, H, W]` that is held, or none.
#[derive(Debug, Default)]
pub(super) struct Held(Mutex<Option<Tensor<4>>>);

impl Held {
    pub(super) fn new(output: Tensor<4>) -> Self {
        Self(Mutex::new(Some(output)))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Tensor<4>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self) -> Option<Tensor<4>> {
        self.lock().clone()
    }

    /// What `read` makes of its numbers; `None` where nothing is held.
    pub(super) fn read<R>(&self, read: impl FnOnce(&[f32]) -> R) -> Option<R> {
        self.lock().as_mut().map(|output| read(&lend(output)))
    }
}

impl Clone for Held {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.get()))
    }
}

/// Pooling switches that are held, or none: for every output, the place of its maximum in the flat `H * W` of its input.
#[derive(Debug, Default)]
pub(super) struct Switches(Mutex<Option<Tensor<4, Int>>>);

impl Switches {
    pub(super) fn new(switches: Tensor<4, Int>) -> Self {
        Self(Mutex::new(Some(switches)))
    }

    pub(super) fn get(&self) -> Option<Tensor<4, Int>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What `read` makes of them, or of others where nothing is held.
    pub(super) fn read<R>(&self, others: impl FnOnce() -> Tensor<4, Int>, read: impl FnOnce(&[i64]) -> R) -> R {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (keep, switches) = (held.is_some(), held.take().unwrap_or_else(others));
        let device = switches.device();
        // burn's own pools leave 32 bits.
        let data = switches.into_data().convert_dtype(DType::I64);
        let result = read(data.as_slice().unwrap_or_else(|error| unreachable!("switches have 64 bits: {error:?}")));
        *held = keep.then(|| Tensor::from_data(data, (&device, DType::I64)));
        result
    }
}

impl Clone for Switches {
    fn clone(&self) -> Self {
        Self(Mutex::new(self.get()))
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::*;

    #[test]
    fn switches_of_32_bits_are_read_too() {
        let data = TensorData::new(vec![3_i32, 1], [1, 1, 1, 2]);
        let switches = Switches::new(Tensor::from_data(data, (&Device::flex(), DType::I32)));
        for _ in 0..2 {
            assert_eq!(switches.read(|| unreachable!("some are held"), <[i64]>::to_vec), [3, 1]);
        }
    }
}
