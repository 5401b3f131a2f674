//! The model beside itself in other packings of its weights: classes, maps, and in words what is lost.

use convscope_core::explain::{Agreement, InPacking};
use convscope_core::render::Colormap;
use convscope_page::{FidelityAction, FidelityState, Layered, Numbers, Overlay, Paint, Shared, State};
use yew::prelude::*;

use super::readout::Place;
use super::{Stage, percent};
use crate::dispatch::Dispatch;
use crate::words::{Words, key, use_words};

/// Layers up to which their table is open.
const OPEN: usize = 24;

/// Properties of [`Fidelity`].
#[derive(Properties, PartialEq)]
pub struct FidelityProps {
    /// What is known so far.
    pub fidelity: FidelityState,
    /// Whether it lacks what is chosen now.
    pub stale: bool,
    /// Whether it could be compared now.
    pub ready: bool,
    /// The model's name, its id, and where its weights are from.
    pub model: [String; 3],
    /// The image, without anything over it.
    pub image: Layered,
    /// The colour map.
    pub colormap: Colormap,
    /// Hears the buttons.
    pub dispatch: Dispatch,
}

impl FidelityProps {
    /// The properties for that state; none while it is closed.
    pub fn of(state: &State, dispatch: Dispatch) -> Option<Self> {
        let (fidelity, stale) = state.fidelity()?;
        let ready = state.model.ready.as_ref()?;
        Some(Self {
            fidelity,
            stale,
            ready: state.can_compare_packings(),
            model: [ready.name.clone(), ready.id.clone(), ready.source.clone()],
            image: state.layered().bare(),
            colormap: state.explanation.colormap,
            dispatch,
        })
    }
}

/// The packings beside each other, and their layers in a table.
#[component]
pub fn Fidelity(props: &FidelityProps) -> Html {
    let words = use_words();
    let FidelityProps { fidelity, stale, ready, model: [name, id, source], image, colormap, dispatch } = props;
    let packings = &fidelity.packings;
    let finest = packings.first();
    let one = |one: &Shared<InPacking>| {
        html! { <One key={one.id.clone()} one={one.clone()} image={image.clone()} stale={*stale} colormap={*colormap} dispatch={dispatch.clone()} /> }
    };
    let alone = finest.filter(|_| packings.len() == 1).map(|own| {
        let values = [("name", name.as_str().into()), ("stored", own.stored.as_str().into())];
        let other = if own.stored == "f32" { "int8" } else { "f32" };
        let command = format!("convscope pack WEIGHTS --codec {other} --out weights/{id}-{other}");
        (
            words.with("fidelity-alone", values),
            command,
            words.with("fidelity-source", [("source", source.as_str().into())]),
        )
    });
    html! {
        <section class="fidelity" aria-labelledby="fidelity-title" data-testid="fidelity">
            <div class="drill-head">
                <h2 id="fidelity-title">{ words.with("fidelity-title", [("name", name.as_str().into())]) }</h2>
                <button type="button" class="button" onclick={dispatch.reform(|_: MouseEvent| FidelityAction::Open(false))} data-testid="fidelity-close">
                    { words.say("drill-close") }
                </button>
            </div>
            if let Some((done, total)) = fidelity.loading.map(|(done, total)| (done as f64 / 1e6, total as f64 / 1e6)) {
                <label class="progress">
                    <progress max={total.to_string()} value={done.to_string()} />
                    <span>{ words.with("fidelity-loading", [("done", format!("{done:.1}").into()), ("total", format!("{total:.1}").into())]) }</span>
                </label>
            } else if let Some((done, total)) = fidelity.progress {
                <label class="progress">
                    <progress max={total.to_string()} value={done.to_string()} />
                    <span>{ words.with("run-progress", [("done", done.into()), ("total", total.into())]) }</span>
                </label>
            } else if *stale {
                <button type="button" class="button primary" disabled={!ready} onclick={dispatch.reform(|_: MouseEvent| FidelityAction::Compare)}
                    data-testid="fidelity-run">{ words.say("fidelity-run") }</button>
            }
            if let Some(why) = &fidelity.failed {
                <p class="blank" role="alert">{ words.tell(why) }</p>
            }
            if let Some((sentence, command, source)) = alone {
                <p data-testid="fidelity-alone">{ sentence }</p>
                <p><code>{ command }</code></p>
                <p class="hint">{ source }</p>
            }
            if packings.len() > 1 {
                <ul class="changes">{ for packings.iter().map(|one| html! { <Changed one={one.clone()} finest={finest.cloned()} /> }) }</ul>
                <ul class="in-conventions">{ for packings.iter().map(one) }</ul>
                <Layers packings={packings.to_vec()} />
                <p class="hint">{ words.say("fidelity-hint") }</p>
            }
        </section>
    }
}

