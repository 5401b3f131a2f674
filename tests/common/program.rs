//! The command line as scripts use it.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Runs the program to its end.
pub fn convscope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_convscope")).args(arguments).output().unwrap()
}

/// The lines of JSON on standard output.
pub fn standard_output(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
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
