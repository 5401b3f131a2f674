//! Line and bar that say what is going on.

use convscope_core::Choice;
use convscope_core::protocol::Ready;
use convscope_page::{Busy, Engine, Shared};
use yew::prelude::*;

use super::remaining::use_remaining;
use super::size;
use crate::words::use_words;

/// Properties of [`Status`].
#[derive(Properties, PartialEq)]
pub struct StatusProps {
    /// The device that was asked for.
    pub device: Choice,
    /// State of the worker.
    pub engine: Engine,
    /// Work that it is doing.
    pub busy: Busy,
    /// The model in use.
    pub ready: Option<Shared<Ready>>,
}

/// The line under the header: the work that is going on, or model and device.
#[component]
pub fn Status(props: &StatusProps) -> Html {
    let words = use_words();
    let text = match (props.engine, props.busy) {
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
        (_, Busy::Starting(..) | Busy::No) => words.say("status-ready"),
    };
    let left = use_remaining(match props.busy {
        Busy::Starting(done, total) | Busy::Loading(done, total) => Some((done as f64, total as f64)),
        _ => None,
    });
    let left = left.map(|left| words.with("time-left", [("seconds", format!("{left:.0}").into())]));
    let bar = match (props.engine, props.busy) {
        (Engine::Crashed, _) | (Engine::Running, Busy::No) => html! {},
        (Engine::Running, Busy::Loading(done, total)) if total > 0 => html! {
            <progress data-testid="progress" aria-label={words.say("status-weights")} value={done.to_string()} max={total.to_string()} />
        },
        (Engine::Starting, Busy::Starting(done, total)) if total > 0 => html! {
            <progress data-testid="progress" aria-label={words.say("status-starting")} value={done.to_string()} max={total.to_string()} />
        },
        _ => html! { <progress data-testid="progress" aria-label={words.say("status-working")} /> },
    };
    let working = props.engine == Engine::Starting || props.busy != Busy::No;
    html! {
        <div class={classes!("status", working.then_some("working"), (props.engine == Engine::Crashed).then_some("dead"))}>
            <p class="now"><span class="lamp" aria-hidden="true"></span><span role="status" data-testid="status">{ text }</span>
                if let Some(left) = left {
                    <span>{ left }</span>
                }
            </p>
            if let Some(ready) = &props.ready {
                <dl class="facts">
                    <div><dt>{ words.say("device") }</dt><dd data-testid="device-name">{ &ready.device }</dd>
                        if props.device == Choice::Auto && ready.device == "CPU" {
                            <dd class="note">{ words.say("status-no-gpu") }</dd>
                        }
                    </div>
                    <div><dt>{ words.say("model") }</dt><dd data-testid="model-name">{ &ready.name }</dd></div>
                    <div>
                        <dt>{ words.say("hash") }</dt>
                        <dd data-testid="model-hash" title={ready.hash.clone()}><code>{ short(&ready.hash) }</code></dd>
                    </div>
                </dl>
            }
            <div class="bar">{ bar }</div>
        </div>
    }
}

fn short(hash: &str) -> String {
    hash.chars().take(10).collect()
}
