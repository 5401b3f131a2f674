//! Confusion table: labels against the classes that images are taken for.

use std::collections::BTreeMap;

use super::Row;

/// Table of how many images of each label are taken for each class, right ones too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Labels, by name; images without one are of none.
    pub labels: Vec<Option<String>>,
    /// Classes that any image is taken for: first those that are also a label, in the order of the labels, then others, the most frequent
    /// first.
    pub classes: Vec<String>,
    /// Images of each label that are taken for each class, `[labels, classes]`, row by row.
    pub counts: Vec<usize>,
}

impl Confusion {
    /// That of all rows with findings.
    pub fn of(rows: &[Row]) -> Self {
        let mut pairs: BTreeMap<(Option<&str>, usize), usize> = BTreeMap::new();
        let mut classes: BTreeMap<usize, (&str, usize)> = BTreeMap::new();
        // The label that means a class, where one does.
        let mut places: BTreeMap<usize, Option<&str>> = BTreeMap::new();
        for row in rows {
            let Some(found) = &row.found else { continue };
            let label = row.truth.as_deref();
            *pairs.entry((label, found.predicted)).or_default() += 1;
            classes.entry(found.predicted).or_insert((&found.name, 0)).1 += 1;
            if let Some(index) = row.truth_index {
                places.insert(index, label);
            }
        }
        let mut labels: Vec<Option<&str>> = pairs.keys().map(|(label, _)| *label).collect();
        // Those without one at the end.
        labels.sort_by_key(|label| (label.is_none(), *label));
        labels.dedup();
        let mut order: Vec<usize> = classes.keys().copied().collect();
        let place = |class: &usize| places.get(class).and_then(|label| labels.iter().position(|one| one == label));
        order.sort_by_key(|class| (place(class).unwrap_or(usize::MAX), std::cmp::Reverse(classes[class].1), *class));
        let count = |label: &Option<&str>, class: &usize| pairs.get(&(*label, *class)).copied().unwrap_or_default();
        Self {
            counts: labels.iter().flat_map(|label| order.iter().map(move |class| count(label, class))).collect(),
            classes: order.iter().map(|class| classes[class].0.to_owned()).collect(),
            labels: labels.into_iter().map(|label| label.map(str::to_owned)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::row::tests::row;

    #[test]
    fn labels_are_rows_and_classes_are_columns_in_their_order() {
        let without = Row { truth: None, truth_index: None, ..row(1, 7, 0.5) };
        let rows =
            [row(1, 2, 0.5), row(1, 1, 0.5), row(1, 9, 0.5), row(2, 2, 0.5), row(2, 7, 0.5), row(1, 2, 0.5), without];
        let table = Confusion::of(&rows);
        assert_eq!(table.labels, [Some("class 1".into()), Some("class 2".into()), None]);
        assert_eq!(table.classes, ["class 1", "class 2", "class 7", "class 9"]);
        assert_eq!(table.counts, [1, 2, 0, 1, 0, 1, 1, 0, 0, 0, 1, 0]);
        assert_eq!(Confusion::of(&[Row::default()]), Confusion::default());
    }
}
