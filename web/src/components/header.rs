//! Header of one line: what this is, the model, the device, what works offline, the language, and help.

use std::rc::Rc;

use convscope_core::Choice;
use convscope_core::protocol::Ready;
use convscope_page::{Language, ModelAction, ModelEntry, NoticeAction, Shared};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{AddModel, ModelCard, Storage, help, size};
use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// Properties of [`Header`].
#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    /// Models that can be chosen.
    pub models: Rc<[ModelEntry]>,
    /// The chosen one's id.
    pub model: String,
    /// The chosen device.
    pub device: Choice,
    /// The model in use.
    pub ready: Option<Shared<Ready>>,
    /// Hears the files of a model that is to be added.
    pub files: Callback<Vec<web_sys::File>>,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// The devices, with the words of the address's `?device=` and the keys of what they are called.
pub const DEVICES: [(Choice, &str, &str); 3] = [
    (Choice::Auto, "auto", key("device-auto")),
    (Choice::Gpu, "gpu", key("device-gpu")),
    (Choice::Cpu, "cpu", key("device-cpu")),
];

/// The top of the page.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let words = use_words();
    let choose_model = props.dispatch.reform(|event: Event| ModelAction::Choose(value(&event)));
    let choose_device = props.dispatch.reform(|event: Event| {
        let value = value(&event);
        let found = DEVICES.iter().find(|(_, name, _)| *name == value);
        ModelAction::ChooseDevice(found.map_or(Choice::Auto, |(choice, ..)| *choice))
    });
    let choose_language = props
        .dispatch
        .reform(|event: Event| NoticeAction::ChooseLanguage(Language::of_tag(&value(&event)).unwrap_or_default()));
    let language = |(language, name): &(Language, &'static str)| {
        html! { <option value={language.tag()} lang={language.tag()} selected={*language == words.language()}>{ *name }</option> }
    };
    let model = |model: &ModelEntry| {
        html! {
            <option key={model.id.clone()} value={model.id.clone()} selected={model.id == props.model}>
                { format!("{} ({})", model.name, size(model.bytes)) }
            </option>
        }
    };
    let device = |(choice, name, title): &(Choice, &'static str, &'static str)| {
        html! { <option value={*name} selected={*choice == props.device}>{ words.say(title) }</option> }
    };
    let about = props.ready.as_ref().map(|ready| {
        let no_gpu = props.device == Choice::Auto && ready.device == "CPU";
        let note = no_gpu.then(|| words.say("status-no-gpu"));
        html! { <span class="device-name" data-testid="device-name" title={note}>{ &ready.device }</span> }
    });
    let more = use_state(|| false);
    let toggle = {
        let more = more.clone();
        Callback::from(move |_: MouseEvent| more.set(!*more))
    };
    html! {
        <header class={classes!("header", (*more).then_some("with-settings"))}>
            <div class="brand" title={words.say("tagline")}>
                <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
                    <rect class="mark-frame" x="2" y="2" width="28" height="28" rx="7" />
                    <circle class="mark-heat" cx="18" cy="14" r="7.5" />
                    <circle class="mark-core" cx="18" cy="14" r="3" />
                </svg>
                <h1>{ "Convscope" }</h1>
                <p class="private">{ words.say("private") }</p>
            </div>
            <label class="field choice-model">
                <span>{ words.say("model") }</span>
                <select data-testid="model-select" onchange={choose_model} disabled={props.models.is_empty()}>
                    if props.models.is_empty() {
                        <option>{ words.say("models-loading") }</option>
                    }
                    { for props.models.iter().map(model) }
                </select>
            </label>
            <button type="button" class="button more-button" aria-expanded={(*more).to_string()} aria-controls="settings" onclick={toggle}
                aria-label={words.say("more")} title={words.say("more")} data-testid="more">{ "⋯" }</button>
            <div class="settings" id="settings">
                <AddModel files={props.files.clone()} />
                <ModelCard ready={props.ready.clone()} />
                <label class="field">
                    <span>{ words.say("device") }</span>
                    <select data-testid="device-select" onchange={choose_device}>{ for DEVICES.iter().map(device) }</select>
                </label>
                { for about }
                <Storage models={props.models.clone()} model={props.ready.as_ref().map(|ready| ready.id.clone())} dispatch={props.dispatch.clone()} />
                <label class="field">
                    <span>{ words.say("language") }</span>
                    <select data-testid="language" onchange={choose_language}>{ for Language::ALL.iter().map(language) }</select>
                </label>
                <button type="button" class="button help-button" onclick={|_| help::open()} aria-label={words.say("help-title")}
                    title={words.say("help-title")} data-testid="help-open">{ "?" }</button>
            </div>
        </header>
    }
}

fn value(event: &Event) -> String {
    event.target_unchecked_into::<HtmlSelectElement>().value()
}
