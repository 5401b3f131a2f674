//! Images of a class from a camera, several in a row.

use convscope_page::{Content, TeachAction};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlVideoElement;
use yew::prelude::*;

use super::super::webcam::{frame, use_camera};
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Images of a burst, and the milliseconds between two of them, in which a person turns the thing a little.
const IMAGES: usize = 10;
const PAUSE: u32 = 300;

/// Properties of [`Burst`].
#[derive(Properties, PartialEq)]
pub(super) struct BurstProps {
    /// The class's index.
    pub(super) index: usize,
    /// Images that it has already.
    pub(super) count: usize,
    pub(super) dispatch: Dispatch,
}

/// A button; when it is pressed, what the camera sees, and a button that takes the images.
#[component]
pub(super) fn Burst(props: &BurstProps) -> Html {
    let words = use_words();
    let (video, stream, start) = use_camera(&props.dispatch);
    let busy = use_state(|| false);
    let take = {
        let (video, busy, dispatch) = (video.clone(), busy.clone(), props.dispatch.clone());
        let (index, count) = (props.index, props.count);
        Callback::from(move |_: MouseEvent| {
            let (video, busy, dispatch) = (video.clone(), busy.clone(), dispatch.clone());
            busy.set(true);
            spawn_local(async move {
                for number in 1..=IMAGES {
                    // It is gone when the dialog is closed.
                    let Some(video) = video.cast::<HtmlVideoElement>() else { break };
                    if let Ok(file) = frame(&video).await {
                        let name = format!("camera-{:03}.png", count + number);
                        dispatch.emit(TeachAction::Add(index, vec![(name, Content::Bytes(file))]));
                    }
                    TimeoutFuture::new(PAUSE).await;
                }
                busy.set(false);
            });
        })
    };
    let stop = {
        let stream = stream.clone();
        Callback::from(move |_: MouseEvent| stream.set(None))
    };
    html! {
        if stream.is_some() {
            <div class="teach-burst">
                <video ref={video} muted=true playsinline=true aria-label={words.say("camera")}></video>
                <div class="more">
                    <button type="button" class="button primary" disabled={*busy} onclick={take} data-testid={format!("teach-burst-{}", props.index)}>
                        { words.with("teach-burst", [("count", IMAGES.into())]) }</button>
                    <button type="button" class="button quiet" onclick={stop}>{ words.say("camera-off") }</button>
                </div>
            </div>
        } else {
            <button type="button" class="button" onclick={start} data-testid={format!("teach-camera-{}", props.index)}>{ words.say("camera-on") }</button>
        }
    }
}
