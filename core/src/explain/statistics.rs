//! Statistics of lists of numbers: how they go together, how they are spread, and what shares they have.

/// Pearson's correlation of two lists of numbers of one length, -1 to 1; `None` where one of them is the same everywhere.
pub fn correlation<T: Copy + Into<f64>>(one: &[T], other: &[T]) -> Option<f64> {
    let mean = |values: &[T]| values.iter().map(|&value| value.into()).sum::<f64>() / values.len() as f64;
    let (one_mean, other_mean) = (mean(one), mean(other));
    let [mut product, mut one_square, mut other_square] = [0.0; 3];
    for (&a, &b) in one.iter().zip(other) {
        let (a, b) = (a.into() - one_mean, b.into() - other_mean);
        product += a * b;
        one_square += a * a;
        other_square += b * b;
    }
    let scale = (one_square * other_square).sqrt();
    (scale > 0.0).then(|| product / scale)
}

/// The number below which a share of all lies, 0 to 1, linear between neighbours, as NumPy's `percentile` has it; 0 of none.
pub fn percentile(values: &[f32], share: f64) -> f32 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let mut rising = values.to_vec();
    rising.sort_by(f32::total_cmp);
    let at = share.clamp(0.0, 1.0) * last as f64;
    let [below, above] = [at.floor(), at.ceil()].map(|at| f64::from(rising[at as usize]));
    (below + (above - below) * at.fract()) as f32
}

/// Powers of e, by the largest of which they are divided first, that add up to 1.
pub fn softmax(scores: &[f32]) -> Vec<f64> {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f64> = scores.iter().map(|&score| (f64::from(score) - f64::from(largest)).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_is_numpys() {
        let close = |found: Option<f64>, expected: f64| {
            assert!(found.is_some_and(|found| (found - expected).abs() < 1e-12), "{found:?} is not {expected}");
        };
        // np.corrcoef([1, 2, 3, 4], [1, 3, 2, 5])[0, 1]
        close(correlation(&[1.0_f32, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 5.0]), 0.831_521_840_620_299_9);
        close(correlation(&[1.0_f64, 2.0, 3.0], &[-3.0, -5.0, -7.0]), -1.0);
        assert_eq!(correlation(&[1.0_f32, 1.0], &[0.0, 1.0]), None);
        assert_eq!(correlation::<f32>(&[], &[]), None);
    }

    #[test]
    fn softmax_is_scipys_and_does_not_overflow() {
        // scipy.special.softmax([1, 2, 4])
        let expected = [0.042_010_066, 0.114_195_199, 0.843_794_734];
        for by in [0.0, 1000.0, -1000.0] {
            let found = softmax(&[1.0, 2.0, 4.0].map(|score: f32| score + by));
            assert!(found.iter().zip(expected).all(|(found, right)| (found - right).abs() < 1e-9), "{found:?}");
        }
        assert!(softmax(&[]).is_empty());
    }

    #[test]
    fn percentiles_are_numpys() {
        // np.percentile([4, -2, 1, 0], [0, 10, 50, 90, 100])
        let values = [4.0, -2.0, 1.0, 0.0];
        for (share, expected) in [(0.0, -2.0), (0.1, -1.4), (0.5, 0.5), (0.9, 3.1), (1.0, 4.0), (1.5, 4.0)] {
            assert!((percentile(&values, share) - expected).abs() < 1e-6, "{share}");
        }
        assert_eq!((percentile(&[7.0], 0.3), percentile(&[], 0.3)), (7.0, 0.0));
    }
}
