//! A place that is looked into: the channels that drove the class there, the chosen one from all sides, and the way on and back.

use convscope_core::artifact::{Measure, Panel};
use convscope_core::render::Colormap;
use convscope_page::{DrillAction, Drilled, Layered, Shared, State, Step};
use yew::prelude::*;

use super::drill_views::Views;
use super::panels::PanelImage;
use super::percent;
use crate::dispatch::Dispatch;
use crate::words::{Words, key, use_words};

/// Properties of [`Drill`].
#[derive(Properties, PartialEq)]
pub struct DrillProps {
    /// What is seen of the place.
    pub drilled: Drilled,
    /// What is explained, in words.
    pub target: String,
    /// The image, without anything over it.
    pub image: Layered,
    /// The colour map.
    pub colormap: Colormap,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

impl DrillProps {
    /// The properties for that state.
    pub fn of(state: &State, drilled: Drilled, words: &Words, dispatch: Dispatch) -> Self {
        let explained = state.explained_now();
        let target = explained.map_or_else(String::new, |explained| explained.name(|name| words.class(name)));
        let image = state.layered().bare();
        Self { drilled, target, image, colormap: state.explanation.colormap, dispatch }
    }
}

/// The way, the channels, and the chosen one.
#[component]
pub fn Drill(props: &DrillProps) -> Html {
    let words = use_words();
    let DrillProps { drilled, target, image, colormap, dispatch } = props;
    let layer = words.layer_title(&drilled.layer);
    let cells = match drilled.cells[..] {
        [(column, row)] => {
            let at = [("column", (column + 1).into()), ("row", (row + 1).into())];
            let of = [("columns", drilled.size[0].into()), ("rows", drilled.size[1].into())];
            words.with("drill-cell", at.into_iter().chain(of))
        }
        _ => words.with("drill-cells", [("count", drilled.cells.len().into())]),
    };
    let go = |layer: &Option<String>, word: &'static str| {
        let (name, title) = (layer.clone()?, words.layer_title(layer.as_ref()?));
        let go = dispatch.reform(move |_: MouseEvent| DrillAction::Layer(name.clone()));
        let title = words.with(word, [("layer", title.into())]);
        Some(html! { <button type="button" class="button" onclick={go} data-testid={word}>{ title }</button> })
    };
    let most = drilled.shares.iter().filter_map(share).fold(0.0_f64, |most, share| most.max(share.abs()));
    html! {
        <section class="drill" aria-labelledby="drill-title" data-testid="drill">
            <div class="drill-head">
                <h2 id="drill-title">{ words.with("drill-title", [("target", target.as_str().into())]) }</h2>
                <button type="button" class="button" onclick={dispatch.reform(|_: MouseEvent| DrillAction::Close)} data-testid="drill-close">{ words.say("drill-close") }</button>
            </div>
            if !drilled.trail.is_empty() {
                <Trail steps={drilled.trail.clone()} dispatch={dispatch.clone()} />
            }
            <p class="hint" data-testid="drill-place"><strong>{ layer }</strong>{ " · " }{ cells }{ words.gap() }{ words.say("drill-hint") }</p>
            <div class="drill-layers">
                { for go(&drilled.earlier, key("drill-earlier")) }
                { for go(&drilled.later, key("drill-later")) }
            </div>
            if let Some(why) = &drilled.failed {
                <p class="blank" role="alert">{ words.tell(why) }</p>
            }
            <ul class="ranked" aria-label={words.say("drill-ranked")} data-testid="ranked">
                { for drilled.shares.iter().map(|panel| html! {
                    <Ranked key={panel.channel.unwrap_or_default()} panel={panel.clone()} {most}
                        chosen={panel.channel == drilled.channel} dispatch={dispatch.clone()} />
                }) }
            </ul>
            if let Some(channel) = drilled.channel {
                <Views drilled={drilled.clone()} {channel} image={image.clone()} colormap={*colormap} dispatch={dispatch.clone()} />
            }
        </section>
    }
}

/// The share of a channel, if it has one.
fn share(panel: &Shared<Panel>) -> Option<f64> {
    if let Measure::Share(one) = panel.measure { one.share } else { None }
}

/// Properties of [`Trail`].
#[derive(Properties, PartialEq)]
struct TrailProps {
    steps: Vec<Step>,
    dispatch: Dispatch,
}

/// The way to here; each step leads back.
#[component]
fn Trail(props: &TrailProps) -> Html {
    let words = use_words();
    let step = |(index, step): (usize, &Step)| {
        let layer = words.layer_title(&step.layer);
        let name = match step.channel {
            Some(channel) => words.with("drill-step-channel", [("layer", layer.into()), ("channel", channel.into())]),
            None => layer,
        };
        let back = props.dispatch.reform(move |_: MouseEvent| DrillAction::Back(index));
        html! { <li><button type="button" class="link" onclick={back} data-testid={format!("trail-{index}")}>{ name }</button></li> }
    };
    html! {
        <nav aria-label={words.say("drill-trail")}><ol class="trail" data-testid="trail">{ for props.steps.iter().enumerate().map(step) }</ol></nav>
    }
}

/// Properties of [`Ranked`].
#[derive(Properties, PartialEq)]
struct RankedProps {
    panel: Shared<Panel>,
    /// The largest share of all.
    most: f64,
    chosen: bool,
    dispatch: Dispatch,
}

/// A channel with its feature map and its share.
#[component]
fn Ranked(props: &RankedProps) -> Html {
    let words = use_words();
    let RankedProps { panel, most, chosen, dispatch } = props;
    let share = share(panel);
    let length = share.map_or(0.0, |share| 100.0 * share.abs() / most.max(f64::MIN_POSITIVE));
    let channel = panel.channel.unwrap_or_default();
    let against = share.is_some_and(|share| share < 0.0);
    let number = share.map_or_else(
        || "–".into(),
        |share| if against { format!("−{}", percent(-share as f32)) } else { percent(share as f32) },
    );
    let choose = dispatch.reform(move |_: MouseEvent| DrillAction::Channel(channel));
    html! {
        <li>
            <button type="button" class="ranked-channel" aria-pressed={chosen.to_string()} onclick={choose} data-testid={format!("ranked-{channel}")}>
                <PanelImage panel={panel.clone()} />
                <span>{ words.with("channel", [("channel", channel.into())]) }</span>
                <svg class="track" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="rest" width="100" height="1" /><rect class={if against { "part against" } else { "part" }} width={length.to_string()} height="1" />
                </svg>
                <span class="number">{ number }</span>
            </button>
        </li>
    }
}
