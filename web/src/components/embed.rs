//! The page in a frame of another one: the stage with its caption and its classes.

use convscope_page::{Engine, State};
use yew::prelude::*;

use super::caption::sentence;
use super::classes::Bar;
use super::{Alert, Caption, Run, RunProps, Scale, ScaleProps, Stage, Status, summary};
use crate::dispatch::Dispatch;
use crate::words::Words;

/// Likeliest classes that are seen.
const TOP: usize = 5;

/// All of it, as it is seen in a frame.
pub fn embedded(state: &State, words: &Words, dispatch: &Dispatch) -> Html {
    let explanation = &state.explanation;
    let seen = explanation.current().zip(sentence(state, words));
    let terms = explanation.target.as_ref().map_or(&[][..], |target| target.terms());
    let is_chosen = |index: usize| terms.iter().any(|term| term.class == index);
    let classes = state.image.observation.as_deref().map_or(&[][..], |observation| &observation.classes);
    let (top, others) = classes.split_at(TOP.min(classes.len()));
    let bars = top.iter().chain(others.iter().filter(|class| is_chosen(class.index)));
    let has_started = state.worker.engine != Engine::Starting || !state.model.list.is_empty();
    html! {
        <main class={classes!("embed", state.embed.is_asked().then_some("asked"))} data-testid="embed">
            <div class="embed-stage">
                <Stage layered={state.staged()} stale={state.is_stale(explanation.current())} summary={summary(state, words)}
                    place={None} point={Callback::noop()} dispatch={dispatch.clone()} />
                if has_started {
                    <Status engine={state.worker.engine} busy={state.worker.busy()} dispatch={dispatch.clone()} />
                }
            </div>
            <Alert message={state.notice.message.clone()} dispatch={dispatch.clone()} />
            <div class="embed-words">
                if let Some((shown, sentence)) = seen {
                    <Caption {sentence} map={shown.map.clone()} signed={state.draws_sign()} signs={state.shows_signs()} blank={state.blank()}
                        unlikely={state.is_unlikely()} dispatch={dispatch.clone()} />
                    <Scale ..ScaleProps::of(state) />
                }
                <Run ..RunProps::of(state, dispatch.clone()) />
            </div>
            <section class="embed-classes" aria-label={words.say("classes-title")}>
                <ul class="bars" data-testid="top">
                    { for bars.map(|class| html! { <Bar key={class.index} class={class.clone()} chosen={is_chosen(class.index)} dispatch={dispatch.clone()} /> }) }
                </ul>
                <p class="hint"><a href="./" target="_blank" rel="noopener" title={words.say("embed-open")}>{ "Convscope" }</a></p>
            </section>
        </main>
    }
}
