//! Shares of things of which something is so, with what that says of all such things.

use serde::{Deserialize, Serialize};

/// The 97.5 % quantile of the normal distribution.
const NORMAL: f64 = 1.959_964;

/// How often something is so, with the 95 % interval of Wilson 1927 for how often it is so of all such things.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Things of which it is so.
    pub count: usize,
    /// All of them.
    pub of: usize,
    /// Between which shares that of all such things lies, as a rule.
    pub interval: [f64; 2],
}

impl Share {
    /// That of some things; none of no things.
    pub fn of(count: usize, of: usize) -> Option<Self> {
        let [k, n] = [count as f64, of as f64];
        let (share, squared) = (k / n, NORMAL * NORMAL);
        let middle = (share + squared / (2.0 * n)) / (1.0 + squared / n);
        let half = NORMAL / (1.0 + squared / n) * (share * (1.0 - share) / n + squared / (4.0 * n * n)).sqrt();
        (of > 0).then_some(Self { count, of, interval: [(middle - half).max(0.0), (middle + half).min(1.0)] })
    }

    /// The share itself, 0 to 1.
    pub fn share(&self) -> f64 {
        self.count as f64 / self.of as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_wilsons() {
        // R: prop.test(8, 10, correct = FALSE) gives 0.4901625 to 0.9433178; of 0 of 10, 0 to 0.2775328.
        let share = Share::of(8, 10).expect("a share");
        assert!((share.interval[0] - 0.490_162_5).abs() < 1e-6 && (share.interval[1] - 0.943_317_8).abs() < 1e-6);
        let none = Share::of(0, 10).expect("a share");
        assert!(none.interval[0] < 1e-12 && (none.interval[1] - 0.277_532_8).abs() < 1e-6, "{none:?}");
        assert_eq!(Share::of(0, 0), None);
    }
}
