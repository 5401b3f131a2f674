//! Errors in the page's languages: every sentence has a code of its own, and the Chinese catalogue says each that the page can meet.
//! The English ones are in the sources. Both are read as text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Sources whose faults the page can meet.
const OF_THE_PAGE: [&str; 5] = ["core/src", "import/src", "src", "web/src", "web/state/src"];
/// Sources whose faults only the command line meets.
const OF_THE_PROGRAM: [&str; 1] = ["cli/src"];

/// What stands in a `fault!`.
#[derive(Clone)]
struct Sentence {
    file: PathBuf,
    code: String,
    text: String,
    /// Names of the values, the cause among them.
    names: BTreeSet<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        let is_test = path.file_stem().is_some_and(|name| name == "tests");
        if path.is_dir() && !is_test {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !is_test {
            found.push(path);
        }
    }
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// A string literal that `text` begins with, and what comes behind it.
fn literal(text: &str) -> Option<(String, &str)> {
    let inner = text.trim_start().strip_prefix('"')?;
    let mut letters = inner.char_indices();
    let mut content = String::new();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((content, &inner[at + 1..])),
            '\\' => content.extend(letters.next().map(|(_, escaped)| escaped)),
            _ => content.push(letter),
        }
    }
    None
}

/// The arguments that `text` begins with, up to the end of the macro.
fn arguments(text: &str) -> Vec<String> {
    let (mut depth, mut rest) = (0, text);
    let mut found = vec![String::new()];
    while let Some(letter) = rest.chars().next() {
        if let Some((_, behind)) = literal(rest).filter(|_| letter == '"') {
            rest = behind;
            continue;
        }
        rest = &rest[letter.len_utf8()..];
        match letter {
            ')' if depth == 0 => break,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(argument) = found.last_mut() {
            argument.push(letter);
        }
    }
    found.iter().map(|argument| argument.trim().to_owned()).filter(|argument| !argument.is_empty()).collect()
}

/// The name that an argument, or what stands behind a `$`, begins with.
fn name(text: &str) -> String {
    text.chars().take_while(|&letter| is_of_name(letter)).collect()
}

/// All sentences of some folders of sources, without those of tests and comments.
fn sentences(folders: &[&str]) -> Vec<Sentence> {
    let mut paths = vec![];
    folders.iter().for_each(|folder| files(&root().join(folder), &mut paths));
    let mut found = vec![];
    for file in paths {
        let source = std::fs::read_to_string(&file).expect("a source");
        // Other items of tests stand before the code that they belong to.
        let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (at, mark) in source.match_indices("fault!(") {
            let line = source[..at].lines().next_back().unwrap_or_default();
            let Some((code, rest)) = literal(&source[at + mark.len()..]) else { continue };
            if line.trim_start().starts_with("//") {
                continue;
            }
            let sentence = rest.trim_start().strip_prefix(',').and_then(literal);
            let (text, rest) = sentence.unwrap_or_else(|| panic!("{}: {code} has no sentence", file.display()));
            let arguments = arguments(rest);
            let names: BTreeSet<_> = arguments.iter().map(|argument| name(argument.trim_start_matches('@'))).collect();
            let is_part = |argument: &&String| argument.starts_with('@') || argument.starts_with("cause = ");
            let parts = arguments.iter().filter(is_part).count();
            let first = arguments.iter().take_while(is_part).count();
            assert_eq!(parts, first, "{}: the faults in {code} stand first", file.display());
            assert!(!names.contains("cause") || arguments[0].starts_with("cause = "), "{}: {code}", file.display());
            found.push(Sentence { names, file: file.clone(), code, text });
        }
    }
    found
}

/// The names in braces in a sentence.
fn places(text: &str) -> BTreeSet<String> {
    let inner = |part: &str| part.split('}').next().unwrap_or_default().to_owned();
    text.split('{').skip(1).map(inner).collect()
}

/// The sentences of errors in a catalogue: code and the names of the values.
fn translated(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let file = root().join(format!("web/words/{language}.ftl"));
    let catalogue = std::fs::read_to_string(file).expect("a catalogue");
    let entries = catalogue.lines().filter_map(|line| line.strip_prefix("error-")?.split_once(" = "));
    let values = |text: &str| text.split('$').skip(1).map(name).collect();
    entries.map(|(code, text)| (code.to_owned(), values(text))).collect()
}

#[test]
fn every_sentence_has_a_code_of_its_own_and_says_all_its_arguments() {
    let all = [sentences(&OF_THE_PAGE), sentences(&OF_THE_PROGRAM)].concat();
    assert!(all.len() > 100, "{} sentences found", all.len());
    let mut known = BTreeMap::new();
    for Sentence { file, code, text, names } in &all {
        let plain = code.split('-').all(|word| {
            !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        });
        assert!(plain, "{}: {code} is not small letters joined by -", file.display());
        assert_eq!(&places(text), names, "{}: {code} says {text}", file.display());
        if let Some(other) = known.insert(code, file) {
            panic!("{code} stands in {} and in {}", other.display(), file.display());
        }
    }
}

#[test]
fn chinese_says_every_error_that_the_page_can_meet_and_no_other() {
    let said = translated("zh-Hans");
    let expected: BTreeMap<_, _> =
        sentences(&OF_THE_PAGE).into_iter().map(|sentence| (sentence.code, sentence.names)).collect();
    let codes = |map: &BTreeMap<String, _>| map.keys().cloned().collect::<BTreeSet<_>>();
    let missing: Vec<_> = codes(&expected).difference(&codes(&said)).cloned().collect();
    assert!(missing.is_empty(), "without a Chinese sentence: {missing:?}");
    let unsaid: Vec<_> = codes(&said).difference(&codes(&expected)).cloned().collect();
    assert!(unsaid.is_empty(), "in the catalogue, but no error: {unsaid:?}");
    for (code, names) in &expected {
        assert_eq!(names, &said[code], "the values of error-{code}");
    }
}

#[test]
fn english_errors_are_the_engines_own() {
    assert!(translated("en").is_empty());
}
