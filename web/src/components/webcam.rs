//! Images from a camera: one, or one after the other as fast as they are explained.

use std::rc::Rc;

use convscope_page::{ImageAction, LiveAction, LiveState, NoticeAction, RECORDED_SECONDS, Text};
use gloo_timers::future::TimeoutFuture;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream, MediaStreamConstraints,
    MediaStreamTrack,
};
use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// Longer side of an image of the camera, in pixels: no network here sees more of it.
const SIDE: f64 = 480.0;
/// Milliseconds between the end of an answer and the next image, so that the page can be drawn.
const PAUSE: u32 = 30;
/// Milliseconds over which the images a second are counted.
const RATED_MILLISECONDS: f64 = 4000.0;

/// Properties of [`Webcam`].
#[derive(Properties, PartialEq)]
pub struct WebcamProps {
    /// Whether everything about the last image has come. Images that the camera makes before are dropped, not queued.
    pub idle: bool,
    /// Images that have been explained, and the recording of them.
    pub live: LiveState,
    /// Hears the images.
    pub dispatch: Dispatch,
}

/// A button; when it is pressed, what the camera sees, with buttons to look once or all the time.
#[component]
pub fn Webcam(props: &WebcamProps) -> Html {
    let words = use_words();
    let (video, stream, start) = use_camera(&props.dispatch);
    let live = use_state(|| false);
    let stop = {
        let (stream, live, dispatch) = (stream.clone(), live.clone(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            live.set(false);
            stream.set(None);
            dispatch.emit(LiveAction::Stop);
        })
    };
    {
        let (video, dispatch) = (video.clone(), props.dispatch.clone());
        use_effect_with((*live && stream.is_some(), props.idle), move |(live, idle)| {
            if *live && *idle {
                spawn_local(async move {
                    TimeoutFuture::new(PAUSE).await;
                    give(&video, &dispatch, true).await;
                });
            }
        });
    }
    let once = {
        let (video, dispatch) = (video.clone(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            let (video, dispatch) = (video.clone(), dispatch.clone());
            spawn_local(async move { give(&video, &dispatch, false).await });
        })
    };
    let toggle = {
        let live = live.clone();
        Callback::from(move |_: MouseEvent| live.set(!*live))
    };
    let rate = use_rate(props.live.explained);
    let rate = rate.filter(|_| *live).map(|rate| words.with("camera-rate", [("rate", format!("{rate:.1}").into())]));
    let record = {
        let recording = props.live.recording.is_some();
        props.dispatch.reform(move |_: MouseEvent| if recording { LiveAction::Stop } else { LiveAction::Record })
    };
    let left = props.live.recording.map(|seconds| RECORDED_SECONDS.saturating_sub(seconds));
    let recorded = match left {
        Some(seconds) => words.with("record-stop", [("seconds", seconds.into())]),
        None => words.with("record", [("seconds", RECORDED_SECONDS.into())]),
    };
    html! {
        <div class="webcam">
            if stream.is_some() {
                <video ref={video} muted=true playsinline=true aria-label={words.say("camera")} data-testid="camera"></video>
                <div class="webcam-buttons">
                    <button type="button" class="button" onclick={once} disabled={*live} data-testid="camera-once">{ words.say("camera-once") }</button>
                    <button type="button" class="button toggle" onclick={toggle} aria-pressed={live.to_string()} data-testid="camera-live">{ words.say("camera-live") }</button>
                    <button type="button" class="button toggle" onclick={record} disabled={!*live && left.is_none()} aria-pressed={left.is_some().to_string()}
                        title={words.say("record-title")} data-testid="camera-record">{ recorded }</button>
                    <button type="button" class="button quiet" onclick={stop} data-testid="camera-off">{ words.say("camera-off") }</button>
                </div>
                <p class="hint camera-rate" data-testid="camera-rate">{ rate }</p>
            } else {
                <button type="button" class="button" onclick={start} data-testid="camera-on">{ words.say("camera-on") }</button>
            }
        </div>
    }
}

