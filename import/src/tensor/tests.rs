//! Numbers come out the same, in whichever pieces they were read and turned.

use super::*;
use crate::axes;

/// Numbers that come in pieces of that many.
struct Pieces(Vec<f32>, usize);

impl Source for Pieces {
    fn read(&self, take: Take<'_>) -> Result<(), Fault> {
        self.0.chunks(self.1).try_for_each(take)
    }
}

fn counted(count: usize) -> Vec<f32> {
    (0..count).map(|place| place as f32).collect()
}

fn in_pieces(shape: &[usize], size: usize) -> Tensor {
    Tensor::in_file(shape.into(), Arc::new(Pieces(counted(shape.iter().product()), size)))
}

#[test]
fn axes_turn_while_they_are_read_as_they_do_in_memory() {
    for (shape, order) in [
        (vec![70, 41], vec![1, 0]),
        (vec![33, 1], vec![1, 0]),
        (vec![1, 5], vec![1, 0]),
        (vec![4, 3], vec![0, 1]),
        (vec![3, 2, 5, 7], vec![3, 2, 0, 1]),
        (vec![3, 3, 4, 1], vec![2, 3, 0, 1]),
    ] {
        let count = shape.iter().product();
        let expected = axes::permute(&counted(count), &shape, &order);
        for size in [1, 7, 64, count] {
            let mut tensor = in_pieces(&shape, size);
            tensor.permute(&order);
            let sizes: Vec<usize> = order.iter().map(|&axis| shape[axis]).collect();
            assert_eq!(tensor.shape, sizes);
            assert_eq!(tensor.into_values().unwrap(), expected, "{shape:?} {order:?} {size}");
        }
    }
}

#[test]
fn turns_follow_each_other() {
    // Columns times 1 and 10, then the rows of maps [2, 1, 2] that were flattened with their channels last.
    let expected = [0.0, 10.0, 4.0, 50.0, 2.0, 30.0, 6.0, 70.0];
    let whole = FloatTensor { shape: vec![4, 2], values: counted(8) };
    for mut tensor in [in_pieces(&[4, 2], 3), whole.into()] {
        tensor.scale(&[1.0, 10.0], false);
        tensor.rows_to_chw([2, 1, 2]);
        assert_eq!(tensor.read().unwrap(), expected);
    }
    let mut kernel = in_pieces(&[1, 1, 2, 2], 3);
    kernel.permute(&[3, 2, 0, 1]);
    kernel.scale(&[1.0, 10.0], true);
    assert_eq!(kernel.into_values().unwrap(), [0.0, 2.0, 10.0, 30.0]);
}

#[test]
fn a_tensor_of_another_count_is_refused() {
    for shape in [[3, 2], [2, 2]] {
        let mut tensor = Tensor::in_file(shape.into(), Arc::new(Pieces(counted(5), 2)));
        assert_eq!(tensor.read().unwrap_err().code(), "tensor-count");
        tensor.permute(&[1, 0]);
        assert_eq!(tensor.into_values().unwrap_err().code(), "tensor-count");
    }
}
