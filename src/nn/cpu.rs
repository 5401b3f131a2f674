//! Work on the memory of tensors that lie on the CPU.

use std::ops::Deref;
#[cfg(target_arch = "x86_64")]
use std::sync::LazyLock;

use burn::tensor::{Device, Tensor, TensorData};
use pulp::Simd;

#[cfg(target_family = "wasm")]
use super::steps::step;

/// Whether tensors of the device are plain memory; burn's autodiff would not see what is done to that.
pub(super) fn on_cpu(device: &Device) -> bool {
    *device == Device::flex() && !is_autodiff(device)
}

/// Whether tensors of the device are memory of a GPU that kernels of our own may work on.
#[cfg(feature = "gpu")]
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

/// The numbers of a tensor, which gets them back in the end. They are copied only where another tensor shares them.
pub(super) struct Lent<'a> {
    home: &'a mut Tensor<4>,
    data: TensorData,
}

/// Lends the numbers of a tensor on the CPU.
pub(super) fn lend(home: &mut Tensor<4>) -> Lent<'_> {
    let nothing = Tensor::empty([1, 1, 1, 1], &home.device());
    let data = std::mem::replace(home, nothing).into_data();
    Lent { home, data }
}

impl Deref for Lent<'_> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        numbers(&self.data)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let data = std::mem::replace(&mut self.data, TensorData::new(Vec::<f32>::new(), [0]));
        *self.home = Tensor::from_data(data, &self.home.device());
    }
}

/// Does `work` on one of the threads that share the work of [`for_each_piece`], where there are several: from without, each
/// of its calls would put this thread to sleep and wake one of those.
#[cfg(not(target_family = "wasm"))]
pub(super) fn among_workers<R: Send>(device: &Device, work: impl FnOnce() -> R + Send) -> R {
    if on_cpu(device) { rayon::scope(|_| work()) } else { work() }
}

/// Does `work` on the only thread.
#[cfg(target_family = "wasm")]
pub(super) fn among_workers<R>(_: &Device, work: impl FnOnce() -> R) -> R {
    work()
}

/// Number of threads that share the work of [`for_each_piece`].
pub(super) fn workers() -> usize {
    #[cfg(not(target_family = "wasm"))]
    return rayon::current_num_threads();
    #[cfg(target_family = "wasm")]
    1
}

/// Numbers of a panel, which are multiplied side by side: a register of AVX-512 or two of AVX2, and two of 16 bytes elsewhere.
pub(super) const PANEL: usize = if cfg!(target_arch = "x86_64") { 16 } else { 8 };

/// Arithmetic on vectors, written once for all processors; what it calls must be inlined into it.
pub(super) trait Vectorized {
    /// Carries it out with vectors of which `REGISTERS` make a panel. The sums of `ROWS` times 4 rows and of as many panels side by
    /// side as `PANELS` stay in registers; a product and its sum are one instruction where it is `FUSED`.
    fn run<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize, const ROWS: usize>(self, simd: S);
}

impl Vectors {
    /// Carries out arithmetic with these vectors.
    #[inline(always)]
    pub(super) fn run(self, work: impl Vectorized) {
        match self {
            Self::Plain(plain) => work.run::<_, { PANEL / 8 }, false, 1, 1>(plain),
            #[cfg(target_arch = "aarch64")]
            Self::Neon(neon) => work.run::<_, { PANEL / 4 }, true, 2, 1>(neon),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(avx2) => work.run::<_, { PANEL / 8 }, true, 1, 1>(avx2),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(avx512) => work.run::<_, { PANEL / 16 }, true, 2, 2>(avx512),
        }
    }
}

/// The sum of a number and a product, in one instruction where that is to be had.
#[inline(always)]
pub(super) fn add_product<S: Simd, const FUSED: bool>(simd: S, sum: &mut S::f32s, one: S::f32s, other: S::f32s) {
    *sum = if FUSED { simd.mul_add_e_f32s(one, other, *sum) } else { simd.add_f32s(simd.mul_f32s(one, other), *sum) };
}

/// Vectors of a processor: the proof that it has them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Vectors {
    /// A product and its sum are two instructions: SSE2, and WebAssembly.
    Plain(pulp::Scalar256b),
    /// They are one, in thirty-two registers of 16 bytes.
    #[cfg(target_arch = "aarch64")]
    Neon(pulp::aarch64::Neon),
    /// They are one, in sixteen registers of 32 bytes: AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2(pulp::x86::V3),
    /// They are one, in thirty-two registers of 64 bytes: AVX-512.
    #[cfg(target_arch = "x86_64")]
    Avx512(pulp::x86::V4),
}

/// Whether AVX-512 is to be used where there is some: not where the environment's `CONVSCOPE_AVX512` is 0, for comparisons.
#[cfg(target_arch = "x86_64")]
static WIDE: LazyLock<bool> = LazyLock::new(|| std::env::var_os("CONVSCOPE_AVX512").is_none_or(|value| value != "0"));

/// Runs `work` with the widest vectors this processor has. What `work` calls must be inlined into it.
#[inline]
fn vectorized(work: impl FnOnce(Vectors)) {
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(avx512) = pulp::x86::V4::try_new().filter(|_| *WIDE) {
            avx512.vectorize(
                #[inline(always)]
                || work(Vectors::Avx512(avx512)),
            );
            return;
        }
        if let Some(avx2) = pulp::x86::V3::try_new() {
            avx2.vectorize(
                #[inline(always)]
                || work(Vectors::Avx2(avx2)),
            );
            return;
        }
    }
    #[cfg(target_arch = "aarch64")]
    if let Some(neon) = pulp::aarch64::Neon::try_new() {
        neon.vectorize(
            #[inline(always)]
            || work(Vectors::Neon(neon)),
        );
        return;
    }
    work(Vectors::Plain(pulp::Scalar256b));
}

/// Gives `work` the pieces of `data`, `length` numbers each, with their indices, on all cores where there are several. It is
/// told which vectors there are, and must be inlined.
pub(super) fn for_each_piece<E: Send>(data: &mut [E], length: usize, work: impl Fn(usize, &mut [E], Vectors) + Sync) {
    #[cfg(not(target_family = "wasm"))]
    {
        use rayon::prelude::*;
        data.par_chunks_mut(length).enumerate().for_each(|(index, piece)| {
            vectorized(
                #[inline(always)]
                |vectors| work(index, piece, vectors),
            );
        });
    }
    #[cfg(target_family = "wasm")]
    data.chunks_mut(length).enumerate().for_each(|(index, piece)| {
        vectorized(
            #[inline(always)]
            |vectors| work(index, piece, vectors),
        );
        step();
    });
}
