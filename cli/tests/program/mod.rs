//! The command line as scripts use it.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub, reason = "each test file takes what it needs")]

pub mod page;
pub mod schema;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A file of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Runs the program to its end, in the repository's folder.
pub fn convscope(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_convscope"));
    command.args(arguments).current_dir(repository("")).output().unwrap()
}

/// The lines of JSON on standard output, each as its schema has it, without the members that name the schema.
pub fn standard_output(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let read = |line: &str| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        schema::assert_described(&line);
        line.as_object_mut().unwrap().retain(|name, _| name != "schema" && name != "version");
        line
    };
    text.lines().map(read).collect()
}

/// The manifest of a folder of results, as its schema has it.
pub fn manifest(folder: impl AsRef<Path>) -> Value {
    let file = std::fs::read(folder.as_ref().join("manifest.json")).unwrap();
    let manifest = serde_json::from_slice(&file).unwrap();
    schema::assert_described(&manifest);
    manifest
}

/// What was said on standard error.
pub fn standard_error(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
