//! Images of a survey that are shown, and their order.

use convscope_core::survey::{Row, SURE};

/// Which images are shown; without a choice all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of that label, or of none.
    pub label: Option<Option<String>>,
    /// Those that are taken for that class.
    pub class: Option<String>,
    /// Those that are right, or wrong.
    pub right: Option<bool>,
    /// Those of which the model is sure, or not.
    pub sure: Option<bool>,
}

impl Filter {
    fn has(&self, row: &Row) -> bool {
        let found = row.found.as_ref();
        let label = self.label.as_ref().is_none_or(|label| *label == row.truth);
        let class = self.class.as_ref().is_none_or(|class| found.is_some_and(|found| found.name == *class));
        let right = self.right.is_none_or(|right| row.is_right() == Some(right));
        let sure = self.sure.is_none_or(|sure| found.is_some() && (row.probability() >= Some(SURE)) == sure);
        label && class && right && sure
    }
}

/// Places of the rows that are shown: first those that are wrong, the surest first, then those of which nothing is known, then the right
/// ones, and last those without findings.
pub fn gallery(rows: &[Row], filter: &Filter) -> Vec<usize> {
    let done = |row: &Row| row.found.is_some() || row.error.is_some();
    let mut shown: Vec<usize> = (0..rows.len()).filter(|&at| done(&rows[at]) && filter.has(&rows[at])).collect();
    let group = |row: &Row| match (&row.found, row.is_right()) {
        (None, _) => 3,
        (_, Some(false)) => 0,
        (_, None) => 1,
        (_, Some(true)) => 2,
    };
    let sure = |row: &Row| row.probability().unwrap_or(0.0);
    shown.sort_by(|&one, &other| {
        let (one, other) = (&rows[one], &rows[other]);
        // Of the right ones those of which it is least sure tell more.
        let by = sure(other).total_cmp(&sure(one));
        group(one).cmp(&group(other)).then(if group(one) == 2 { by.reverse() } else { by })
    });
    shown
}
