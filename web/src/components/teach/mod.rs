//! Dialog in which a classifier is taught with a few images: what is gathered, how far it is, and what has come of it.

mod burst;
mod gather;
mod report;

use std::rc::Rc;

use convscope_core::import_message::OWN_MODEL;
use convscope_core::protocol::Ready;
use convscope_core::render::Colormap;
use convscope_page::{Content, ImageFile, Shared, State, TeachAction, TeachClass, TeachHeat, TeachStep, Text};
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use self::gather::Gather;
use self::report::Report;
use crate::dispatch::Dispatch;
use crate::files;
use crate::words::{Words, key, use_words};

/// Properties of [`Teach`].
#[derive(Properties, PartialEq)]
pub struct TeachProps {
    classes: Vec<TeachClass>,
    name: String,
    layer: Option<String>,
    step: TeachStep,
    problem: Option<Text>,
    heat: TeachHeat,
    ready: Option<Shared<Ready>>,
    colormap: Colormap,
    /// Whether there is something to teach with.
    can: bool,
    /// Whether something is to be done now, the worker being idle.
    due: bool,
    dispatch: Dispatch,
}

impl TeachProps {
    /// The properties for that state; none while nobody teaches.
    pub fn of(state: &State, dispatch: Dispatch) -> Option<Self> {
        let teach = &state.teach;
        teach.open.then(|| Self {
            classes: teach.classes.clone(),
            name: teach.name.clone(),
            layer: teach.layer.clone(),
            step: teach.step.clone(),
            problem: teach.problem.clone(),
            heat: teach.heat.clone(),
            ready: state.model.ready.clone(),
            colormap: state.explanation.colormap,
            can: state.can_teach(),
            due: state.is_teach_due(),
            dispatch,
        })
    }
}

/// What begins teaching, with the images that were given of whose folders the names are known.
pub(super) fn open(tray: &[Rc<ImageFile>]) -> TeachAction {
    let labelled = tray.iter().filter_map(|photo| match &photo.file {
        Content::File(handle) => files::file(handle).and_then(files::folder).map(|label| (label, photo.serial)),
        Content::Bytes(_) => None,
    });
    TeachAction::Open(labelled.collect())
}

/// The dialog, which is there while somebody teaches.
#[component]
pub fn Teach(props: &TeachProps) -> Html {
    let words = use_words();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            let dialog = dialog.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                let _ = dialog.show_modal();
            }
            // Closed, it gives the focus back to where it was.
            move || dialog.iter().for_each(HtmlDialogElement::close)
        });
    }
    {
        let dispatch = props.dispatch.clone();
        use_effect_with(props.due, move |due| {
            if *due {
                dispatch.emit(TeachAction::Next);
            }
        });
    }
    let TeachProps { classes, name, layer, step, problem, heat, ready, colormap, can, dispatch, .. } = props;
    let act = |action: TeachAction| dispatch.reform(move |_: MouseEvent| action.clone());
    // The key Escape.
    let cancel = dispatch.reform(|event: Event| {
        event.prevent_default();
        TeachAction::Close
    });
    let body = match step {
        TeachStep::Gathering => html! {
            <Gather classes={classes.clone()} name={name.clone()} layer={layer.clone()} ready={ready.clone()} dispatch={dispatch.clone()} />
        },
        TeachStep::Looking(done, total) => working(&words, key("teach-looking"), *done, *total),
        TeachStep::Fitting(done, total) => working(&words, key("teach-fitting"), *done, *total),
        TeachStep::Taught(lecture) => html! {
            <Report lecture={lecture.clone()} heat={heat.clone()} colormap={*colormap} />
        },
    };
    let buttons = match step {
        TeachStep::Gathering => html! {
            <button type="button" class="button primary" disabled={!can} onclick={act(TeachAction::Teach)} data-testid="teach-begin">{ words.say("teach-begin") }</button>
        },
        TeachStep::Looking(..) | TeachStep::Fitting(..) => html! {
            <button type="button" class="button" onclick={act(TeachAction::Stop)} data-testid="teach-stop">{ words.say("teach-stop") }</button>
        },
        TeachStep::Taught(_) => html! {
            <button type="button" class="button" onclick={act(TeachAction::Again)} data-testid="teach-again">{ words.say("teach-again") }</button>
        },
    };
    html! {
        <dialog ref={dialog} class="help card teach" aria-labelledby="teach-title" oncancel={cancel} data-testid="teach">
            <h2 id="teach-title">{ title(&words, step) }</h2>
            { body }
            if let Some(problem) = problem {
                <p role="alert" data-testid="teach-problem">{ words.tell(problem) }</p>
            }
            <div class="more">
                { buttons }
                <button type="button" class="button" onclick={act(TeachAction::Close)} data-testid="teach-close">{ words.say("close") }</button>
            </div>
        </dialog>
    }
}

fn title(words: &Words, step: &TeachStep) -> String {
    match step {
        TeachStep::Taught(lecture) => {
            let id = lecture.taught.id.as_str();
            words.with("teach-taught", [("name", id.strip_prefix(OWN_MODEL).unwrap_or(id).into())])
        }
        _ => words.say("teach-title"),
    }
}

/// How far the worker is.
fn working(words: &Words, sentence: &'static str, done: usize, total: usize) -> Html {
    let said = words.with(sentence, [("done", done.into()), ("total", total.into())]);
    let share = (done as f64 / total.max(1) as f64).to_string();
    html! {
        <>
            <p role="status" data-testid="teach-working">{ said.clone() }</p>
            <progress value={share} max="1" aria-label={said}></progress>
        </>
    }
}
