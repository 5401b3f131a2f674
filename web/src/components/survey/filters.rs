//! Choice of the images that are shown.

use std::collections::BTreeSet;

use convscope_core::survey::Row;
use convscope_page::{Filter, Shared, SurveyAction};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// Properties of [`Filters`].
#[derive(Properties, PartialEq)]
pub(super) struct FiltersProps {
    /// The rows.
    pub rows: Shared<Vec<Row>>,
    /// Which images are shown.
    pub filter: Filter,
    /// Hears which are to be.
    pub dispatch: Dispatch,
}

/// Four choices beside each other.
#[component]
pub(super) fn Filters(props: &FiltersProps) -> Html {
    let words = use_words();
    let choices = use_memo(props.rows.clone(), |rows| {
        let labels: BTreeSet<Option<String>> = rows.iter().map(|row| row.truth.clone()).collect();
        let names = rows.iter().filter_map(|row| row.found.as_ref()).map(|found| found.name.clone());
        let classes: BTreeSet<String> = names.collect();
        (labels.into_iter().collect::<Vec<_>>(), classes.into_iter().collect::<Vec<_>>())
    });
    let (labels, classes) = &*choices;
    let filter = &props.filter;
    let label = |label: &Option<String>| label.clone().unwrap_or_else(|| words.say("survey-no-label"));
    let names: Vec<String> = labels.iter().map(label).collect();
    let titles: Vec<String> = classes.iter().map(|class| words.class(class)).collect();
    let place = |of: Option<usize>| of.map_or(0, |at| at + 1);
    // What is chosen by its place, behind "all".
    let field =
        |testid: &'static str, title: &'static str, options: &[String], chosen: usize, set: Callback<usize, Filter>| {
            let onchange = props.dispatch.reform(move |event: Event| {
                let value = event.target_unchecked_into::<HtmlSelectElement>().value();
                SurveyAction::Filter(set.emit(value.parse().unwrap_or_default()))
            });
            let all = words.say("survey-every");
            html! {
                <label class="field">
                    <span>{ words.say(title) }</span>
                    <select data-testid={testid} {onchange}>
                        { for std::iter::once(&all).chain(options).enumerate().map(|(at, name)| html! {
                            <option value={at.to_string()} selected={at == chosen}>{ name }</option>
                        }) }
                    </select>
                </label>
            }
        };
    let of_label = {
        let (filter, choices) = (filter.clone(), choices.clone());
        Callback::from(move |at: usize| Filter {
            label: at.checked_sub(1).and_then(|at| choices.0.get(at).cloned()),
            ..filter.clone()
        })
    };
    let of_class = {
        let (filter, choices) = (filter.clone(), choices.clone());
        Callback::from(move |at: usize| Filter {
            class: at.checked_sub(1).and_then(|at| choices.1.get(at).cloned()),
            ..filter.clone()
        })
    };
    let either = |at: usize| [None, Some(true), Some(false)][at.min(2)];
    let of_right = {
        let filter = filter.clone();
        Callback::from(move |at: usize| Filter { right: either(at), ..filter.clone() })
    };
    let of_sure = {
        let filter = filter.clone();
        Callback::from(move |at: usize| Filter { sure: either(at), ..filter.clone() })
    };
    let two = |yes: &'static str, no: &'static str| [words.say(yes), words.say(no)];
    let chosen = |of: Option<bool>| of.map_or(0, |yes| if yes { 1 } else { 2 });
    let (label_at, class_at) = (
        place(filter.label.as_ref().and_then(|label| labels.iter().position(|one| one == label))),
        place(filter.class.as_ref().and_then(|class| classes.iter().position(|one| one == class))),
    );
    html! {
        <div class="survey-filters" role="group" aria-label={words.say("survey-filters")}>
            if labels.iter().any(Option::is_some) {
                { field("survey-of-label", key("survey-label"), &names, label_at, of_label) }
            }
            { field("survey-of-class", key("survey-class"), &titles, class_at, of_class) }
            if labels.iter().any(Option::is_some) {
                { field("survey-of-right", key("survey-judged"), &two(key("survey-is-right"), key("survey-is-wrong")), chosen(filter.right), of_right) }
            }
            { field("survey-of-sure", key("survey-certainty"), &two(key("survey-is-sure"), key("survey-is-unsure")), chosen(filter.sure), of_sure) }
        </div>
    }
}
