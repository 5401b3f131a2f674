//! The table of a survey as an Apache Parquet file (<https://parquet.apache.org/docs/file-format/>), which analysis of millions of rows
//! reads faster than text, with the kind of each column.
//!
//! Of the format the plainest part: pages that are not compressed, values one after the other, and which of them are there as runs
//! (RLE). It is written here because the crate `parquet` asks for features of crates that burn is built on (ahash); what another crate
//! reads of the file, and pyarrow, is what the text says.

mod thrift;

use std::io::{Result, Write};

use convscope::survey::table::columns;
use convscope::survey::{Cell, Column, Kind, Row};
use thrift::{Struct, varint};

/// Name of the file.
pub(super) const RESULTS: &str = "results.parquet";
/// First and last bytes of a file.
const MAGIC: &[u8; 4] = b"PAR1";
/// Rows of a group; a column of one is a page.
const GROUP: usize = 1 << 16;

/// Numbers of the format.
const PLAIN: i64 = 0;
const RLE: i64 = 3;
const DATA_PAGE: i64 = 0;
const UNCOMPRESSED: i64 = 0;
const OPTIONAL: i64 = 1;

/// Types in a file: how values are stored, and what that stands for.
fn types(kind: Kind) -> (i64, Option<i64>) {
    const UTF8: i64 = 0;
    const UINT_64: i64 = 14;
    match kind {
        Kind::Flag => (0, None),
        Kind::Whole => (2, Some(UINT_64)),
        Kind::Single => (4, None),
        Kind::Double => (5, None),
        Kind::Text => (6, Some(UTF8)),
    }
}

/// Writes a table with the columns and the values of the text; the same rows give the same bytes.
pub(super) fn parquet(rows: &[Row], to: impl Write) -> Result<()> {
    grouped(rows, GROUP, to)
}

/// The same in groups of so many rows.
fn grouped(rows: &[Row], group: usize, to: impl Write) -> Result<()> {
    let (columns, mut to) = (columns(rows), Counted { to, written: 0 });
    to.write_all(MAGIC)?;
    let mut groups = vec![];
    for rows in rows.chunks(group) {
        let mut chunks = vec![];
        let mut size = 0;
        for column in &columns {
            let (offset, page) = (to.written, page(column, rows));
            to.write_all(&header(rows.len(), page.len()).finish())?;
            to.write_all(&page)?;
            let length = to.written - offset;
            size += length;
            chunks.push(chunk(column, rows.len(), offset, length));
        }
        groups.push(Struct::default().structs(1, chunks).number64(2, size).number64(3, rows.len() as i64));
    }
    let root = Struct::default().text(4, "survey").number(5, columns.len() as i64);
    let schema = std::iter::once(root).chain(columns.iter().map(element)).collect();
    let program = concat!("convscope version ", env!("CARGO_PKG_VERSION"));
    let footer = Struct::default()
        .number(1, 1)
        .structs(2, schema)
        .number64(3, rows.len() as i64)
        .structs(4, groups)
        .text(6, program);
    let footer = footer.finish();
    to.write_all(&footer)?;
    to.write_all(&(footer.len() as u32).to_le_bytes())?;
    to.write_all(MAGIC)
}

/// A column in the schema.
fn element(column: &Column) -> Struct {
    let (stored, meant) = types(column.kind);
    let own = Struct::default().number(1, stored).number(3, OPTIONAL).text(4, &column.name);
    meant.into_iter().fold(own, |own, meant| own.number(6, meant))
}

/// What stands before a page of so many values and bytes.
fn header(values: usize, bytes: usize) -> Struct {
    let data = Struct::default().number(1, values as i64).number(2, PLAIN).number(3, RLE).number(4, RLE);
    let bytes = bytes as i64;
    Struct::default().number(1, DATA_PAGE).number(2, bytes).number(3, bytes).inner(5, data)
}

/// Where a column of a group lies.
fn chunk(column: &Column, values: usize, offset: i64, length: i64) -> Struct {
    let (stored, _) = types(column.kind);
    let told = Struct::default().number(1, stored).numbers(2, &[PLAIN, RLE]).texts(3, &[&column.name]);
    let told = told.number(4, UNCOMPRESSED).number64(5, values as i64).number64(6, length).number64(7, length);
    Struct::default().number64(2, offset).inner(3, told.number64(9, offset))
}

/// A page: which values are there, and these.
fn page(column: &Column, rows: &[Row]) -> Vec<u8> {
    let cells: Vec<Option<Cell>> = rows.iter().map(|row| column.of(row)).collect();
    let mut levels = vec![];
    for run in cells.chunk_by(|one, other| one.is_some() == other.is_some()) {
        varint(&mut levels, (run.len() as u64) << 1);
        levels.push(u8::from(run[0].is_some()));
    }
    let mut page = (levels.len() as u32).to_le_bytes().to_vec();
    page.extend(levels);
    // Flags are bits, the first the lowest.
    let mut flags = 0_usize;
    for cell in cells.into_iter().flatten() {
        match cell {
            Cell::Text(text) => {
                page.extend((text.len() as u32).to_le_bytes());
                page.extend(text.into_bytes());
            }
            Cell::Whole(number) => page.extend(number.to_le_bytes()),
            Cell::Single(number) => page.extend(number.to_le_bytes()),
            Cell::Double(number) => page.extend(number.to_le_bytes()),
            Cell::Flag(flag) => {
                if flags.is_multiple_of(8) {
                    page.push(0);
                }
                if let Some(last) = page.last_mut() {
                    *last |= u8::from(flag) << (flags % 8);
                }
                flags += 1;
            }
        }
    }
    page
}

/// What is written to, and how many bytes have been.
struct Counted<W> {
    to: W,
    written: i64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let length = self.to.write(bytes)?;
        self.written += length as i64;
        Ok(length)
    }

    fn flush(&mut self) -> Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests;
