//! What a person knows of a model that is added beside its preset, and which network weights alone are of.

use std::rc::Rc;

use convscope_core::error::Fault;
use convscope_core::preprocess::Channels;
use convscope_page::{Detail, ImportAction, ImportForm};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// Properties of [`Details`].
#[derive(Properties, PartialEq)]
pub struct DetailsProps {
    /// The answers so far.
    pub form: Rc<ImportForm>,
    /// Hears them.
    pub dispatch: Dispatch,
}

/// The key of what a detail is called.
fn title(detail: Detail) -> &'static str {
    match detail {
        Detail::Channels => key("import-channels"),
        Detail::ShortSide => key("import-short-side"),
        Detail::Scale => key("import-scale"),
        Detail::Mean => key("import-mean"),
        Detail::Std => key("import-std"),
        Detail::Logits => key("import-logits"),
    }
}

/// A fold with the numbers of the preprocessing, the crop and the outputs. An empty field stays as the preset, or the guess, has it.
#[component]
pub fn Details(props: &DetailsProps) -> Html {
    let words = use_words();
    let DetailsProps { form, dispatch } = props;
    let guess = &form.guess;
    // Once a preset is chosen, what it says stands there.
    let taken = form.preset.map_or_else(|| guess.taken.clone(), |preset| (&preset.preprocessing(guess.input)).into());
    let option = |detail: Detail, name: &str| {
        html! { <option value={name.to_owned()} selected={form.details.text(detail) == name}>{ name.to_owned() }</option> }
    };
    let field = |detail: &Detail| {
        let detail = *detail;
        let guessed = detail.of(&taken, guess.logits.as_deref());
        let id = title(detail);
        let names: Option<Vec<String>> = match detail {
            Detail::Channels => Some(Channels::ALL.iter().map(|one| one.name().to_owned()).collect()),
            Detail::Logits => Some(guess.last.clone()),
            _ => None,
        };
        let control = match names {
            Some(names) => {
                let choose = dispatch.reform(move |event: Event| {
                    ImportAction::Detail(detail, event.target_unchecked_into::<HtmlSelectElement>().value())
                });
                html! {
                    <select onchange={choose} data-testid={id}>
                        <option value="" selected={form.details.text(detail).is_empty()}>{ words.with("import-guessed", [("guess", guessed.into())]) }</option>
                        { for names.iter().map(|name| option(detail, name)) }
                    </select>
                }
            }
            None => {
                let typed = dispatch.reform(move |event: InputEvent| {
                    ImportAction::Detail(detail, event.target_unchecked_into::<HtmlInputElement>().value())
                });
                html! {
                    <input type="text" inputmode="decimal" autocomplete="off" spellcheck="false" placeholder={guessed}
                        value={form.details.text(detail).to_owned()} oninput={typed} data-testid={id} />
                }
            }
        };
        html! { <label class="field"><span>{ words.say(id) }</span>{ control }</label> }
    };
    html! {
        <details class="import-details" data-testid="import-details">
            <summary>{ words.say("import-details") }</summary>
            { for Detail::ALL.iter().map(field) }
        </details>
    }
}

/// Properties of [`Unknown`].
#[derive(Properties, PartialEq)]
pub struct UnknownProps {
    /// Why it is no network that is known by its weights.
    pub why: Fault,
    /// Names of the built-in architectures.
    pub architectures: Rc<[String]>,
    /// Hears which one it is.
    pub dispatch: Dispatch,
}

/// The question which network weights alone are of.
#[component]
pub fn Unknown(props: &UnknownProps) -> Html {
    let words = use_words();
    let chosen = use_state(String::new);
    let choose = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| chosen.set(event.target_unchecked_into::<HtmlSelectElement>().value()))
    };
    let read = {
        let chosen = chosen.clone();
        props.dispatch.reform(move |_: MouseEvent| ImportAction::Architecture((*chosen).clone()))
    };
    html! {
        <>
            <p role="alert" data-testid="import-unknown">{ words.fault(&props.why) }</p>
            <label class="field"><span>{ words.say("import-architecture") }</span>
                <select onchange={choose} data-testid="import-architecture">
                    <option value="" selected={chosen.is_empty()}>{ words.say("import-architecture-none") }</option>
                    { for props.architectures.iter().map(|id| html! { <option value={id.clone()} selected={*chosen == *id}>{ id }</option> }) }
                </select>
            </label>
            <div class="more">
                <button type="button" class="button primary" disabled={chosen.is_empty()} onclick={read} data-testid="import-read">{ words.say("import-read") }</button>
            </div>
        </>
    }
}
