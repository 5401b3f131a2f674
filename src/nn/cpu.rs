//! Work on the memory of tensors that lie on the CPU.

use burn::tensor::{Device, TensorData};

/// Whether tensors of the device are plain memory; burn's autodiff would not see what is done to that.
pub(super) fn on_cpu(device: &Device) -> bool {
    *device == Device::flex() && !is_autodiff(device)
}

/// Whether tensors of the device are memory of a GPU that kernels of our own may work on.
pub(super) fn on_gpu(device: &Device) -> bool {
    *device != Device::flex() && !is_autodiff(device)
}

#[cfg(not(target_family = "wasm"))]
fn is_autodiff(device: &Device) -> bool {
    device.is_autodiff()
}

#[cfg(target_family = "wasm")]
fn is_autodiff(_: &Device) -> bool {
    false
}

/// The numbers of tensor data; nothing is copied.
pub(super) fn numbers(data: &TensorData) -> &[f32] {
    data.as_slice().unwrap_or_else(|error| unreachable!("activations are float32: {error:?}"))
}

/// Runs `work` with the widest vectors this processor has, and says whether they multiply and add in one instruction. What
/// `work` calls must be inlined into it.
#[inline]
fn vectorized(work: impl FnOnce(bool)) {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = pulp::x86::V3::try_new() {
        avx2.vectorize(
            #[inline(always)]
            || work(true),
        );
        return;
    }
    work(cfg!(target_arch = "aarch64"));
}

/// Gives `work` the pieces of `data`, `length` numbers each, with their indices, on all cores where there are several. It is
/// told whether a fused multiply-add is one instruction, and must be inlined.
pub(super) fn for_each_piece<E: Send>(data: &mut [E], length: usize, work: impl Fn(usize, &mut [E], bool) + Sync) {
    #[cfg(not(target_family = "wasm"))]
    {
        use rayon::prelude::*;
        data.par_chunks_mut(length).enumerate().for_each(|(index, piece)| {
            vectorized(
                #[inline(always)]
                |fused| work(index, piece, fused),
            );
        });
    }
    #[cfg(target_family = "wasm")]
    data.chunks_mut(length).enumerate().for_each(|(index, piece)| {
        vectorized(
            #[inline(always)]
            |fused| work(index, piece, fused),
        );
    });
}
