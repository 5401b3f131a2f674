//! Agreement of two models on the same images.

use super::row::{Found, Row};
use crate::explain::correlation;
use crate::share::Share;

/// What two models make of the same images.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement<'a> {
    /// How many images both take for the same class, by its name.
    pub same: Share,
    /// The others, those that both are surest of first.
    pub parted: Vec<&'a Row>,
    /// Images of one class for both, with the correlation of the two maps; the least first.
    pub moved: Vec<(&'a Row, f64)>,
}

impl Found {
    /// The correlation of both maps; none where one of them is even.
    pub fn correlation(&self, other: &Self) -> Option<f64> {
        correlation(&self.numbers(), &other.numbers())
    }
}

impl<'a> Agreement<'a> {
    /// That of all images; none where one model was asked.
    pub fn of(rows: &'a [Row]) -> Option<Self> {
        let pairs: Vec<(&Row, &Found, &Found)> =
            rows.iter().filter_map(|row| Some((row, row.found.as_ref()?, row.other.as_ref()?))).collect();
        let (same, parted): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(_, one, other)| one.name == other.name);
        let share = Share::of(same.len(), same.len() + parted.len())?;
        let sure = |(_, one, other): &(&Row, &Found, &Found)| {
            one.probability.unwrap_or(0.0).min(other.probability.unwrap_or(0.0))
        };
        let mut parted = parted;
        parted.sort_by(|one, other| sure(other).total_cmp(&sure(one)));
        let mut moved: Vec<(&Row, f64)> =
            same.iter().filter_map(|(row, one, other)| Some((*row, one.correlation(other)?))).collect();
        moved.sort_by(|one, other| one.1.total_cmp(&other.1));
        Some(Self { same: share, parted: parted.into_iter().map(|(row, ..)| row).collect(), moved })
    }

    /// The median correlation of the maps of one class; none where there are none.
    pub fn median(&self) -> Option<f64> {
        let middle = self.moved.len() / 2;
        Some(self.moved.get(middle)?.1)
    }
}
