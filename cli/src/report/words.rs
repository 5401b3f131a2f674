//! Words of the report about each map.

use convscope::explain::{AttributionMap, Extent, Place, Spread};

/// Words for what the heat of a map covers.
pub(super) fn covers(map: &AttributionMap, signed: bool) -> String {
    let Some(extent) = Extent::of(&map.normalised) else {
        return "There is nothing that speaks for the class to see.".into();
    };
    let share = format!("{:.0} % of what the network saw", 100.0 * extent.half);
    let region = match extent.spread {
        Spread::One(at) => format!("half of the heat lies {}, on {share}", place(at)),
        Spread::Two(at, other) => format!("half of the heat lies {} and {}, on {share}", place(at), place(other)),
        Spread::Many => format!("half of the heat is spread over {share}"),
    };
    let mut words = match extent.peak {
        Some(peak) => format!("The map is brightest {}; {region}.", place(peak)),
        None => "The heat is even: no place is brighter than the others.".into(),
    };
    if signed {
        let against = map.signed.values.iter().filter(|&&value| value < 0.0).count();
        let share = 100.0 * against as f64 / map.signed.values.len() as f64;
        words.push_str(&format!(" {share:.0} % of it speaks against the class."));
    }
    words
}

/// Words for a part of the image.
fn place(Place { row, column }: Place) -> &'static str {
    const PLACES: [[&str; 3]; 3] = [
        ["at the top left", "at the top", "at the top right"],
        ["on the left", "in the middle", "on the right"],
        ["at the bottom left", "at the bottom", "at the bottom right"],
    ];
    PLACES[row][column]
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
        assert!(
            right.starts_with("The map is brightest on the right; half of the heat lies on the right, on 33 %"),
            "{right}"
        );
        let signed = covers(&map(&[-1.0, 2.0, -1.0]), true);
        assert!(
            signed.contains("brightest in the middle;") && signed.contains("67 % of it speaks against"),
            "{signed}"
        );
        let two = covers(&map(&[1.0, 0.0, 0.9]), false);
        assert!(two.contains("brightest on the left; half of the heat lies on the left"), "{two}");
        assert!(covers(&map(&[1.0, 1.0, 1.0]), false).contains("even"));
        assert!(covers(&map(&[-1.0, -1.0, -1.0]), false).contains("nothing"));
    }
}
