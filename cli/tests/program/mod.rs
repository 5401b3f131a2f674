//! The command line as scripts use it.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub, reason = "each test file takes what it needs")]

pub mod page;

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
