//! Names of methods: no source knows them but the methods' own files and the lists of their families.

use std::path::{Path, PathBuf};

use convscope::explain::Convention;
use convscope::methods::methods;
use convscope::named::Named;
use convscope::nn::ReluRule;

/// Sources of the program and the page.
const SOURCES: [&str; 6] = ["core/src", "src", "import/src", "cli/src", "web/src", "web/state/src"];
/// The methods themselves, and tasks of the bench, which have names of their own.
const OWN: [&str; 2] = ["src/methods", "src/bench.rs"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let is_test = path.file_stem().is_some_and(|name| name == "tests");
        if path.is_dir() && !is_test {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !is_test {
            found.push(path);
        }
    }
}

/// Words in the texts of a source, without its tests and comments.
fn words(source: &str) -> Vec<&str> {
    let lines = source.split("#[cfg(test)]").next().unwrap_or_default().lines();
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    let texts = code.flat_map(|line| line.split('"').skip(1).step_by(2));
    texts.flat_map(|text| text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'))).collect()
}

#[test]
fn no_source_names_a_method_but_its_own() {
    // Some are called by the same word as a convention, a rule for ReLU, or the command of another.
    let other = |id: &str| {
        Convention::ALL.iter().any(|one| one.name == id)
            || ReluRule::named(id).is_some()
            || methods().any(|method| method.card().command == id)
    };
    let ids: Vec<&str> = methods().map(|method| method.card().id.as_ref()).filter(|id| !other(id)).collect();
    assert!(ids.len() > 30, "{ids:?}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![];
    SOURCES.iter().for_each(|folder| sources(&root.join(folder), &mut files));
    files.retain(|file| !OWN.iter().any(|own| file.starts_with(root.join(own))));
    assert!(files.len() > 200, "{} sources found", files.len());
    let mut named = vec![];
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        named.extend(
            words(&source).into_iter().filter(|word| ids.contains(word)).map(|id| format!("{} in {file:?}", id)),
        );
    }
    assert!(named.is_empty(), "{}", named.join(", "));
}
