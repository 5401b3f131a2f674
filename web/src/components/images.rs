//! Choice of an image: a file, a drop, the clipboard, the examples.

use std::rc::Rc;

use convscope_core::export::zip_holds;
use convscope_core::import_message::is_model_file;
use convscope_page::{
    Action, BUNDLE_LIMIT, BundleAction, Content, FileHandle, ImageAction, ImageFile, ImportAction, LiveState,
    NoticeAction, Text,
};
use gloo_timers::future::TimeoutFuture;
use js_sys::Date;
use web_sys::{FileList, HtmlInputElement};
use yew::prelude::*;

use super::{Tray, Webcam, teach};
use crate::dispatch::Dispatch;
use crate::files::{bytes, handle};
use crate::own_models::MANIFEST;
use crate::words::{Words, key, use_words};

/// An image that comes with the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Name in links.
    pub id: &'static str,
    /// Address, relative to the page.
    pub url: &'static str,
    /// Word for what it shows.
    pub name: &'static str,
    /// The key of what it is called.
    pub title: &'static str,
}

/// Milliseconds of work between two pauses.
const SLICE: f64 = 10.0;

/// The images that come with the page; their licences lie beside them.
pub const EXAMPLES: [Example; 3] = [
    Example { id: "cat", url: "examples/cat.jpg", name: "Cat", title: key("example-cat") },
    Example { id: "coffee", url: "examples/coffee.jpg", name: "Coffee", title: key("example-coffee") },
    Example { id: "rocket", url: "examples/rocket.jpg", name: "Rocket", title: key("example-rocket") },
];

/// Properties of [`Images`].
#[derive(Properties, PartialEq)]
pub struct ImagesProps {
    /// The image that is seen.
    pub current: Option<Rc<ImageFile>>,
    /// The files that were given.
    pub tray: Vec<Rc<ImageFile>>,
    /// Findings of surveys of earlier visits that are kept.
    pub findings: usize,
    /// Line about the image that is seen, if there is something to say.
    pub line: Option<Text>,
    /// Whether the survey of them is seen, where there can be one.
    pub surveyed: Option<bool>,
    /// An evidence bundle that is open.
    pub bundle: Option<Html>,
    /// Whether the worker waits for the next image.
    pub idle: bool,
    /// The camera, explained live.
    pub live: LiveState,
    /// Field of the choice of a file, for the key that opens it.
    pub file: NodeRef,
    /// Hears that an example is to be fetched.
    pub example: Callback<Example>,
    /// Hears the files that are chosen.
    pub files: Callback<Vec<web_sys::File>>,
    /// Hears what else is chosen.
    pub dispatch: Dispatch,
}

/// The choice of an image.
#[component]
pub fn Images(props: &ImagesProps) -> Html {
    let words = use_words();
    let change = {
        let files = props.files.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            files.emit(list(input.files()));
            // So that the same file can be chosen once more.
            input.set_value("");
        })
    };
    let example = |(index, example): (usize, &Example)| {
        let example = *example;
        let choose = props.example.reform(move |_| example);
        let current = props.current.as_ref().is_some_and(|photo| photo.name == example.name);
        html! {
            <li>
                <button type="button" class="example" aria-pressed={current.to_string()} onclick={choose}
                    data-testid={format!("example-{index}")}>
                    <img src={example.url} alt="" width="96" height="64" />
                    <span>{ words.say(example.title) }</span>
                </button>
            </li>
        }
    };
    let teach = {
        let tray = props.tray.clone();
        props.dispatch.reform(move |_: MouseEvent| teach::open(&tray))
    };
    html! {
        <section class="images" aria-labelledby="images-title">
            <h2 id="images-title">{ words.say("picture") }</h2>
            <p class="hint image-line" role="status" data-testid="image-line">{ for props.line.as_ref().map(|line| words.tell(line)) }</p>
            { for props.bundle.clone() }
            <ul class="examples">{ for EXAMPLES.iter().enumerate().map(example) }</ul>
            <Tray photos={props.tray.clone()} surveyed={props.surveyed} current={props.current.as_ref().map(|photo| photo.serial)} dispatch={props.dispatch.clone()} />
            if props.tray.len() < 2 && props.findings > 0 {
                <p class="hint" data-testid="survey-stored">{ words.with("survey-stored", [("count", props.findings.into())]) }</p>
            }
            <div class="more">
                <label class="button primary file">
                    <input ref={props.file.clone()} type="file" multiple=true accept="image/png,image/jpeg,image/webp,image/gif,image/bmp,image/tiff,application/zip,.zip" onchange={change.clone()}
                        data-testid="file-input" />
                    <span>{ words.say("image-choose") }</span>
                </label>
                <label class="button file">
                    <input type="file" webkitdirectory=true multiple=true onchange={change} data-testid="folder-input" />
                    <span>{ words.say("image-folder") }</span>
                </label>
                <Webcam idle={props.idle} live={props.live.clone()} dispatch={props.dispatch.clone()} />
            </div>
            <button type="button" class="link" onclick={teach} title={words.say("teach-open-title")} data-testid="teach-open">{ words.say("teach-open") }</button>
            <p class="hint">{ words.say("image-hint") }</p>
        </section>
    }
}

