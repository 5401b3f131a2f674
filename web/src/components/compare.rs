//! Two explanations side by side, and what differs.

use std::rc::Rc;

use convscope_core::explain::Comparison;
use convscope_core::picture::Plane;
use convscope_core::render::Colormap;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::methods::{METHODS, called};
use super::pictures::title;
use super::readout::{Place, Reading, Readout};
use super::{Stage, human, percent};
use crate::canvas::Paint;
use crate::words::{Words, key, use_words};
use convscope_page::{Action, View};

/// Properties of [`Compare`].
#[derive(Properties, PartialEq)]
pub struct CompareProps {
    /// The one that was kept.
    pub kept: View,
    /// The one that is seen now, once it is there.
    pub now: Option<View>,
    /// Whether both are drawn on one scale.
    pub shared: bool,
    /// The colour map.
    pub colormap: Colormap,
    /// How opaque the heat is.
    pub opacity: f32,
    /// Hears what is chosen.
    pub dispatch: Callback<Action>,
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
    let CompareProps { kept, now, .. } = props;
    let other = now.as_ref().unwrap_or(kept);
    let comparison = Comparison::of([&kept.map, &other.map], props.shared);
    let Comparison { planes, difference, largest, correlation } = comparison;
    let [first, second] = planes.map(Rc::new);
    let difference = difference.map(Rc::new);
    let heat = Paint::Heat(props.colormap);
    let same_picture = kept.photo.serial == other.photo.serial;
    let stage = |ids, view: &View, overlay: Option<(Rc<Plane>, Paint)>, photo: bool, summary: String| {
        html! {
            <Stage {ids} photo={photo.then(|| view.photo.clone())} size={view.looked.size} region={view.looked.region} {overlay} stale=false
                {summary} opacity={if photo { props.opacity } else { 1.0 }} place={*place} point={point.clone()} dispatch={props.dispatch.clone()} />
        }
    };
    let (first_words, second_words) = (describe(&words, kept), describe(&words, other));
    let alike = match correlation {
        Some(correlation) => words.with("compare-correlation", [("correlation", format!("{correlation:.2}").into())]),
        None => words.say("compare-no-correlation"),
    };
    let differs = match &difference {
        Some(_) => words.with("compare-difference", [("largest", percent(largest).into())]),
        None => words.say("compare-same"),
    };
    let share = props
        .dispatch
        .reform(|event: Event| Action::ShareScale(event.target_unchecked_into::<HtmlInputElement>().checked()));
    let readings = vec![reading(key("compare-kept"), kept, &first), reading(key("compare-now"), other, &second)];
    html! {
        <section class="compare" aria-label={words.say("compare-title")} data-testid="compare">
            <div class="panes">
                <figure>
                    <figcaption><strong>{ words.say("compare-kept") }</strong>{ " " }{ &first_words }</figcaption>
                    { stage(["kept-picture", "kept-heat"], kept, Some((first, heat)), true, first_words.clone()) }
                </figure>
                <figure>
                    <figcaption><strong>{ words.say("compare-now") }</strong>{ " " }
                        if now.is_some() { { &second_words } } else { { words.say("compare-coming") } }
                    </figcaption>
                    { stage(["picture", "heat"], other, now.is_some().then_some((second, heat)), true, second_words.clone()) }
                </figure>
                <figure>
                    <figcaption><strong>{ words.say("compare-less") }</strong>{ " " }{ &differs }</figcaption>
                    { stage(["difference-picture", "difference"], other, difference.map(|plane| (plane, Paint::Signed)), same_picture, differs.clone()) }
                </figure>
            </div>
            <div class="compare-facts">
                <p data-testid="correlation">{ alike }</p>
                <label class="check">
                    <input type="checkbox" checked={props.shared} onchange={share} data-testid="shared-scale" />
                    <span>{ words.say("compare-shared") }</span>
                </label>
                if props.shared && !kept.same_units(other) {
                    <p class="hint" data-testid="units">{ words.say("compare-units") }</p>
                }
            </div>
            <Readout place={*place} {readings} />
        </section>
    }
}

fn reading(name: &'static str, view: &View, plane: &Rc<Plane>) -> Reading {
    Reading { name: Some(name), plane: plane.clone(), region: view.looked.region, size: view.looked.size }
}

/// What a view is of.
fn describe(words: &Words, view: &View) -> String {
    words.with(
        "compare-view",
        [
            ("class", human(&view.class.name).into()),
            ("probability", percent(view.class.probability).into()),
            ("layer", view.map.layer.as_str().into()),
            ("method", called(words, &METHODS, &view.method).into()),
            ("picture", title(words, &view.photo.name).into()),
            ("model", view.model.as_str().into()),
        ],
    )
}
