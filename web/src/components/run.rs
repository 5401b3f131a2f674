//! Running a method that takes its time: the buttons, and how far it is.

use convscope_page::{Busy, ExplanationAction, State};
use yew::prelude::*;

use super::remaining::use_remaining;
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Properties of [`Run`].
#[derive(Properties, PartialEq)]
pub struct RunProps {
    /// Whether the method waits for the button.
    pub waits: bool,
    /// Whether it can be run now.
    pub ready: bool,
    /// Whether something is being run.
    pub running: bool,
    /// Steps taken and steps in all.
    pub progress: Option<(usize, usize)>,
    /// Hears the buttons.
    pub dispatch: Dispatch,
}

impl RunProps {
    /// The properties for that state.
    pub fn of(state: &State, dispatch: Dispatch) -> Self {
        Self {
            waits: state.card().is_some_and(|card| card.is_expensive()),
            ready: state.request().is_some(),
            running: state.worker.busy() == Busy::Explaining,
            progress: state.explanation.results.progress,
            dispatch,
        }
    }
}

/// Run, or how far it is, how long it will still take, and Stop.
#[component]
pub fn Run(props: &RunProps) -> Html {
    let words = use_words();
    let progress = props.progress.filter(|_| props.running);
    let left = use_remaining(progress.map(|(done, total)| (done as f64, total as f64)));
    let button = |class: &'static str, id: &'static str, action: ExplanationAction, label: String, disabled: bool| {
        let click = props.dispatch.reform(move |_: MouseEvent| action.clone());
        html! { <button key={id} type="button" {class} onclick={click} {disabled} data-testid={id}>{ label }</button> }
    };
    html! {
        if props.waits || progress.is_some() {
            <div class="run">
                if props.running {
                    { button("button", "stop", ExplanationAction::Stop, words.say("stop"), false) }
                } else if props.waits {
                    { button("button primary", "run", ExplanationAction::Run, words.say("run"), !props.ready) }
                }
                if let Some((done, total)) = progress {
                    <label class="progress">
                        <progress max={total.to_string()} value={done.to_string()} />
                        <span data-testid="run-progress">{ words.with("run-progress", [("done", done.into()), ("total", total.into())]) }
                            if let Some(left) = left {
                                { words.gap() }{ words.with("time-left", [("seconds", format!("{left:.0}").into())]) }
                            }</span>
                    </label>
                }
            </div>
        }
    }
}
