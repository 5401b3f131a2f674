//! What earlier runs left: a survey that goes on, and surveys that are made one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use convscope::error::{Error, Result};
use convscope::fault;
use convscope::survey::Row;
use serde_json::Value;

use super::journal::{self, Journal};

/// Rows by path, as they come: of one image's, the last counts.
pub(super) type Rows = BTreeMap<String, Row>;

/// That a folder holds no survey yet.
pub(super) fn none_in(folder: &Path) -> Result<()> {
    if folder.join(journal::NAME).exists() {
        return Err(Error::Request(fault!(
            "survey-is-there",
            "{folder} holds a survey already; go on with it by --resume, or name another folder",
            folder = folder.display()
        )));
    }
    Ok(())
}

/// The last row of each image.
fn last(rows: Vec<Row>) -> Rows {
    rows.into_iter().map(|row| (row.path.clone(), row)).collect()
}

/// The journal that is written on, and what is in it already.
pub(super) fn begun(folder: &Path, resume: bool, head: &Value) -> Result<(Journal, Rows)> {
    let earlier = if resume { journal::read(folder)? } else { None };
    match earlier {
        Some(read) => {
            same(folder, head, &read.head)?;
            let journal = Journal::go_on(folder, &read)?;
            Ok((journal, last(read.rows)))
        }
        None => {
            if !resume {
                none_in(folder)?;
            }
            Ok((Journal::begin(folder, head)?, Rows::new()))
        }
    }
}

/// That a journal was begun with the same model and the same request.
fn same(folder: &Path, head: &Value, other: &Value) -> Result<()> {
    let differing = |one: &Value, other: &Value| {
        let keys = one.as_object().into_iter().chain(other.as_object()).flat_map(|object| object.keys());
        keys.filter(|key| *key != "program").find(|key| one[*key] != other[*key]).cloned()
    };
    let Some(part) = differing(head, other) else { return Ok(()) };
    // Of a request, the one thing in it is said.
    let both = head[&part].is_object() && other[&part].is_object();
    let inner = differing(&head[&part], &other[&part]).filter(|_| both);
    let of = |head: &Value| inner.as_ref().map_or(&head[&part], |key| &head[&part][key]).to_string();
    Err(Error::Request(fault!(
        "survey-other-request",
        "the survey in {folder} was made with another {what} ({theirs}, here {ours}); ask as it was asked, or name another folder",
        folder = folder.display(),
        what = inner.as_ref().unwrap_or(&part),
        theirs = of(other),
        ours = of(head)
    )))
}

/// The rows of several journals, by path.
pub(super) fn merged(folders: &[PathBuf], head: &Value) -> Result<Vec<Row>> {
    let mut rows = Rows::new();
    for folder in folders {
        let Some(read) = journal::read(folder)? else {
            return Err(Error::Request(fault!(
                "survey-none",
                "{folder} holds no survey; name the folders that `convscope survey --out` has made",
                folder = folder.display()
            )));
        };
        same(folder, head, &read.head)?;
        for (path, row) in last(read.rows) {
            match rows.get(&path) {
                Some(other) if other.found.is_some() && row.found.is_some() && other.sha256 != row.sha256 => {
                    return Err(Error::Request(fault!(
                        "survey-two-files",
                        "two runs have different files of the name {path}; survey the folder that holds both",
                        path
                    )));
                }
                // What one of them found counts, where the other could not look.
                Some(other) if other.found.is_some() => {}
                _ => {
                    rows.insert(path, row);
                }
            }
        }
    }
    Ok(rows.into_values().collect())
}
