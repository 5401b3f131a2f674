//! What agrees, to which tolerance, and what does not.

use serde_json::json;

use super::*;
use crate::image::npy;

fn bundle(values: &[f32], picture: u8, value: f64) -> Bundle {
    let entry = json!({
        "method": "a_cam", "layer": "conv", "class": { "index": 1, "probability": value }, "seconds": picture,
        "overlay": "a.png", "map": "a.npy",
    });
    let mut bundle = Bundle::new(json!({ "results": [entry] }));
    bundle.add("a.npy", npy(&[values.len()], values));
    bundle.add("a.png", Image::from_rgb(1, 1, vec![picture; 3]).unwrap().png().unwrap());
    bundle
}

/// Codes of what is said of the entry, its picture and its array, and which agree.
fn compared(one: &Bundle, other: &Bundle) -> (Vec<String>, Vec<bool>) {
    let lines = Agreement::all(one, other);
    (lines.iter().map(|line| line.says.code().to_owned()).collect(), lines.iter().map(|line| line.agrees).collect())
}

#[test]
fn what_is_the_same_agrees_to_the_last_bit() {
    let one = bundle(&[0.0, 0.5, -1.0], 9, 0.25);
    let lines = Agreement::all(&one, &one);
    assert_eq!(lines.iter().map(|line| line.part.as_str()).collect::<Vec<_>>(), ["a_cam conv", "a.png", "a.npy"]);
    let (codes, agrees) = compared(&one, &one);
    assert_eq!(codes, ["agreement-numbers", "agreement-exact", "agreement-exact"]);
    assert_eq!(agrees, [true; 3]);
}

#[test]
fn rounding_agrees_and_says_how_far() {
    let (one, other) = (bundle(&[0.0, 2.0], 9, 0.25), bundle(&[1e-4, 2.0], 12, 0.251));
    let (codes, agrees) = compared(&one, &other);
    assert_eq!((codes, agrees), (vec!["agreement-within".to_owned(); 3], vec![true; 3]));
    let lines = Agreement::all(&one, &other);
    // Of the largest number, which is 2; of white; of the larger of the two.
    assert_eq!(lines[2].says.to_string(), "agrees: the 2 numbers are at most 5.0e-5 of the scale apart");
    assert!(lines[1].says.to_string().contains("1.2e-2"), "{}", lines[1].says);
    assert!(lines[0].says.to_string().contains("4.0e-3"), "{}", lines[0].says);
}

#[test]
fn a_few_numbers_of_an_array_may_be_far_apart_and_many_may_not() {
    let mut values = vec![1.0; 100];
    let one = bundle(&values, 9, 0.25);
    values[..2].fill(0.0);
    assert_eq!(compared(&one, &bundle(&values, 9, 0.25)).0[2], "agreement-mostly");
    values[..3].fill(0.0);
    let (codes, agrees) = compared(&one, &bundle(&values, 9, 0.25));
    assert_eq!((codes[2].as_str(), agrees[2]), ("agreement-differs", false));
    values[0] = f32::NAN;
    assert_eq!(compared(&bundle(&[1.0], 9, 0.25), &bundle(&values[..1], 9, 0.25)).0[2], "agreement-differs");
    // One huge number of a stranger's makes no others small.
    let again = bundle(&[1.0; 100], 9, 0.25);
    for huge in [1e9, f32::INFINITY] {
        values.fill(0.0);
        values[0] = huge;
        assert_eq!(compared(&bundle(&values, 9, 0.25), &again).0[2], "agreement-differs", "{huge}");
    }
    // Of the numbers of an entry, none may.
    assert_eq!(compared(&one, &bundle(&[1.0; 100], 200, 0.3)).1, [false, false, true]);
}

#[test]
fn other_shapes_texts_and_results_differ() {
    let one = bundle(&[1.0, 2.0], 9, 0.25);
    assert_eq!(compared(&one, &bundle(&[1.0], 9, 0.25)).0[2], "agreement-text");
    let mut other = one.clone();
    other.manifest["results"][0]["layer"] = json!("pool");
    assert_eq!(compared(&one, &other).0[0], "agreement-text");
    let mut more = one.clone();
    let entry = more.manifest["results"][0].clone();
    more.manifest["results"] = json!([entry.clone(), entry]);
    assert_eq!(compared(&more, &one).0.last().map(String::as_str), Some("agreement-not-made"));
    assert_eq!(compared(&one, &more).0.last().map(String::as_str), Some("agreement-new"));
    let mut other = one.clone();
    other.files.remove("a.npy");
    assert_eq!(compared(&one, &other).0[2], "agreement-file");
    other.add("a.npy", b"no array".to_vec());
    assert_eq!(compared(&one, &other).0[2], "agreement-unread");
}

#[test]
fn tables_are_compared_cell_by_cell() {
    let table = |cell: &str| {
        let mut bundle = Bundle::new(json!({ "results": [{ "curve": "a.csv" }] }));
        bundle.add("a.csv", format!("share,probability\n0,1\n0.5,{cell}\n").into_bytes());
        bundle
    };
    assert_eq!(compared(&table("0.5"), &table("0.501")).0[1], "agreement-within");
    assert_eq!(compared(&table("0.5"), &table("0.6")).0[1], "agreement-differs");
    assert_eq!(compared(&table("0.5"), &table("none")).0[1], "agreement-text");
}
