//! Configurations of models that are no attribute of the file with their weights.

use std::fs::File;
use std::io::Read;

use serde_json::Value;

use crate::{Content, Place, unreadable};
use convscope_core::error::Fault;
use convscope_core::fault;

/// Bytes of a configuration, more than any model's has: that of a network of a thousand layers is a megabyte.
const MAX_CONFIG: usize = 1 << 22;

/// Configuration of a model.
pub(super) struct Described {
    /// The configuration, JSON.
    pub(super) config: String,
    /// Version of Keras that wrote it.
    pub(super) version: String,
}

impl Described {
    /// Refuses one that is longer than any.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.config.len() <= MAX_CONFIG {
            return Ok(());
        }
        Err(fault!(
            "keras-config-long",
            "its configuration has more than {most} bytes, more than any model's; choose another file",
            most = MAX_CONFIG
        ))
    }
}

/// The text of a configuration, no further than it takes to tell that it is too long.
pub(super) fn text(from: impl Read) -> Result<String, Fault> {
    let mut text = String::new();
    from.take(MAX_CONFIG as u64 + 1).read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

/// The configuration beside a file of weights of Keras 3; a note says which it is, or why it is not read.
pub(super) fn beside(place: Place<'_>, notes: &mut Vec<Fault>) -> Option<Described> {
    let stem = place.path.file_name()?.to_str()?.strip_suffix(".weights.h5")?;
    let names = [format!("{stem}.json"), "config.json".to_owned()];
    let (name, file) = names.into_iter().find_map(|name| open(place, &name).map(|file| (name, file)))?;
    let path = place.path.with_file_name(name);
    let read = file.map_err(unreadable).and_then(read);
    let note = match &read {
        Ok(_) => fault!("note-layers-from", "took the layers from {path}", path = path.display()),
        Err(cause) => fault!(
            "note-no-configuration",
            "{path} is no configuration that can be read, so that the file holds weights only: {cause}",
            cause = cause.clone(),
            path = path.display()
        ),
    };
    notes.push(note);
    read.ok()
}

/// A file beside the weights, if there is one.
fn open(place: Place<'_>, name: &str) -> Option<std::io::Result<Box<dyn Content>>> {
    if let Some(given) = place.given {
        return given(name).map(Ok);
    }
    let path = place.path.with_file_name(name);
    path.is_file().then(|| File::open(path).map(|file| -> Box<dyn Content> { Box::new(file) }))
}

/// A configuration, which may say what wrote it, as Keras 2's does.
fn read(from: impl Read) -> Result<Described, Fault> {
    let described = Described { config: text(from)?, version: String::new() };
    described.check()?;
    let json: Value = serde_json::from_str(&described.config).map_err(Fault::foreign)?;
    let version = json.get("keras_version").and_then(Value::as_str).unwrap_or("3");
    Ok(Described { version: version.to_owned(), ..described })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_says_which_keras_wrote_it() {
        for (config, version) in [(r#"{"keras_version": "2.15.0"}"#, "2.15.0"), ("{}", "3")] {
            assert_eq!(read(config.as_bytes()).unwrap().version, version);
        }
    }
}
