//! Events of the window as a whole: images that are dropped or pasted, and keys.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Element, KeyboardEvent};
use yew::prelude::*;

use crate::address;
use crate::app::{App, Msg};
use crate::blink;
use crate::components::list;
use crate::shortcuts::{Shortcut, Shortcuts};

/// Images are taken wherever they are dropped or pasted.
pub(crate) fn listen(ctx: &Context<App>) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else { return vec![] };
    let listener = |name: &'static str, message: fn(&Event) -> Option<Msg>| {
        let link = ctx.link().clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&window, name, options, move |event| {
            if let Some(message) = message(event) {
                link.send_message(message);
            }
        })
    };
    let link = ctx.link().clone();
    vec![
        address::listen(&window, move |action| link.send_message(Msg::Act(action))),
        listener("dragover", |event| {
            // Without this the browser would leave the page for the image.
            event.prevent_default();
            Some(Msg::Dragged(true))
        }),
        listener("dragleave", |event| {
            // It left the window if it entered nothing else.
            let left = event.dyn_ref::<DragEvent>().is_some_and(|event| event.related_target().is_none());
            left.then_some(Msg::Dragged(false))
        }),
        listener("drop", |event| {
            event.prevent_default();
            let data = event.dyn_ref::<DragEvent>().and_then(|event| event.data_transfer());
            Some(Some(files(data)).filter(|files| !files.is_empty()).map_or(Msg::Dragged(false), Msg::Files))
        }),
        listener("paste", |event| {
            let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
            Some(files(data)).filter(|files| !files.is_empty()).map(Msg::Files)
        }),
        listener("keydown", |event| {
            let key = key(event)?;
            if Shortcuts::kept().of(&key) == Some(Shortcut::Search) {
                // It would be the first letter of the search.
                event.prevent_default();
            }
            Some(Msg::Key(key))
        }),
        listener("keyup", |_| {
            blink::alone(false);
            None
        }),
        listener("blur", |_| {
            blink::alone(false);
            None
        }),
    ]
}

fn files(data: Option<DataTransfer>) -> Vec<web_sys::File> {
    list(data.and_then(|data| data.files()))
}

/// A key that is the page's: pressed alone, and in no field or dialog.
fn key(event: &Event) -> Option<String> {
    let event = event.dyn_ref::<KeyboardEvent>()?;
    if event.key() == "Escape" {
        close_menus();
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let taken = target
        .is_some_and(|target| target.closest("input, select, textarea, dialog").is_ok_and(|found| found.is_some()));
    let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented());
    (plain && !taken).then(|| event.key())
}

/// Closes what has been opened over the page; dialogs close themselves.
fn close_menus() {
    let document = web_sys::window().and_then(|window| window.document());
    let open = || document.as_ref()?.query_selector("details.menu[open], details.about[open]").ok().flatten();
    while let Some(menu) = open() {
        let _ = menu.remove_attribute("open");
    }
}
