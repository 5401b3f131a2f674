//! Choices of conventions in the page's languages: English is their own, and the Chinese catalogue has words for each, no more and no
//! less.

use std::collections::BTreeSet;
use std::path::Path;

use convscope_core::card::MAP_CONVENTIONS;
use convscope_core::explain::{Convention, Field};

#[test]
fn chinese_has_words_for_every_choice_of_every_convention() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../words/zh-Hans.ftl");
    let catalogue = std::fs::read_to_string(file).expect("a catalogue");
    let keys = catalogue.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.to_owned());
    let said: BTreeSet<String> = keys.filter(|key| key.starts_with("field-") || key.starts_with("chosen-")).collect();
    let conventions = MAP_CONVENTIONS.iter().map(|variant| Convention::named(&variant.name).expect("a convention"));
    let chosen = conventions.flat_map(|convention| {
        Field::ALL.map(|field| format!("chosen-{}-{}", field.id(), field.first_like(&convention)))
    });
    let expected: BTreeSet<String> = chosen.chain(Field::ALL.map(|field| format!("field-{}", field.id()))).collect();
    assert!(expected.len() > 20, "{expected:?}");
    assert_eq!(said, expected);
}
