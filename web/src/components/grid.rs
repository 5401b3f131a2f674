//! Grid of maps: two choices against each other, with one cursor, and what differs from the first.

use convscope_core::render::Colormap;
use convscope_page::{Axis, Cell, GridAction, Gridded, Layered, Paint, State};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::grid_words::{axis_title, name, told};
use super::readout::{Place, Reading};
use super::{Stage, size};
use crate::canvas;
use crate::dispatch::Dispatch;
use crate::words::{Words, key, use_words};

/// Properties of [`Grid`].
#[derive(Properties, PartialEq)]
pub struct GridProps {
    /// What is seen.
    pub gridded: Gridded,
    /// Names of the rows and the columns, and of all that can be chosen.
    names: [Vec<String>; 2],
    options: [Vec<String>; 2],
    /// What is being loaded, in words.
    loading: Option<String>,
    /// The colour map.
    pub colormap: Colormap,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

impl GridProps {
    /// The properties for that state.
    pub fn of(state: &State, gridded: Gridded, words: &Words, dispatch: Dispatch) -> Self {
        let of_all = |side: usize, values: &[String]| {
            values.iter().map(|value| name(state, words, gridded.axes[side], value)).collect::<Vec<_>>()
        };
        let names = [0, 1].map(|side| of_all(side, &gridded.values[side]));
        let options = [0, 1].map(|side| of_all(side, &gridded.options[side]));
        let loading = gridded.loading.as_ref().map(|(id, done, total)| {
            let [done, total] = [done, total].map(|bytes| size(*bytes).into());
            let model = name(state, words, Axis::Model, id).into();
            words.with("grid-loading", [("model", model), ("done", done), ("total", total)])
        });
        Self { loading, names, options, colormap: state.explanation.colormap, gridded, dispatch }
    }
}

/// The choices above, and the cells.
#[component]
pub fn Grid(props: &GridProps) -> Html {
    let words = use_words();
    let GridProps { gridded, names, options, loading, colormap, dispatch } = props;
    let place = use_state(|| None::<Place>);
    let table = use_node_ref();
    {
        let table = table.clone();
        use_effect_with((names[0].len(), names[1].len()), move |(rows, columns)| {
            canvas::style(&table, &[("--rows", rows.to_string()), ("--columns", columns.to_string())]);
        });
    }
    let point = {
        let place = place.clone();
        Callback::from(move |at| place.set(at))
    };
    let side = |side: usize, title: &'static str| {
        html! { <Choices {side} {title} axis={gridded.axes[side]} values={gridded.values[side].clone()} options={gridded.options[side].clone()}
        names={options[side].clone()} offered={gridded.offered.clone()} dispatch={dispatch.clone()} /> }
    };
    let columns = names[1].len();
    let cell = |(index, cell): (usize, &Cell)| {
        let name = format!("{}, {}", names[0][index / columns], names[1][index % columns]);
        html! { <GridCell key={index} {index} cell={cell.clone()} {name} difference={gridded.difference} colormap={*colormap} place={*place}
        point={point.clone()} dispatch={dispatch.clone()} /> }
    };
    let row = |(index, row): (usize, &String)| {
        let cells = gridded.cells.iter().enumerate().skip(index * columns).take(columns);
        html! { <><p class="grid-name">{ row }</p>{ for cells.map(cell) }</> }
    };
    let count = ("count", gridded.missing.into());
    let make = match gridded.loads {
        (0, _) => words.with("grid-make", [count]),
        (models, bytes) => {
            words.with("grid-make-loading", [count, ("models", models.into()), ("size", size(bytes).into())])
        }
    };
    let difference = dispatch
        .reform(|event: Event| GridAction::ShowDifference(event.target_unchecked_into::<HtmlInputElement>().checked()));
    html! {
        <section class="grid-view" aria-label={words.say("grid-open")} data-testid="grid">
            <div class="grid-choices">
                { side(0, key("grid-rows")) }
                { side(1, key("grid-columns")) }
                <label class="check">
                    <input type="checkbox" checked={gridded.difference} onchange={difference} data-testid="grid-difference" />
                    <span>{ words.say("grid-difference") }</span>
                </label>
                <button type="button" class="button" onclick={dispatch.reform(|_: MouseEvent| GridAction::Open(false))} data-testid="grid-close">
                    { words.say("drill-close") }
                </button>
                if gridded.waits {
                    <button type="button" class="button primary" onclick={dispatch.reform(|_: MouseEvent| GridAction::Make)} data-testid="grid-make">
                        { make }
                    </button>
                } else if gridded.missing > 0 && gridded.loads.0 > 0 {
                    <button type="button" class="button" onclick={dispatch.reform(|_: MouseEvent| GridAction::Stop)} data-testid="grid-stop">
                        { words.say("stop") }
                    </button>
                }
                if let Some(loading) = loading {
                    <p class="hint" data-testid="grid-loading">{ loading }</p>
                }
            </div>
            <div class="grid-table" ref={table} tabindex="0" role="group" aria-label={words.say("grid-open")} data-testid="grid-table">
                <p class="grid-name"></p>
                { for names[1].iter().map(|name| html! { <p class="grid-name">{ name }</p> }) }
                { for names[0].iter().enumerate().map(row) }
            </div>
            <p class="hint" data-testid="grid-scale">{ words.say("grid-scale") }</p>
        </section>
    }
}

