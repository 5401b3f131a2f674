//! All feature maps of a layer on one sheet.

use convscope_core::artifact::Sheet as Maps;
use convscope_core::render::Colormap;
use convscope_page::{ExplanationAction, Shared, State, channel_at};
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use crate::canvas;
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Properties of [`Sheet`].
#[derive(Properties, PartialEq)]
pub struct SheetProps {
    /// The feature maps, once they have come.
    pub sheet: Option<Shared<Maps>>,
    /// Colours of the feature maps.
    pub colormap: Colormap,
    /// The channel that lies over the image.
    pub channel: Option<usize>,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

impl SheetProps {
    /// The properties for that state.
    pub fn of(state: &State, dispatch: Dispatch) -> Self {
        let results = &state.explanation.results;
        let channel = results.channel.as_ref().map(|map| map.channel);
        Self { sheet: results.sheet.clone(), colormap: state.explanation.colormap, channel, dispatch }
    }
}

/// The sheet, and what it holds in words. A click lays a tile over the image.
#[component]
pub fn Sheet(props: &SheetProps) -> Html {
    let words = use_words();
    let tiles = use_node_ref();
    {
        let tiles = tiles.clone();
        use_effect_with((props.sheet.clone(), props.colormap), move |(sheet, colormap)| {
            if let Some(drawn) = sheet.as_ref().and_then(|sheet| sheet.draw(*colormap).ok()) {
                canvas::on(&tiles, |canvas| canvas::draw_rgb(canvas, drawn.rgb(), drawn.width(), drawn.height()));
            }
        });
    }
    let choose = {
        let (sheet, dispatch) = (props.sheet.clone(), props.dispatch.clone());
        Callback::from(move |event: MouseEvent| {
            let canvas: HtmlCanvasElement = event.target_unchecked_into();
            let across = f64::from(event.offset_x()) / f64::from(canvas.client_width());
            let down = f64::from(event.offset_y()) / f64::from(canvas.client_height());
            if let Some(channel) = sheet.as_ref().and_then(|sheet| channel_at(sheet, (across, down))) {
                dispatch.emit(ExplanationAction::ChooseChannel(Some(channel)));
            }
        })
    };
    let content = props.sheet.as_ref().map(|sheet| {
        let [channels, height, width] = sheet.activation.shape;
        let silent = sheet.activation.channels.iter().filter(|(_, sum)| *sum == 0.0).count();
        let size = [("channels", channels.into()), ("height", height.into()), ("width", width.into())];
        let silent = (silent > 0).then(|| words.with("sheet-silent", [("count", silent.into())]));
        [Some(words.with("sheet-words", size)), silent].into_iter().flatten().collect::<Vec<_>>().join(&words.gap())
    });
    html! {
        <section class="answer" aria-labelledby="sheet-title">
            <h2 id="sheet-title">{ words.say("sheet-title") }</h2>
            <p class="hint" data-testid="sheet-words">{ for content.clone() }{ words.gap() }{ words.say("sheet-hint") }</p>
            <canvas class="sheet" ref={tiles} hidden={props.sheet.is_none()} onclick={choose} data-testid="sheet" role="img"
                aria-label={content.unwrap_or_default()} />
            if let Some(channel) = props.channel {
                <p class="hint" data-testid="channel">{ words.with("channel-over", [("channel", channel.into())]) }{ words.gap() }
                    <button type="button" class="link" onclick={props.dispatch.reform(|_| ExplanationAction::ChooseChannel(None))}>{ words.say("channel-away") }</button>
                </p>
            }
        </section>
    }
}
