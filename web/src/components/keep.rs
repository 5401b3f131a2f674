//! Button that keeps an explanation beside those that come.

use convscope_page::{ComparisonAction, State, gives_maps};
use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Properties of [`Keep`].
#[derive(Properties, PartialEq)]
pub struct KeepProps {
    /// Whether the chosen method gives something to compare.
    pub offered: bool,
    /// Whether an explanation is kept.
    pub kept: bool,
    /// Hears the button.
    pub dispatch: Dispatch,
}

impl KeepProps {
    /// The properties for that state.
    pub fn of(state: &State, dispatch: Dispatch) -> Self {
        let offered = state.card().is_some_and(|card| gives_maps(card));
        Self { offered, kept: state.comparison.kept.is_some(), dispatch }
    }
}

/// The button.
#[component]
pub fn Keep(props: &KeepProps) -> Html {
    let words = use_words();
    let keep = props.dispatch.reform(|_: MouseEvent| ComparisonAction::Keep);
    html! {
        if props.offered {
            <button type="button" class="button toggle" aria-pressed={props.kept.to_string()} data-testid="keep" title={words.say("keep-title")} onclick={keep}>
                { if props.kept { words.say("keep-end") } else { words.say("keep") } }
            </button>
        }
    }
}
