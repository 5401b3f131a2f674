//! Adds up what test runners say at their end.

use std::fmt;
use std::ops::AddAssign;

/// The mark a test prints on a line of its own, once, when it does not run for want of something.
pub const SKIPPED: &str = "SKIPPED:";

/// Numbers of tests that passed, failed, and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Ran and passed.
    pub passed: usize,
    /// Ran and failed.
    pub failed: usize,
    /// Did not run: ignored, or said `SKIPPED:`.
    pub skipped: usize,
}

impl Tally {
    /// Takes in one line of a runner's output.
    pub fn read(&mut self, line: &str) {
        let line = line.trim();
        if line.starts_with(SKIPPED) {
            // The runner counts it as passed, in a closing line that comes later or has come.
            self.skipped += 1;
        }
        if let Some(closing) = line.strip_prefix("test result: ") {
            self.passed += number_before(closing, " passed");
            self.failed += number_before(closing, " failed");
            self.skipped += number_before(closing, " ignored");
        }
        // Python's unittest: `Ran 12 tests in 3.2s`, then `OK (skipped=1)` or `FAILED (failures=1, errors=2)`.
        if line.starts_with("Ran ") && line.contains(" in ") {
            self.passed += number_before(line, " test");
        }
        if let Some(marks) = line.strip_prefix("OK (").or_else(|| line.strip_prefix("FAILED (")) {
            let failed = number_after(marks, "failures=") + number_after(marks, "errors=");
            let skipped = number_after(marks, "skipped=");
            self.failed += failed;
            self.skipped += skipped;
            self.passed = self.passed.saturating_sub(failed + skipped);
        }
    }

    /// The counts of a whole output.
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut tally = Self::default();
        let mut marked = 0;
        for line in lines {
            tally.read(line);
            marked += usize::from(line.trim().starts_with(SKIPPED));
        }
        tally.passed = tally.passed.saturating_sub(marked);
        tally
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// The number that ends where `word` begins: `3` in `ok. 3 passed; ..` for ` passed`.
fn number_before(text: &str, word: &str) -> usize {
    let digits = text.split(word).next().filter(|before| before.len() < text.len());
    digits.and_then(|before| before.rsplit(' ').next()?.parse().ok()).unwrap_or(0)
}

/// The number that begins where `word` ends: `2` in `failures=1, errors=2)` for `errors=`.
fn number_after(text: &str, word: &str) -> usize {
    let behind = text.split_once(word).map(|(_, behind)| behind).unwrap_or_default();
    let end = behind.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(behind.len());
    behind[..end].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closings_are_added_up() {
        let output = "running 3 tests\ntest a ... ok\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 9.00s\n";
        assert_eq!(Tally::of(output.lines()), Tally { passed: 13, failed: 2, skipped: 1 });
    }

    #[test]
    fn pythons_closings_are_added_up_too() {
        let of = |output: &str| Tally::of(output.lines());
        let whole = "Ran 12 tests in 3.211s\n\nOK\n";
        assert_eq!(of(whole), Tally { passed: 12, failed: 0, skipped: 0 });
        assert_eq!(of("Ran 1 test in 0.1s\n\nOK (skipped=1)\n"), Tally { passed: 0, failed: 0, skipped: 1 });
        let broken = "Ran 12 tests in 3.2s\n\nFAILED (failures=1, errors=2, skipped=3)\n";
        assert_eq!(of(broken), Tally { passed: 6, failed: 3, skipped: 3 });
    }

    #[test]
    fn a_test_that_says_it_skipped_did_not_pass() {
        let output = "SKIPPED: no GPU\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured\n";
        let tally = Tally::of(output.lines());
        assert_eq!(tally.to_string(), "1 passed, 0 failed, 1 skipped");
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(Tally::of(["5 passed", "test skipped ... ok", "said SKIPPED: once"]), Tally::default());
    }
}