/// Properties of [`Choices`].
#[derive(Properties, PartialEq)]
struct ChoicesProps {
    side: usize,
    title: &'static str,
    axis: Axis,
    values: Vec<String>,
    options: Vec<String>,
    names: Vec<String>,
    offered: Vec<Axis>,
    dispatch: Dispatch,
}

/// What differs from row to row or from column to column, and which.
#[component]
fn Choices(props: &ChoicesProps) -> Html {
    let words = use_words();
    let ChoicesProps { side, title, axis, values, options, names, offered, dispatch } = props;
    let side = *side;
    let choose = dispatch.reform(move |event: Event| {
        let name = event.target_unchecked_into::<HtmlSelectElement>().value();
        GridAction::ChooseAxis(side, Axis::named(&name).unwrap_or_default())
    });
    let option = |(value, name): (&String, &String)| {
        let chosen = value.clone();
        let toggle = dispatch.reform(move |_: Event| GridAction::Toggle(side, chosen.clone()));
        html! {
            <label class="check"><input type="checkbox" checked={values.contains(value)} onchange={toggle} /><span>{ name }</span></label>
        }
    };
    let id = format!("grid-{}", if side == 0 { "rows" } else { "columns" });
    html! {
        <div class="grid-side">
            <label class="field">
                <span>{ words.say(title) }</span>
                <select onchange={choose} data-testid={id.clone()}>
                    { for offered.iter().map(|one| html! {
                        <option value={one.name()} selected={one == axis}>{ words.say(axis_title(*one)) }</option>
                    }) }
                </select>
            </label>
            <details class="menu grid-which">
                <summary class="button" data-testid={format!("{id}-which")}>{ words.with("grid-which", [("count", values.len().into())]) }</summary>
                <div class="menu-body">{ for options.iter().zip(names).map(option) }</div>
            </details>
        </div>
    }
}

/// Properties of [`GridCell`].
#[derive(Properties, PartialEq)]
struct GridCellProps {
    index: usize,
    cell: Cell,
    name: String,
    difference: bool,
    colormap: Colormap,
    place: Option<Place>,
    point: Callback<Option<Place>>,
    dispatch: Dispatch,
}

/// A map over its image, with its numbers.
#[component]
fn GridCell(props: &GridCellProps) -> Html {
    let words = use_words();
    let GridCellProps { index, cell, name, difference, colormap, place, point, dispatch } = props;
    let numbers = use_memo((cell.clone(), *difference, *colormap), |(cell, difference, colormap)| {
        cell.numbers(Paint::Heat(*colormap), *difference)
    });
    let layered = Layered { overlay: numbers.overlay.clone(), ..cell.image.clone() };
    let under = place.and_then(|place| Reading::of(None, &layered)?.at(place)).map(|(.., value)| value);
    let told = told(&words, cell, &numbers, under);
    let summary = format!("{name}: {told}");
    html! {
        <figure class="grid-cell" data-testid={format!("cell-{index}")}>
            <Stage ids={["cell-image", "cell-heat"]} {layered} stale={cell.comes} {summary} place={*place} point={point.clone()} dispatch={dispatch.clone()} />
            <figcaption>{ told }</figcaption>
        </figure>
    }
}
