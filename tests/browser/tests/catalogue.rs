//! The page's catalogues of sentences: complete, alike in all languages, and without anything that nobody says. What methods say of
//! themselves is apart: they say it in English, so that only other languages need words for it; and so are errors (`error-CODE`),
//! which `web/state/tests/faults.rs` looks at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

const LANGUAGES: [&str; 2] = ["en", "zh-Hans"];

/// Beginnings of the keys that are made of ids of methods, parameters and the like, where the page looks for its own words first.
const OF_CARDS: [&str; 10] =
    ["method-", "param-", "choice-", "convention-", "family-", "command-", "axis-", "field-", "chosen-", "fusion-"];

fn of_card(key: &str) -> bool {
    OF_CARDS.iter().any(|start| key.starts_with(start))
}

fn web() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web")
}

/// The keys of a catalogue but those of errors, with the values that each sentence wants.
fn catalogue(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let file = web().join(format!("words/{language}.ftl"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let resource = fluent_syntax::parser::parse(text.as_str())
        .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", file.display()));
    let mut sentences = BTreeMap::new();
    for entry in resource.body {
        if let Entry::Message(message) = entry {
            let mut values = BTreeSet::new();
            let pattern = message.value.unwrap_or_else(|| panic!("{language}: {} says nothing", message.id.name));
            collect(&pattern, &mut values);
            let earlier = sentences.insert(message.id.name.to_owned(), values);
            assert!(earlier.is_none(), "{language}: {} is there twice", message.id.name);
        }
    }
    sentences.retain(|key, _| !key.starts_with("error-"));
    sentences
}

fn collect(pattern: &Pattern<&str>, values: &mut BTreeSet<String>) {
    let mut take = |inline: &InlineExpression<&str>| {
        if let InlineExpression::VariableReference { id } = inline {
            values.insert(id.name.to_owned());
        }
    };
    for element in &pattern.elements {
        match element {
            PatternElement::Placeable { expression: Expression::Inline(inline) } => take(inline),
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                take(selector);
                let mut inner = BTreeSet::new();
                variants.iter().for_each(|variant| collect(&variant.value, &mut inner));
                inner.iter().for_each(|name| {
                    take(&InlineExpression::VariableReference {
                        id: fluent_syntax::ast::Identifier { name: name.as_str() },
                    });
                });
            }
            PatternElement::TextElement { .. } => {}
        }
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The keys that the page's sources say: the first string after these words, which is how components write them.
fn said() -> BTreeSet<String> {
    const MARKS: [&str; 5] = ["say(", "with(", "rich(", "key(", "Own("];
    let mut files = vec![];
    ["src", "state/src"].iter().for_each(|folder| sources(&web().join(folder), &mut files));
    let mut keys = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        for mark in MARKS {
            for (at, _) in text.match_indices(mark) {
                // Not the end of a longer name, such as `starts_with(`.
                let joined = text[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
                let rest = text[at + mark.len()..].trim_start();
                if let (false, Some(key)) = (joined, rest.strip_prefix('"').and_then(|rest| rest.split('"').next())) {
                    keys.insert(key.to_owned());
                }
            }
        }
    }
    keys
}

#[test]
fn the_languages_have_the_same_sentences_with_the_same_values() {
    let [english, chinese] = LANGUAGES.map(catalogue);
    let names = |catalogue: &BTreeMap<String, BTreeSet<String>>| catalogue.keys().cloned().collect::<BTreeSet<_>>();
    let (one, other) = (names(&english), names(&chinese));
    let missing: Vec<_> = one.symmetric_difference(&other).filter(|key| !of_card(key) || one.contains(*key)).collect();
    assert!(missing.is_empty(), "in one catalogue only: {missing:?}");
    for (key, values) in &english {
        assert_eq!(values, &chinese[key], "the values of {key}");
    }
    // Cards speak English themselves, and nothing in them is filled in.
    let doubled: Vec<_> = one.iter().filter(|key| key.starts_with("method-") || key.starts_with("param-")).collect();
    assert!(doubled.is_empty(), "said by a card already: {doubled:?}");
    let filled: Vec<_> = chinese.iter().filter(|(key, values)| of_card(key) && !values.is_empty()).collect();
    assert!(filled.is_empty(), "values that nobody gives: {filled:?}");
}

#[test]
fn everything_that_is_said_is_in_the_catalogue_and_nothing_else() {
    let (catalogue, said) = (catalogue("en"), said());
    assert!(said.len() > 100, "{} keys found", said.len());
    let missing: Vec<_> = said.iter().filter(|key| !catalogue.contains_key(*key)).collect();
    assert!(missing.is_empty(), "said, but in no catalogue: {missing:?}");
    let unsaid: Vec<_> = catalogue.keys().filter(|key| !said.contains(*key) && !of_card(key)).collect();
    assert!(unsaid.is_empty(), "in the catalogue, but never said: {unsaid:?}");
}

#[test]
fn components_say_nothing_by_themselves() {
    let mut files = vec![];
    sources(&web().join("src"), &mut files);
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        for (number, line) in text.lines().enumerate() {
            // Text between braces in `html!`, with a word in it; the product's own name has no translation.
            let words =
                line.match_indices("{ \"").map(|(at, _)| &line[at + 3..]).filter_map(|rest| rest.split('"').next());
            let own = words.filter(|words| words.len() > 1 && words.chars().any(char::is_alphabetic));
            let own: Vec<_> = own.filter(|words| *words != "Convscope").collect();
            let html = text.contains("html! {")
                && !line.contains("format!")
                && !line.contains("=> \"")
                && !line.contains("if ");
            assert!(!html || own.is_empty(), "{}:{}: {own:?} is not in the catalogue", file.display(), number + 1);
        }
    }
}
