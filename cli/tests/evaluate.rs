//! `evaluate`, and metrics that `explain` gives beside maps.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::collections::BTreeSet;

use convscope::image::Image;
use convscope::methods::methods;
use program::{convscope, repository, standard_error, standard_output, text};
use serde_json::{Value, json};

fn cat() -> std::path::PathBuf {
    repository("core/examples/cat.jpg")
}

fn lines(arguments: &[&str]) -> Vec<Value> {
    let output = convscope(&[arguments, &["--device", "cpu", "--json"]].concat());
    assert!(output.status.success(), "{}", standard_error(&output));
    standard_output(&output)
}

/// Every metric with little work.
const LITTLE: [&str; 14] = [
    "--set",
    "deletion.steps=4",
    "--set",
    "insertion.steps=4",
    "--set",
    "road.percentiles=1",
    "--set",
    "infidelity.samples=4",
    "--set",
    "sensitivity_max.samples=1",
    "--set",
    "randomization.steps=1",
    "--set",
    "energy_inside.box=0.25,0.25,0.5,0.5",
];

#[test]
fn every_metric_of_every_method_is_a_line_with_these_keys() {
    let cat = cat();
    let asked = ["evaluate", text(&cat), "--method", "grad_cam,layer_cam", "--metric", "all", "--class", "285"];
    let found = lines(&[&asked[..], &LITTLE].concat());
    let of = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    let metrics: BTreeSet<String> = found.iter().map(|line| of(line, "metric")).collect();
    let all = methods().map(|method| method.card()).filter(|card| card.asks.map && card.id != "pointing_game");
    assert_eq!(metrics, all.map(|card| card.id.to_string()).collect(), "no box was drawn for the pointing game");
    // LayerCAM has no signs, so it has no completeness.
    assert_eq!(found.len(), 2 * metrics.len() - 1);
    for line in &found {
        let keys: BTreeSet<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = ["picture", "method", "layer", "class", "metric", "value", "curve", "baselines", "seconds"];
        assert_eq!(keys, expected.into(), "{line}");
        assert_eq!((&line["class"]["index"], of(line, "layer").as_str()), (&json!(285), "conv10"));
        assert!(line["value"].is_number() && line["seconds"].is_number(), "{line}");
        let baselines = line["baselines"].as_object().unwrap();
        assert!(baselines.is_empty() || ["random", "center", "edges"].iter().all(|name| baselines[*name].is_number()));
    }
    let values = |method: &str, metric: &str| {
        found.iter().find(|line| line["method"] == method && line["metric"] == metric).unwrap().clone()
    };
    let [one, other] = ["grad_cam", "layer_cam"].map(|method| values(method, "deletion"));
    assert_eq!(one["baselines"], other["baselines"], "those are the image's, whatever the method");
    assert_eq!(
        (one["curve"].as_array().unwrap().len(), &values("grad_cam", "average_drop")["curve"]),
        (5, &Value::Null)
    );
    // The same as when it is asked for alone.
    let folder = tempfile::tempdir().unwrap();
    let alone = ["explain", text(&cat), "--method", "deletion", "--set", "steps=4", "--class", "285", "--out"];
    let alone = lines(&[&alone[..], &[text(folder.path())]].concat());
    assert_eq!((&alone[0]["value"], &alone[0]["baselines"]), (&one["value"], &one["baselines"]));
}

#[test]
fn means_of_several_images_are_a_table() {
    let examples = repository("core/examples");
    let asked =
        ["evaluate", text(&examples), "--method", "grad_cam", "--metric", "insertion,average_drop", "--device", "cpu"];
    let output = convscope(&[&asked[..], &["--set", "insertion.steps=4"]].concat());
    let table = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{}", standard_error(&output));
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(rows.len(), 10, "{table}");
    assert!(rows[0].starts_with("insertion, higher is better") && rows[5].starts_with("average_drop, lower is better"));
    assert!(rows[1].contains("grad_cam conv10") && rows[1].contains(" of 3") && rows[1].contains("±"), "{table}");
    assert!(rows[2].contains("random") && rows[3].contains("center") && rows[4].contains("edges"), "{table}");
}

