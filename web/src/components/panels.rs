//! Images of a layer's channels, one beside the other.

use convscope_core::artifact::{Measure, Panel};
use convscope_core::card::Card;
use convscope_core::protocol::Ready;
use convscope_page::{Shared, State};
use yew::prelude::*;

use super::share;
use crate::canvas;
use crate::words::{key, use_words};

/// Properties of [`Panels`].
#[derive(Properties, PartialEq)]
pub struct PanelsProps {
    /// The method that gives them.
    pub card: Shared<Card>,
    /// The images.
    pub panels: Vec<Shared<Panel>>,
    /// The model that names the classes, where the channels are class outputs.
    pub classes: Option<Shared<Ready>>,
    /// Seconds that they took, once all have come.
    pub seconds: Option<f64>,
}

impl PanelsProps {
    /// The properties for that state and the chosen method.
    pub fn of(state: &State, card: &Shared<Card>) -> Self {
        let results = &state.explanation.results;
        let layer = results.panels.first().map(|panel| &panel.layer);
        let outputs = |ready: &&Shared<Ready>| ready.outputs.as_ref().is_some_and(|tap| Some(&tap.name) == layer);
        let classes = state.model.ready.as_ref().filter(outputs).cloned();
        Self { card: card.clone(), panels: results.panels.clone(), classes, seconds: results.seconds }
    }
}

/// The images, each with its channel and what is known about it.
#[component]
pub fn Panels(props: &PanelsProps) -> Html {
    let words = use_words();
    let first = props.panels.first();
    let hint = first.map(|panel| match panel.measure {
        Measure::Sum(_) => (key("panels-sum"), &panel.layer),
        Measure::Share(_) => (key("panels-share"), &panel.layer),
        // What the numbers are is said by what the images are made for.
        _ if props.card.asks.class => (key("panels-logit"), &panel.layer),
        _ if props.card.asks.image => (key("panels-squares"), &panel.layer),
        _ => (key("panels-objective"), &panel.layer),
    });
    html! {
        <section class="answer" aria-labelledby="panels-title">
            <h2 id="panels-title">{ words.method_title(&props.card) }</h2>
            <ul class="panels" data-testid="panels">
                { for props.panels.iter().map(|panel| {
                    let classes = props.classes.as_ref().zip(panel.channel);
                    let label = classes.and_then(|(ready, channel)| ready.labels.get(channel)).map(|label| words.class(label));
                    let number = |channel: usize| words.with("channel", [("channel", channel.into())]);
                    let channel = || panel.channel.map_or_else(|| words.say("channels-together"), number);
                    let title = label.unwrap_or_else(channel);
                    let key = title.clone();
                    html! { <One {key} panel={panel.clone()} {title} of_class={props.card.asks.class} /> }
                }) }
            </ul>
            if let Some((sentence, layer)) = hint {
                <p class="hint">
                    { words.rich(sentence, [("layer", layer.as_str().into())]) }
                    if let Some(seconds) = props.seconds {
                        { " · " }{ words.with("seconds", [("seconds", format!("{seconds:.2}").into())]) }
                    }
                </p>
            }
        </section>
    }
}

/// Properties of [`One`].
#[derive(Properties, PartialEq)]
struct OneProps {
    panel: Shared<Panel>,
    title: String,
    /// Whether it is made for a class.
    of_class: bool,
}

/// Properties of [`PanelImage`].
#[derive(Properties, PartialEq)]
pub(super) struct PanelImageProps {
    /// The panel.
    pub panel: Shared<Panel>,
    /// Words for what it shows; none where they stand beside it.
    #[prop_or_default]
    pub label: Option<String>,
}

/// The image of a channel, if there is something to see.
#[component]
pub(super) fn PanelImage(props: &PanelImageProps) -> Html {
    let canvas = use_node_ref();
    {
        let canvas = canvas.clone();
        use_effect_with(props.panel.clone(), move |panel| {
            if let Some(drawing) = &panel.drawing {
                canvas::on(&canvas, |canvas| canvas::draw_rgb(canvas, &drawing.rgb, drawing.width, drawing.height));
            }
        });
    }
    let told = props.label.is_some();
    html! {
        <canvas ref={canvas} hidden={props.panel.drawing.is_none()} role={told.then_some("img")} aria-label={props.label.clone()}
            aria-hidden={(!told).then_some("true")} />
    }
}

#[component]
fn One(props: &OneProps) -> Html {
    let catalogue = use_words();
    let words = match props.panel.measure {
        Measure::Sum(sum) => catalogue.with("panel-sum", [("sum", format!("{sum:.1}").into())]),
        Measure::Share(one) => share(&one),
        Measure::Objective(objective) => format!("{objective:.2} …"),
        Measure::Optimized(_) if props.panel.drawing.is_none() && props.of_class => catalogue.say("panel-below"),
        Measure::Optimized(_) if props.panel.drawing.is_none() => catalogue.say("panel-dead"),
        Measure::Optimized(objectives) => format!("{:.2} → {:.2}", objectives.first, objectives.last),
    };
    html! {
        <li class="panel">
            <PanelImage panel={props.panel.clone()} label={format!("{}, {words}", props.title)} />
            <span class="panel-name">{ &props.title }</span>
            <span class="panel-measure">{ words }</span>
        </li>
    }
}
