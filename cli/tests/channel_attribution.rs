//! `convscope explain --method channel_attribution`: shares of channels as files, lines and a report.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use program::{convscope, repository, standard_error, standard_output, text};
use serde_json::json;

#[test]
fn shares_are_written_said_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let (out, report) = (folder.path().join("out"), folder.path().join("report.html"));
    let image = repository("core/examples/cat.jpg");
    let asked = ["explain", text(&image), "--class", "281", "--device", "cpu", "--method", "channel_attribution"];
    let sets = ["--layer", "fire9/concat", "--set", "place=0.5,0.4,0,0", "--set", "channels=top3"];
    let to = ["--out", text(&out), "--report", text(&report)];
    let output = convscope(&[&asked[..], &sets, &to, &["--json"]].concat());
    assert!(output.status.success(), "{}", standard_error(&output));
    let lines = standard_output(&output);
    assert_eq!(lines.len(), 3);
    let numbers = |key: &str| lines.iter().map(|line| line[key].as_f64().unwrap()).collect::<Vec<_>>();
    let (values, shares) = (numbers("value"), numbers("share"));
    assert!(values.is_sorted_by(|one, other| one >= other) && values[2] > 0.0, "{values:?}");
    let ratio = values[0] / shares[0];
    assert!(
        shares.iter().zip(&values).all(|(share, value)| (value / share - ratio).abs() < 1e-6 * ratio),
        "{shares:?}"
    );
    for line in &lines {
        let channel = &line["channel"];
        assert_eq!(line["image"], json!(format!("cat.channel_attribution.fire9_concat.{channel}.281.png")), "{line}");
        assert!(out.join(line["image"].as_str().unwrap()).is_file() && line["class"]["index"] == 281, "{line}");
    }
    // In words, and on the page with all results.
    let output = convscope(&[&asked[..], &sets, &["--out", text(&out)]].concat());
    let said = String::from_utf8(output.stdout).unwrap();
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    assert!(shares.iter().all(|share| said.contains(&percent(*share))), "{said}");
    let page = std::fs::read_to_string(&report).unwrap();
    assert!(shares.iter().all(|share| page.contains(&format!("{} of what speaks for it there", percent(*share)))));
    // A box outside of what is seen, and what is no box, are refused.
    let wrong = convscope(&[&asked[..], &["--set", "place=here", "--out", text(&out)]].concat());
    assert!(!wrong.status.success() && standard_error(&wrong).contains("four shares"), "{}", standard_error(&wrong));
}
