//! Tensors with their numbers in another order.

/// Side of the squares that [`transpose`] goes by, in numbers: small enough that rows and columns of one stay in the cache.
const TILE: usize = 32;

/// A row-major matrix with rows and columns changed over.
pub(crate) fn transpose(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    transpose_with(rows, columns, |place| values[place])
}

/// Transposed matrix of numbers that are read, each by its place, when they are wanted: a large matrix need not be there twice.
pub(crate) fn transpose_with(rows: usize, columns: usize, value: impl Fn(usize) -> f32) -> Vec<f32> {
    let mut turned = vec![0.0; rows * columns];
    for top in (0..rows).step_by(TILE) {
        for left in (0..columns).step_by(TILE) {
            for row in top..rows.min(top + TILE) {
                for column in left..columns.min(left + TILE) {
                    turned[column * rows + row] = value(row * columns + column);
                }
            }
        }
    }
    turned
}

/// Reorders the rows of `[H * W * C, out]`, a dense weight behind maps that were flattened with their channels last, to
/// `[C * H * W, out]`, in place: each cycle of rows moves on by one.
pub(crate) fn rows_to_chw(weight: &mut [f32], [channels, height, width]: [usize; 3], out: usize) {
    let positions = height * width;
    let source = |row: usize| row % positions * channels + row / positions;
    let mut done = vec![false; channels * positions];
    let mut first = vec![0.0; out];
    for start in 0..done.len() {
        if std::mem::replace(&mut done[start], true) {
            continue;
        }
        first.copy_from_slice(&weight[start * out..][..out]);
        let mut row = start;
        while source(row) != start {
            let next = source(row);
            weight.copy_within(next * out..(next + 1) * out, row * out);
            done[next] = true;
            row = next;
        }
        weight[row * out..][..out].copy_from_slice(&first);
    }
}

/// A row-major tensor with its axes in another order: axis `n` of the result is axis `order[n]`.
pub(crate) fn permute(values: &[f32], shape: &[usize], order: &[usize]) -> Vec<f32> {
    let stride = |axis: usize| shape[axis + 1..].iter().product::<usize>();
    let steps: Vec<(usize, usize)> = order.iter().map(|&axis| (shape[axis], stride(axis))).collect();
    let place = |mut index: usize| {
        let mut place = 0;
        for &(size, stride) in steps.iter().rev() {
            place += index % size * stride;
            index /= size;
        }
        place
    };
    (0..values.len()).map(|index| values[place(index)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count_up(count: u8) -> Vec<f32> {
        (0..count).map(f32::from).collect()
    }

    #[test]
    fn axes_change_places() {
        // NumPy: np.arange(24).reshape(1, 2, 3, 4).transpose(3, 2, 0, 1).ravel()[:6]
        assert_eq!(permute(&count_up(24), &[1, 2, 3, 4], &[3, 2, 0, 1])[..6], [0.0, 12.0, 4.0, 16.0, 8.0, 20.0]);
        assert_eq!(permute(&count_up(6), &[2, 3], &[1, 0]), [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
    }

    #[test]
    fn a_matrix_of_several_tiles_is_transposed_as_a_small_one() {
        assert_eq!(transpose(&count_up(6), 2, 3), [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
        let values: Vec<f32> = (0..70_u16 * 41).map(f32::from).collect();
        assert_eq!(transpose(&values, 70, 41), permute(&values, &[70, 41], &[1, 0]));
    }

    #[test]
    fn rows_follow_the_flattened_maps() {
        // NumPy: np.arange(12).reshape(2, 3, 2).transpose(2, 0, 1).ravel(), the places of [H, W, C] in the order of [C, H, W].
        let mut weight: Vec<f32> = (0..12_u8).flat_map(|row| [f32::from(row), -f32::from(row)]).collect();
        rows_to_chw(&mut weight, [2, 2, 3], 2);
        let first: Vec<f32> = weight.iter().step_by(2).copied().collect();
        assert_eq!(first, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 1.0, 3.0, 5.0, 7.0, 9.0, 11.0]);
        assert_eq!(weight[3], -2.0);
        // With one number a row it is a permutation of three axes.
        let mut weight: Vec<f32> = (0..210_u8).map(f32::from).collect();
        let expected = permute(&weight, &[6, 5, 7], &[2, 0, 1]);
        rows_to_chw(&mut weight, [7, 6, 5], 1);
        assert_eq!(weight, expected);
    }
}
