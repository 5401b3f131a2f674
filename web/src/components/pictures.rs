//! Where pictures come from: a file, a drop, the clipboard, the examples.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::state::{Action, Text};
use crate::words::{Words, key, use_words};

/// A picture that comes with the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// What links call it.
    pub id: &'static str,
    /// Its address, relative to the page.
    pub url: &'static str,
    /// What it shows.
    pub name: &'static str,
    /// The key of what it is called.
    pub title: &'static str,
}

/// The pictures that come with the page; their licences lie beside them.
pub const EXAMPLES: [Example; 3] = [
    Example { id: "cat", url: "examples/cat.jpg", name: "Cat", title: key("example-cat") },
    Example { id: "coffee", url: "examples/coffee.jpg", name: "Coffee", title: key("example-coffee") },
    Example { id: "rocket", url: "examples/rocket.jpg", name: "Rocket", title: key("example-rocket") },
];

/// Properties of [`Pictures`].
#[derive(Properties, PartialEq)]
pub struct PicturesProps {
    /// The name of the picture that is seen.
    pub current: Option<String>,
    /// Hears that an example is to be fetched.
    pub example: Callback<Example>,
    /// Hears the files that are chosen.
    pub file: Callback<web_sys::File>,
}

/// The choice of a picture.
#[component]
pub fn Pictures(props: &PicturesProps) -> Html {
    let words = use_words();
    let change = {
        let file = props.file.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(chosen) = input.files().and_then(|files| files.get(0)) {
                file.emit(chosen);
            }
            // So that the same file can be chosen once more.
            input.set_value("");
        })
    };
    let example = |(index, example): (usize, &Example)| {
        let example = *example;
        let choose = props.example.reform(move |_| example);
        let current = props.current.as_deref() == Some(example.name);
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
    html! {
        <section class="card pictures" aria-labelledby="pictures-title">
            <h2 id="pictures-title">{ words.say("picture") }</h2>
            <label class="button primary file">
                <input type="file" accept="image/png,image/jpeg,image/webp,image/gif,image/bmp" onchange={change}
                    data-testid="file-input" />
                <span>{ words.say("picture-choose") }</span>
            </label>
            <p class="hint">{ words.say("picture-hint") }</p>
            <ul class="examples">{ for EXAMPLES.iter().enumerate().map(example) }</ul>
        </section>
    }
}

/// What a picture is called: the examples have a name in each language.
pub(crate) fn title(words: &Words, name: &str) -> String {
    let example = EXAMPLES.iter().find(|example| example.name == name);
    example.map_or_else(|| name.to_owned(), |example| words.say(example.title))
}

/// A file of the person's machine as an [`Action`].
pub async fn read(file: web_sys::File) -> Action {
    let name = file.name();
    let read = wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await;
    match read {
        Ok(buffer) => {
            let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
            Action::Given { name, file: Rc::from(bytes) }
        }
        Err(_) => Action::Failed(Text::Own("cannot-read", vec![("name", name)])),
    }
}
