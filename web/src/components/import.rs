//! Dialog of a model that a person gives the page: how far it is, what it is taken for, and what the file does not say.

use std::rc::Rc;

use convscope_core::import_message::ImportStage;
use convscope_core::model::Packing;
use convscope_core::named::Named;
use convscope_core::preprocess::Preset;
use convscope_page::{ImportAction, ImportForm, ImportState, ImportStep, LabelSource};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::size;
use super::{Details, Unknown};
use crate::browser::part;
use crate::dispatch::Dispatch;
use crate::words::{Words, key, use_words};

/// The sources of class names, with what they are called in forms and to people.
const LABELS: [(LabelSource, &str, &str); 4] = [
    (LabelSource::Guessed, "guessed", key("import-labels-guessed")),
    (LabelSource::ImageNet, "imagenet", key("import-labels-imagenet")),
    (LabelSource::Numbers, "numbers", key("import-labels-numbers")),
    (LabelSource::Own, "own", key("import-labels-own")),
];

/// Properties of [`Import`].
#[derive(Properties, PartialEq)]
pub struct ImportProps {
    /// The model that is imported.
    pub import: ImportState,
    /// Hears what is answered.
    pub dispatch: Dispatch,
}

/// The dialog, which is open while a model is imported.
#[component]
pub fn Import(props: &ImportProps) -> Html {
    let words = use_words();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with(props.import.step.is_some(), move |&wanted| {
            let Some(dialog) = dialog.cast::<HtmlDialogElement>() else { return };
            if wanted && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        });
    }
    let close = props.dispatch.reform(|_: MouseEvent| ImportAction::Close);
    // The key Escape.
    let cancel = props.dispatch.reform(|event: Event| {
        event.prevent_default();
        ImportAction::Close
    });
    let name = props.import.name.as_str();
    let body = match &props.import.step {
        None => html! {},
        Some(ImportStep::Working { stage, done, total, .. }) => working(&words, *stage, *done, *total),
        Some(ImportStep::Asking(form)) => html! { <Form form={form.clone()} dispatch={props.dispatch.clone()} /> },
        Some(ImportStep::Unknown { why, architectures }) => {
            html! { <Unknown why={why.clone()} architectures={architectures.clone()} dispatch={props.dispatch.clone()} /> }
        }
        Some(ImportStep::Failed(why)) => html! { <p role="alert" data-testid="import-failed">{ words.tell(why) }</p> },
    };
    let asks = matches!(props.import.step, Some(ImportStep::Asking(_)));
    html! {
        <dialog ref={dialog} class="help card import" aria-labelledby="import-title" oncancel={cancel} data-testid="import">
            <h2 id="import-title">{ words.with("import-title", [("name", name.into())]) }</h2>
            { body }
            <p class="hint">{ words.say("import-private") }</p>
            <div class="more">
                if asks {
                    <button type="button" class="button primary" onclick={props.dispatch.reform(|_: MouseEvent| ImportAction::Pack)}
                        data-testid="import-pack">{ words.say("import-pack") }</button>
                }
                <button type="button" class="button" onclick={close} data-testid="import-close">{ words.say("close") }</button>
            </div>
        </dialog>
    }
}

/// How far the importer is.
fn working(words: &Words, stage: ImportStage, done: u64, total: u64) -> Html {
    let sentence = match stage {
        ImportStage::Program => key("import-program"),
        ImportStage::Reading => key("import-reading"),
        ImportStage::Packing => key("import-packing"),
        ImportStage::Keeping => key("import-keeping"),
    };
    let share = (total > 0).then(|| (done as f64 / total as f64).min(1.0).to_string());
    let bytes = if total > 0 && stage != ImportStage::Packing { size(total) } else { String::new() };
    html! {
        <>
            <p role="status" data-testid="import-stage">{ words.say(sentence) }{ " " }{ bytes }</p>
            <progress value={share} max="1" aria-label={words.say(sentence)}></progress>
        </>
    }
}

/// Properties of [`Form`].
#[derive(Properties, PartialEq)]
struct FormProps {
    form: Rc<ImportForm>,
    dispatch: Dispatch,
}

