//! A grid of maps in words: what its rows and columns are called, what its cells say, and what a saved one says of itself.

use convscope_core::card::LayersAsked;
use convscope_page::{Axis, Cell, CellNumbers, Paint, State};

use super::images::title;
use super::percent;
use crate::words::{Words, key};

/// The key of what differs.
pub(super) fn axis_title(axis: Axis) -> &'static str {
    match axis {
        Axis::Class => key("grid-classes"),
        Axis::Layer => key("layers"),
        Axis::Method => key("techniques"),
        Axis::Convention => key("grid-conventions"),
        Axis::Model => key("grid-models"),
        Axis::Codec => key("grid-codecs"),
        Axis::Image => key("grid-images"),
    }
}

/// What one of the rows or the columns is called.
pub(super) fn name(state: &State, words: &Words, axis: Axis, value: &str) -> String {
    match axis {
        Axis::Class => {
            let class = value.parse().ok().and_then(|index| state.image.class(index));
            class.map_or_else(|| value.to_owned(), |class| words.class_title(&class.name))
        }
        Axis::Layer => words.layer_title(value),
        Axis::Method => {
            let card = state.model.methods.iter().find(|card| card.id == value);
            card.map_or_else(|| value.to_owned(), |card| words.method_title(card))
        }
        Axis::Convention => words.convention_title(value),
        Axis::Model => {
            let entry = state.model.list.iter().find(|entry| entry.id == value);
            entry.map_or_else(|| value.to_owned(), |entry| entry.name.clone())
        }
        Axis::Codec => value.to_owned(),
        Axis::Image => {
            let mut all = state.image.photo.iter().chain(&state.image.tray);
            let photo = all.find(|photo| photo.serial.to_string() == value);
            photo.map_or_else(String::new, |photo| title(words, &photo.name))
        }
    }
}

/// Words above each cell of a saved grid, row by row; none while it is closed.
pub fn captions(state: &State, words: &Words) -> Vec<String> {
    let Some(gridded) = state.gridded() else { return vec![] };
    let paint = Paint::Heat(state.explanation.colormap);
    let [rows, columns] = &gridded.values;
    let cells = rows.iter().flat_map(|row| columns.iter().map(move |column| [row, column]));
    let caption = |([row, column], cell): ([&String; 2], &Cell)| {
        let [row, column] = [(0, row), (1, column)].map(|(side, value)| name(state, words, gridded.axes[side], value));
        let told = told(words, cell, &cell.numbers(paint, gridded.difference), None);
        format!("{row} · {column} · {told}")
    };
    cells.zip(&gridded.cells).map(caption).collect()
}

/// What a cell says below its image: the number under the cursor, or how it differs from the first.
pub(super) fn told(words: &Words, cell: &Cell, numbers: &CellNumbers, under: Option<f32>) -> String {
    if let Some(value) = under {
        return format!("{value:.3}");
    }
    if let Some(why) = &cell.failed {
        return words.tell(why);
    }
    match (&cell.map, numbers.largest) {
        (None, _) if cell.comes => "…".into(),
        (None, _) => words.say("grid-none"),
        (Some(map), _) if map.blank.is_some() => words.say("blank"),
        (Some(_), None) => words.say("grid-first"),
        (Some(_), Some(largest)) => {
            let correlation = numbers.correlation.map_or_else(|| "–".into(), |one| format!("{one:.2}"));
            let values = [("correlation", correlation.into()), ("largest", percent(largest).into())];
            let differs = words.with("grid-differs", values);
            match &cell.layer {
                Some(layer) => format!("{differs} · {}", words.layer_title(layer)),
                None => differs,
            }
        }
    }
}

/// What is the same in all cells, where a method has such.
fn same(state: &State, words: &Words, axis: Axis) -> Option<String> {
    let card = state.card()?;
    match axis {
        Axis::Class => Some(state.explained_now()?.name(|name| words.class(name))),
        Axis::Layer => {
            let layer = state.explanation.layer.as_ref().filter(|_| card.asks.layers != LayersAsked::None)?;
            Some(words.layer_title(layer))
        }
        Axis::Method => Some(words.method_title(card)),
        Axis::Convention => {
            let form = state.explanation.form(&card.id);
            let convention = form.convention(card);
            (!convention.is_empty()).then(|| words.convention_title(convention))
        }
        Axis::Model => Some(state.model.ready.as_ref()?.name.clone()),
        // It is said with the model.
        Axis::Codec => None,
        Axis::Image => state.image.photo.as_ref().map(|photo| title(words, &photo.name)),
    }
}

/// The lines below a saved grid; none while it is closed.
pub(super) fn lines(state: &State, words: &Words) -> Option<Vec<String>> {
    let axes = state.gridded()?.axes;
    let others = Axis::ALL.into_iter().filter(|axis| !axes.contains(axis));
    let same: Vec<String> = others.filter_map(|axis| same(state, words, axis)).collect();
    let [rows, columns] = axes.map(|axis| words.say(axis_title(axis)));
    let values = [("rows", rows.into()), ("columns", columns.into()), ("same", words.list(&same).into())];
    let less = state.grid.difference.then(|| words.say("grid-caption-difference"));
    let first = [Some(words.with("grid-caption", values)), less].into_iter().flatten().collect::<Vec<_>>();
    Some(vec![words.join(&first), words.say("grid-scale")])
}
