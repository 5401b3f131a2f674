//! Line about the images that a model was made for.

use convscope_core::error::Fault;
use convscope_core::model::Domain as Made;
use yew::prelude::*;

use crate::words::use_words;

/// Properties of [`Domain`].
#[derive(Properties, PartialEq)]
pub struct DomainProps {
    /// What the model was made for.
    pub made: Made,
    /// Reason why the image is nothing of that, where it can be told.
    pub doubt: Option<Fault>,
}

/// The line, which becomes a warning where the image is none of those; what the model is for opens under it.
#[component]
pub fn Domain(props: &DomainProps) -> Html {
    let words = use_words();
    let DomainProps { made, doubt } = props;
    let line = match doubt {
        Some(doubt) => words.fault(doubt),
        None => words.with("domain", [("images", made.images.as_str().into())]),
    };
    html! {
        <details class={classes!("domain", doubt.is_some().then_some("blank"))} data-testid="domain">
            <summary role={doubt.is_some().then_some("status")}>{ line }</summary>
            <p>{ &made.purpose }</p>
        </details>
    }
}
