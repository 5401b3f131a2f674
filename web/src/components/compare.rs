//! Two explanations side by side, and what differs.

use std::rc::Rc;

use convscope_core::image::Plane;
use convscope_core::render::{Blend, Colormap};
use convscope_page::{Compared, ComparisonAction, Layered, Numbers, Shared, View};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::images::title;
use super::readout::{Place, Reading, Readout};
use super::{Stage, certainty, percent};
use crate::dispatch::Dispatch;
use crate::words::{Words, key, use_words};

/// Properties of [`Compare`].
#[derive(Properties, PartialEq)]
pub struct CompareProps {
    /// The one that was kept.
    pub kept: Rc<View>,
    /// The one that is seen now, once it is there.
    pub now: Option<Rc<View>>,
    /// Whether both are drawn on one scale where that has a meaning, once a person has said so.
    pub shared: Option<bool>,
    /// The colour map.
    pub colormap: Colormap,
    /// Opacity of the heat, 0 to 1.
    pub opacity: f32,
    /// Dependence of the opacity on the value.
    pub blend: Blend,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// Three views with one cursor: the kept one, the present one, and the second less the first.
#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let words = use_words();
    let place = use_state(|| None::<Place>);
    let point = {
        let place = place.clone();
        Callback::from(move |at| place.set(at))
    };
    let compared = use_memo((props.kept.clone(), props.now.clone(), props.shared), |(kept, now, shared)| {
        Compared::of(kept.clone(), now.clone(), *shared)
    });
    let Compared { kept, now, shared, vanishes, planes, difference, largest, correlation } = &*compared;
    let other = compared.other();
    let [first, second, third] = compared.panes(props.colormap, props.opacity, props.blend);
    let stage = |ids, layered: Layered, summary: String| {
        html! {
            <Stage {ids} {layered} stale=false {summary} place={*place} point={point.clone()} dispatch={props.dispatch.clone()} />
        }
    };
    let (first_words, second_words) = (describe(&words, kept), describe(&words, other));
    let alike = match correlation {
        Some(correlation) => words.with("compare-correlation", [("correlation", hundredths(*correlation).into())]),
        None => words.say("compare-no-correlation"),
    };
    let differs = match difference {
        Some(_) => words.with("compare-difference", [("largest", percent(*largest).into())]),
        None => words.say("compare-same"),
    };
    let share = props.dispatch.reform(|event: Event| {
        ComparisonAction::ShareScale(event.target_unchecked_into::<HtmlInputElement>().checked())
    });
    let readings = vec![reading(key("compare-kept"), kept, &planes[0]), reading(key("compare-now"), other, &planes[1])];
    html! {
        <section class="compare" aria-label={words.say("compare-title")} data-testid="compare">
            <div class="panes">
                <figure>
                    <figcaption><strong>{ words.say("compare-kept") }</strong>{ words.gap() }{ &first_words }</figcaption>
                    { stage(["kept-image", "kept-heat"], first, first_words.clone()) }
                </figure>
                <figure>
                    <figcaption><strong>{ words.say("compare-now") }</strong>{ words.gap() }
                        if now.is_some() { { &second_words } } else { { words.say("compare-coming") } }
                    </figcaption>
                    { stage(["picture", "heat"], second, second_words.clone()) }
                </figure>
                <figure>
                    <figcaption><strong>{ words.say("compare-less") }</strong>{ words.gap() }{ &differs }</figcaption>
                    { stage(["difference-image", "difference"], third, differs.clone()) }
                </figure>
            </div>
            <div class="compare-facts">
                <p data-testid="correlation">{ alike }</p>
                if let Some(shared) = *shared {
                    <label class="check">
                        <input type="checkbox" checked={shared} onchange={share} data-testid="shared-scale" />
                        <span>{ words.say("compare-shared") }</span>
                    </label>
                } else {
                    <p class="hint" data-testid="units">{ words.say("compare-units") }</p>
                }
                if let Some((index, share)) = vanishes {
                    <p class="hint" data-testid="vanishes">
                        { words.with([key("compare-kept-vanishes"), key("compare-now-vanishes")][*index], [("share", percent(*share).into())]) }
                    </p>
                }
            </div>
            <Readout place={*place} {readings} />
        </section>
    }
}

fn reading(name: &'static str, view: &View, plane: &Shared<Plane>) -> Reading {
    let View { observation, .. } = view;
    Reading {
        name: Some(name),
        numbers: Numbers::Plane(plane.clone()),
        region: observation.region,
        size: observation.size,
    }
}

/// A number with two digits behind the point, and no sign where it is 0.
fn hundredths(number: f32) -> String {
    let rounded = (100.0 * number).round() / 100.0;
    format!("{:.2}", if rounded == 0.0 { 0.0 } else { rounded })
}

/// Words for what a view is of.
pub(super) fn describe(words: &Words, view: &View) -> String {
    let values = [
        ("layer", words.layer_title(&view.map.layer).into()),
        ("method", words.method_title(&view.card).into()),
        ("picture", title(words, &view.photo.name).into()),
        ("model", view.model.as_str().into()),
    ];
    let Some(explained) = &view.explained else { return words.with("compare-view-any", values) };
    let class = [
        ("class", explained.name(|name| words.class(name)).into()),
        ("probability", certainty(words, explained).into()),
    ];
    words.with("compare-view", class.into_iter().chain(values))
}
