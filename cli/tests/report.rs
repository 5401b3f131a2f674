//! `explain --report`: one page with everything in it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::path::Path;

use program::{convscope, repository, standard_error, text};
use serde_json::Value;

/// A file name that would break out of every place it is put in.
#[cfg(unix)]
const HOSTILE: &str = "\"><img src=x onerror=alert(1)>&amp;'<title><script>alert(2)<.jpg";
#[cfg(not(unix))]
const HOSTILE: &str = "&amp;'#%20.jpg";

/// A copy of an example image under another name.
fn copy(folder: &Path, example: &str, name: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    // A slash would be a folder; the name has none.
    std::fs::copy(repository("core/examples").join(example), &path).unwrap();
    path
}

#[test]
fn a_folder_with_a_hostile_name_becomes_one_page() {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("pictures");
    std::fs::create_dir(&images).unwrap();
    copy(&images, "cat.jpg", HOSTILE);
    copy(&images, "rocket.jpg", "rocket.jpg");
    std::fs::write(images.join("broken.png"), "no image").unwrap();
    let report = folder.path().join("deep/report.html");
    let arguments = [
        "explain",
        text(&images),
        "--layer",
        "all",
        "--device",
        "cpu",
        "--weights",
        "models",
        "--report",
        text(&report),
    ];
    let output = convscope(&arguments);
    // One of the three is broken, and said so on the page too.
    assert_eq!(output.status.code(), Some(1), "{}", standard_error(&output));
    let html = std::fs::read_to_string(&report).unwrap();
    assert!(!html.contains("<script") && !html.contains("onerror=alert(1)>"), "something broke out");
    assert_eq!(html.matches("<title>").count(), 1, "something broke out");
    let escaped = HOSTILE.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    assert!(html.contains(&escaped), "the name is not on the page");
    assert!(html.contains("href=\"#image-1\"") && html.contains("id=\"image-2\"") && !html.contains("id=\"image-3\""));
    assert!(html.contains("broken.png") && html.contains("no image that can be read"));
    // Whoever gets the page learns nothing of where the files lay.
    assert!(!html.contains(text(folder.path())), "a folder of this machine is named");
    // Two images and their maps, all of them in the page.
    let layers = html.matches("<figure><h3>").count();
    assert!(layers > 20 && layers.is_multiple_of(2), "{layers}");
    assert_eq!(html.matches("<img src=\"data:image/").count(), layers + 2);
    assert_eq!(html.matches("<img ").count(), layers + 2);
    for word in ["tabby", "MIT", "arxiv.org/abs/1610.02391", "does not prove", "of what the network saw.", "--report"] {
        assert!(html.contains(word), "{word} is missing");
    }
    // No folder of results was asked for, so there is none, and the manifest names no files.
    assert_eq!(std::fs::read_dir(report.parent().unwrap()).unwrap().count(), 1);
    assert!(html.contains("&quot;overlay&quot;: null"));
}

#[test]
fn the_page_and_the_folder_hold_the_same_results() {
    let folder = tempfile::tempdir().unwrap();
    let cat = copy(folder.path(), "cat.jpg", "cat.jpg");
    let (report, out) = (folder.path().join("report.html"), folder.path().join("out"));
    let common = ["--device", "cpu", "--weights", "models", "--signed"];
    let arguments = ["explain", text(&cat), "--report", text(&report), "--out", text(&out)];
    let output = convscope(&[&arguments[..], &common].concat());
    assert!(output.status.success(), "{}", standard_error(&output));
    let manifest = std::fs::read_to_string(out.join("manifest.json")).unwrap();
    let html = std::fs::read_to_string(&report).unwrap();
    let told = manifest.trim_end().replace(text(&cat), "cat.jpg").replace('"', "&quot;");
    assert!(html.contains(&told), "the page's manifest is another one");
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert!(out.join(manifest["results"][0]["overlay"].as_str().unwrap()).is_file());
    assert!(html.contains("against the class") && html.contains(manifest["model"]["hash"].as_str().unwrap()));
}

