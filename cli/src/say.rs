//! Output on standard output and standard error. Names come from strangers' files: what would drive the terminal is shown
//! instead of done.

use std::borrow::Cow;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use convscope::error::{Error, Result};
use convscope::export::{JSON_VERSION, joined};
use serde_json::{Value, json};

use super::bars::{beside, hide};
use super::stop;

/// Prints a line of results; once nobody reads them any more, nothing.
pub(super) fn print(line: &str) -> Result<()> {
    write(&visible(line))
}

/// Prints a result as a line of JSON, which names its schema in `schema.json`.
pub(super) fn print_json(schema: &str, value: Value) -> Result<()> {
    write(&one_line(&joined(value, json!({ "schema": schema, "version": JSON_VERSION }))))
}

/// JSON in which every character that drives the terminal is escaped as JSON does it.
fn one_line(value: &Value) -> String {
    escaped(&value.to_string(), |c| format!("\\u{:04x}", u32::from(c))).into_owned()
}

fn write(line: &str) -> Result<()> {
    if stop::is_unread() {
        return Ok(());
    }
    to_standard_output(|output| writeln!(output, "{line}"))
}

/// Writes something to standard output.
pub(super) fn to_standard_output(fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
    match beside(|| fill(&mut std::io::stdout().lock())) {
        // Whoever read the results has enough of them: no error, but a reason to stop.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            stop::unread();
            Ok(())
        }
        written => written.map_err(|error| Error::write(Path::new("the standard output"), error)),
    }
}

/// Prints a text of the program's own, of many lines, as it is.
pub(super) fn print_text(text: &str) -> Result<()> {
    write(text.trim_end())
}

/// Whether nothing but errors is to be said.
static QUIET: AtomicBool = AtomicBool::new(false);

/// From now on, says nothing on standard error but what went wrong.
pub(super) fn only_errors() {
    QUIET.store(true, Ordering::Relaxed);
    hide();
}

/// Says something on standard error, unless nothing but errors is to be said.
pub(super) fn note(text: &str) {
    if !QUIET.load(Ordering::Relaxed) {
        say(text);
    }
}

fn say(text: &str) {
    beside(|| eprintln!("convscope: {}", visible(text)));
}

/// Says an error. The engine's sentences know nothing of a command line; what there is to write is added here.
pub(super) fn complain(error: &Error) {
    let hint = if matches!(error, Error::Device(_)) { " (--device cpu)" } else { "" };
    say(&format!("{error}{hint}"));
}

/// The text with what would drive the terminal made visible.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c.escape_unicode().to_string())
}

fn escaped(text: &str, escape: impl Fn(char) -> String) -> Cow<'_, str> {
    if !text.contains(drives) {
        return text.into();
    }
    text.chars().map(|c| if drives(c) { escape(c) } else { c.into() }).collect::<String>().into()
}

/// Control characters, and those that turn the direction of all text that follows.
fn drives(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_shown_and_letters_are_left() {
        assert_eq!(visible("Egyptian_cat, 猫, café"), "Egyptian_cat, 猫, café");
        assert_eq!(visible("a\u{1b}[2Jb\u{7}\u{9b}c\n\u{202e}"), "a\\u{1b}[2Jb\\u{7}\\u{9b}c\\u{a}\\u{202e}");
    }

    #[test]
    fn json_stays_json() {
        let value = json!({ "name": "a\u{1b}[2J\u{9b}\u{7f}\u{202e}" });
        let line = one_line(&value);
        assert!(line.is_ascii() && !line.contains(char::is_control));
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), value);
    }
}
