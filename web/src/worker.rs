//! The worker's side: a queue of commands in front of [`Worker`].

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use convscope::error::Result;
use convscope::model::{Cached, Manifest};
use convscope::protocol::{Command, Event, Ticket};
use convscope::worker::{Worker, WorkerContext};
use convscope_core::import_message::OWN_MODEL;
use convscope_core::worker_message::WorkerMessage;
use futures_channel::mpsc::{UnboundedReceiver, unbounded};
use futures_util::StreamExt;
use futures_util::future::select;
use gloo_timers::callback::Interval;
use js_sys::Uint8Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, RequestCache};

use crate::cache::BrowserCache;
use crate::fetch::FetchSource;
use crate::own_models::{MANIFEST, ModelSource};
use crate::{adapter, crash, lock, own_models, wire};

/// Seconds between two signs of life.
const PULSE_SECONDS: u32 = 1;
/// Milliseconds between two signs of life while a step keeps the thread.
const BEAT_MILLISECONDS: f64 = 500.0;
/// Time between two looks at whether something newer has been asked while a model is loaded.
const OVERTAKEN: Duration = Duration::from_millis(100);

/// Listens to the page for ever.
pub fn serve() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    crash::report(&scope, WorkerMessage::Crashed);
    convscope::nn::on_step(beat);
    let newest = Rc::new(Cell::new(0));
    let (sender, receiver) = unbounded();
    let heard = newest.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        match wire::decode::<(Ticket, Command)>(&message.data()) {
            Ok((ticket, command)) => {
                heard.set(ticket);
                // The other end lives as long as the worker.
                let _ = sender.unbounded_send((ticket, command));
            }
            Err(error) => say(&WorkerMessage::Crashed(error)),
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    spawn_local(work(receiver, scope.clone(), newest));
    spawn_local(async {
        lock::hold().await;
        say(&WorkerMessage::Listening);
    });
}

/// Does one command after the other. A question that has been overtaken by a newer command is not begun.
async fn work(
    mut commands: UnboundedReceiver<(Ticket, Command)>,
    scope: DedicatedWorkerGlobalScope,
    newest: Rc<Cell<Ticket>>,
) {
    let gpu = if cfg!(feature = "gpu") { adapter::words().await.filter(|words| !words.is_empty()) } else { None };
    let mut worker = Worker::default();
    let working = Rc::new(Cell::new(false));
    let _pulse = pulse(working.clone());
    while let Some((ticket, command)) = commands.next().await {
        let question = !matches!(command, Command::Open { .. } | Command::Look { .. });
        let loads = matches!(
            command,
            Command::Open { .. } | Command::ComparePackings { .. } | Command::Aside { model: Some(_), .. }
        );
        if question && ticket != newest.get() {
            continue;
        }
        let page = Page { scope: scope.clone(), newest: newest.clone(), ticket, gpu: gpu.clone() };
        working.set(true);
        let work = worker.handle(command, &page);
        if loads {
            // What comes while a model is loaded is another model, or that none is to be: the one before stays.
            select(pin!(work), pin!(overtaken(&newest, ticket))).await;
        } else {
            work.await;
        }
        working.set(false);
    }
}

/// Returns once something newer has been asked.
async fn overtaken(newest: &Cell<Ticket>, ticket: Ticket) {
    while newest.get() == ticket {
        gloo_timers::future::sleep(OVERTAKEN).await;
    }
}

thread_local! {
    /// Milliseconds since 1970 at the last sign of life out of a step.
    static BEAT: Cell<f64> = const { Cell::new(0.0) };
}

/// A sign of life out of a step that keeps the thread: a message is on its way at once, whatever the thread does next.
fn beat() {
    let now = js_sys::Date::now();
    if now - BEAT.get() >= BEAT_MILLISECONDS {
        BEAT.set(now);
        say(&WorkerMessage::Pulse);
    }
}

/// Signs of life while it works: a step on a GPU takes long without holding up the worker.
fn pulse(working: Rc<Cell<bool>>) -> Interval {
    Interval::new(1000 * PULSE_SECONDS, move || {
        if working.get() {
            say(&WorkerMessage::Pulse);
        }
    })
}

/// The page, as one command sees it.
struct Page {
    scope: DedicatedWorkerGlobalScope,
    newest: Rc<Cell<Ticket>>,
    ticket: Ticket,
    gpu: Option<String>,
}

impl WorkerContext for Page {
    type Source = ModelSource;

    async fn source(&self, model: &str) -> Self::Source {
        let cache = BrowserCache::of_model(model).await;
        if model.starts_with(OWN_MODEL) {
            return ModelSource::Own(model.to_owned(), cache);
        }
        // Without a cache the browser keeps what it can by itself, but asks the server whether its copy is still good, so that no
        // old shard meets a new manifest. With one, a second copy would be a waste of room.
        let mode = if cache.is_some() { RequestCache::NoStore } else { RequestCache::NoCache };
        // The worker's script lies beside the page.
        let source =
            FetchSource { base: self.scope.location().href(), folder: format!("weights/{model}"), cache: mode };
        ModelSource::Published(Box::new(Cached::new(source, cache)))
    }

    async fn keep(&self, id: &str, files: Vec<(String, Vec<u8>)>) -> Result<()> {
        let json = files.iter().find(|(name, _)| name == MANIFEST).map_or(&[][..], |(_, content)| content);
        let manifest = Manifest { id: id.to_owned(), ..Manifest::parse(json)? };
        let body = |(name, content): (String, Vec<u8>)| {
            let bytes = content.len() as u64;
            (name, JsValue::from(Uint8Array::from(&content[..])), bytes)
        };
        own_models::keep(&manifest, files.into_iter().map(body).collect(), |_, _| {}).await
    }

    fn emit(&self, event: Event) {
        say(&WorkerMessage::Event(self.ticket, Box::new(event)));
    }

    fn adapter(&self) -> Option<String> {
        self.gpu.clone()
    }

    fn now(&self) -> f64 {
        self.scope.performance().map_or(0.0, |clock| clock.now() / 1000.0)
    }

    fn on_lost(&self) -> Box<dyn FnOnce(String) + Send> {
        Box::new(|why| say(&WorkerMessage::Lost(why)))
    }

    async fn pause(&self) -> bool {
        gloo_timers::future::sleep(Duration::ZERO).await;
        self.newest.get() == self.ticket
    }
}

/// Tells the page.
fn say(message: &WorkerMessage) {
    crash::say(message, WorkerMessage::Crashed);
}
