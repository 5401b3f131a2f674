//! Ways of bringing a plane of numbers to another size, by what the libraries of this field call to do it.

use serde::{Deserialize, Serialize};

use super::Plane;

/// Cubic convolution's parameter: that of Pillow's `BICUBIC` and of TensorFlow's with pixels by their centres (Keys 1981,
/// <https://doi.org/10.1109/TASSP.1981.1163711>, equation 15).
const CUBIC: f64 = -0.5;

/// Steps to a pixel in which TensorFlow looks its cubic weights up (`kTableSize` in `tensorflow/core/kernels/image/resize_bicubic_op.cc`).
const TABLE: f64 = 1024.0;

/// Way in which numbers between numbers are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enlargement {
    /// Lines between pixel centres, edges repeated: OpenCV's `INTER_LINEAR`, PyTorch's `bilinear` with `align_corners=False`.
    #[default]
    Bilinear,
    /// Lines, corners to corners: SciPy's `zoom` with `order=1`.
    Corners,
    /// The number whose area holds the new one's corner: PyTorch's `nearest`.
    Nearest,
    /// Cubic curves between pixel centres, cut off at edges, as wide as shrinking asks for: Pillow's `BICUBIC`.
    Bicubic,
    /// The same curves in 1024 steps to a pixel and never wider: TensorFlow's `bicubic`.
    BicubicSteps,
}

impl Enlargement {
    /// First old place that counts for every new place of a side, and the weights from it on, whose sum is 1.
    fn taps(self, old: usize, new: usize) -> Vec<(usize, Vec<f32>)> {
        let scale = old as f64 / new as f64;
        let last = (old - 1) as f64;
        let linear = |at: f64| {
            let at = at.clamp(0.0, last);
            let (first, along) = (at.floor(), at.fract());
            if along == 0.0 {
                (first as usize, vec![1.0])
            } else {
                (first as usize, vec![(1.0 - along) as f32, along as f32])
            }
        };
        let tap = |place: usize| match self {
            Self::Bilinear => linear((place as f64 + 0.5) * scale - 0.5),
            Self::Corners => linear(if new > 1 { place as f64 * last / (new - 1) as f64 } else { 0.0 }),
            // In float32, as PyTorch has it: which side of a whole number a product falls on depends on it.
            Self::Nearest => (((place as f32 * (old as f32 / new as f32)) as usize).min(old - 1), vec![1.0]),
            Self::Bicubic => cubic_taps((place as f64 + 0.5) * scale - 0.5, scale.max(1.0), old),
            Self::BicubicSteps => {
                // In float32, as TensorFlow has it.
                let at = (place as f32 + 0.5) * (old as f32 / new as f32) - 0.5;
                let along = f64::from(at - at.floor());
                cubic_taps(f64::from(at.floor()) + (along * TABLE).round_ties_even() / TABLE, 1.0, old)
            }
        };
        (0..new).map(tap).collect()
    }
}

/// The cubic weights of the old places around `at`, for a kernel `width` times as wide; what lies outside is left out, and the rest
/// made up to 1.
fn cubic_taps(at: f64, width: f64, old: usize) -> (usize, Vec<f32>) {
    let first = (at - 2.0 * width).ceil().max(0.0) as usize;
    let end = ((at + 2.0 * width).floor() as usize + 1).min(old);
    let weights: Vec<f64> = (first..end).map(|place| cubic((place as f64 - at) / width)).collect();
    let sum: f64 = weights.iter().sum();
    (first, weights.into_iter().map(|weight| (weight / sum) as f32).collect())
}

