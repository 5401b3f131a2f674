//! What is published holds all that it is built from: no crate's sources take in a file of another folder, which the registry would
//! not have.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::native;

/// Macros and an attribute that take a file in, as they begin.
const TAKES_IN: [&str; 4] = ["include!(", "include_str!(", "include_bytes!(", "#[path = "];

/// What ends the part of a file that is published for use.
const TESTS: &str = "#[cfg(test)]";

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    /// The registries that it may go to; none is written as an empty list, all as nothing.
    publish: Option<Vec<String>>,
}

/// Checks every crate that may be published.
///
/// # Errors
/// When one takes in a file that its package does not hold; the files are named.
pub fn check() -> Result<()> {
    let output = native::cargo().args(["metadata", "--no-deps", "--offline", "--format-version=1"]).output()?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo says nothing of the workspace")?;
    let published = metadata.packages.iter().filter(|package| package.publish.as_ref().is_none_or(|to| !to.is_empty()));
    let mut missing = vec![];
    for Package { name, manifest_path, .. } in published {
        let folder = manifest_path.parent().context("a manifest in no folder")?;
        let mut list = native::cargo();
        list.args(["package", "--list", "--allow-dirty", "--offline", "--package", name]);
        let output = list.output()?;
        let files: BTreeSet<PathBuf> = String::from_utf8(output.stdout)?.lines().map(PathBuf::from).collect();
        if files.is_empty() {
            bail!("cargo package --list --package {name}: {}", String::from_utf8_lossy(&output.stderr));
        }
        for file in files.iter().filter(|file| is_source(file)) {
            let text =
                fs::read_to_string(folder.join(file)).with_context(|| format!("cannot read {}", file.display()))?;
            let not_there = taken_in(&text, file).into_iter().filter(|taken| !files.contains(taken));
            missing.extend(not_there.map(|taken| format!("{name}: {} takes in {}", file.display(), taken.display())));
        }
    }
    if missing.is_empty() {
        println!("Every published crate holds what it is built from");
        return Ok(());
    }
    bail!("what is not in the package, nobody can build it with:\n{}", missing.join("\n"))
}

/// Whether a file of a package is built by those who use it.
fn is_source(file: &Path) -> bool {
    let is_test = file.iter().any(|part| part == "tests" || part == "tests.rs");
    file.extension().is_some_and(|ending| ending == "rs") && !is_test
}

/// The files that a source takes in, seen from its package's folder.
fn taken_in(text: &str, file: &Path) -> Vec<PathBuf> {
    let built = text.split(TESTS).next().unwrap_or_default();
    let code: Vec<&str> = built.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let starts =
        TAKES_IN.iter().flat_map(|start| code.match_indices(start).map(|(at, start)| &code[at + start.len()..]));
    // A path that a macro puts together is one of the build's own folder.
    let names = starts.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split_once('"'));
    names.map(|(name, _)| joined(file.parent().unwrap_or(file), name)).collect()
}

/// The path from a folder, without `..` as long as it does not leave the package.
fn joined(folder: &Path, name: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in folder.join(name).components() {
        if !(part == Component::ParentDir && path.file_name().is_some() && path.pop()) {
            path.push(part);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths;

    fn taken(text: &str) -> Vec<PathBuf> {
        taken_in(text, Path::new("src/pull/published.rs"))
    }

    #[test]
    fn what_lies_elsewhere_is_found() {
        let text = "const A: &str = include_str!(\"a.txt\");\n#[path = \"../pins.rs\"]\nmod pins;\nf(include_bytes!(\n    \"../../../b\"));";
        assert_eq!(taken(text), ["src/pull/a.txt", "../b", "src/pins.rs"].map(PathBuf::from));
    }

    #[test]
    fn tests_and_comments_take_nothing_in() {
        assert!(taken("// include_str!(\"../../../b\")\n#[cfg(test)]\nmod tests { const B: &str = include_str!(\"../../../b\"); }").is_empty());
        assert!(taken("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/page.zip\"))").is_empty());
        assert!(is_source(Path::new("src/a.rs")) && !is_source(Path::new("src/a/tests.rs")));
        assert!(!is_source(Path::new("tests/a.rs")) && !is_source(Path::new("src/a.txt")));
    }

    #[test]
    fn the_published_crates_hold_what_they_are_built_from() {
        if !paths::repo().join(".git").exists() {
            println!("SKIPPED: no checkout, whose files cargo would list");
            return;
        }
        check().expect("packages");
    }
}
