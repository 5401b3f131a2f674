//! Numbers for people: as many digits as say something, however small a number is.
//!
//! ```
//! use convscope_core::digits::digits;
//!
//! let shown = [0.25, 12.3456, 123456.7, 0.00001234, 1e9, 0.0].map(digits);
//! assert_eq!(shown, ["0.2500", "12.35", "123457", "1.234e-5", "1.000e9", "0"]);
//! ```

/// Digits that are shown.
const SHOWN: i32 = 4;

/// Powers of ten between which numbers are written out.
const WRITTEN_OUT: std::ops::Range<i32> = -4..6;

/// A number with four significant digits; a very small or very large one with a power of ten.
pub fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return (value + 0.0).to_string();
    }
    let power = format!("{value:.*e}", SHOWN as usize - 1);
    // After rounding: 9.9999 has the power of 10.
    let exponent = power.rsplit_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    if WRITTEN_OUT.contains(&exponent) {
        format!("{value:.*}", usize::try_from(SHOWN - 1 - exponent).unwrap_or(0))
    } else {
        power
    }
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn small_numbers_keep_their_digits_and_large_ones_their_size() {
        let cases = [
            (1.0, "1.000"),
            (-0.5, "-0.5000"),
            (9.99996, "10.00"),
            (99_999.6, "100000"),
            (999_999.6, "1.000e6"),
            (0.000_123_456, "0.0001235"),
            (0.000_099_999, "0.0001000"),
            (0.000_099_99, "9.999e-5"),
            (-3.2e-12, "-3.200e-12"),
            (-0.0, "0"),
            (f64::INFINITY, "inf"),
        ];
        for (value, shown) in cases {
            assert_eq!(digits(value), shown);
        }
    }
}