/// What a packing changed, in sentences.
fn changed(words: &Words, one: &InPacking, finest: &InPacking, agreement: &Agreement) -> Vec<String> {
    let named =
        |packing: &InPacking| packing.classes.first().map_or_else(String::new, |class| words.class(&class.name));
    let class = agreement.same_class.map(|same| {
        let count = finest.classes.len();
        let values = [
            ("finest", finest.stored.as_str().into()),
            ("class", named(one).into()),
            ("before", named(finest).into()),
            ("shared", agreement.shared_classes.into()),
            ("count", count.into()),
        ];
        words.with(if same { key("fidelity-same-class") } else { key("fidelity-other-class") }, values)
    });
    let maps = match (agreement.median(), agreement.least()) {
        (Some(median), Some((layer, least))) => {
            let count = agreement.layers.iter().filter(|(_, correlation)| correlation.is_some()).count();
            let values = [
                ("median", format!("{median:.3}").into()),
                ("least", format!("{least:.3}").into()),
                ("layer", words.layer_title(layer).into()),
                ("count", count.into()),
            ];
            let sentence = if count > 1 { key("fidelity-maps") } else { key("fidelity-map") };
            words.with(sentence, values)
        }
        _ => words.say("fidelity-no-maps"),
    };
    class.into_iter().chain([maps]).collect()
}

/// Properties of [`Changed`].
#[derive(Properties, PartialEq)]
struct ChangedProps {
    one: Shared<InPacking>,
    finest: Option<Shared<InPacking>>,
}

/// A line of what a packing changed; none of the finest.
#[component]
fn Changed(props: &ChangedProps) -> Html {
    let words = use_words();
    let ChangedProps { one, finest } = props;
    let told = one.agreement.as_ref().zip(finest.as_ref());
    let told = told.map(|(agreement, finest)| changed(&words, one, finest, agreement));
    html! {
        if let Some(told) = told {
            <li data-testid="changed"><strong>{ &one.stored }</strong>{ " · " }{ words.join(&told) }</li>
        }
    }
}

/// Properties of [`One`].
#[derive(Properties, PartialEq)]
struct OneProps {
    one: Shared<InPacking>,
    image: Layered,
    stale: bool,
    colormap: Colormap,
    dispatch: Dispatch,
}

/// One packing: its map over the image, and its likeliest classes.
#[component]
fn One(props: &OneProps) -> Html {
    let words = use_words();
    let OneProps { one, image, stale, colormap, dispatch } = props;
    let overlay = use_memo((one.clone(), *colormap), |(one, colormap)| {
        let map = one.map.as_ref().filter(|map| map.blank.is_none())?;
        Some(Overlay { numbers: Numbers::Plane(map.normalised.clone().into()), paint: Paint::Heat(*colormap) })
    });
    let layered = Layered { overlay: (*overlay).clone(), ..image.clone() };
    let megabytes = format!("{:.1}", one.bytes as f64 / 1e6);
    let name = words.with("fidelity-name", [("stored", one.stored.as_str().into()), ("megabytes", megabytes.into())]);
    let point = Callback::<Option<Place>>::noop();
    html! {
        <li class="in-convention" data-testid={format!("packing-{}", one.stored)}>
            <h3>{ &name }</h3>
            <Stage ids={["packing-image", "packing-heat"]} {layered} stale={*stale} summary={name.clone()} place={None::<Place>} {point} dispatch={dispatch.clone()} />
            <ol class="likeliest">
                { for one.classes.iter().map(|class| html! {
                    <li><span>{ words.class_title(&class.name) }</span><span class="number">{ class.probability.map_or_else(|| format!("{:.2}", class.logit), percent) }</span></li>
                }) }
            </ol>
            if one.agreement.is_none() {
                <p>{ words.say("fidelity-finest") }</p>
            }
        </li>
    }
}

/// Properties of [`Layers`].
#[derive(Properties, PartialEq)]
struct LayersProps {
    packings: Vec<Shared<InPacking>>,
}

/// The correlation of maps by layer, a column a packing.
#[component]
fn Layers(props: &LayersProps) -> Html {
    let words = use_words();
    let compared: Vec<(&str, &Agreement)> =
        props.packings.iter().filter_map(|one| Some((one.stored.as_str(), one.agreement.as_ref()?))).collect();
    let layers = compared.first().map_or(&[][..], |(_, agreement)| &agreement.layers[..]);
    let cell = |layer: &str, agreement: &Agreement| {
        let found = agreement.layers.iter().find(|(other, _)| other == layer).and_then(|(_, correlation)| *correlation);
        html! { <td class="number">{ found.map_or_else(|| "–".into(), |one| format!("{one:.3}")) }</td> }
    };
    html! {
        if layers.len() > 1 {
            <details class="by-layer" open={layers.len() <= OPEN}>
                <summary>{ words.say("fidelity-layers") }</summary>
                <table data-testid="fidelity-layers">
                    <thead><tr><th scope="col">{ words.say("layers") }</th>{ for compared.iter().map(|(stored, _)| html! { <th scope="col">{ *stored }</th> }) }</tr></thead>
                    <tbody>{ for layers.iter().map(|(layer, _)| html! {
                        <tr><th scope="row">{ words.layer_title(layer) }</th>{ for compared.iter().map(|(_, agreement)| cell(layer, agreement)) }</tr>
                    }) }</tbody>
                </table>
            </details>
        }
    }
}
