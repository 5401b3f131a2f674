//! A choice of a few named things.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Values with their names, under a heading where there are several groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group {
    /// The heading.
    pub title: String,
    /// Values, each with its name and what is to be known about it.
    pub options: Vec<(String, String, Option<String>)>,
}

/// Properties of [`Choices`].
#[derive(Properties, PartialEq)]
pub(crate) struct ChoicesProps {
    /// Label that says what is chosen here.
    pub label: String,
    /// Explanation of the choice.
    #[prop_or_default]
    pub title: Option<String>,
    /// `data-testid`.
    pub id: String,
    /// Groups to choose from.
    pub groups: Vec<Group>,
    /// The chosen value.
    pub value: String,
    /// Hears the value.
    pub onchange: Callback<String>,
}

/// A labelled selection.
#[component]
pub(crate) fn Choices(props: &ChoicesProps) -> Html {
    let change = props.onchange.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    let options = |group: &Group| {
        group
            .options
            .iter()
            .map(|(value, name, about)| {
                html! { <option value={value.clone()} selected={*value == props.value} title={about.clone()}>{ name }</option> }
            })
            .collect::<Html>()
    };
    let several = props.groups.len() > 1;
    html! {
        <label class="field" title={props.title.clone()}>
            <span>{ &props.label }</span>
            <select data-testid={props.id.clone()} onchange={change}>
                { for props.groups.iter().map(|group| {
                    if several { html! { <optgroup label={group.title.clone()}>{ options(group) }</optgroup> } } else { options(group) }
                }) }
            </select>
        </label>
    }
}
