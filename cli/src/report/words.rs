//! Words of the report about each map.

use convscope::explain::{AttributionMap, Extent};

/// Words for what the heat of a map covers.
pub(super) fn covers(map: &AttributionMap, signed: bool) -> String {
    let Some(extent) = Extent::of(&map.normalised) else {
        return "There is nothing that speaks for the class to see.".into();
    };
    let row = ["the top", "the middle", "the bottom"][extent.row];
    let column = ["left", "centre", "right"][extent.column];
    let place = if (extent.row, extent.column) == (1, 1) { "the middle".into() } else { format!("{row}, {column}") };
    let mut words = format!(
        "The weight of the heat lies at {place}; half of it lies on {:.0} % of what the network saw.",
        100.0 * extent.half
    );
    if signed {
        let against = map.signed.values.iter().filter(|&&value| value < 0.0).count();
        let share = 100.0 * against as f64 / map.signed.values.len() as f64;
        words.push_str(&format!(" {share:.0} % of it speaks against the class."));
    }
    words
}

/// A class's name as people write it: the files of labels have underscores.
pub(super) fn human(name: &str) -> String {
    name.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use convscope::explain::{Evidence, Score};

    use super::*;

    #[test]
    fn maps_are_said_in_words() {
        let map = |values: &[f32]| {
            AttributionMap::new("l".into(), [3, 1], values.to_vec(), Evidence::Weights(&[1.0]), Score::Logit)
        };
        let right = covers(&map(&[0.0, 0.0, 1.0]), false);
        assert!(right.contains("right") && right.contains("33 %"), "{right}");
        let signed = covers(&map(&[-1.0, 2.0, -1.0]), true);
        assert!(signed.contains("at the middle;") && signed.contains("67 % of it speaks against"), "{signed}");
        assert!(covers(&map(&[-1.0, -1.0, -1.0]), false).contains("nothing"));
    }
}
