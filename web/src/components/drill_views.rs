//! A channel from four sides: where it fires in the image, what made it fire, what would make it fire most, and where it fires in other
//! images.

use convscope_core::artifact::Measure;
use convscope_core::render::Colormap;
use convscope_page::{DrillAction, Drilled, Elsewhere, Layered, Numbers, Overlay, Paint};
use yew::prelude::*;

use super::bitmap::use_bitmap;
use super::images::title;
use super::mark::MarkProps;
use super::panels::PanelImage;
use super::readout::Place;
use super::{Stage, share};
use crate::canvas;
use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// Properties of [`Views`].
#[derive(Properties, PartialEq)]
pub(super) struct ViewsProps {
    pub drilled: Drilled,
    /// The channel.
    pub channel: usize,
    /// The image, without anything over it.
    pub image: Layered,
    pub colormap: Colormap,
    pub dispatch: Dispatch,
}

/// The four views.
#[component]
pub(super) fn Views(props: &ViewsProps) -> Html {
    let words = use_words();
    let ViewsProps { drilled, channel, image, colormap, dispatch } = props;
    let overlay = use_memo((drilled.sheet.clone(), *channel, *colormap), |(sheet, channel, colormap)| {
        let (plane, _) = sheet.as_ref()?.channel(*channel).ok()?;
        let paint = if plane.min() < 0.0 { Paint::Signed } else { Paint::Heat(*colormap) };
        Some(Overlay { numbers: Numbers::Plane(plane.into()), paint })
    });
    let layered = Layered { overlay: (*overlay).clone(), ..image.clone() };
    let of_channel = |word: &'static str| words.with(word, [("channel", (*channel).into())]);
    let measure = drilled.shares.iter().find(|panel| panel.channel == Some(*channel));
    let measure = measure.and_then(|panel| match &panel.measure {
        Measure::Share(one) => Some(share(one)),
        _ => None,
    });
    let point = Callback::<Option<Place>>::noop();
    let mark = MarkProps { place: None, dispatch: dispatch.clone() };
    html! {
        <div class="drill-channel" data-testid="drill-channel">
            <h3>{ of_channel(key("drill-channel")) }{ for measure.map(|measure| html! { <small>{ " " }{ measure }</small> }) }</h3>
            <div class="views">
                <figure>
                    <figcaption>{ words.say("drill-feature") }</figcaption>
                    <Stage ids={["drill-image", "drill-heat"]} {layered} stale={drilled.sheet.is_none()} summary={of_channel(key("drill-feature-words"))}
                        place={None::<Place>} {point} mark={mark} dispatch={dispatch.clone()} />
                </figure>
                <figure data-testid="drill-reconstruction">
                    <figcaption>{ words.say("drill-reconstruction") }</figcaption>
                    if let Some(panel) = &drilled.reconstruction {
                        <PanelImage panel={panel.clone()} label={of_channel(key("drill-reconstruction-words"))} />
                    } else if let Some(why) = &drilled.unreconstructed {
                        <p class="hint">{ words.tell(why) }</p>
                    } else {
                        <p class="hint">{ words.say("drill-coming") }</p>
                    }
                </figure>
                <figure data-testid="drill-optimum">
                    <figcaption>{ words.say("drill-optimum") }</figcaption>
                    if let Some(panel) = &drilled.optimum {
                        <PanelImage panel={panel.clone()} label={of_channel(key("drill-optimum-words"))} />
                    }
                    if let Some(why) = &drilled.unoptimized {
                        <p class="hint">{ words.tell(why) }</p>
                    } else if let Some((done, total)) = drilled.optimizing {
                        <progress max={total.max(1).to_string()} value={done.to_string()} aria-label={words.say("drill-optimum")} />
                    } else if drilled.optimum.is_none() && drilled.can_optimize {
                        <p class="hint">{ words.say("drill-optimum-hint") }</p>
                        <button type="button" class="button" onclick={dispatch.reform(|_: MouseEvent| DrillAction::Optimize)} data-testid="drill-optimize">
                            { words.say("drill-optimize") }
                        </button>
                    }
                </figure>
                <figure>
                    <figcaption>{ words.say("drill-elsewhere") }</figcaption>
                    if drilled.searched == 0 {
                        <p class="hint">{ words.say("drill-elsewhere-none") }</p>
                    } else if drilled.elsewhere.is_empty() && drilled.unsearched == 0 {
                        <p class="hint">{ words.say("drill-elsewhere-silent") }</p>
                    }
                    <ul class="elsewhere" data-testid="elsewhere">
                        { for drilled.elsewhere.iter().take(FOUND).map(|one| html! {
                            <Found key={one.photo.serial} one={one.clone()} dispatch={dispatch.clone()} />
                        }) }
                    </ul>
                    if drilled.unsearched > 0 {
                        <p class="hint">{ words.with("drill-unsearched", [("count", drilled.unsearched.into())]) }</p>
                    }
                </figure>
            </div>
        </div>
    }
}

/// Other images that are shown.
const FOUND: usize = 6;

/// Properties of [`Found`].
#[derive(Properties, PartialEq)]
struct FoundProps {
    one: Elsewhere,
    dispatch: Dispatch,
}

/// The part of another image where the channel fires most.
#[component]
fn Found(props: &FoundProps) -> Html {
    let words = use_words();
    let FoundProps { one, dispatch } = props;
    let node = use_node_ref();
    // One that cannot be drawn stays empty, beside its number.
    use_bitmap(node.clone(), Some(one.photo.clone()), one.size, one.place, canvas::draw_part, || {});
    let (photo, place, name) = (one.photo.clone(), one.point(), title(&words, &one.photo.name));
    let go = dispatch.reform(move |_: MouseEvent| DrillAction::Image(photo.clone(), place));
    let label = words.with("drill-found", [("name", name.into()), ("value", format!("{:.2}", one.value).into())]);
    html! {
        <li>
            <button type="button" class="found" onclick={go} title={label.clone()} aria-label={label} data-testid={format!("found-{}", one.photo.serial)}>
                <canvas ref={node} aria-hidden="true" />
                <span aria-hidden="true">{ format!("{:.2}", one.value) }</span>
            </button>
        </li>
    }
}
