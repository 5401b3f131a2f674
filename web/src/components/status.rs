//! Line and bar that say what is going on.

use convscope_page::{Busy, Engine, ModelAction, WorkerAction};
use yew::prelude::*;

use super::remaining::use_remaining;
use super::size;
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Properties of [`Status`].
#[derive(Properties, PartialEq)]
pub struct StatusProps {
    /// State of the worker.
    pub engine: Engine,
    /// Work that it is doing.
    pub busy: Busy,
    /// Seconds for which it has given no sign of life, where that is worth a word.
    pub silence: Option<u32>,
    /// Hears that a model is not to be loaded any longer.
    pub dispatch: Dispatch,
}

/// A line that is seen only while there is something to say: work that takes its time, or an engine that has stopped. The element stays,
/// so that a screen reader notices.
#[component]
pub fn Status(props: &StatusProps) -> Html {
    let words = use_words();
    let text = match (props.engine, props.busy) {
        // Without the seconds: it is read out once.
        _ if props.silence.is_some() => words.say("status-silent"),
        (Engine::Crashed, _) => words.say("status-stopped"),
        (Engine::Starting, Busy::Starting(done, total)) => {
            words.with("status-program", [("done", size(done).into()), ("total", size(total).into())])
        }
        (Engine::Starting, _) => words.say("status-starting"),
        (_, Busy::Loading(done, total)) => {
            words.with("status-loading", [("done", size(done).into()), ("total", size(total).into())])
        }
        (_, Busy::Looking) => words.say("status-looking"),
        (_, Busy::Explaining) => words.say("status-explaining"),
        (_, Busy::Starting(..) | Busy::No) => String::new(),
    };
    let left = use_remaining(match props.busy {
        Busy::Starting(done, total) | Busy::Loading(done, total) => Some((done as f64, total as f64)),
        _ => None,
    });
    let left = left.map(|left| words.with("time-left", [("seconds", format!("{left:.0}").into())]));
    let bar = match (props.engine, props.busy) {
        (Engine::Crashed, _) => html! {},
        (Engine::Running, Busy::No) if props.silence.is_none() => html! {},
        (Engine::Running, Busy::Loading(done, total)) if total > 0 => html! {
            <progress data-testid="progress" aria-label={words.say("status-weights")} value={done.to_string()} max={total.to_string()} />
        },
        (Engine::Starting, Busy::Starting(done, total)) if total > 0 => html! {
            <progress data-testid="progress" aria-label={words.say("status-starting")} value={done.to_string()} max={total.to_string()} />
        },
        _ => html! { <progress data-testid="progress" aria-label={words.say("status-working")} /> },
    };
    let working = props.engine == Engine::Starting || props.busy != Busy::No || props.silence.is_some();
    let dead = props.engine == Engine::Crashed;
    html! {
        <div class={classes!("status", working.then_some("working"), dead.then_some("dead"))}>
            <p class="now"><span class="lamp" aria-hidden="true"></span><span role="status" data-testid="status">{ text }</span>
                if let Some(left) = left {
                    <span>{ left }</span>
                }
                if let Some(seconds) = props.silence {
                    <span data-testid="silence">{ words.with("silent-seconds", [("seconds", seconds.into())]) }</span>
                    <button type="button" class="link" title={words.say("silent-restart")} data-testid="silent-restart"
                        onclick={props.dispatch.reform(|_| WorkerAction::Restart)}>{ words.say("restart") }</button>
                } else if matches!(props.busy, Busy::Loading(..)) {
                    <button type="button" class="link" onclick={props.dispatch.reform(|_| ModelAction::CancelOpen)} data-testid="load-cancel">
                        { words.say("load-cancel") }
                    </button>
                }
            </p>
            <div class="bar">{ bar }</div>
        </div>
    }
}
