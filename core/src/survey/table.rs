//! Tables of a survey: one line an image, and all maps in one array.

use std::collections::BTreeSet;
use std::io::Write;

use half::f16;

use super::row::{Found, Row, SIDE};
use crate::csv::line;
use crate::image::npy_f16;

/// Name of the table.
pub const RESULTS: &str = "results.csv";
/// Name of the file of all maps.
pub const MAPS: &str = "maps.npy";

/// Columns before those of metrics.
const COLUMNS: [&str; 14] = [
    "path",
    "sha256",
    "truth",
    "predicted",
    "predicted_index",
    "right",
    "probability",
    "logit",
    "margin",
    "map_sha256",
    "peak_x",
    "peak_y",
    "centre",
    "border",
];

/// Columns of another model, behind those of metrics.
const OTHER: [&str; 4] = ["other_predicted", "other_probability", "other_logit", "map_correlation"];

/// What another model says of an image.
fn other(row: &Row) -> [String; OTHER.len()] {
    let other = row.other.as_ref();
    let number = |number: Option<String>| number.unwrap_or_default();
    let correlation = row.found.as_ref().zip(other).and_then(|(one, other)| one.correlation(other));
    [
        other.map(|other| other.name.clone()).unwrap_or_default(),
        number(other.and_then(|other| other.probability).map(|share| share.to_string())),
        number(other.map(|other| other.logit.to_string())),
        number(correlation.map(|correlation| correlation.to_string())),
    ]
}

/// The maps as a `.npy` file, `[rows, 16, 16]`; those of rows without one are no numbers.
pub fn maps(rows: &[Row]) -> Vec<u8> {
    let heat = rows.iter().flat_map(|row| match &row.found {
        Some(found) => found.heat(),
        None => vec![f16::NAN; SIDE * SIDE],
    });
    npy_f16(&[rows.len(), SIDE, SIDE], &heat.collect::<Vec<f16>>())
}

/// Writes a line an image; rows lie in the order of their paths.
///
/// # Errors
/// Those of what is written to.
pub fn lines(rows: &[Row], mut to: impl Write) -> std::io::Result<()> {
    let found = || rows.iter().filter_map(|row| row.found.as_ref());
    let metrics: BTreeSet<&str> = found().flat_map(|found| found.metrics.keys().map(String::as_str)).collect();
    let others: &[&str] = if rows.iter().any(|row| row.other.is_some()) { &OTHER } else { &[] };
    let columns = COLUMNS.iter().copied().chain(metrics.iter().copied()).chain(others.iter().copied());
    to.write_all(&line(columns.chain(["blank", "error"])))?;
    for row in rows {
        let text = |text: Option<String>| text.unwrap_or_default();
        let of = |cell: &dyn Fn(&Found) -> Option<String>| text(row.found.as_ref().and_then(cell));
        let number = |number: Option<f32>| number.map(|number| number.to_string());
        let fields: Vec<String> =
            [
                row.path.clone(),
                row.sha256.clone(),
                text(row.truth.clone()),
                of(&|found| Some(found.name.clone())),
                of(&|found| Some(found.predicted.to_string())),
                text(row.is_right().map(|right| right.to_string())),
                of(&|found| number(found.probability)),
                of(&|found| Some(found.logit.to_string())),
                of(&|found| number(found.margin)),
                of(&|found| Some(found.map_sha256())),
                of(&|found| number(found.peak.map(|peak| peak[0]))),
                of(&|found| number(found.peak.map(|peak| peak[1]))),
                of(&|found| number(found.centre)),
                of(&|found| number(found.border)),
            ]
            .into_iter()
            .chain(metrics.iter().map(|metric| {
                of(&|found| found.metrics.get(*metric).copied().flatten().map(|value| value.to_string()))
            }))
            .chain(other(row).into_iter().take(others.len()))
            .chain([of(&|found| found.blank.clone()), text(row.error.clone())])
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
