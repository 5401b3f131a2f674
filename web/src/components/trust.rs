//! How far the map that is seen can be trusted: what was measured of it, beside maps that know nothing of the network.

use convscope_core::measurement::Measurement;
use convscope_page::{Shared, State, TrustAction, TrustState};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::Chart;
use crate::canvas::narrow;
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Milliseconds without anything else to do before a map is measured by itself.
const REST_MILLISECONDS: u32 = 400;

/// Properties of [`Trust`].
#[derive(Properties, PartialEq)]
pub struct TrustProps {
    /// What is known so far.
    pub trust: TrustState,
    /// The names of the metrics that have come, in their order.
    pub metrics: Vec<String>,
    /// Whether it is to begin by itself.
    pub due: bool,
    /// Whether it could begin now.
    pub ready: bool,
    /// Seconds that it is going to take.
    pub seconds: f64,
    /// Hears the buttons and the clock.
    pub dispatch: Dispatch,
}

impl TrustProps {
    /// The properties for that state; none where no map is seen that can be measured.
    pub fn of(state: &State, metric: impl Fn(&Measurement) -> String, dispatch: Dispatch) -> Option<Self> {
        let trust = state.trust()?;
        let metrics = trust.measurements.iter().map(|one| metric(one)).collect();
        let (due, ready, seconds) = (state.is_trust_due(), state.can_measure(), state.trust_seconds());
        Some(Self { trust, metrics, due, ready, seconds, dispatch })
    }
}

/// The verdict, the curves with their baselines, and what begins or stops the measuring.
#[component]
pub fn Trust(props: &TrustProps) -> Html {
    let words = use_words();
    let TrustProps { trust, metrics, due, ready, seconds, dispatch } = props;
    let open = trust.open.unwrap_or_else(|| !narrow());
    {
        let dispatch = dispatch.clone();
        use_effect_with(*due && open, move |due| {
            let timer = due.then(|| Timeout::new(REST_MILLISECONDS, move || dispatch.emit(TrustAction::Measure)));
            move || drop(timer)
        });
    }
    let button = |id: &'static str, action: TrustAction, label: String, disabled: bool| {
        let click = dispatch.reform(move |_: MouseEvent| action);
        html! { <button type="button" class="button" onclick={click} {disabled} data-testid={id}>{ label }</button> }
    };
    let measured = |(one, metric): (&Shared<Measurement>, &String)| {
        let key = one.metric.clone();
        html! { <Chart {key} title={metric.clone()} measurement={one.clone()} stale={false} /> }
    };
    let toggled = dispatch.reform(move |event: Event| {
        let details = event.target_dyn_into::<web_sys::Element>();
        TrustAction::Open(details.map_or(open, |details| details.has_attribute("open")))
    });
    html! {
        <details class="trust" data-testid="trust" {open} ontoggle={toggled}>
            <summary>{ words.say("trust-title") }</summary>
            if !trust.verdict.is_empty() {
                <div role="status">
                    <ul class="verdict" data-testid="verdict">
                        { for trust.verdict.iter().map(|sentence| html! { <li>{ words.fault(sentence) }</li> }) }
                    </ul>
                </div>
            }
            if let Some(why) = &trust.failed {
                <p class="blank">{ words.tell(why) }</p>
            }
            if let Some((done, total)) = trust.progress {
                <div class="run">
                    { button("trust-stop", TrustAction::Stop, words.say("stop"), false) }
                    <label class="progress">
                        <progress max={total.to_string()} value={done.to_string()} />
                        <span>{ words.say("trust-running") }</span>
                    </label>
                </div>
            } else if !trust.whole {
                <div class="run">
                    { button("trust-measure", TrustAction::Measure, words.say("trust-measure"), !ready) }
                    <span class="hint">{ words.with("trust-seconds", [("seconds", format!("{:.0}", seconds.max(1.0)).into())]) }</span>
                </div>
            }
            if !trust.measurements.is_empty() {
                <div class="measurements">{ for trust.measurements.iter().zip(metrics).map(measured) }</div>
            }
        </details>
    }
}
