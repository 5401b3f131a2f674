//! The numbers under the cursor.

use convscope_core::preprocess::Region;
use convscope_page::{Layered, Numbers};
use yew::prelude::*;

use crate::words::{Words, key, use_words};

/// A place in the image: shares of its width and height, 0 to 1.
pub(crate) type Place = (f64, f64);

/// A map whose numbers are read.
#[derive(Clone, PartialEq)]
pub(crate) struct Reading {
    /// The key of what it is called; `None` where there is one map only.
    pub name: Option<&'static str>,
    /// Numbers of the map.
    pub numbers: Numbers,
    /// The part of its image that it lies on.
    pub region: Region,
    /// Size of that image in pixels.
    pub size: (u32, u32),
}

impl Reading {
    /// The numbers of what lies over an image.
    pub(crate) fn of(name: Option<&'static str>, layered: &Layered) -> Option<Self> {
        let numbers = layered.overlay.as_ref()?.numbers.clone();
        Some(Self { name, numbers, region: layered.region, size: layered.size })
    }

    /// The cell of the map that lies under a place, as column and row, and its number; `None` outside of what the network saw.
    pub(crate) fn at(&self, (x, y): Place) -> Option<(usize, usize, f32)> {
        let Region { x: left, y: top, width, height } = self.region;
        let cell = |place: f64, whole: u32, start: f32, length: f32, cells: usize| {
            let share = (place * f64::from(whole) - f64::from(start)) / f64::from(length);
            (0.0..1.0).contains(&share).then(|| ((share * cells as f64) as usize).min(cells.saturating_sub(1)))
        };
        let plane = self.numbers.plane();
        let column = cell(x, self.size.0, left, width, plane.width)?;
        let row = cell(y, self.size.1, top, height, plane.height)?;
        let value = *plane.values.get(row * plane.width + column)?;
        Some((column, row, value))
    }

    fn words(&self, words: &Words, place: Place) -> String {
        let told = match self.at(place) {
            None => words.say("readout-outside"),
            Some((column, row, value)) => words.with(
                "readout-cell",
                [
                    ("column", column.into()),
                    ("row", row.into()),
                    ("width", self.numbers.plane().width.into()),
                    ("height", self.numbers.plane().height.into()),
                    ("value", format!("{value:.3}").into()),
                ],
            ),
        };
        match self.name {
            None => told,
            Some(name) => words.with("readout-named", [("name", words.say(name).into()), ("told", told.into())]),
        }
    }
}

/// Properties of [`Readout`].
#[derive(Properties, PartialEq)]
pub(crate) struct ReadoutProps {
    /// Place of the cursor, if it is over an image.
    pub place: Option<Place>,
    /// Readings there.
    pub readings: Vec<Reading>,
}

/// One line of numbers, or how to get them.
#[component]
pub(crate) fn Readout(props: &ReadoutProps) -> Html {
    let words = use_words();
    let text = match (props.place, props.readings.first()) {
        (_, None) => String::new(),
        (None, _) => words.say(key("readout-hint")),
        (Some(place), Some(first)) => {
            let pixel = |share: f64, whole: u32| ((share * f64::from(whole)) as u32).min(whole.saturating_sub(1));
            let at = [("x", pixel(place.0, first.size.0).into()), ("y", pixel(place.1, first.size.1).into())];
            let told = props.readings.iter().map(|reading| reading.words(&words, place));
            std::iter::once(words.with("readout-pixel", at)).chain(told).collect::<Vec<_>>().join(" · ")
        }
    };
    html! { <p class="readout" data-testid="readout">{ text }</p> }
}
