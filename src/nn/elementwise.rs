//! Feature maps combined number by number, on the CPU: burn's ops go through one core, and into memory that the system has cleared.

use burn::tensor::{Device, Tensor};

use super::cpu::{for_each_piece, lend};
use super::memory::Buffer;

/// Numbers that a core takes at a time: 64 KiB.
const PIECE: usize = 1 << 14;

/// Feature maps, each number of which is made of one of `x`.
pub(super) fn mapped(x: &mut Tensor<4>, map: impl Fn(f32) -> f32 + Sync) -> Tensor<4> {
    let (device, shape) = (x.device(), x.dims());
    let x = lend(x);
    let mut y = Buffer::new(x.len());
    for_each_piece(
        &mut y,
        PIECE,
        #[inline(always)]
        |piece, y, _| {
            for (y, &x) in y.iter_mut().zip(&x[piece * PIECE..]) {
                *y = map(x);
            }
        },
    );
    y.into_tensor(shape, &device)
}

/// Feature maps of a shape, each number of which is made of one of `one` and one of `other`, which may be those of one sample for all.
pub(super) fn combined(
    one: &[f32],
    other: &[f32],
    shape: [usize; 4],
    device: &Device,
    combine: impl Fn(f32, f32) -> f32 + Sync,
) -> Tensor<4> {
    let mut y = Buffer::new(one.len());
    for (y, one) in y.chunks_mut(other.len()).zip(one.chunks(other.len())) {
        for_each_piece(
            y,
            PIECE,
            #[inline(always)]
            |piece, y, _| {
                let pairs = one[piece * PIECE..].iter().zip(&other[piece * PIECE..]);
                for (y, (&one, &other)) in y.iter_mut().zip(pairs) {
                    *y = combine(one, other);
                }
            },
        );
    }
    y.into_tensor(shape, device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_combined_with_their_own_and_with_those_of_the_only_sample() {
        let count = 2 * PIECE + 3;
        let numbers = |factor: f32| (0..count).map(|index| index as f32 * factor).collect::<Vec<_>>();
        let read = |tensor: Tensor<4>| tensor.into_data().try_into_vec::<f32>().unwrap();
        let (one, other) = ([numbers(1.0), numbers(3.0)].concat(), numbers(2.0));
        let sum = combined(&one, &other, [2, 1, 1, count], &Device::flex(), |one, other| one + other);
        assert_eq!(read(sum), [numbers(3.0), numbers(5.0)].concat());
        let mut x = Tensor::from_data(burn::tensor::TensorData::new(numbers(1.0), [1, 1, 1, count]), &Device::flex());
        assert_eq!(read(mapped(&mut x, |x| 2.0 * x)), other);
        assert_eq!(read(x), numbers(1.0));
    }
}
