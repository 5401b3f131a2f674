//! Rules for integrals from 0 to 1.

use crate::named;

/// Rule for an integral from 0 to 1: where it is sampled, and with which weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quadrature {
    /// Gauss and Legendre: exact for polynomials up to the degree `2 n - 1`.
    GaussLegendre,
    /// Left ends of `n` equal parts.
    Left,
    /// Right ends of `n` equal parts, as in the paper's equation 3.
    Right,
    /// Middles of `n` equal parts.
    Middle,
    /// Ends of `n - 1` equal parts, the outer two counted half; of one point, the middle.
    Trapezoid,
}

named!(Quadrature {
    GaussLegendre = "gauss_legendre", "Gauss-Legendre points, the most exact";
    Left = "left", "Left ends of equal parts";
    Right = "right", "Right ends of equal parts, as in the paper";
    Middle = "middle", "Middles of equal parts";
    Trapezoid = "trapezoid", "Both ends of equal parts";
});

impl Quadrature {
    /// `count` pairs of a point from 0 to 1 and its weight; the weights add up to 1.
    pub(super) fn points(self, count: usize) -> Vec<(f64, f64)> {
        let part = 1.0 / count as f64;
        let equal = |shift: f64| (0..count).map(|index| ((index as f64 + shift) * part, part)).collect();
        match self {
            Self::GaussLegendre => (0..count).map(|index| gauss_legendre(index, count)).collect(),
            Self::Left => equal(0.0),
            Self::Right => equal(1.0),
            Self::Trapezoid if count > 1 => {
                let part = 1.0 / (count - 1) as f64;
                let weight = |index| if index == 0 || index == count - 1 { part / 2.0 } else { part };
                (0..count).map(|index| (index as f64 * part, weight(index))).collect()
            }
            Self::Middle | Self::Trapezoid => equal(0.5),
        }
    }
}

/// The point of that index, the smallest first, of `count`: a root of the Legendre polynomial by Newton's method from the usual
/// first guess (Abramowitz and Stegun 1964, 25.4.29 and 22.16.6), from -1..1 brought to 0..1.
fn gauss_legendre(index: usize, count: usize) -> (f64, f64) {
    let mut x = -(std::f64::consts::PI * (index as f64 + 0.75) / (count as f64 + 0.5)).cos();
    for _ in 0..STEPS {
        let (value, slope) = legendre(count, x);
        x -= value / slope;
    }
    let (_, slope) = legendre(count, x);
    ((1.0 + x) / 2.0, 1.0 / ((1.0 - x * x) * slope * slope))
}

/// More than Newton's method takes from that guess to the last bit.
const STEPS: usize = 12;

/// The Legendre polynomial of that degree, and its derivative.
fn legendre(degree: usize, x: f64) -> (f64, f64) {
    let (mut before, mut value) = (1.0, x);
    for n in 2..=degree {
        let n = n as f64;
        (before, value) = (value, ((2.0 * n - 1.0) * x * value - (n - 1.0) * before) / n);
    }
    (value, degree as f64 * (x * value - before) / (x * x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_weights_of_gauss_and_legendre_are_the_tables() {
        // Abramowitz and Stegun 1964, table 25.4, brought from -1..1 to 0..1.
        let table: [&[(f64, f64)]; 3] = [
            &[(0.5, 1.0)],
            &[(0.211_324_865_405_187, 0.5), (0.788_675_134_594_813, 0.5)],
            &[(0.112_701_665_379_258, 5.0 / 18.0), (0.5, 8.0 / 18.0), (0.887_298_334_620_742, 5.0 / 18.0)],
        ];
        for expected in table {
            for ((x, weight), (right, heavy)) in Quadrature::GaussLegendre.points(expected.len()).iter().zip(expected) {
                assert!((x - right).abs() < 1e-14 && (weight - heavy).abs() < 1e-14, "{x} {weight}");
            }
        }
    }

    #[test]
    fn gauss_legendre_is_exact_up_to_its_degree_and_weights_add_up() {
        for count in [1, 2, 3, 7, 50, 64, 301] {
            for rule in Quadrature::ALL {
                let points = rule.points(count);
                assert_eq!(points.len(), count);
                assert!((points.iter().map(|(_, weight)| weight).sum::<f64>() - 1.0).abs() < 1e-12, "{rule:?} {count}");
                assert!(points.is_sorted_by(|(one, _), (other, _)| one < other), "{rule:?} {count}");
            }
            for degree in [0, 1, 2 * count - 1] {
                let power = |(x, weight): &(f64, f64)| weight * x.powi(degree as i32);
                let integral: f64 = Quadrature::GaussLegendre.points(count).iter().map(power).sum();
                assert!((integral * (degree + 1) as f64 - 1.0).abs() < 1e-11, "{count} {degree}: {integral}");
            }
        }
    }

    #[test]
    fn integrals_of_pairs_case_are_exact() {
        // PAIR's saliency: f = 5 x + y^2 + sin z from (.5, 1, 1) to (1, 2, 3): 2.5, 3, sin 3 - sin 1.
        let integral = |from: f64, to: f64, slope: fn(f64) -> f64| {
            let points = Quadrature::GaussLegendre.points(20);
            (to - from) * points.iter().map(|(x, weight)| weight * slope(from + x * (to - from))).sum::<f64>()
        };
        assert!((integral(0.5, 1.0, |_| 5.0) - 2.5).abs() < 1e-12);
        assert!((integral(1.0, 2.0, |y| 2.0 * y) - 3.0).abs() < 1e-12);
        assert!((integral(1.0, 3.0, f64::cos) - (3_f64.sin() - 1_f64.sin())).abs() < 1e-12);
    }

    #[test]
    fn equal_parts_have_their_ends_and_middles() {
        assert_eq!(Quadrature::Left.points(4)[1], (0.25, 0.25));
        assert_eq!(Quadrature::Right.points(4)[3], (1.0, 0.25));
        assert_eq!(Quadrature::Middle.points(2), [(0.25, 0.5), (0.75, 0.5)]);
        assert_eq!(Quadrature::Trapezoid.points(3), [(0.0, 0.25), (0.5, 0.5), (1.0, 0.25)]);
        assert_eq!(Quadrature::Trapezoid.points(1), [(0.5, 1.0)]);
    }
}
