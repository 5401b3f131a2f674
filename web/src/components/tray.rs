//! The images that were given, to choose from.

use std::rc::Rc;

use convscope_page::{ImageAction, ImageFile, SurveyAction};
use yew::prelude::*;

use super::Small;
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Images that are seen at once; a folder of photographs has hundreds.
const PAGE: usize = 48;

/// Properties of [`Tray`].
#[derive(Properties, PartialEq)]
pub struct TrayProps {
    /// The images.
    pub photos: Vec<Rc<ImageFile>>,
    /// The serial number of the one that is seen.
    pub current: Option<u64>,
    /// Whether the survey of them is seen, where there can be one.
    pub surveyed: Option<bool>,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// One small image each, of as many as are asked for.
#[component]
pub fn Tray(props: &TrayProps) -> Html {
    let words = use_words();
    let shown = use_state(|| PAGE);
    let left = props.photos.len().saturating_sub(*shown);
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + PAGE))
    };
    html! {
        if props.photos.len() > 1 {
            if let Some(open) = props.surveyed {
                <button type="button" class="button toggle survey-open" aria-pressed={open.to_string()} title={words.say("survey-open-title")} data-testid="survey-open"
                    onclick={props.dispatch.reform(move |_: MouseEvent| SurveyAction::Open(!open))}>
                    { words.with("survey-open", [("count", props.photos.len().into())]) }
                </button>
            }
            <ul class="tray" aria-label={words.say("tray")} data-testid="tray">
                { for props.photos.iter().take(*shown).map(|photo| html! {
                    <Thumbnail key={photo.serial} photo={photo.clone()} here={props.current == Some(photo.serial)} dispatch={props.dispatch.clone()} />
                }) }
            </ul>
            if left > 0 {
                <button type="button" class="link" onclick={more} data-testid="tray-more">{ words.with("tray-more", [("count", left.into())]) }</button>
            }
            <button type="button" class="link" onclick={props.dispatch.reform(|_| ImageAction::RemoveAll)} data-testid="tray-remove-all">
                { words.say("tray-remove-all") }
            </button>
        }
    }
}

/// Properties of [`Thumbnail`].
#[derive(Properties, PartialEq)]
struct ThumbnailProps {
    photo: Rc<ImageFile>,
    here: bool,
    dispatch: Dispatch,
}

#[component]
fn Thumbnail(props: &ThumbnailProps) -> Html {
    let words = use_words();
    let serial = props.photo.serial;
    let choose = props.dispatch.reform(move |_| ImageAction::Choose(serial));
    html! {
        <li>
            <button type="button" class="example" aria-pressed={props.here.to_string()} aria-label={props.photo.name.clone()}
                title={props.photo.name.clone()} onclick={choose} data-testid={format!("tray-{serial}")}>
                <Small photo={props.photo.clone()} />
            </button>
            <button type="button" class="remove" onclick={props.dispatch.reform(move |_| ImageAction::Remove(serial))}
                aria-label={words.with("tray-remove", [("name", props.photo.name.as_str().into())])} data-testid={format!("tray-remove-{serial}")}>
                <span aria-hidden="true">{ "×" }</span>
            </button>
        </li>
    }
}
