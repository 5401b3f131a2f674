//! The page's languages. Every sentence of the page lies in one catalogue a language, `web/words/*.ftl`, in Mozilla's Fluent
//! (<https://projectfluent.org>); components ask for it by its key. `tests/browser/tests/catalogue.rs` fails on a key that
//! some catalogue lacks. What methods say of themselves is English where a catalogue has no words for it (`card_words.rs`), and so
//! are errors: another catalogue says those whose code it has (`error-CODE`), which `web/state/tests/faults.rs` sees to.

use std::rc::Rc;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use yew::prelude::*;

use convscope_core::error::Fault;
use convscope_page::{ClassNames, Language, Text};

/// A language with its catalogue.
#[derive(Clone)]
pub struct Words {
    language: Language,
    bundle: Rc<FluentBundle<FluentResource>>,
    /// Names of classes, by those that models have.
    classes: Rc<ClassNames>,
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.language == other.language
    }
}

/// A value inside a sentence.
pub type Argument<'a> = (&'a str, FluentValue<'a>);

impl Words {
    /// The words of a language.
    pub fn new(language: Language) -> Self {
        let source = match language {
            Language::English => include_str!("../words/en.ftl"),
            Language::Chinese => include_str!("../words/zh-Hans.ftl"),
        };
        // A test finds what is wrong with a catalogue; here the sentences that can be read are used.
        let resource = FluentResource::try_new(source.into()).unwrap_or_else(|(resource, _)| resource);
        let mut bundle = FluentBundle::new(language.tag().parse().into_iter().collect());
        // Both languages run from left to right, as do the names and numbers in them.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        let classes = match language {
            Language::English => ClassNames::default(),
            Language::Chinese => ClassNames::parse(include_str!("../words/imagenet.zh-Hans.txt")),
        };
        Self { language, bundle: Rc::new(bundle), classes: Rc::new(classes) }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The name of a class: in this language where it has one.
    pub fn class(&self, name: &str) -> String {
        self.classes.name(name)
    }

    /// The sentence of that key.
    pub fn say(&self, key: &str) -> String {
        self.with(key, [])
    }

    /// The sentence of that key, with values in it.
    pub fn with<'a>(&self, key: &str, values: impl IntoIterator<Item = Argument<'a>>) -> String {
        self.find(key, values).unwrap_or_else(|| key.to_owned())
    }

    /// The sentence of that key, with values in it, if the catalogue has one.
    pub fn find<'a>(&self, key: &str, values: impl IntoIterator<Item = Argument<'a>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let values: FluentArgs = values.into_iter().collect();
        Some(self.bundle.format_pattern(pattern, Some(&values), &mut vec![]).into_owned())
    }

    /// The sentence of that key with its `**bold**` and `` `code` `` shown as such.
    pub fn rich<'a>(&self, key: &str, values: impl IntoIterator<Item = Argument<'a>>) -> Html {
        marked(&self.with(key, values))
    }

    /// What this language has between two sentences: a space, or nothing.
    pub fn gap(&self) -> String {
        self.say("between-sentences")
    }

    /// Sentences in a row.
    pub fn join(&self, sentences: &[String]) -> String {
        sentences.join(&self.gap())
    }

    /// Names in a row.
    pub fn list(&self, names: &[String]) -> String {
        names.join(&self.say("between-names"))
    }

    /// A message of the state.
    pub fn tell(&self, text: &Text) -> String {
        match text {
            Text::Own(key, values) => {
                self.with(key, values.iter().map(|(name, value)| (*name, FluentValue::from(value.as_str()))))
            }
            Text::All(texts) => self.join(&texts.iter().map(|text| self.tell(text)).collect::<Vec<_>>()),
            Text::Engine(fault) => self.fault(fault),
        }
    }

    /// Sentence that says what went wrong: in this language where its catalogue has it, or else as the engine says it.
    pub fn fault(&self, fault: &Fault) -> String {
        self.translated(fault).unwrap_or_else(|| self.engines_own(&fault.to_string()))
    }

    /// The catalogue's sentence, with those of the faults in it.
    fn translated(&self, fault: &Fault) -> Option<String> {
        let pattern = self.bundle.get_message(&format!("error-{}", fault.code()))?.value()?;
        let mut values: FluentArgs = fault.args().map(|(name, value)| (name, FluentValue::from(value))).collect();
        for (name, part) in fault.parts() {
            values.set(name, self.translated(part).unwrap_or_else(|| part.to_string()));
        }
        Some(self.bundle.format_pattern(pattern, Some(&values), &mut vec![]).into_owned())
    }

    /// Sentence of the engine's, which speaks English.
    pub fn engines_own(&self, text: &str) -> String {
        self.with(key("from-engine"), [("text", sentence(text).into())])
    }
}

/// A sentence with its `**bold**` and `` `code` `` shown as such.
pub fn marked(sentence: &str) -> Html {
    let bold = |index: usize, part: &str| match index % 2 {
        0 => html! { <>{ part }</> },
        _ => html! { <strong>{ part }</strong> },
    };
    let code = |(index, part): (usize, &str)| match index % 2 {
        0 => part.split("**").enumerate().map(|(index, part)| bold(index, part)).collect::<Html>(),
        _ => html! { <code>{ part }</code> },
    };
    sentence.split('`').enumerate().map(code).collect()
}

/// A sentence without the marks of its `**bold**` and `` `code` ``.
pub fn plain(sentence: &str) -> String {
    sentence.replace("**", "").replace('`', "")
}

/// Marks a key that is said elsewhere, for the catalogue's test.
pub const fn key(key: &'static str) -> &'static str {
    key
}

/// The words of the page that the component is on.
#[hook]
pub fn use_words() -> Words {
    use_context::<Words>().unwrap_or_else(|| Words::new(Language::default()))
}

/// Text with a capital letter and a full stop; errors of programs have neither.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    // The name of a file keeps its small letter.
    let word = text.split_whitespace().next().unwrap_or_default();
    let start = if word.contains(['/', '.']) { text.to_owned() } else { format!("{first}{}", letters.as_str()) };
    if start.ends_with(['.', '!', '?']) { start } else { format!("{start}.") }
}

/// Key under which the choice of a language is kept.
const LANGUAGE: &str = "convscope.language";

/// The language that was chosen before, or else the first of the browser's that is one of ours.
pub(crate) fn preferred() -> Language {
    let Some(window) = web_sys::window() else { return Language::default() };
    let chosen = window.local_storage().ok().flatten().and_then(|storage| storage.get_item(LANGUAGE).ok().flatten());
    let preferred = window.navigator().languages();
    let preferred = preferred.iter().filter_map(|tag| tag.as_string());
    chosen.into_iter().chain(preferred).find_map(|tag| Language::of_tag(&tag)).unwrap_or_default()
}

/// Tells the browser, for its screen reader and its title bar, and where it is to be kept, remembers.
pub(crate) fn speak(words: &Words, is_kept: bool) {
    let Some(window) = web_sys::window() else { return };
    if let Some(document) = window.document() {
        document.set_title(&words.say("title"));
        if let Some(root) = document.document_element() {
            let _ = root.set_attribute("lang", words.language().tag());
        }
    }
    // A browser that keeps nothing asks its own settings next time.
    if let Some(storage) = window.local_storage().ok().flatten().filter(|_| is_kept) {
        let _ = storage.set_item(LANGUAGE, words.language().tag());
    }
}
