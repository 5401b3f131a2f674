//! Files that the page has given, read piece by piece: a worker reads a file without waiting for promises, and holds what it needs alone.

use std::cell::{Cell, RefCell};
use std::io::{Error, Read, Result, Seek, SeekFrom};

use convscope_core::import_message::ImportStage;
use convscope_import::Content;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;

use super::progress;
use crate::browser::{call, new, part};
use crate::own_models::refused;

/// Bytes that are read at once where less is asked for.
const PIECE: u64 = 1 << 20;

/// A file, as the browser has it.
struct Given {
    name: String,
    file: JsValue,
    bytes: u64,
}

thread_local! {
    /// All of them: what reads one may be sent to other threads, though there are none.
    static FILES: RefCell<Vec<Given>> = const { RefCell::new(vec![]) };
    /// What the files are read for.
    static STAGE: Cell<ImportStage> = const { Cell::new(ImportStage::Reading) };
    /// Bytes that have been read, and the number of those that the page knows of.
    static TOLD: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

/// Takes the files up, if there are any, in place of those before.
pub(super) fn take(files: &Array) {
    TOLD.set((0, 0));
    STAGE.set(ImportStage::Reading);
    if files.length() == 0 {
        return;
    }
    let files = files.iter().map(|file| {
        let text = |name: &str| part(&file, name).as_string().filter(|text| !text.is_empty());
        // One of a folder has a path that begins with the folder's name.
        let name = text("webkitRelativePath").or_else(|| text("name")).unwrap_or_default();
        Given { name, bytes: part(&file, "size").as_f64().unwrap_or_default() as u64, file }
    });
    FILES.set(files.collect());
}

/// From now on the files are read in order to be packed: a large one's numbers are read one tensor after the other.
pub(super) fn pack() {
    STAGE.set(ImportStage::Packing);
    TOLD.set((0, 0));
}

/// Whether a file is read while it is packed, so that what has been read tells how far that is.
pub(super) fn tells() -> bool {
    STAGE.get() == ImportStage::Packing && TOLD.get().0 > 0
}

/// Names of the files.
pub(super) fn names() -> Vec<String> {
    FILES.with_borrow(|files| files.iter().map(|file| file.name.clone()).collect())
}

/// Opens the file of that name, in whichever folder it lies.
pub(super) fn open(name: &str) -> Option<Box<dyn Content>> {
    GivenFile::open(name).map(|file| -> Box<dyn Content> { Box::new(file) })
}

/// A file that is open.
pub(super) struct GivenFile {
    index: usize,
    bytes: u64,
    place: u64,
    /// The piece that has been read last, and where it begins.
    piece: Vec<u8>,
    start: u64,
}

impl GivenFile {
    /// Opens the file of that name, in whichever folder it lies.
    pub(super) fn open(name: &str) -> Option<Self> {
        let last = |path: &str| path.rsplit('/').next().map(str::to_owned);
        FILES.with_borrow(|files| {
            let index = files.iter().position(|file| file.name == name);
            let index = index.or_else(|| files.iter().position(|file| last(&file.name) == last(name)))?;
            Some(Self { index, bytes: files[index].bytes, place: 0, piece: vec![], start: 0 })
        })
    }

    /// Reads so many bytes from `start` on.
    fn slice(&self, start: u64, count: u64) -> Result<Vec<u8>> {
        let refused = |error: JsValue| Error::other(refused(&error).to_string());
        let file = FILES.with_borrow(|files| files[self.index].file.clone());
        let (from, to) = (JsValue::from(start as f64), JsValue::from((start + count) as f64));
        let slice = call(&file, "slice", &[&from, &to]).map_err(refused)?;
        let reader = new("FileReaderSync", &[]).map_err(refused)?;
        let buffer = call(&reader, "readAsArrayBuffer", &[&slice]).map_err(refused)?;
        let (all, told) = TOLD.get();
        let read = all + count;
        TOLD.set((read, told));
        // A hundred times at most.
        if read - told > self.bytes / 100 {
            TOLD.set((read, read));
            progress(STAGE.get(), read.min(self.bytes), self.bytes);
        }
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}

impl Read for GivenFile {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let left = self.bytes.saturating_sub(self.place);
        if left == 0 || into.is_empty() {
            return Ok(0);
        }
        let held = self.place.checked_sub(self.start).filter(|&before| before < self.piece.len() as u64);
        let before = match held {
            Some(before) => before as usize,
            None => {
                // What asks for much is given it in one piece, once.
                let count = PIECE.max(into.len() as u64).min(left);
                (self.piece, self.start) = (self.slice(self.place, count)?, self.place);
                0
            }
        };
        let count = into.len().min(self.piece.len() - before);
        into[..count].copy_from_slice(&self.piece[before..before + count]);
        self.place += count as u64;
        if self.piece.len() as u64 > PIECE && before + count == self.piece.len() {
            self.piece = vec![];
        }
        Ok(count)
    }
}

impl Seek for GivenFile {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.bytes.checked_add_signed(by),
            SeekFrom::Current(by) => self.place.checked_add_signed(by),
        };
        self.place = place.ok_or(std::io::ErrorKind::InvalidInput)?;
        Ok(self.place)
    }
}
