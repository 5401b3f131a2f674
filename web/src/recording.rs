//! Recording of what is seen while a camera is explained: a WebM file by the browser's own recorder
//! (<https://www.w3.org/TR/mediastream-recording/>), or where it has none for that the images one by one.

use std::cell::RefCell;
use std::rc::Rc;

use convscope_core::export::Zip;
use convscope_page::{LiveAction, RECORDED_SECONDS, State, Text};
use futures_channel::oneshot::{Receiver, channel};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Date, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlCanvasElement};

use crate::browser::{call, global, new, object, part};
use crate::canvas::white;
use crate::save;

/// Milliseconds between two images of a recording.
const STEP: u32 = 50;
/// Kind of the file.
const WEBM: &str = "video/webm";

/// Names of the file, by what it is.
#[derive(Clone, Debug)]
pub struct Names {
    /// Of a film.
    pub film: String,
    /// Of its images one by one.
    pub frames: String,
}

/// What takes the images.
enum Recorder {
    Film(Film),
    Frames(Zip, usize),
}

/// The browser's recorder, and the parts that it gives.
struct Film {
    recorder: JsValue,
    parts: Array,
    ended: Receiver<()>,
    _listeners: [Closure<dyn FnMut(JsValue)>; 2],
}

/// Records until the time is over or the state says so, and saves the file. Says how far it is.
pub async fn record(names: Names, state: Rc<RefCell<State>>, tell: impl Fn(LiveAction)) {
    let problem = match film(names, &state, &tell).await {
        Some(()) => None,
        None => Some(Text::key("record-nothing")),
    };
    tell(LiveAction::Ended(problem));
}

async fn film(names: Names, state: &Rc<RefCell<State>>, tell: &impl Fn(LiveAction)) -> Option<()> {
    let canvas = save::canvas()?;
    let (mut recorder, mut seen, mut piece) = (None, None, None);
    let (start, mut told) = (Date::now(), 0);
    while state.borrow().live.recording.is_some() {
        let layered = state.borrow().layered();
        let other = seen.as_ref() != Some(&layered);
        if other {
            let drawn = save::layered(&layered, None).await?;
            seen = Some(layered);
            if recorder.is_none() {
                white(&canvas, (drawn.width(), drawn.height()))?;
            }
            piece = Some(drawn);
        }
        // Also where nothing is new: a film has as many seconds as somebody has drawn in.
        draw(&canvas, piece.as_ref()?)?;
        if recorder.is_none() {
            recorder = Some(Film::start(&canvas).map_or_else(|| Recorder::Frames(Zip::default(), 0), Recorder::Film));
        }
        if let Some(Recorder::Frames(zip, count)) = recorder.as_mut().filter(|_| other) {
            *count += 1;
            zip.add(&format!("frame-{count:04}.png"), &png(&canvas).await?).ok()?;
        }
        let seconds = ((Date::now() - start) / 1000.0) as u32;
        if seconds > told {
            told = seconds.min(RECORDED_SECONDS);
            tell(LiveAction::Recorded(told));
        }
        TimeoutFuture::new(STEP).await;
    }
    match recorder? {
        Recorder::Film(film) => save::give(&names.film, &film.end().await?),
        Recorder::Frames(zip, _) => save::download(&names.frames, &zip.finish().ok()?),
    }
    Some(())
}

/// Draws an image as large as the film is.
fn draw(canvas: &HtmlCanvasElement, piece: &HtmlCanvasElement) -> Option<()> {
    let context = crate::canvas::context(canvas)?;
    let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
    context.draw_image_with_html_canvas_element_and_dw_and_dh(piece, 0.0, 0.0, width, height).ok()
}

/// The image as a PNG file.
async fn png(canvas: &HtmlCanvasElement) -> Option<Vec<u8>> {
    let (sender, receiver) = channel();
    let done = Closure::once_into_js(move |blob: Option<Blob>| {
        let _ = sender.send(blob);
    });
    canvas.to_blob(done.unchecked_ref()).ok()?;
    let buffer = JsFuture::from(receiver.await.ok()??.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

impl Film {
    /// Starts to record what is drawn on a canvas; none where the browser makes no such film.
    fn start(canvas: &HtmlCanvasElement) -> Option<Self> {
        let taken = call(&global("MediaRecorder"), "isTypeSupported", &[&WEBM.into()]).ok()?;
        taken.is_truthy().then_some(())?;
        let stream = call(canvas, "captureStream", &[]).ok()?;
        let recorder = new("MediaRecorder", &[&stream, &object(&[("mimeType", WEBM)])]).ok()?;
        let (parts, (sender, ended)) = (Array::new(), channel());
        let (kept, mut sender) = (parts.clone(), Some(sender));
        let came = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| _ = kept.push(&part(&event, "data")));
        let stopped = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            if let Some(sender) = sender.take() {
                let _ = sender.send(());
            }
        });
        Reflect::set(&recorder, &"ondataavailable".into(), came.as_ref()).ok()?;
        Reflect::set(&recorder, &"onstop".into(), stopped.as_ref()).ok()?;
        call(&recorder, "start", &[]).ok()?;
        Some(Self { recorder, parts, ended, _listeners: [came, stopped] })
    }

    /// The film as a file.
    async fn end(self) -> Option<Blob> {
        call(&self.recorder, "stop", &[]).ok()?;
        self.ended.await.ok()?;
        new("Blob", &[&self.parts, &object(&[("type", WEBM)])]).ok()?.dyn_into().ok()
    }
}
