//! A choice of a few named things.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Values with their names, under a heading where there are several groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group {
    /// The heading.
    pub title: String,
    /// Its choices.
    pub options: Vec<Choice>,
}

/// Value that can be chosen, or cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The value.
    pub value: String,
    /// Its name.
    pub name: String,
    /// What is to be known about it: why it cannot be chosen, if it cannot.
    pub about: Option<String>,
    /// Whether it cannot be chosen.
    pub disabled: bool,
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
            .map(|Choice { value, name, about, disabled }| {
                // A choice that is greyed has no tooltip in some browsers, so its reason stands beside its name.
                let reason = about.as_ref().filter(|_| *disabled).map(|about| format!(" ({about})"));
                html! {
                    <option value={value.clone()} selected={*value == props.value} title={about.clone()} disabled={*disabled}>
                        { name }{ reason }
                    </option>
                }
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
