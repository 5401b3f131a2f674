//! What makes the worker go on with requests beside what is seen, and with a survey.

use convscope_page::{AsideAction, SurveyAction};
use yew::prelude::*;

use crate::dispatch::Dispatch;

/// Properties of [`Asides`].
#[derive(Properties, PartialEq)]
pub struct AsidesProps {
    /// Whether the next can be made now.
    pub due: bool,
    /// Whether the next step of a survey can be taken now.
    pub survey_due: bool,
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
    let dispatch = props.dispatch.clone();
    use_effect_with(props.survey_due, move |due| {
        if *due {
            dispatch.emit(SurveyAction::Next);
        }
    });
    html! {}
}