/// The kernel of cubic convolution at a distance.
fn cubic(distance: f64) -> f64 {
    let x = distance.abs();
    if x < 1.0 {
        ((CUBIC + 2.0) * x - (CUBIC + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * CUBIC
    } else {
        0.0
    }
}

impl Plane {
    /// The plane at another size, by one of the ways.
    pub fn enlarge(&self, how: Enlargement, width: usize, height: usize) -> Self {
        let mut values = Vec::with_capacity(width * height);
        self.enlarged_rows(how, width, height, |_, row| values.extend_from_slice(row));
        Self { width, height, values }
    }

    /// The rows of the plane at another size, one after the other with its number: one of a large size is never whole in memory.
    pub(crate) fn enlarged_rows(
        &self,
        how: Enlargement,
        width: usize,
        height: usize,
        mut each: impl FnMut(usize, &[f32]),
    ) {
        if how == Enlargement::Bilinear {
            return self.resized_rows(width, height, each);
        }
        let (columns, rows) = (how.taps(self.width, width), how.taps(self.height, height));
        let weigh = |values: &mut dyn Iterator<Item = f32>, weights: &[f32]| -> f32 {
            let products = values.zip(weights).map(|(value, weight)| f64::from(value) * f64::from(*weight));
            products.sum::<f64>() as f32
        };
        let wide =
            |(first, weights): &(usize, Vec<f32>), row: &[f32]| weigh(&mut row[*first..].iter().copied(), weights);
        // The old rows at the new width: few, since maps are small.
        let old: Vec<f32> = self
            .values
            .chunks_exact(self.width.max(1))
            .flat_map(|row| columns.iter().map(move |column| wide(column, row)))
            .collect();
        let mut values = vec![0.0; width];
        for (row, (first, weights)) in rows.iter().enumerate() {
            for (column, value) in values.iter_mut().enumerate() {
                *value = weigh(&mut old[first * width + column..].iter().step_by(width).copied(), weights);
            }
            each(row, &values);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: &[f32], how: Enlargement, width: usize) -> Vec<f32> {
        Plane::new(values.len(), 1, values.to_vec()).enlarge(how, width, 1).values
    }

    fn close(found: &[f32], right: &[f32]) {
        let near = found.iter().zip(right).all(|(one, other)| (one - other).abs() < 1e-5);
        assert!(near && found.len() == right.len(), "{found:?} for {right:?}");
    }

    #[test]
    fn lines_are_as_the_libraries_enlarge_them() {
        let old = [0.0, 3.0, 1.0];
        // cv2.resize, scipy.ndimage.zoom(order=1), torch's interpolate(mode="nearest") and Pillow's resize(BICUBIC) of mode F.
        close(&line(&old, Enlargement::Bilinear, 5), &[0.0, 1.2, 3.0, 1.8, 1.0]);
        close(&line(&old, Enlargement::Corners, 5), &[0.0, 1.5, 3.0, 2.0, 1.0]);
        close(&line(&old, Enlargement::Nearest, 5), &[0.0, 0.0, 3.0, 3.0, 1.0]);
        close(&line(&old, Enlargement::Bicubic, 5), &[-0.226_415_1, 1.141_790_9, 3.0, 1.835_820_9, 0.849_056_6]);
        // TensorFlow's tf.image.resize(method="bicubic"): the same weights at the nearest 1/1024.
        close(&line(&old, Enlargement::BicubicSteps, 5), &[-0.226_576_7, 1.143_266_4, 3.0, 1.836_903_2, 0.848_948_8]);
    }

    #[test]
    fn shrinking_widens_pillows_kernel_alone() {
        let old = [0.0, 3.0, 1.0, 2.0, -4.0, 6.0, 7.0];
        close(&line(&old, Enlargement::Bicubic, 3), &[1.637_096_7, 0.202_686_2, 4.419_355]);
        close(&line(&old, Enlargement::BicubicSteps, 3), &[2.179_783_8, 2.0, 7.035_35]);
    }

    #[test]
    fn a_plane_is_a_line_of_lines_and_one_number_is_everywhere() {
        for how in [
            Enlargement::Bilinear,
            Enlargement::Corners,
            Enlargement::Nearest,
            Enlargement::Bicubic,
            Enlargement::BicubicSteps,
        ] {
            let down = [2.0, -1.0, 0.5, 4.0];
            let plane =
                Plane::new(3, 4, down.iter().flat_map(|&down| [0.0, 3.0, 1.0].map(|along| along * down)).collect());
            let (columns, rows) = (line(&[0.0, 3.0, 1.0], how, 7), line(&down, how, 5));
            let product: Vec<f32> =
                rows.iter().flat_map(|row| columns.iter().map(move |column| column * row)).collect();
            close(&plane.enlarge(how, 7, 5).values, &product);
            close(&Plane::new(1, 1, vec![3.0]).enlarge(how, 2, 3).values, &[3.0; 6]);
            close(&line(&down, how, 4), &down);
            assert_eq!(plane.enlarge(how, 1, 1).values.len(), 1);
        }
    }
}
