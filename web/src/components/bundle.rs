//! Evidence bundle that has been opened: what it holds, and whether it comes out the same.

use convscope_core::export::FileSum;
use convscope_page::{BundleAction, BundleAgreement, OpenedBundle, Shared, State};
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::canvas;
use crate::dispatch::Dispatch;
use crate::words::{Words, key, use_words};

/// Digits of a SHA-256 by which it is told.
const HASH: usize = 12;

/// The dialog's id; [`open`] finds it by that.
const ID: &str = "bundle";

/// Properties of [`BundleLine`] and [`BundleView`].
#[derive(Clone, Properties, PartialEq)]
pub struct BundleViewProps {
    /// The bundle.
    pub bundle: Shared<OpenedBundle>,
    /// What it shows, in words.
    pub caption: String,
    /// Whether its map comes out the same, once it has been made again.
    pub agreement: Option<BundleAgreement>,
    /// Hears that it is closed.
    pub dispatch: Dispatch,
}

impl BundleViewProps {
    /// The properties for that state, if a bundle is open.
    pub fn of(state: &State, words: &Words, dispatch: Dispatch) -> Option<Self> {
        let bundle = state.bundle.opened.clone()?;
        let caption = caption(state, words, &bundle);
        Some(Self { bundle, caption, agreement: state.bundle_agreement(), dispatch })
    }
}

/// What a bundle shows: the method, what is explained, and the layer.
fn caption(state: &State, words: &Words, bundle: &OpenedBundle) -> String {
    let Some(request) = bundle.request() else { return String::new() };
    let card = state.model.methods.iter().find(|card| card.id == request.method);
    let method = card.map_or_else(|| request.method.clone(), |card| words.method_title(card));
    let ready = state.model.ready.as_ref().filter(|ready| ready.id == bundle.model[0]);
    let label = |index: usize| ready.and_then(|ready| ready.labels.get(index)).map(|label| words.class(label));
    let target = request.target.as_ref();
    let target = target.map(|target| target.written(|index| label(index).unwrap_or_else(|| index.to_string())));
    words.list(&[Some(method), target, Some(bundle.layer.clone())].into_iter().flatten().collect::<Vec<_>>())
}

/// Opens the dialog, if there is one that is not open.
fn open() {
    let document = web_sys::window().and_then(|window| window.document());
    let dialog = document.and_then(|document| document.get_element_by_id(ID));
    let dialog = dialog.and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok());
    if let Some(dialog) = dialog.filter(|dialog| !dialog.open()) {
        let _ = dialog.show_modal();
    }
}

/// A line about it: whether the map comes out the same, and what opens the dialog again.
#[component]
pub fn BundleLine(props: &BundleViewProps) -> Html {
    let words = use_words();
    html! {
        <div class="bundle-line">
            <button type="button" class="remove" onclick={props.dispatch.reform(|_| BundleAction::Close)} aria-label={words.say("bundle-close")}
                title={words.say("bundle-close")} data-testid="bundle-close"><span aria-hidden="true">{ "×" }</span></button>
            <button type="button" class="link" onclick={|_| open()} data-testid="bundle-open">
                { words.with("bundle-line", [("name", props.bundle.name.as_str().into())]) }
            </button>
            if let Some(agreement) = props.agreement {
                <span class="hint" role="status" data-testid="bundle-agreement">{ said(&words, agreement) }</span>
            }
        </div>
    }
}

/// A dialog with everything about it, which opens by itself.
#[component]
pub fn BundleView(props: &BundleViewProps) -> Html {
    let words = use_words();
    let picture = use_node_ref();
    {
        let picture = picture.clone();
        use_effect_with(props.bundle.clone(), move |bundle| {
            open();
            let Some(file) = bundle.picture.clone() else { return };
            wasm_bindgen_futures::spawn_local(async move {
                // A picture that is none is left out: everything else can be read.
                if let Ok(bitmap) = canvas::decode(&file.into()).await {
                    canvas::on(&picture, |canvas| canvas::draw_image(canvas, &bitmap));
                    bitmap.close();
                }
            });
        });
    }
    let bundle = &*props.bundle;
    let agreement = props.agreement.map(|agreement| said(&words, agreement));
    let rows = rows(&words, bundle);
    html! {
        <dialog id={ID} class="help card bundle" aria-labelledby="bundle-title" data-testid="bundle">
            <h2 id="bundle-title">{ words.with("bundle-title", [("name", bundle.name.as_str().into())]) }</h2>
            <p data-testid="bundle-caption">{ &props.caption }</p>
            if bundle.picture.is_some() {
                <canvas ref={picture} class="bundle-picture" role="img" aria-label={props.caption.clone()} />
            }
            if let Some(agreement) = agreement {
                <p><strong>{ agreement }</strong></p>
            }
            <dl class="facts" data-testid="bundle-facts">
                { for rows.into_iter().map(|(name, value)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }) }
            </dl>
            <p class="hint">{ words.say("bundle-command") }</p>
            <pre class="command" tabindex="0" data-testid="bundle-command">{ &bundle.evidence.command }</pre>
            <form method="dialog"><button class="button primary" autofocus=true data-testid="bundle-done">{ words.say("close") }</button></form>
        </dialog>
    }
}

/// Whether the map comes out the same, in words.
fn said(words: &Words, BundleAgreement { largest, agrees }: BundleAgreement) -> String {
    match (agrees, largest) {
        (true, 0.0) => words.say("bundle-same"),
        (true, _) => words.with("bundle-agrees", [("largest", format!("{largest:.1e}").into())]),
        (false, _) => words.with("bundle-differs", [("largest", format!("{largest:.1e}").into())]),
    }
}

/// What it says of itself: names, and values.
fn rows(words: &Words, bundle: &OpenedBundle) -> Vec<(String, String)> {
    let evidence = &bundle.evidence;
    let short = |sha256: &str| sha256.chars().take(HASH).collect::<String>();
    let [id, name, hash] = &bundle.model;
    let mut rows = vec![(words.say("model"), format!("{name} ({id}, SHA-256 {}…)", short(hash)))];
    if let Some(image) = &evidence.image {
        let included = if image.included { key("bundle-with-image") } else { key("bundle-without-image") };
        let values = [("name", image.name.as_str().into()), ("hash", short(&image.sha256).into())];
        rows.push((words.say("picture"), words.with(included, values)));
    }
    if let Some(request) = bundle.request() {
        let values = request.values.iter().map(|(id, value)| format!("{id} = {value}"));
        let convention = (!request.convention.is_empty()).then(|| request.convention.clone());
        let all: Vec<String> = convention.into_iter().chain(values).collect();
        if !all.is_empty() {
            rows.push((words.say("bundle-asked"), words.list(&all)));
        }
    }
    let made = [bundle.program.clone(), evidence.platform.clone(), bundle.device.clone()];
    rows.push((words.say("bundle-made"), words.list(&made)));
    let bytes: usize = evidence.files.values().map(|FileSum { bytes, .. }| bytes).sum();
    let values = [("count", evidence.files.len().into()), ("size", super::size(bytes as u64).into())];
    rows.push((words.say("bundle-files"), words.with("bundle-checked", values)));
    rows
}
