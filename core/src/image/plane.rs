//! Planes of numbers.

use serde::{Deserialize, Serialize};

/// A row-major plane of numbers `[height, width]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plane {
    /// Width.
    pub width: usize,
    /// Height.
    pub height: usize,
    /// `height * width` numbers, row by row.
    pub values: Vec<f32>,
}

impl Plane {
    /// A plane of these numbers, which must be `width * height`.
    pub fn new(width: usize, height: usize, values: Vec<f32>) -> Self {
        assert_eq!(values.len(), width * height, "a plane has width * height numbers");
        Self { width, height, values }
    }

    /// The largest number; minus infinity for an empty plane.
    pub fn max(&self) -> f32 {
        self.values.iter().copied().fold(f32::NEG_INFINITY, f32::max)
    }

    /// The smallest number; infinity for an empty plane.
    pub fn min(&self) -> f32 {
        self.values.iter().copied().fold(f32::INFINITY, f32::min)
    }

    /// Enlarged or made smaller by bilinear interpolation between pixel centres, edges repeated: OpenCV's `INTER_LINEAR` and
    /// PyTorch's `bilinear` with `align_corners=False`.
    pub fn resize(&self, width: usize, height: usize) -> Self {
        let mut values = Vec::with_capacity(width * height);
        self.resized_rows(width, height, |_, row| values.extend_from_slice(row));
        Self { width, height, values }
    }

    /// The rows of the plane at another size, one after the other with its number: one of a large size is never whole in memory.
    pub(crate) fn resized_rows(&self, width: usize, height: usize, mut each: impl FnMut(usize, &[f32])) {
        if self.values.is_empty() {
            return (0..height).for_each(|row| each(row, &vec![0.0; width]));
        }
        let columns = taps(self.width, width);
        let mut values = Vec::with_capacity(width);
        for (row, (top, bottom, down)) in taps(self.height, height).into_iter().enumerate() {
            let at = |row: usize, column: usize| self.values[row * self.width + column];
            values.clear();
            values.extend(columns.iter().map(|&(left, right, along)| {
                let above = at(top, left) + (at(top, right) - at(top, left)) * along;
                let below = at(bottom, left) + (at(bottom, right) - at(bottom, left)) * along;
                above + (below - above) * down
            }));
            each(row, &values);
        }
    }

    /// The plane as a NumPy `.npy` file: little-endian float32, C order, `[height, width]`.
    pub fn npy(&self) -> Vec<u8> {
        npy(&[self.height, self.width], &self.values)
    }
}

/// Numbers of `shape` as a NumPy `.npy` file: little-endian float32, C order.
pub fn npy(shape: &[usize], values: &[f32]) -> Vec<u8> {
    array_of(shape, values)
}

/// Numbers of `shape` as a NumPy `.npy` file: little-endian float16, C order.
pub fn npy_f16(shape: &[usize], values: &[half::f16]) -> Vec<u8> {
    array_of(shape, values)
}

fn array_of<T: npyz::AutoSerialize + Copy>(shape: &[usize], values: &[T]) -> Vec<u8> {
    use npyz::WriterBuilder;
    let mut bytes = Vec::new();
    let shape: Vec<u64> = shape.iter().map(|&size| size as u64).collect();
    let options = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(&mut bytes);
    let written = options.begin_nd().and_then(|mut writer| {
        writer.extend(values.iter().copied())?;
        writer.finish()
    });
    written.unwrap_or_else(|_| unreachable!("writing to memory does not fail"));
    bytes
}

/// Shape and numbers of a NumPy `.npy` file of float32; none where it is another file.
pub fn array(npy: &[u8]) -> Option<(Vec<usize>, Vec<f32>)> {
    let file = npyz::NpyFile::new(npy).ok()?;
    let shape = file.shape().iter().map(|&side| usize::try_from(side).ok()).collect::<Option<Vec<_>>>()?;
    // A header may promise more than there is, which is not to be made room for.
    let count = shape.iter().try_fold(1_usize, |count, side| count.checked_mul(*side))?;
    if count.checked_mul(size_of::<f32>()).is_none_or(|bytes| bytes > npy.len()) {
        return None;
    }
    let values: Vec<f32> = file.into_vec().ok()?;
    (values.len() == count).then_some((shape, values))
}

/// Taps of every new place: the two old places it lies between and how far it is towards the second, 0 to 1.
fn taps(old: usize, new: usize) -> Vec<(usize, usize, f32)> {
    let scale = old as f32 / new as f32;
    let tap = |place: usize| {
        let at = ((place as f32 + 0.5) * scale - 0.5).clamp(0.0, (old - 1) as f32);
        let first = at.floor() as usize;
        (first, (first + 1).min(old - 1), at - first as f32)
    };
    (0..new).map(tap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resize_repeats_edges_and_interpolates_between_centres() {
        // OpenCV: cv2.resize(np.float32([[0, 1]]), (4, 1)) is [[0, 0.25, 0.75, 1]].
        assert_eq!(Plane::new(0, 0, vec![]).resize(2, 1).values, [0.0; 2], "of nothing");
        let plane = Plane::new(2, 1, vec![0.0, 1.0]).resize(4, 1);
        assert_eq!(plane.values, [0.0, 0.25, 0.75, 1.0]);
        assert_eq!(Plane::new(1, 1, vec![3.0]).resize(2, 3).values, [3.0; 6]);
    }

    #[test]
    fn npy_reads_back() {
        let plane = Plane::new(2, 3, vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.5]);
        let file = plane.npy();
        let read = npyz::NpyFile::new(&file[..]).unwrap();
        assert_eq!(read.shape(), [3, 2]);
        assert_eq!(read.into_vec::<f32>().unwrap(), plane.values);
        assert_eq!(array(&file), Some((vec![3, 2], plane.values)));
    }

    #[test]
    fn arrays_that_are_cut_or_promise_too_much_are_none() {
        let file = npy(&[2, 3], &[1.0; 6]);
        assert!(array(&file).is_some());
        assert_eq!((array(&file[..file.len() - 4]), array(b"no array"), array(b"")), (None, None, None));
        let text = String::from_utf8_lossy(&file[..file.len() - 24]).into_owned();
        let at = text.find('2').unwrap_or_else(|| panic!("no side of 2 in {text}"));
        let mut file = file;
        file[at] = b'9';
        assert_eq!(array(&file), None);
    }
}
