//! All feature maps of a layer on one sheet.

use std::rc::Rc;

use convscope_core::numbers::Activation;
use convscope_core::protocol::Drawing;
use convscope_core::render::Scaling;
use convscope_page::{ExplanationAction, Question, Shared};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::choice::Choices;
use crate::canvas;
use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// Properties of [`Sheet`].
#[derive(Properties, PartialEq)]
pub struct SheetProps {
    /// The layer's numbers, once they have come.
    pub activation: Option<Shared<Activation>>,
    /// The sheet and its tiles a row.
    pub sheet: Option<(Shared<Drawing>, usize)>,
    /// The channel that lies over the picture.
    pub channel: Option<usize>,
    /// How it is asked.
    pub question: Rc<Question>,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// The sheet, its scaling, and what it holds in words. A click lays a tile over the picture.
#[component]
pub fn Sheet(props: &SheetProps) -> Html {
    let words = use_words();
    let tiles = use_node_ref();
    {
        let tiles = tiles.clone();
        use_effect_with(props.sheet.clone(), move |sheet| {
            if let Some((drawing, _)) = sheet {
                canvas::on(&tiles, |canvas| canvas::draw_rgb(canvas, drawing));
            }
        });
    }
    let choose = {
        let (sheet, activation, dispatch) = (props.sheet.clone(), props.activation.clone(), props.dispatch.clone());
        Callback::from(move |event: MouseEvent| {
            let (Some((drawing, columns)), Some(activation)) = (&sheet, &activation) else { return };
            let canvas: HtmlCanvasElement = event.target_unchecked_into();
            let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
            let [channels, tile_height, tile_width] = activation.shape;
            // A line of one pixel follows each tile.
            let at = |place: i32, seen: f64, length: u32, tile: usize| {
                (f64::from(place) / seen * f64::from(length)).max(0.0) as usize / (tile + 1)
            };
            let column = at(event.offset_x(), width, drawing.width, tile_width).min(columns - 1);
            let channel = at(event.offset_y(), height, drawing.height, tile_height) * columns + column;
            if channel < channels {
                dispatch.emit(ExplanationAction::ChooseChannel(Some(channel)));
            }
        })
    };
    let scaling = {
        let question = props.question.clone();
        props.dispatch.reform(move |value: String| {
            question
                .with(|question| question.scaling = if value == "layer" { Scaling::Layer } else { Scaling::Channel })
        })
    };
    let value = if props.question.scaling == Scaling::Layer { "layer" } else { "channel" };
    let options = vec![("channel", key("sheet-scaling-channel")), ("layer", key("sheet-scaling-layer"))];
    let content = props.activation.as_deref().map(|activation| {
        let [channels, height, width] = activation.shape;
        let silent = activation.channels.iter().filter(|(_, sum)| *sum == 0.0).count();
        let size = [("channels", channels.into()), ("height", height.into()), ("width", width.into())];
        let silent = (silent > 0).then(|| words.with("sheet-silent", [("count", silent.into())]));
        [Some(words.with("sheet-words", size)), silent].into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    html! {
        <section class="answer" aria-labelledby="sheet-title">
            <div class="answer-head">
                <h2 id="sheet-title">{ words.say("sheet-title") }</h2>
                <Choices label={key("sheet-scaling")} id="scaling" {options} value={value.to_owned()} onchange={scaling} />
            </div>
            <p class="hint" data-testid="sheet-words">{ for content.clone() }{ " " }{ words.say("sheet-hint") }</p>
            <canvas class="sheet" ref={tiles} hidden={props.sheet.is_none()} onclick={choose} data-testid="sheet" role="img"
                aria-label={content.unwrap_or_default()} />
            if let Some(channel) = props.channel {
                <p class="hint" data-testid="channel">{ words.with("channel-over", [("channel", channel.into())]) }{ " " }
                    <button type="button" class="link" onclick={props.dispatch.reform(|_| ExplanationAction::ChooseChannel(None))}>{ words.say("channel-away") }</button>
                </p>
            }
        </section>
    }
}