#[test]
fn what_does_not_fit_is_said_before_an_image_is_read() {
    let cases: [(&[&str], &str); 9] = [
        (&["--method", "grad_cm"], "did you mean grad_cam?"),
        (&["--method", "filters"], "choose one of all, grad_cam"),
        (&["--metric", "rise"], "rise is no metric; choose one of all, deletion"),
        (&["--metric", "deletoin"], "deletoin is no metric (did you mean deletion?); choose one of all, deletion"),
        (&["--metric", "pointing_game"], "say --set pointing_game.box=0.25,0.25,0.5,0.5"),
        (
            &["--metric", "pointing_game", "--set", "pointing_game.tolerance=5"],
            "say --set pointing_game.box=0.25,0.25,0.5,0.5",
        ),
        (&["--set", "deletion.step=4"], "did you mean steps?"),
        (&["--set", "rise.masks=4"], "about none of the methods"),
        (&["--layer", "fire9/concatt"], "did you mean fire9/concat?"),
    ];
    for (arguments, words) in cases {
        let output = convscope(&[&["evaluate", "nowhere.png", "--device", "cpu"], arguments].concat());
        let errors = standard_error(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {errors}");
        assert!(errors.contains(words) && !errors.contains("nowhere"), "{arguments:?}: {errors}");
    }
    let output =
        convscope(&["explain", "nowhere.png", "--method", "filters", "--metric", "deletion", "--out", "nowhere"]);
    assert!(standard_error(&output).contains("leave out --metric"), "{}", standard_error(&output));
    let boxless = ["explain", "nowhere.png", "--method", "pointing_game", "--set", "tolerance=5", "--out", "nowhere"];
    let said = standard_error(&convscope(&boxless));
    assert!(said.contains("say --set box=0.25,0.25,0.5,0.5"), "{said}");
    let output = convscope(&["explain", "nowhere.png", "--set", "deletion.steps=4", "--out", "nowhere"]);
    assert!(standard_error(&output).contains("not asked for; add --metric deletion"), "{}", standard_error(&output));
}

#[test]
fn explain_gives_metrics_beside_maps_and_reports_them() {
    let folder = tempfile::tempdir().unwrap();
    let (out, report) = (folder.path().join("out"), folder.path().join("report.html"));
    let asked = [
        "explain",
        text(&cat()),
        "--class",
        "285",
        "--metric",
        "deletion,completeness,sparseness",
        "--method",
        "layer_cam",
        "--set",
        "deletion.steps=4",
    ]
    .map(str::to_owned);
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let found = lines(&[&asked[..], &["--out", text(&out), "--report", text(&report)]].concat());
    let methods: Vec<&str> = found.iter().map(|line| line["method"].as_str().unwrap()).collect();
    assert_eq!(methods, ["layer_cam", "deletion", "sparseness"], "LayerCAM has no signs, so nothing adds up");
    assert_eq!(found[1]["curve"], "cat.deletion.conv10.285.csv");
    // The chart stands beside the map over the image.
    let chart = |line: &Value| Image::open(out.join(line["chart"].as_str().unwrap())).unwrap();
    let (curve, bars) = (chart(&found[1]), chart(&found[2]));
    assert!(curve.width() > 960 + 72 && bars.width() > 960 + 72, "{} {}", curve.width(), bars.width());
    assert!(found[1]["chart"] == "cat.deletion.conv10.285.png" && bars.height() < curve.height());
    assert!(out.join("cat.deletion.conv10.285.csv").is_file() && out.join("cat.layer_cam.conv10.285.png").is_file());
    assert!(found[2]["value"].as_f64().is_some_and(|value| (0.0..1.0).contains(&value)));
    let manifest: Value = program::manifest(&out);
    assert_eq!(manifest["results"].as_array().unwrap().len(), 3);
    let html = std::fs::read_to_string(&report).unwrap();
    for words in ["How far to trust this", "Deletion curve", "Sparseness", "beside it random numbers", "1 map in"] {
        assert!(html.contains(words), "the report lacks {words}");
    }
    assert_eq!((html.matches("<polyline").count(), html.matches("<rect").count()), (4, 4));
}
