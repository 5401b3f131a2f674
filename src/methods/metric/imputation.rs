//! Noisy linear imputation: Rong et al. 2022, <https://arxiv.org/abs/2202.00449>, section 5.
//!
//! Each pixel that is missing is the mean of its eight neighbours, those beside it with weight 1/6 and those at its corners with 1/12, as far
//! as they are in the image; neighbours that are missing too are found by the same rule. That is a sparse system of linear equations,
//! symmetric and positive definite where any pixel is left; it is solved by conjugate gradients (Hestenes and Stiefel 1952).

/// Weights of neighbours at the corners and beside.
const CORNER: f32 = 1.0 / 12.0;
const BESIDE: f32 = 1.0 / 6.0;
/// Size of the residual, as a share of the right-hand side, that ends the search.
const TOLERANCE: f64 = 1e-6;
/// Steps after which the search ends in any case: far more than the largest hole of a network's input needs.
const MOST_STEPS: usize = 4000;

/// The equations of the missing pixels of a plane. All lists are row-major with a frame of one cell around the plane, which holds 0.
pub(super) struct Imputation {
    height: usize,
    width: usize,
    /// 1 where a pixel is missing.
    missing: Vec<f32>,
    /// Sum of the weights of the neighbours that are in the image.
    weights: Vec<f32>,
}

impl Imputation {
    /// The equations where `missing` `[height, width]` says so.
    pub(super) fn new(missing: &[bool], [height, width]: [usize; 2]) -> Self {
        let framed = |value: &dyn Fn(usize) -> f32| {
            let mut list = vec![0.0; (height + 2) * (width + 2)];
            for index in 0..height * width {
                list[(index / width + 1) * (width + 2) + index % width + 1] = value(index);
            }
            list
        };
        let inside = framed(&|_| 1.0);
        let mut equations = Self {
            height,
            width,
            missing: framed(&|index| if missing[index] { 1.0 } else { 0.0 }),
            weights: vec![0.0; inside.len()],
        };
        let mut weights = vec![0.0; inside.len()];
        equations.neighbours(&inside, &mut weights);
        equations.weights = weights;
        equations
    }

    /// A plane `[height, width]` with its missing pixels filled in; their mean colour stands for all where none is left.
    pub(super) fn fill(&self, plane: &mut [f32]) {
        let place = |index: usize| (index / self.width + 1) * (self.width + 2) + index % self.width + 1;
        let known: Vec<usize> = (0..plane.len()).filter(|&index| self.missing[place(index)] == 0.0).collect();
        let mean = |pixels: &mut dyn Iterator<Item = usize>| {
            let (sum, count) =
                pixels.fold((0.0, 0_usize), |(sum, count), index| (sum + f64::from(plane[index]), count + 1));
            (sum / count.max(1) as f64) as f32
        };
        if known.is_empty() {
            let mean = mean(&mut (0..plane.len()));
            plane.fill(mean);
            return;
        }
        // Differences from the mean, so that the search begins at a colour and not at black.
        let mean = mean(&mut known.iter().copied());
        let mut given = vec![0.0; self.missing.len()];
        known.iter().for_each(|&index| given[place(index)] = plane[index] - mean);
        let found = self.solve(&given);
        for (index, value) in plane.iter_mut().enumerate() {
            if self.missing[place(index)] == 1.0 {
                *value = mean + found[place(index)];
            }
        }
    }

    fn solve(&self, given: &[f32]) -> Vec<f32> {
        let mut x = vec![0.0; given.len()];
        let mut residual = vec![0.0; given.len()];
        self.neighbours(given, &mut residual);
        residual.iter_mut().zip(&self.missing).for_each(|(value, missing)| *value *= missing);
        let (mut way, mut image) = (residual.clone(), vec![0.0; given.len()]);
        let mut rest = dot(&residual, &residual);
        let enough = rest * TOLERANCE * TOLERANCE;
        for _ in 0..MOST_STEPS {
            if rest <= enough {
                break;
            }
            self.apply(&way, &mut image);
            let step = (rest / dot(&way, &image)) as f32;
            x.iter_mut().zip(&way).for_each(|(x, way)| *x += step * way);
            residual.iter_mut().zip(&image).for_each(|(residual, image)| *residual -= step * image);
            let next = dot(&residual, &residual);
            let share = (next / rest) as f32;
            way.iter_mut().zip(&residual).for_each(|(way, residual)| *way = residual + share * *way);
            rest = next;
        }
        x
    }

    /// What the equations say of `x`, which is 0 where nothing is missing.
    fn apply(&self, x: &[f32], image: &mut [f32]) {
        self.neighbours(x, image);
        for (((image, x), weight), missing) in image.iter_mut().zip(x).zip(&self.weights).zip(&self.missing) {
            *image = missing * (weight * x - *image);
        }
    }

    /// The weighted sum of each pixel's neighbours.
    fn neighbours(&self, x: &[f32], sums: &mut [f32]) {
        let line = self.width + 2;
        for row in 1..=self.height {
            let start = row * line + 1;
            let shifted = |from: usize| &x[from..from + self.width];
            let [above, here, below] = [start - line, start, start + line];
            let (above, below) =
                ([above - 1, above, above + 1].map(shifted), [below - 1, below, below + 1].map(shifted));
            let (left, right) = (shifted(here - 1), shifted(here + 1));
            for (column, sum) in sums[here..here + self.width].iter_mut().enumerate() {
                let beside = above[1][column] + below[1][column] + left[column] + right[column];
                let corners = above[0][column] + above[2][column] + below[0][column] + below[2][column];
                *sum = BESIDE * beside + CORNER * corners;
            }
        }
    }
}

/// The product of two lists, added up in double precision.
fn dot(one: &[f32], other: &[f32]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0_f64; LANES];
    let (pairs, rest) = (one.chunks_exact(LANES).zip(other.chunks_exact(LANES)), one.len() / LANES * LANES);
    for (one, other) in pairs {
        for lane in 0..LANES {
            sums[lane] += f64::from(one[lane] * other[lane]);
        }
    }
    sums.iter().sum::<f64>()
        + one[rest..].iter().zip(&other[rest..]).map(|(one, other)| f64::from(one * other)).sum::<f64>()
}
