//! Words for where a map's heat lies.

use convscope_core::explain::{AttributionMap, Extent, Place, Spread};

use super::percent;
use crate::words::{Words, key};

/// Sentence that says where a map is brightest and where half of its heat lies, or of a map with its sign what is strongest on either
/// side; nothing where there is nothing to see.
pub(super) fn lies(words: &Words, map: &AttributionMap, signs: bool) -> Option<String> {
    if signs { sides(words, map) } else { Extent::of(&map.normalised).map(|extent| heat(words, extent)) }
}

fn heat(words: &Words, Extent { peak, half, spread }: Extent) -> String {
    let Some(peak) = peak else { return words.say("caption-heat-even") };
    let values = [("peak", words.say(place(peak)).into()), ("share", percent(half).into())];
    let at = |name, part| (name, words.say(place(part)).into());
    match spread {
        Spread::One(part) if part == peak => words.with("caption-heat-there", values),
        Spread::One(part) => words.with("caption-heat-one", values.into_iter().chain([at("place", part)])),
        Spread::Two(part, other) => {
            words.with("caption-heat-two", values.into_iter().chain([at("place", part), at("other", other)]))
        }
        Spread::Many => words.with("caption-heat-many", values),
    }
}

fn sides(words: &Words, map: &AttributionMap) -> Option<String> {
    let place = |extent: Extent| words.say(extent.peak.map_or(key("place-everywhere"), place));
    match Extent::of_signs(&map.signed) {
        [Some(above), Some(below)] => {
            let values = [("above", place(above).into()), ("below", place(below).into())];
            Some(words.with("caption-signs", values))
        }
        [Some(above), None] => Some(words.with("caption-signs-for", [("above", place(above).into())])),
        [None, Some(below)] => Some(words.with("caption-signs-against", [("below", place(below).into())])),
        [None, None] => None,
    }
}

/// The key of what a part of the image is called.
fn place(Place { row, column }: Place) -> &'static str {
    const PLACES: [[&str; 3]; 3] = [
        [key("place-top-left"), key("place-top-centre"), key("place-top-right")],
        [key("place-middle-left"), key("place-middle-centre"), key("place-middle-right")],
        [key("place-bottom-left"), key("place-bottom-centre"), key("place-bottom-right")],
    ];
    PLACES[row][column]
}
