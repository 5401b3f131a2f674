//! The journal of a survey: a line for each image as it is done, so that a run that is broken off goes on where it stopped.
//!
//! The first line says what was asked. Each line begins with the first half of its own SHA-256; a last line that does not fit it
//! was being written when the run ended, and is done again.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use convscope::error::{Error, Result};
use convscope::export::sha256;
use convscope::fault;
use convscope::survey::Row;
use serde::Serialize;
use serde_json::Value;

use crate::files::write;

/// Name of the file.
pub(super) const NAME: &str = "journal.jsonl";
/// Digits of a line's SHA-256.
const DIGITS: usize = 32;
/// Form of the journal.
pub(super) const VERSION: u32 = 1;

/// A journal that rows are added to.
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    /// Bytes of the lines that are whole.
    length: u64,
}

/// What a journal holds.
pub(super) struct Read {
    pub(super) head: Value,
    pub(super) rows: Vec<Row>,
    length: u64,
}

/// The journal of a folder; `None` where there is none.
///
/// # Errors
/// [`Error::File`] where it cannot be read, and [`Error::Request`] where a line before the last is broken.
pub(super) fn read(folder: &Path) -> Result<Option<Read>> {
    let path = folder.join(NAME);
    let text = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::read(&path, error)),
    };
    let (mut head, mut rows, mut length) = (None, vec![], 0);
    for (index, line) in text.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let broken = || {
            let (path, line) = (path.display(), index + 1);
            Error::Request(fault!(
                "survey-journal-broken",
                "line {line} of {path} is not as it was written; take the file away to begin anew",
                line,
                path
            ))
        };
        match whole(line) {
            Some(json) if head.is_none() => head = Some(begins(json).ok_or_else(broken)?),
            Some(json) => {
                let row: Row = serde_json::from_slice(json).map_err(|_| broken())?;
                if row.found.iter().chain(&row.other).any(|found| !found.is_whole()) {
                    return Err(broken());
                }
                rows.push(row);
            }
            // It was being written when the run ended.
            None if length as usize + line.len() == text.len() => break,
            None => return Err(broken()),
        }
        length += line.len() as u64;
    }
    Ok(head.map(|head| Read { head, rows, length }))
}

/// The first line of a journal of this form.
fn begins(json: &[u8]) -> Option<Value> {
    serde_json::from_slice(json).ok().filter(|head: &Value| head["survey"] == VERSION)
}

/// Writes a whole journal.
pub(super) fn save(folder: &Path, head: &Value, rows: &[Row]) -> Result<()> {
    let lines: Vec<String> = std::iter::once(line(head)).chain(rows.iter().map(line)).collect();
    write(folder, NAME, lines.concat().as_bytes())
}

/// A line, as it is written.
fn line(one: &impl Serialize) -> String {
    let json = serde_json::to_string(one).unwrap_or_else(|_| unreachable!("names are its keys"));
    format!("{} {json}\n", &sha256(json.as_bytes())[..DIGITS])
}

/// The JSON of a line that is as it was written.
fn whole(line: &[u8]) -> Option<&[u8]> {
    let (sum, json) = line.strip_suffix(b"\n")?.split_at_checked(DIGITS)?;
    let json = json.strip_prefix(b" ")?;
    (sha256(json).as_bytes()[..DIGITS] == *sum).then_some(json)
}

impl Journal {
    /// A new journal, which begins with `head`.
    pub(super) fn begin(folder: &Path, head: &Value) -> Result<Self> {
        let path = folder.join(NAME);
        let file = File::create(&path).map_err(|error| Error::write(&path, error))?;
        let mut journal = Self { path, file, length: 0 };
        journal.add(&line(head))?;
        Ok(journal)
    }

    /// The journal that was read, at its end.
    pub(super) fn go_on(folder: &Path, read: &Read) -> Result<Self> {
        let path = folder.join(NAME);
        let file = OpenOptions::new().write(true).open(&path).map_err(|error| Error::write(&path, error))?;
        let mut journal = Self { path, file, length: read.length };
        journal.cut().map_err(|error| Error::write(&journal.path, error))?;
        Ok(journal)
    }

    /// Adds a row.
    pub(super) fn row(&mut self, row: &Row) -> Result<()> {
        self.add(&line(row))
    }

    fn add(&mut self, line: &str) -> Result<()> {
        if let Err(error) = self.file.write_all(line.as_bytes()) {
            // Half of a line is of no use: where the disk is full, it is taken back.
            let _ = self.cut();
            return Err(Error::write(&self.path, error));
        }
        self.length += line.len() as u64;
        Ok(())
    }

    fn cut(&mut self) -> std::io::Result<()> {
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length)).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_journal_goes_on_behind_its_last_whole_line() {
        let folder = tempfile::tempdir().unwrap();
        let (folder, head) = (folder.path(), json!({ "survey": 1 }));
        let row = |name: &str| Row { path: name.into(), sha256: "ab".into(), ..Row::default() };
        assert!(read(folder).unwrap().is_none());
        let mut journal = Journal::begin(folder, &head).unwrap();
        journal.row(&row("a.png")).unwrap();
        journal.row(&row("ü b.png")).unwrap();
        drop(journal);
        let path = folder.join(NAME);
        let whole = std::fs::read(&path).unwrap();
        for cut in [whole.len() - 1, whole.len() - 40] {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let found = read(folder).unwrap().unwrap();
            assert_eq!((found.head.clone(), found.rows.clone()), (head.clone(), vec![row("a.png")]));
            Journal::go_on(folder, &found).unwrap().row(&row("ü b.png")).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), whole);
        }
        // A line that is as it was written, and is no row; and one that is about no survey of this form.
        std::fs::write(&path, line(&head) + &line(&json!({ "path": 1 }))).unwrap();
        assert!(read(folder).err().unwrap().to_string().contains("line 2 of"));
        std::fs::write(&path, line(&json!({ "survey": 2 }))).unwrap();
        assert!(read(folder).err().unwrap().to_string().contains("line 1 of"));
        let mut broken = whole.clone();
        broken[40] ^= 1;
        std::fs::write(&path, &broken).unwrap();
        assert!(read(folder).err().unwrap().to_string().contains("line 1 of"));
    }
}
