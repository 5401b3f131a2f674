//! Search of classes by name and index.

use super::*;
use crate::{ClassSearch, SearchKey};

/// Classes of a few names, the likeliest first.
fn classes() -> Vec<Class> {
    let names = [
        (282, "tiger_cat"),
        (1, "goldfish"),
        (340, "zebra"),
        (134, "crane"),
        (292, "tiger"),
        (517, "crane"),
        (155, "Shih-Tzu"),
        (13, "junco"),
        (281, "tabby"),
    ];
    let class = |(index, name): (usize, &str)| Class { index, name: name.into(), probability: Some(0.1), logit: 0.0 };
    names.map(class).into()
}

fn found(text: &str) -> (Vec<usize>, bool) {
    let classes = classes();
    let found = ClassSearch::typed(text.into()).found(&classes, &str::to_owned);
    (found.classes.iter().map(|class| class.index).collect(), found.misspelt)
}

#[test]
fn classes_are_found_by_name_and_index() {
    let cases: [(&str, &[usize]); 9] = [
        ("tiger", &[292, 282]),
        ("Tiger Cat", &[282]),
        ("cat", &[282]),
        ("crane", &[134, 517]),
        ("517", &[517]),
        // The index itself, then those that it begins.
        ("13", &[13, 134]),
        ("shih tzu", &[155]),
        ("ebra", &[340]),
        ("  ", &[]),
    ];
    for (text, indices) in cases {
        assert_eq!(found(text), (indices.to_vec(), false), "{text}");
    }
}

#[test]
fn small_misspellings_are_found_and_said_to_be() {
    let cases: [(&str, &[usize]); 10] = [
        ("zbera", &[340]),
        ("zebbra", &[340]),
        ("tigre", &[282, 292]),
        ("goldfihs", &[1]),
        ("gold fish", &[1]),
        ("golldfsih", &[1]),
        ("tiger cta", &[282]),
        ("craen", &[134, 517]),
        ("tab", &[281]),
        ("zzz", &[]),
    ];
    for (text, indices) in cases {
        assert_eq!(found(text), (indices.to_vec(), !indices.is_empty() && text != "tab"), "{text}");
    }
    // Nothing is near to a text of a few letters, or to one that is far from all.
    assert_eq!((found("cta"), found("xylophone"), found("999")), ((vec![], false), (vec![], false), (vec![], false)));
}

#[test]
fn enter_chooses_the_first_and_arrows_move() {
    let classes = classes();
    let search = ClassSearch::typed("crane".into());
    assert_eq!(search.press("Enter", &classes, &str::to_owned), Some(SearchKey::Chosen(134)));
    let Some(SearchKey::Marked(second)) = search.press("ArrowDown", &classes, &str::to_owned) else {
        panic!("no mark")
    };
    assert_eq!(second.press("Enter", &classes, &str::to_owned), Some(SearchKey::Chosen(517)));
    // Round, both ways.
    assert_eq!(second.press("ArrowDown", &classes, &str::to_owned), Some(SearchKey::Marked(search.clone())));
    assert_eq!(search.press("ArrowUp", &classes, &str::to_owned), Some(SearchKey::Marked(second.clone())));
    assert_eq!(
        (search.press("Escape", &classes, &str::to_owned), search.press("a", &classes, &str::to_owned)),
        (Some(SearchKey::Cleared), None)
    );
    let nothing = ClassSearch::typed("xylophone".into());
    assert_eq!(
        [nothing.press("Enter", &classes, &str::to_owned), nothing.press("ArrowDown", &classes, &str::to_owned)],
        [None, None]
    );
    // Another image moves the classes under the mark.
    let beyond = ClassSearch { at: 7, ..search };
    assert_eq!(beyond.press("Enter", &classes, &str::to_owned), Some(SearchKey::Chosen(517)));
}

#[test]
fn classes_of_one_name_are_told_apart() {
    let mut state = settled();
    let (look, _) = sent(&give(&mut state, "bird.jpg"));
    let Event::Looked { width, height, region, doubt, sha256, seconds, .. } = looked(&[]) else { unreachable!() };
    let event = Event::Looked { width, height, region, classes: classes(), note: None, doubt, sha256, seconds };
    state.apply(heard(look, event));
    let name = |index| state.image.class(index).map(|class| class.name.clone());
    assert_eq!([134, 517, 292].map(name), ["crane (134)", "crane (517)", "tiger"].map(|name| Some(name.to_owned())));
    let classes = &state.image.observation.as_ref().expect("classes").classes;
    assert_eq!(
        ClassSearch::typed("crane 517".into()).press("Enter", classes, &str::to_owned),
        Some(SearchKey::Chosen(517))
    );
}

#[test]
fn classes_are_found_by_the_names_of_the_language_too() {
    let names = crate::ClassNames::parse("tiger_cat\t虎猫\ntiger\t老虎\nzebra\t斑马\ncrane\t鹤");
    let classes = classes();
    let found = |text: &str| -> Vec<usize> {
        let found = ClassSearch::typed(text.into()).found(&classes, &|name| names.name(name)).classes;
        found.iter().map(|class| class.index).collect()
    };
    assert_eq!(
        (found("斑马"), found("虎"), found("zebra"), found("狗")),
        (vec![340], vec![282, 292], vec![340], vec![])
    );
    let search = ClassSearch::typed("老虎".into());
    assert_eq!(search.press("Enter", &classes, &|name| names.name(name)), Some(SearchKey::Chosen(292)));
}
