//! Chinese names of the classes of ImageNet: one for each, and none for anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn read(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file)).expect("a file")
}

#[test]
fn every_class_of_imagenet_has_a_chinese_name_of_its_own() {
    let labels = read("import/src/pack/imagenet.txt");
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    labels.lines().for_each(|label| *count.entry(label).or_default() += 1);
    // Those that share a name stand with their indices, as on the page.
    let told = |(index, label): (usize, &str)| match count[label] {
        1 => label.to_owned(),
        _ => format!("{label} ({index})"),
    };
    let expected: Vec<String> = labels.lines().enumerate().map(told).collect();
    let names = read("web/words/imagenet.zh-Hans.txt");
    let pairs: Vec<(&str, &str)> = names.lines().map(|line| line.split_once('\t').expect("two names")).collect();
    assert_eq!(pairs.iter().map(|(label, _)| *label).collect::<Vec<_>>(), expected);
    let chinese: BTreeSet<&str> = pairs.iter().map(|(_, name)| *name).collect();
    assert_eq!((pairs.len(), chinese.len()), (1000, 1000), "no two are the same");
    let is_chinese = |name: &&str| name.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    assert!(chinese.iter().all(is_chinese) && chinese.iter().all(|name| name.trim() == *name));
}
