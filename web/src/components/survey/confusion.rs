//! Confusion table, whose cells show their images.

use convscope_core::survey::{Confusion, Row};
use convscope_page::{Filter, Shared, SurveyAction};
use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Labels and classes that are shown.
const LABELS: usize = 12;
const CLASSES: usize = 8;

/// Properties of [`ConfusionTable`].
#[derive(Properties, PartialEq)]
pub(super) struct ConfusionProps {
    /// The rows.
    pub rows: Shared<Vec<Row>>,
    /// Which images are shown.
    pub filter: Filter,
    /// Hears which are to be.
    pub dispatch: Dispatch,
}

/// The table.
#[component]
pub(super) fn ConfusionTable(props: &ConfusionProps) -> Html {
    let words = use_words();
    let table = use_memo(props.rows.clone(), |rows| Confusion::of(rows));
    let (shown, all) = (table.classes.len().min(CLASSES), table.classes.len());
    if table.labels.iter().all(Option::is_none) {
        return html! {};
    }
    let label = |label: &Option<String>| match label {
        Some(label) => label.clone(),
        None => words.say("survey-no-label"),
    };
    let cell = |row: usize, column: usize| {
        let (truth, class) = (&table.labels[row], &table.classes[column]);
        let count = table.counts[row * all + column];
        if count == 0 {
            return html! { <td class="none">{ "·" }</td> };
        }
        let wanted = Filter { label: Some(truth.clone()), class: Some(class.clone()), ..Filter::default() };
        let pressed = props.filter == wanted;
        let name = words.class(class);
        let say = words
            .with("survey-cell", [("count", count.into()), ("label", label(truth).into()), ("class", name.into())]);
        let onclick = props.dispatch.reform(move |_: MouseEvent| {
            SurveyAction::Filter(if pressed { Filter::default() } else { wanted.clone() })
        });
        html! {
            <td>
                <button type="button" class="button cell" aria-pressed={pressed.to_string()} aria-label={say} {onclick}
                    data-testid={format!("survey-cell-{row}-{column}")}>{ count }</button>
            </td>
        }
    };
    let row = |(index, truth): (usize, &Option<String>)| {
        let rest: usize = table.counts[index * all..][shown..all].iter().sum();
        html! {
            <tr>
                <th scope="row">{ label(truth) }</th>
                { for (0..shown).map(|column| cell(index, column)) }
                if all > shown { <td class={classes!((rest == 0).then_some("none"))}>{ if rest == 0 { "·".into() } else { rest.to_string() } }</td> }
            </tr>
        }
    };
    html! {
        <div class="survey-confusion" tabindex="0" role="group" aria-label={words.say("survey-confusion")}>
            <table data-testid="survey-confusion">
                <caption>{ words.say("survey-confusion") }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ words.say("survey-label") }</th>
                        { for table.classes.iter().take(shown).map(|class| html! { <th scope="col">{ words.class(class) }</th> }) }
                        if all > shown { <th scope="col">{ words.with("survey-others", [("count", (all - shown).into())]) }</th> }
                    </tr>
                </thead>
                <tbody>{ for table.labels.iter().enumerate().take(LABELS).map(row) }</tbody>
            </table>
        </div>
    }
}
