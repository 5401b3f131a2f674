//! What a page takes in.

use super::*;

fn report(bytes: u64, contents: &[&str]) -> Report {
    let card = method("grad_cam").unwrap().card();
    let how = How { method: card, convention: "paper", describes: "as the paper has it", measured: None };
    let contents = contents.iter().map(|&name| name.into()).collect();
    Report {
        file: "report.html".into(),
        how,
        contents,
        sections: tempfile::tempfile().unwrap(),
        bytes,
        left_out: vec![],
    }
}

fn section(name: &str) -> Section {
    Section {
        name: name.into(),
        method: "grad_cam".into(),
        image: None,
        top: vec![],
        explained: None,
        figures: vec![],
        measured: None,
        measurements: vec![],
        verdict: Verdict::default(),
    }
}

#[test]
fn a_full_page_names_what_it_leaves_out() {
    let mut full = report(MOST_BYTES - 10, &["first.jpg"]);
    full.add(section("second.jpg"), 1.0).unwrap();
    assert_eq!(
        (&full.contents[..], &full.left_out[..]),
        (&["first.jpg".to_owned()][..], &["second.jpg".to_owned()][..])
    );
    assert!(page::left_out(&full.left_out).into_string().contains("second.jpg"));
    assert_eq!(full.sections.metadata().unwrap().len(), 0);

    // However large it is, the first one is there.
    let mut empty = report(MOST_BYTES, &[]);
    empty.add(section("first.jpg"), 1.0).unwrap();
    assert_eq!(empty.contents, ["first.jpg"]);
    assert!(empty.bytes > MOST_BYTES && empty.left_out.is_empty());
}