/// A camera that a component shows: its element, its stream while it is on, and what turns it on. It goes off with the component, or when
/// the stream is set to none.
#[hook]
pub(super) fn use_camera(dispatch: &Dispatch) -> (NodeRef, UseStateHandle<Option<MediaStream>>, Callback<MouseEvent>) {
    let video = use_node_ref();
    let stream = use_state(|| None::<MediaStream>);
    let start = {
        let (stream, dispatch) = (stream.clone(), dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            let (stream, dispatch) = (stream.clone(), dispatch.clone());
            spawn_local(async move {
                match camera().await {
                    Ok(camera) => stream.set(Some(camera)),
                    Err(_) => dispatch.emit(NoticeAction::Failed(Text::key(key("camera-refused")))),
                }
            });
        })
    };
    {
        let video = video.clone();
        use_effect_with((*stream).clone(), move |stream| {
            if let (Some(video), Some(stream)) = (video.cast::<HtmlVideoElement>(), stream) {
                video.set_src_object(Some(stream));
                let _ = video.play();
            }
            let stream = stream.clone();
            // The camera's lamp goes out.
            move || stream.iter().for_each(turn_off)
        });
    }
    (video, stream, start)
}

/// Images a second, by the last of so many that have been explained; none before there are two.
#[hook]
fn use_rate(explained: u64) -> Option<f64> {
    let times = use_mut_ref(Vec::<f64>::new);
    use_memo(explained, |_| {
        let (mut times, now) = (times.borrow_mut(), js_sys::Date::now());
        // After a pause it is counted anew.
        times.retain(|then| now - then < RATED_MILLISECONDS);
        times.push(now);
        let first = times.first().filter(|_| times.len() > 1)?;
        Some(1000.0 * (times.len() - 1) as f64 / (now - first).max(1.0))
    })
    .as_ref()
    .to_owned()
}

/// The camera; the browser asks the person first.
async fn camera() -> Result<MediaStream, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&JsValue::TRUE);
    let promise = window.navigator().media_devices()?.get_user_media_with_constraints(&constraints)?;
    JsFuture::from(promise).await?.dyn_into()
}

fn turn_off(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

/// Gives what the camera sees now, as one of many where it is `live`.
async fn give(video: &NodeRef, dispatch: &Dispatch, live: bool) {
    let Some(video) = video.cast::<HtmlVideoElement>() else { return };
    let name = "Camera".to_owned();
    match frame(&video).await {
        Ok(file) if live => dispatch.emit(ImageAction::Frame { name, file }),
        Ok(file) => dispatch.emit(ImageAction::Given { name, file }),
        Err(_) => dispatch.emit(NoticeAction::Failed(Text::key(key("camera-nothing")))),
    }
}

/// Image that the camera sees now, as a PNG file: nothing is lost of it.
pub(super) async fn frame(video: &HtmlVideoElement) -> Result<Rc<[u8]>, JsValue> {
    let (width, height) = (f64::from(video.video_width()), f64::from(video.video_height()));
    if width == 0.0 || height == 0.0 {
        return Err(JsValue::NULL);
    }
    let scale = (SIDE / width.max(height)).min(1.0);
    let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
    canvas.set_width((width * scale) as u32);
    canvas.set_height((height * scale) as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into()?;
    context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, width * scale, height * scale)?;
    let (sender, receiver) = futures_channel::oneshot::channel();
    let done = wasm_bindgen::closure::Closure::once_into_js(move |blob: Option<Blob>| {
        let _ = sender.send(blob);
    });
    canvas.to_blob(done.unchecked_ref())?;
    let blob = receiver.await.ok().flatten().ok_or(JsValue::NULL)?;
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    Ok(Rc::from(Uint8Array::new(&buffer).to_vec()))
}
