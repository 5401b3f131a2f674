//! What is taught: classes with their images, and what the model is called.

use std::rc::Rc;

use convscope_core::protocol::{Ready, Tap};
use convscope_page::{Content, ImageFile, Shared, TeachAction, TeachClass};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::super::{Small, list};
use super::burst::Burst;
use crate::dispatch::Dispatch;
use crate::files::{folder, handle};
use crate::words::{Words, use_words};

/// Properties of [`Gather`].
#[derive(Properties, PartialEq)]
pub(super) struct GatherProps {
    pub(super) classes: Vec<TeachClass>,
    pub(super) name: String,
    pub(super) layer: Option<String>,
    pub(super) ready: Option<Shared<Ready>>,
    pub(super) dispatch: Dispatch,
}

/// The classes, and below them the model.
#[component]
pub(super) fn Gather(props: &GatherProps) -> Html {
    let words = use_words();
    let GatherProps { classes, name, layer, ready, dispatch } = props;
    let class = |(index, class): (usize, &TeachClass)| {
        html! { <Class key={index} {index} class={class.clone()} dispatch={dispatch.clone()} /> }
    };
    let of_folders = dispatch.reform(|event: Event| {
        let files = taken(&event).into_iter();
        let labelled = files.filter_map(|file| Some((folder(&file)?, file.name(), Content::File(handle(&file)))));
        TeachAction::AddFolder(labelled.collect())
    });
    let call = dispatch
        .reform(|event: InputEvent| TeachAction::Name(event.target_unchecked_into::<HtmlInputElement>().value()));
    html! {
        <>
            <p class="hint">{ words.say("teach-how") }</p>
            <ul class="teach-classes">{ for classes.iter().enumerate().map(class) }</ul>
            <div class="more">
                <button type="button" class="button" onclick={dispatch.reform(|_: MouseEvent| TeachAction::AddClass)} data-testid="teach-add-class">{ words.say("teach-add-class") }</button>
                <label class="button file">
                    <input type="file" webkitdirectory=true multiple=true onchange={of_folders} data-testid="teach-folder" />
                    <span>{ words.say("teach-folder") }</span>
                </label>
            </div>
            <div class="teach-row">
                <label class="field"><span>{ words.say("teach-name") }</span>
                    <input type="text" value={name.clone()} oninput={call} maxlength="60" data-testid="teach-name" /></label>
                if let Some(ready) = ready {
                    { layers(&words, ready, layer.as_ref(), dispatch) }
                }
            </div>
            <p class="hint">{ words.say("teach-private") }</p>
        </>
    }
}

/// The choice of a layer.
fn layers(words: &Words, ready: &Ready, chosen: Option<&String>, dispatch: &Dispatch) -> Html {
    let chosen = chosen.or(ready.features.as_ref());
    let choose =
        dispatch.reform(|event: Event| TeachAction::Layer(event.target_unchecked_into::<HtmlSelectElement>().value()));
    let option = |tap: &Tap| {
        html! { <option value={tap.name.clone()} selected={Some(&tap.name) == chosen}>{ words.layer_title(&tap.name) }</option> }
    };
    html! {
        <label class="field"><span>{ words.with("teach-layer", [("model", ready.name.as_str().into())]) }</span>
            <select onchange={choose} data-testid="teach-layer">{ for ready.taps.iter().map(option) }</select></label>
    }
}

/// Images among the files of a field, which can take the same ones again.
fn taken(event: &Event) -> Vec<web_sys::File> {
    let input: HtmlInputElement = event.target_unchecked_into();
    let files = list(input.files()).into_iter().filter(|file| file.type_().starts_with("image/")).collect();
    input.set_value("");
    files
}

/// Properties of [`Class`].
#[derive(Properties, PartialEq)]
struct ClassProps {
    index: usize,
    class: TeachClass,
    dispatch: Dispatch,
}

/// A class: its name, its images, and what adds some.
#[component]
fn Class(props: &ClassProps) -> Html {
    let words = use_words();
    let (index, TeachClass { name, images }, dispatch) = (props.index, &props.class, &props.dispatch);
    let called =
        if name.is_empty() { words.with("teach-class", [("number", (index + 1).into())]) } else { name.clone() };
    let rename = dispatch.reform(move |event: InputEvent| {
        TeachAction::NameClass(index, event.target_unchecked_into::<HtmlInputElement>().value())
    });
    let add = dispatch.reform(move |event: Event| {
        let files = taken(&event).into_iter().map(|file| (file.name(), Content::File(handle(&file))));
        TeachAction::Add(index, files.collect())
    });
    let image = |photo: &Rc<ImageFile>| {
        let serial = photo.serial;
        html! {
            <li key={serial}>
                <Small photo={photo.clone()} />
                <button type="button" class="remove" onclick={dispatch.reform(move |_: MouseEvent| TeachAction::Remove(index, serial))}
                    aria-label={words.with("tray-remove", [("name", photo.name.as_str().into())])}><span aria-hidden="true">{ "×" }</span></button>
            </li>
        }
    };
    html! {
        <li class="teach-class" data-testid={format!("teach-class-{index}")}>
            <div class="teach-head">
                <label class="field"><span>{ words.with("teach-class", [("number", (index + 1).into())]) }</span>
                    <input type="text" value={name.clone()} oninput={rename} maxlength="60" data-testid={format!("teach-class-name-{index}")} /></label>
                <button type="button" class="button quiet" onclick={dispatch.reform(move |_: MouseEvent| TeachAction::RemoveClass(index))}
                    aria-label={words.with("teach-remove-class", [("name", called.as_str().into())])} title={words.with("teach-remove-class", [("name", called.as_str().into())])}>
                    <span aria-hidden="true">{ "×" }</span></button>
            </div>
            <p class="hint" data-testid={format!("teach-count-{index}")}>{ words.with("teach-count", [("count", images.len().into())]) }</p>
            if !images.is_empty() {
                <ul class="teach-images" tabindex="0" aria-label={words.with("teach-images", [("name", called.as_str().into())])}>{ for images.iter().map(image) }</ul>
            }
            <div class="more">
                <label class="button file">
                    <input type="file" multiple=true accept="image/*" onchange={add} aria-label={words.with("teach-add-to", [("name", called.as_str().into())])}
                        data-testid={format!("teach-files-{index}")} />
                    <span>{ words.say("teach-add") }</span>
                </label>
                <Burst {index} count={images.len()} dispatch={dispatch.clone()} />
            </div>
        </li>
    }
}