/// What the person is asked, each with the guess first.
#[component]
fn Form(props: &FormProps) -> Html {
    let words = use_words();
    let ImportForm { guess, id, preset, side, labels, names, packing, refused, .. } = &*props.form;
    let dispatch = &props.dispatch;
    let name = dispatch
        .reform(|event: InputEvent| ImportAction::Name(event.target_unchecked_into::<HtmlInputElement>().value()));
    let packed = html! { <p>{ words.say("import-is-packed") }</p> };
    let [height, width] = guess.input;
    let facts = words.with(
        "import-guess",
        [
            ("name", guess.name.as_str().into()),
            ("width", width.to_string().into()),
            ("height", height.to_string().into()),
            ("classes", guess.classes.to_string().into()),
            ("labels", words.list(&guess.labels).into()),
        ],
    );
    let notes = guess.notes.iter().map(|note| html! { <li>{ words.fault(note) }</li> });
    html! {
        <>
            <p data-testid="import-guess">{ facts }</p>
            if let Some(refused) = refused {
                <p role="alert" data-testid="import-refused">{ words.fault(refused) }</p>
            }
            <label class="field"><span>{ words.say("import-id") }</span>
                <input type="text" value={id.clone()} oninput={name} data-testid="import-id" /></label>
            if guess.packed {
                { packed }
            } else if guess.by_recipe {
                <p data-testid="import-by-recipe">{ words.say("import-by-recipe") }</p>
                { packings(&words, *packing, dispatch) }
            } else {
                { presets(&words, *preset, guess.preset, dispatch) }
                { sides(&words, *side, guess.input, dispatch) }
                { label_sources(&words, *labels, dispatch) }
                if *labels == LabelSource::Own {
                    <label class="field"><span>{ words.say("import-names") }</span>
                        <textarea rows="6" value={names.clone()} data-testid="import-names"
                            oninput={dispatch.reform(|event: InputEvent| ImportAction::Names(text(&event)))} /></label>
                }
                { packings(&words, *packing, dispatch) }
                <Details form={props.form.clone()} dispatch={dispatch.clone()} />
                <details><summary>{ words.say("import-notes") }</summary><ul data-testid="import-notes">{ for notes }</ul></details>
            }
        </>
    }
}

fn presets(words: &Words, chosen: Option<Preset>, guessed: Option<Preset>, dispatch: &Dispatch) -> Html {
    let choose = dispatch.reform(|event: Event| ImportAction::Preset(Preset::named(&value(&event))));
    let own = guessed.map_or_else(|| words.say("import-own-numbers"), |preset| preset.name().to_owned());
    let option = |preset: &Preset| {
        html! {
            <option value={preset.name()} title={preset.about()} selected={chosen == Some(*preset)}>{ preset.name() }</option>
        }
    };
    html! {
        <label class="field"><span>{ words.say("import-preset") }</span>
            <select onchange={choose} data-testid="import-preset">
                <option value="" selected={chosen.is_none()}>{ words.with("import-guessed", [("guess", own.into())]) }</option>
                { for Preset::ALL.iter().map(option) }
            </select>
        </label>
    }
}

fn sides(words: &Words, side: Option<u32>, [height, width]: [u32; 2], dispatch: &Dispatch) -> Html {
    let choose = dispatch.reform(|event: InputEvent| {
        let value = event.target_unchecked_into::<HtmlInputElement>().value();
        ImportAction::Side(value.parse().ok())
    });
    let guess = if height == width { width.to_string() } else { format!("{width} × {height}") };
    html! {
        <label class="field"><span>{ words.say("import-side") }</span>
            <input type="number" min="1" max="2048" placeholder={guess} value={side.map(|side| side.to_string())} oninput={choose}
                data-testid="import-side" /></label>
    }
}

fn label_sources(words: &Words, chosen: LabelSource, dispatch: &Dispatch) -> Html {
    let choose = dispatch.reform(|event: Event| {
        let value = value(&event);
        let found = LABELS.iter().find(|(_, name, _)| *name == value);
        ImportAction::Labels(found.map_or(LabelSource::Guessed, |(source, ..)| *source))
    });
    let option = |(source, name, title): &(LabelSource, &'static str, &'static str)| {
        html! { <option value={*name} selected={*source == chosen}>{ words.say(title) }</option> }
    };
    html! {
        <label class="field"><span>{ words.say("import-labels") }</span>
            <select onchange={choose} data-testid="import-labels">{ for LABELS.iter().map(option) }</select></label>
    }
}

fn packings(words: &Words, chosen: Packing, dispatch: &Dispatch) -> Html {
    let choose =
        dispatch.reform(|event: Event| ImportAction::Packing(Packing::named(&value(&event)).unwrap_or(Packing::Int8)));
    let option = |packing: &Packing| {
        html! {
            <option value={packing.name()} title={packing.about()} selected={*packing == chosen}>{ packing.name() }</option>
        }
    };
    html! {
        <label class="field"><span>{ words.say("import-packing-choice") }</span>
            <select onchange={choose} data-testid="import-packing">{ for Packing::ALL.iter().map(option) }</select></label>
    }
}

fn value(event: &Event) -> String {
    event.target_unchecked_into::<HtmlSelectElement>().value()
}

/// The text of a field of many lines.
fn text(event: &InputEvent) -> String {
    let field = event.target().map(JsCast::unchecked_into::<wasm_bindgen::JsValue>);
    field.and_then(|field| part(&field, "value").as_string()).unwrap_or_default()
}
