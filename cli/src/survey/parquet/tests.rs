//! What another crate reads of the file.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use convscope::csv;
use convscope::survey::table::lines;
use convscope::survey::{Found, SIDE};
use parquet2::encoding::hybrid_rle::HybridRleDecoder;
use parquet2::page::{Page, split_buffer};
use parquet2::read::{PageReader, decompress, read_metadata};
use parquet2::schema::types::PhysicalType;

use super::*;

/// The names of all columns, and their values as text, which is empty where there is none.
fn read(file: &[u8]) -> Vec<(String, Vec<String>)> {
    let mut file = Cursor::new(file);
    let metadata = read_metadata(&mut file).unwrap();
    let mut columns: Vec<(String, Vec<String>)> = vec![];
    for group in &metadata.row_groups {
        for (index, chunk) in group.columns().iter().enumerate() {
            let name = chunk.descriptor().path_in_schema[0].clone();
            if columns.len() == index {
                columns.push((name.clone(), vec![]));
            }
            assert_eq!(columns[index].0, name);
            file.set_position(chunk.byte_range().0);
            let pages = PageReader::new(&mut file, chunk, Arc::new(|_, _| true), vec![], usize::MAX);
            for page in pages {
                let Page::Data(page) = decompress(page.unwrap(), &mut vec![]).unwrap() else {
                    panic!("a page of data")
                };
                let (_, levels, mut values) = split_buffer(&page).unwrap();
                let there = HybridRleDecoder::try_new(levels, 1, page.num_values()).unwrap();
                let mut bits = 0;
                for is_there in there {
                    let cell = match (is_there.unwrap(), chunk.physical_type()) {
                        (0, _) => String::new(),
                        (_, PhysicalType::Boolean) => {
                            bits += 1;
                            ((values[(bits - 1) / 8] >> ((bits - 1) % 8)) & 1 == 1).to_string()
                        }
                        (_, PhysicalType::ByteArray) => {
                            let length = u32::from_le_bytes(*take(&mut values)) as usize;
                            let (text, rest) = values.split_at(length);
                            values = rest;
                            String::from_utf8(text.to_vec()).unwrap()
                        }
                        (_, PhysicalType::Int64) => i64::from_le_bytes(*take(&mut values)).to_string(),
                        (_, PhysicalType::Float) => f32::from_le_bytes(*take(&mut values)).to_string(),
                        (_, PhysicalType::Double) => f64::from_le_bytes(*take(&mut values)).to_string(),
                        (_, other) => panic!("{other:?}"),
                    };
                    columns[index].1.push(cell);
                }
            }
        }
    }
    columns
}

fn take<'a, const N: usize>(values: &mut &'a [u8]) -> &'a [u8; N] {
    let (first, rest) = values.split_first_chunk().unwrap();
    *values = rest;
    first
}

/// Some map, `[16, 16]` in float16.
fn heat(index: usize) -> Vec<u8> {
    (0..SIDE * SIDE).flat_map(|at| (0x3000 + (at * (index % 3 + 5) % 1021) as u16).to_le_bytes()).collect()
}

/// Rows of all kinds: right and wrong, with and without label, metric, other model, and with an error.
fn rows() -> Vec<Row> {
    let found = |index: usize| Found {
        predicted: index % 3,
        name: format!("class, \"{}\" ü", index % 3),
        probability: (!index.is_multiple_of(4)).then_some(1.0 / (index + 1) as f32),
        logit: 0.1 * index as f32 - 3.0,
        margin: None,
        peak: Some([0.5, 0.25]),
        centre: Some(0.3),
        border: Some(1e-9),
        blank: index.is_multiple_of(7).then(|| "dead-layer".to_owned()),
        metrics: BTreeMap::from([("drop".to_owned(), index.is_multiple_of(2).then_some(12.5))]),
        map: BASE64_STANDARD.encode(heat(index)),
    };
    let row = |index: usize| Row {
        path: format!("folder/{index}.jpg"),
        sha256: if index % 5 == 4 { String::new() } else { format!("{index:064x}") },
        truth: (!index.is_multiple_of(6)).then(|| "a label".to_owned()),
        truth_index: (index % 6 > 1).then_some(index % 2),
        found: (index % 5 < 4).then(|| found(index)),
        other: (index % 5 < 4).then(|| found(index + 1)),
        error: (index % 5 == 4).then(|| "no image, it says \"so\"".to_owned()),
    };
    (0..100).map(row).collect()
}

#[test]
fn another_crate_reads_what_the_text_says() {
    for (rows, group) in [(rows(), GROUP), (rows(), 33), (rows(), 50), (rows()[..1].to_vec(), 1), (vec![], GROUP)] {
        let (mut text, mut file, mut again) = (vec![], vec![], vec![]);
        lines(&rows, &mut text).unwrap();
        grouped(&rows, group, &mut file).unwrap();
        grouped(&rows, group, &mut again).unwrap();
        assert_eq!(file, again);
        let mut expected = csv::read(&text).into_iter();
        let names = expected.next().unwrap();
        let found = read(&file);
        if !rows.is_empty() {
            assert_eq!(found.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), names);
        }
        for (at, line) in expected.enumerate() {
            let values: Vec<&String> = found.iter().map(|(_, values)| &values[at]).collect();
            assert_eq!(values, line.iter().collect::<Vec<_>>(), "row {at}");
        }
        assert!(found.iter().all(|(_, values)| values.len() == rows.len()));
    }
}
