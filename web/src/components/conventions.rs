//! One map in all conventions of its method, side by side, and which choice makes them differ.

use convscope_core::explain::{Convention, InConvention};
use convscope_core::render::Colormap;
use convscope_page::{ConventionsAction, ConventionsState, Layered, Numbers, Overlay, Paint, Shared, State};
use yew::prelude::*;

use super::Stage;
use super::readout::Place;
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Properties of [`Conventions`].
#[derive(Properties, PartialEq)]
pub struct ConventionsProps {
    /// What is known so far.
    pub conventions: ConventionsState,
    /// Whether it is of another map than the one that is chosen.
    pub stale: bool,
    /// Whether the chosen map is to be compared by itself.
    pub due: bool,
    /// Whether it could be compared now.
    pub ready: bool,
    /// Whether it waits for the button.
    pub waits: bool,
    /// The image, without anything over it.
    pub image: Layered,
    /// The colour map.
    pub colormap: Colormap,
    /// Hears the buttons.
    pub dispatch: Dispatch,
}

impl ConventionsProps {
    /// The properties for that state; none where the chosen method has no conventions to compare.
    pub fn of(state: &State, dispatch: Dispatch) -> Option<Self> {
        let (conventions, stale) = state.conventions()?;
        Some(Self {
            conventions,
            stale,
            due: state.is_comparison_due(),
            ready: state.can_compare(),
            waits: state.comparison_waits(),
            image: state.layered().bare(),
            colormap: state.explanation.colormap,
            dispatch,
        })
    }
}

/// A fold; open, the maps with their correlation and largest difference, and a sentence that names the choice that made it.
#[component]
pub fn Conventions(props: &ConventionsProps) -> Html {
    let words = use_words();
    let ConventionsProps { conventions, stale, due, ready, waits, image, colormap, dispatch } = props;
    {
        let dispatch = dispatch.clone();
        use_effect_with(*due, move |due| {
            if *due {
                dispatch.emit(ConventionsAction::Compare);
            }
        });
    }
    let open = conventions.open;
    let toggle = dispatch.reform(move |_: MouseEvent| ConventionsAction::Open(!open));
    let compare = dispatch.reform(|_: MouseEvent| ConventionsAction::Compare);
    let first = conventions.compared.first().map(|one| one.convention);
    let one = |one: &Shared<InConvention>| {
        let key = one.convention.name;
        html! { <One {key} one={one.clone()} {first} image={image.clone()} stale={*stale} colormap={*colormap} dispatch={dispatch.clone()} /> }
    };
    html! {
        <section class="conventions" aria-label={words.say("conventions-title")} data-testid="conventions">
            <button type="button" class="button toggle" aria-expanded={open.to_string()} onclick={toggle} data-testid="conventions-open">
                { if open { words.say("conventions-close") } else { words.say("conventions-open") } }
            </button>
            if open {
                if let Some((done, total)) = conventions.progress {
                    <label class="progress">
                        <progress max={total.to_string()} value={done.to_string()} />
                        <span>{ words.with("run-progress", [("done", done.into()), ("total", total.into())]) }</span>
                    </label>
                } else if *waits && (*stale || conventions.compared.is_empty()) {
                    <button type="button" class="button primary" disabled={!ready} onclick={compare} data-testid="conventions-run">
                        { words.say("conventions-run") }
                    </button>
                }
                if let Some(why) = &conventions.failed {
                    <p class="blank" role="alert">{ words.tell(why) }</p>
                }
                if !conventions.compared.is_empty() {
                    <ul class="in-conventions">{ for conventions.compared.iter().map(one) }</ul>
                    <p class="hint">{ words.say("conventions-hint") }</p>
                }
            }
        </section>
    }
}

/// Properties of [`One`].
#[derive(Properties, PartialEq)]
struct OneProps {
    one: Shared<InConvention>,
    /// The convention that it is compared with.
    first: Option<Convention>,
    image: Layered,
    stale: bool,
    colormap: Colormap,
    dispatch: Dispatch,
}

/// One map over the image, and what it differs by from the first.
#[component]
fn One(props: &OneProps) -> Html {
    let words = use_words();
    let OneProps { one, first, image, stale, colormap, dispatch } = props;
    let overlay = use_memo((one.clone(), *colormap), |(one, colormap)| {
        let paint = if one.convention.rectifies { Paint::Heat(*colormap) } else { Paint::Signed };
        Overlay { numbers: Numbers::Plane(one.shown.clone().into()), paint }
    });
    let name = words.convention_title(one.convention.name);
    let layered = Layered { overlay: one.map.blank.is_none().then(|| (*overlay).clone()), ..image.clone() };
    let point = Callback::<Option<Place>>::noop();
    let told = one.difference.as_ref().zip(*first).map(|(difference, first)| {
        let correlation = match difference.correlation {
            Some(correlation) => format!("{correlation:.3}"),
            None => words.say("conventions-none"),
        };
        let numbers = [("correlation", correlation.into()), ("largest", format!("{:.3}", difference.largest).into())];
        (words.with("conventions-numbers", numbers), words.fault(&difference.sentence(&first, &one.convention)))
    });
    html! {
        <li class="in-convention" data-testid={format!("convention-{}", one.convention.name)}>
            <h3>{ &name }</h3>
            <Stage ids={["convention-image", "convention-heat"]} {layered} stale={*stale} summary={name.clone()} place={None::<Place>}
                {point} dispatch={dispatch.clone()} />
            if let Some((numbers, sentence)) = told {
                <p class="numbers">{ numbers }</p>
                <p data-testid="cause">{ sentence }</p>
            } else {
                <p class="numbers">{ words.say("conventions-first") }</p>
            }
        </li>
    }
}
