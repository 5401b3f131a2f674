//! Button that adds a model from the person's files.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::images::list;
use crate::words::use_words;

/// Properties of [`AddModel`].
#[derive(Properties, PartialEq)]
pub struct AddModelProps {
    /// Hears the files.
    pub files: Callback<Vec<web_sys::File>>,
}

/// The button.
#[component]
pub fn AddModel(props: &AddModelProps) -> Html {
    let words = use_words();
    let change = props.files.reform(|event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let files = list(input.files());
        // So that the same file can be chosen once more.
        input.set_value("");
        files
    });
    html! {
        <label class="button file add-model" title={words.say("import-add-title")}>
            <input type="file" multiple=true aria-label={words.say("import-add-title")} onchange={change} data-testid="import-input" />
            <span>{ words.say("import-add") }</span>
        </label>
    }
}
