//! Pictures of a layer's channels, one beside the other.

use convscope_core::protocol::{Measure, Panel, Ready};
use convscope_page::Shared;
use yew::prelude::*;

use super::human;
use crate::canvas;
use crate::words::use_words;

/// Properties of [`Panels`].
#[derive(Properties, PartialEq)]
pub(crate) struct PanelsProps {
    /// The pictures.
    pub panels: Vec<Shared<Panel>>,
    /// The model that names the classes, where the channels are class outputs.
    pub classes: Option<Shared<Ready>>,
}

/// The pictures, each with its channel and what is known about it.
#[component]
pub(crate) fn Panels(props: &PanelsProps) -> Html {
    let words = use_words();
    html! {
        <ul class="panels" data-testid="panels">
            { for props.panels.iter().map(|panel| {
                let label = props.classes.as_ref().and_then(|ready| ready.labels.get(panel.channel)).map(|label| human(label));
                let title = label.unwrap_or_else(|| words.with("channel", [("channel", panel.channel.into())]));
                html! { <One key={panel.channel} panel={panel.clone()} {title} /> }
            }) }
        </ul>
    }
}

/// Properties of [`One`].
#[derive(Properties, PartialEq)]
struct OneProps {
    panel: Shared<Panel>,
    title: String,
}

#[component]
fn One(props: &OneProps) -> Html {
    let catalogue = use_words();
    let canvas = use_node_ref();
    {
        let canvas = canvas.clone();
        use_effect_with(props.panel.clone(), move |panel| {
            if let Some(drawing) = &panel.drawing {
                canvas::on(&canvas, |canvas| canvas::draw_rgb(canvas, drawing));
            }
        });
    }
    let words = match props.panel.measure {
        Measure::Sum(sum) => catalogue.with("panel-sum", [("sum", format!("{sum:.1}").into())]),
        Measure::Climbing(objective) => format!("{objective:.2} …"),
        Measure::Climbed { .. } if props.panel.drawing.is_none() => catalogue.say("panel-dead"),
        Measure::Climbed { first, last, .. } => format!("{first:.2} → {last:.2}"),
    };
    html! {
        <li class="panel">
            <canvas ref={canvas} hidden={props.panel.drawing.is_none()} role="img" aria-label={format!("{}, {words}", props.title)} />
            <span class="panel-name">{ &props.title }</span>
            <span class="panel-measure">{ words }</span>
        </li>
    }
}