/// Title of an image: the examples have a name in each language.
pub(crate) fn title(words: &Words, name: &str) -> String {
    let example = EXAMPLES.iter().find(|example| example.name == name);
    example.map_or_else(|| name.to_owned(), |example| words.say(example.title))
}

/// The files of a list that may be images: a folder holds others too. What is given by itself is always tried.
pub fn list(files: Option<FileList>) -> Vec<web_sys::File> {
    let files = files.into_iter().flat_map(|files| (0..files.length()).filter_map(move |index| files.get(index)));
    let files: Vec<web_sys::File> = files.collect();
    // What belongs to a model is told by none of its files.
    if files.len() < 2 || has_model(&files) {
        return files;
    }
    files.into_iter().filter(|file| file.type_().starts_with("image/")).collect()
}

/// Files of the person's machine as an [`Action`]; images stay files until they are needed.
pub async fn read(files: Vec<web_sys::File>) -> Action {
    if files.is_empty() {
        return NoticeAction::Failed(Text::key("no-images")).into();
    }
    if has_model(&files) {
        return ImportAction::Given(handles(&files).await).into();
    }
    if let [file] = &files[..]
        && is_bundle(file)
    {
        return bundle(file).await;
    }
    let named = |handle: FileHandle| (handle.name.clone(), Content::File(handle));
    ImageAction::Files(handles(&files).await.into_iter().map(named).collect()).into()
}

/// Handles of files. For the size and the time of each a browser asks its own other process: hundreds at once would keep the page from
/// answering.
async fn handles(files: &[web_sys::File]) -> Vec<FileHandle> {
    let mut begun = Date::now();
    let mut handles = Vec::with_capacity(files.len());
    for file in files {
        handles.push(handle(file));
        if Date::now() - begun > SLICE {
            TimeoutFuture::new(0).await;
            begun = Date::now();
        }
    }
    handles
}

/// Whether a model is among files.
fn has_model(files: &[web_sys::File]) -> bool {
    files.iter().any(|file| is_model_file(&file.name()))
}

/// Whether a file is to be opened as an evidence bundle.
fn is_bundle(file: &web_sys::File) -> bool {
    matches!(&*file.type_(), "application/zip" | "application/x-zip-compressed")
        || file.name().to_lowercase().ends_with(".zip")
}

/// An evidence bundle, or a packed model, as an [`Action`]; one that is larger than any is not read.
async fn bundle(file: &web_sys::File) -> Action {
    let name = file.name();
    if file.size() > BUNDLE_LIMIT as f64 {
        let most = (BUNDLE_LIMIT >> 20).to_string();
        return NoticeAction::Failed(Text::Own("bundle-large", vec![("name", name), ("most", most)])).into();
    }
    let handle = handle(file);
    match bytes(&handle).await {
        // A packed model, as the page saves it.
        Ok(file) if zip_holds(&file, MANIFEST) => ImportAction::Given(vec![handle]).into(),
        Ok(file) => BundleAction::Open { name, file: Rc::from(file) }.into(),
        Err(fault) => NoticeAction::Failed(Text::Engine(fault)).into(),
    }
}
