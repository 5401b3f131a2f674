//! Means with intervals.

/// Mean of some numbers, and how far to both sides of it the mean of all such numbers lies with 95 % certainty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interval {
    pub(super) mean: f64,
    /// None of a single number.
    pub(super) half: Option<f64>,
    pub(super) count: usize,
}

/// The 97.5 % quantiles of Student's distribution of 1 to 30 degrees of freedom.
const STUDENT: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
    2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];

impl Interval {
    /// That of some numbers by Student's distribution; none of no numbers.
    pub(super) fn of(values: &[f64]) -> Option<Self> {
        let count = values.len();
        let mean = values.iter().sum::<f64>() / count as f64;
        let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        let half = |freedom: usize| student(freedom) * (squares / freedom as f64 / count as f64).sqrt();
        let half = count.checked_sub(1).filter(|&freedom| freedom > 0).map(half);
        (count > 0).then_some(Self { mean, half, count })
    }
}

/// The 97.5 % quantile; of many degrees of freedom by the expansion of Cornish and Fisher 1938, right to three digits.
fn student(freedom: usize) -> f64 {
    const NORMAL: f64 = 1.959_964;
    let expanded = || {
        let [one, two] = [freedom as f64, (freedom * freedom) as f64];
        let cubed = NORMAL.powi(3);
        NORMAL + (cubed + NORMAL) / (4.0 * one) + (5.0 * NORMAL.powi(5) + 16.0 * cubed + 3.0 * NORMAL) / (96.0 * two)
    };
    freedom.checked_sub(1).and_then(|index| STUDENT.get(index).copied()).unwrap_or_else(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_student() {
        // Student's sleep data (1908), the gain of ten people by the second drug over the first: R's t.test gives .7001142 to 2.4598858.
        let gains = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
        let found = Interval::of(&gains).unwrap();
        assert!((found.mean - 1.58).abs() < 1e-9 && (found.half.unwrap() - 0.879_885_8).abs() < 2e-4, "{found:?}");
        assert_eq!(Interval::of(&[2.0]), Some(Interval { mean: 2.0, half: None, count: 1 }));
        assert_eq!(Interval::of(&[]), None);
        assert_eq!(Interval::of(&[0.5, 0.5]).unwrap().half, Some(0.0));
    }

    #[test]
    fn quantiles_go_on_smoothly() {
        // Tables: 2.0395 of 31, 2.0003 of 60, 1.9799 of 120 degrees of freedom.
        for (freedom, quantile) in [(31, 2.0395), (60, 2.0003), (120, 1.9799)] {
            assert!((student(freedom) - quantile).abs() < 1e-3, "{freedom}: {}", student(freedom));
        }
    }
}
