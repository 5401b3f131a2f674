//! A choice of a few named things.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::words::use_words;

/// Properties of [`Choices`].
#[derive(Properties, PartialEq)]
pub(crate) struct ChoicesProps {
    /// The key of what is chosen here.
    pub label: &'static str,
    /// `data-testid`.
    pub id: &'static str,
    /// Values, with the keys of what they are called.
    pub options: Vec<(&'static str, &'static str)>,
    /// The chosen value.
    pub value: String,
    /// Hears the value.
    pub onchange: Callback<String>,
}

/// A labelled selection.
#[component]
pub(crate) fn Choices(props: &ChoicesProps) -> Html {
    let words = use_words();
    let change = props.onchange.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    html! {
        <label class="field">
            <span>{ words.say(props.label) }</span>
            <select data-testid={props.id} onchange={change}>
                { for props.options.iter().map(|(value, title)| html! {
                    <option value={*value} selected={*value == props.value}>{ words.say(title) }</option>
                }) }
            </select>
        </label>
    }
}
