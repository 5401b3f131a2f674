//! Image of a survey, small, under its map.

use std::rc::Rc;

use convscope_core::survey::Row;
use convscope_page::{Content, ImageAction, SurveyImage};
use yew::prelude::*;

use crate::canvas;
use crate::components::percent;
use crate::dispatch::Dispatch;
use crate::words::{Words, use_words};

/// Properties of [`Tile`].
#[derive(Properties, PartialEq)]
pub(super) struct TileProps {
    /// What is known of it.
    pub row: Row,
    /// The image.
    pub image: SurveyImage,
    /// Its place among those that are shown.
    pub index: usize,
    /// Whether the tab key reaches it.
    pub reached: bool,
    /// Hears that it has the focus.
    pub focus: Callback<()>,
    /// Hears that it is chosen.
    pub dispatch: Dispatch,
}

/// A button that shows the image on the stage.
#[component]
pub(super) fn Tile(props: &TileProps) -> Html {
    let words = use_words();
    let TileProps { row, image, index, dispatch, .. } = props;
    let serial = image.photo.serial;
    let onfocus = props.focus.reform(|_: FocusEvent| ());
    let wrong = (row.is_right() == Some(false)).then_some("wrong");
    html! {
        <li>
            <button type="button" class={classes!("survey-tile", wrong)} tabindex={if props.reached { "0" } else { "-1" }} {onfocus} title={row.path.clone()}
                onclick={dispatch.reform(move |_: MouseEvent| ImageAction::Choose(serial))} data-testid={format!("survey-tile-{index}")}>
                <Picture picture={image.picture.clone()} />
                <span class="survey-caption">{ caption(&words, row, image) }</span>
                <span class="survey-path">{ &row.path }</span>
            </button>
        </li>
    }
}

/// What the model takes it for, and what it is.
fn caption(words: &Words, row: &Row, image: &SurveyImage) -> String {
    if let Some(fault) = &image.failed {
        return words.fault(fault);
    }
    let Some(found) = &row.found else { return String::new() };
    let class = words.class(&found.name);
    let probability = found.probability.map_or_else(|| format!("{:.2}", found.logit), percent);
    let values = [("class", class.into()), ("probability", probability.into())];
    match (&row.truth, row.is_right()) {
        (Some(truth), Some(false)) => {
            words.with("survey-taken-wrong", values.into_iter().chain([("label", truth.as_str().into())]))
        }
        _ => words.with("survey-taken", values),
    }
}

/// Properties of [`Picture`].
#[derive(Properties, PartialEq)]
pub(super) struct PictureProps {
    /// JPEG file.
    pub picture: Option<Rc<[u8]>>,
}

/// A picture that words stand beside.
#[component]
pub(super) fn Picture(props: &PictureProps) -> Html {
    let canvas = use_node_ref();
    {
        let canvas = canvas.clone();
        use_effect_with(props.picture.clone(), move |picture| {
            let Some(picture) = picture.clone() else { return };
            wasm_bindgen_futures::spawn_local(async move {
                if let Ok(bitmap) = canvas::decode(&Content::Bytes(picture)).await {
                    canvas::on(&canvas, |canvas| canvas::draw_image(canvas, &bitmap));
                    bitmap.close();
                }
            });
        });
    }
    html! { <canvas ref={canvas} aria-hidden="true" /> }
}
