//! Tables of a survey: one line an image, and all maps in one array.

use std::collections::BTreeSet;
use std::io::Write;

use half::f16;

use super::column::{Cell, Column};
use super::row::{Found, Row, SIDE};
use crate::csv::line;
use crate::image::npy_f16;

/// Name of the table.
pub const RESULTS: &str = "results.csv";
/// Name of the file of all maps.
pub const MAPS: &str = "maps.npy";

/// The maps as a `.npy` file, `[rows, 16, 16]`; those of rows without one are no numbers.
pub fn maps(rows: &[Row]) -> Vec<u8> {
    let heat = rows.iter().flat_map(|row| match &row.found {
        Some(found) => found.heat(),
        None => vec![f16::NAN; SIDE * SIDE],
    });
    npy_f16(&[rows.len(), SIDE, SIDE], &heat.collect::<Vec<f16>>())
}

/// All columns: those that every survey has, its metrics' by name, and those of another model where one was asked.
pub fn columns(rows: &[Row]) -> Vec<Column> {
    let metrics = rows.iter().filter_map(|row| row.found.as_ref()).flat_map(|found| found.metrics.keys());
    let metrics: BTreeSet<&String> = metrics.collect();
    let mut columns = own();
    columns.extend(metrics.into_iter().map(|metric| {
        let name = metric.clone();
        Column::single(metric, move |row| found(row)?.metrics.get(&name).copied().flatten())
    }));
    if rows.iter().any(|row| row.other.is_some()) {
        columns.extend(other());
    }
    columns.push(Column::text("blank", |row| found(row)?.blank.clone()));
    columns.push(Column::text("error", |row| row.error.clone()));
    columns
}

fn found(row: &Row) -> Option<&Found> {
    row.found.as_ref()
}

/// Columns that every survey has.
fn own() -> Vec<Column> {
    vec![
        Column::text("path", |row| Some(row.path.clone())),
        Column::text("sha256", |row| Some(row.sha256.clone()).filter(|sum| !sum.is_empty())),
        Column::text("truth", |row| row.truth.clone()),
        Column::text("predicted", |row| Some(found(row)?.name.clone())),
        Column::whole("predicted_index", |row| Some(found(row)?.predicted as u64)),
        Column::flag("right", Row::is_right),
        Column::single("probability", Row::probability),
        Column::single("logit", |row| Some(found(row)?.logit)),
        Column::single("margin", |row| found(row)?.margin),
        Column::text("map_sha256", |row| Some(found(row)?.map_sha256())),
        Column::single("peak_x", |row| Some(found(row)?.peak?[0])),
        Column::single("peak_y", |row| Some(found(row)?.peak?[1])),
        Column::single("centre", |row| found(row)?.centre),
        Column::single("border", |row| found(row)?.border),
    ]
}

/// Columns of another model.
fn other() -> [Column; 4] {
    [
        Column::text("other_predicted", |row| Some(row.other.as_ref()?.name.clone())),
        Column::single("other_probability", |row| row.other.as_ref()?.probability),
        Column::single("other_logit", |row| Some(row.other.as_ref()?.logit)),
        Column::double("map_correlation", |row| found(row)?.correlation(row.other.as_ref()?)),
    ]
}

/// Writes a line an image; rows lie in the order of their paths.
///
/// # Errors
/// Those of what is written to.
pub fn lines(rows: &[Row], mut to: impl Write) -> std::io::Result<()> {
    let columns = columns(rows);
    to.write_all(&line(columns.iter().map(|column| &*column.name)))?;
    for row in rows {
        let fields: Vec<String> = columns
            .iter()
            .map(|column| column.of(row).as_ref().map(Cell::to_string))
            .map(Option::unwrap_or_default)
            .collect();
        to.write_all(&line(fields.iter().map(String::as_str)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_what_is_known() {
        let broken = Row { path: "a, b.png".into(), error: Some("it is \"broken\"".into()), ..Row::default() };
        let mut text = vec![];
        lines(&[broken], &mut text).expect("a line");
        let text = String::from_utf8(text).expect("a line");
        let mut lines = text.lines();
        assert!(lines.next().expect("a line").starts_with("path,sha256,truth,predicted,predicted_index,right,"));
        assert_eq!(lines.next().expect("a line"), "\"a, b.png\",,,,,,,,,,,,,,,\"it is \"\"broken\"\"\"");
    }
}