#[test]
fn methods_that_answer_in_pixels_and_the_notebooks_way_are_reported_too() {
    let folder = tempfile::tempdir().unwrap();
    let cat = copy(folder.path(), "cat.jpg", "cat.jpg");
    let report = folder.path().join("report.html");
    for (method, word) in [("guided_backprop", "1412.6806"), ("gradient", "1312.6034"), ("deconvnet", "1311.2901")] {
        let arguments = ["explain", text(&cat), "--method", method, "--device", "cpu", "--report", text(&report)];
        let output = convscope(&[&arguments[..], &["--convention", "keras_notebook", "--weights", "models"]].concat());
        assert!(output.status.success(), "{}", standard_error(&output));
        let html = std::fs::read_to_string(&report).unwrap();
        assert!(html.contains("data:image/png") && html.contains(word) && html.contains("Keras notebooks"), "{method}");
    }
}

/// The page of a run on the cat.
fn page_of(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (cat, report) = (copy(folder.path(), "cat.jpg", "cat.jpg"), folder.path().join("report.html"));
    let common = ["explain", text(&cat), "--device", "cpu", "--weights", "models", "--report", text(&report)];
    let output = convscope(&[&common[..], arguments].concat());
    assert!(output.status.success(), "{}", standard_error(&output));
    std::fs::read_to_string(&report).unwrap()
}

#[test]
fn a_metric_stands_beside_its_map_with_its_verdict() {
    let html = page_of(&["--method", "deletion", "--of", "layer_cam", "--set", "steps=8", "--layer", "all"]);
    let curves = html.matches("<svg ").count();
    // Beside the image a map before every curve.
    assert!(curves > 10 && html.matches("<img src=\"data:image/").count() == curves + 1, "{curves}");
    assert!(html.contains(&format!("{curves} curves in")) && html.contains("Removing the hottest tenth"));
    let [first, second] = ["fire2/concat", "fire3/concat"].map(|layer| html.find(&format!("<code>{layer}</code>")));
    assert!(first < second, "the verdict says which layer it is about");
    assert!(html.contains("None of this says") && html.contains("Each number stands beside the same of maps"));
}

#[test]
fn metrics_of_a_map_are_introduced_by_what_stands_beside_them() {
    let html = page_of(&["--metric", "deletion,insertion", "--set", "deletion.steps=8", "--set", "insertion.steps=8"]);
    for words in ["Removing the hottest tenth", "Showing the hottest parts", "Each number stands beside the same of"] {
        assert!(html.contains(words), "the report lacks {words}");
    }
    assert!(!html.contains("Where other numbers stand beside one"));
    let html = page_of(&["--metric", "efficient_randomization"]);
    assert!(html.contains("Each number stands alone") && !html.contains("Each number stands beside"));
}

#[test]
fn images_of_classes_and_dreams_are_said_to_be_what_they_are() {
    let html = page_of(&["--method", "class_visualization", "--set", "steps=2", "--class", "285"]);
    assert!(html.contains("Egyptian cat</h3>") && html.contains("The class's logit went from"), "no logit");
    let html =
        page_of(&["--method", "deep_dream", "--layer", "fire5/concat", "--set", "steps=1", "--set", "octaves=1"]);
    assert!(html.contains("Half the mean square of what it was made for went from"), "no dream");
}

#[test]
fn a_report_that_cannot_be_written_is_one_sentence_and_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let cat = copy(folder.path(), "cat.jpg", "cat.jpg");
    let cases = [(folder.path().to_path_buf(), "is a folder"), (cat.join("report.html"), "cannot write")];
    for (file, words) in cases {
        let output =
            convscope(&["explain", text(&cat), "--device", "cpu", "--weights", "models", "--report", text(&file)]);
        assert_eq!(output.status.code(), Some(1));
        assert!(standard_error(&output).contains(words), "{}", standard_error(&output));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let output = convscope(&["explain", text(&cat)]);
    assert_eq!(output.status.code(), Some(2), "neither --out nor --report");
    assert!(standard_error(&output).contains("--out"));
}
