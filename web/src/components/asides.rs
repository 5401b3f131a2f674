//! What makes the worker go on with requests beside what is seen.

use convscope_page::AsideAction;
use yew::prelude::*;

use crate::dispatch::Dispatch;

/// Properties of [`Asides`].
#[derive(Properties, PartialEq)]
pub struct AsidesProps {
    /// Whether the next can be made now.
    pub due: bool,
    /// Hears that it is to be made.
    pub dispatch: Dispatch,
}

/// Nothing to see.
#[component]
pub fn Asides(props: &AsidesProps) -> Html {
    let dispatch = props.dispatch.clone();
    use_effect_with(props.due, move |due| {
        if *due {
            dispatch.emit(AsideAction::Next);
        }
    });
    html! {}
}
