//! `schema`: what the lines of JSON and `manifest.json` hold.

use std::process::ExitCode;

use convscope::error::Result;

use super::say::print_text;

/// One definition for each `schema` that a line names.
const SCHEMA: &str = include_str!("schema.json");

/// Prints the JSON Schema.
pub(super) fn run() -> Result<ExitCode> {
    print_text(SCHEMA)?;
    Ok(ExitCode::SUCCESS)
}
