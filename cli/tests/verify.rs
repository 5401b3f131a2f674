//! Evidence bundles, saved and verified.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::path::{Path, PathBuf};
use std::process::Output;

use convscope::embedded::SQUEEZENET;
use convscope::export::{Bundle, Evidence, Zip};
use convscope::protocol::Form;
use program::page::{Page, saved, unzipped};
use program::{convscope, repository, standard_error, standard_output, text};
use serde_json::Value;

const CAT: &str = "core/examples/cat.jpg";
const COMMON: [&str; 4] = ["--weights", "models", "--device", "cpu"];

/// A bundle of the cat in a folder of its own.
fn bundle(arguments: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cat.zip");
    let output = convscope(&[&["explain", CAT, "--bundle", text(&file)], arguments, &COMMON].concat());
    assert!(output.status.success(), "{}", standard_error(&output));
    (folder, file)
}

fn verify(file: &Path, arguments: &[&str]) -> Output {
    convscope(&[&["verify", text(file)], arguments, &COMMON].concat())
}

/// Parts that agree, and those that do not.
fn parts(output: &Output) -> [Vec<(String, String)>; 2] {
    let lines = standard_output(output);
    let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    [true, false].map(|agrees| {
        let lines = lines.iter().filter(|line| line["agrees"] == agrees);
        lines.map(|line| (text(line, "part"), text(line, "code"))).collect()
    })
}

fn read(file: &Path) -> (Bundle, Evidence) {
    Bundle::read(&std::fs::read(file).unwrap(), 1 << 30).unwrap()
}

#[test]
fn a_bundle_is_verified_to_the_last_bit_where_it_was_made() {
    let set = ["--class", "285,282", "--layer", "all", "--metric", "deletion", "--set", "deletion.steps=4"];
    let (_folder, file) = bundle(&set);
    let (kept, evidence) = read(&file);
    assert_eq!(evidence.asked.requests.len(), 2);
    assert_eq!(evidence.asked.metrics.len(), 1);
    assert!(kept.files.contains_key("cat.jpg") && kept.files.keys().any(|name| name.ends_with(".csv")));
    let output = verify(&file, &["--json"]);
    let [agree, differ] = parts(&output);
    assert!(output.status.success() && differ.is_empty(), "{differ:?}");
    let results = kept.manifest["results"].as_array().unwrap().len();
    assert_eq!(results, 2 * 2 * 18);
    // A line for each result and each file but the image, which is one of the five before them.
    let files = kept.files.len() - 1;
    assert!(files > results);
    assert_eq!(agree.len(), 5 + results + files);
    let exact = agree.iter().filter(|(_, code)| code == "agreement-exact").count();
    assert_eq!(exact, files, "{agree:?}");
    let words = String::from_utf8(verify(&file, &[]).stdout).unwrap();
    assert!(words.lines().last().is_some_and(|line| line == format!("all {} parts agree", agree.len())), "{words}");
}

#[test]
fn the_command_line_in_a_bundle_makes_the_same_bundle() {
    let style = ["--colormap", "jet", "--opacity", "0.3", "--blend", "plain", "--convention", "keras_notebook"];
    let (folder, file) = bundle(&[&["--class", "285 - 282"][..], &style].concat());
    let (first, evidence) = read(&file);
    std::fs::write(folder.path().join("cat.jpg"), &first.files["cat.jpg"]).unwrap();
    let words = shlex::split(&evidence.command).unwrap();
    assert_eq!(words[..3], ["convscope", "explain", "cat.jpg"]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_convscope"));
    let weights = repository("models");
    command.args(&words[1..]).args(["--device", "cpu", "--weights", text(&weights)]).current_dir(folder.path());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", standard_error(&output));
    let (second, again) = read(&folder.path().join("again.zip"));
    assert_eq!(first.files, second.files);
    assert_eq!((evidence.asked, evidence.image), (again.asked, again.image));
}

#[test]
fn a_bundle_without_its_image_asks_for_it_and_shows_nothing_of_it() {
    let (folder, file) = bundle(&["--without-image", "--opacity", "0"]);
    let (kept, evidence) = read(&file);
    assert!(!kept.files.contains_key("cat.jpg") && evidence.image.is_some_and(|image| !image.included));
    let picture = kept.files.iter().find(|(name, _)| name.ends_with(".png")).unwrap().1;
    let picture = convscope::image::Image::decode(picture).unwrap();
    assert!(picture.rgb().iter().all(|value| *value == 255));
    let output = verify(&file, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(standard_error(&output).contains("cat.jpg is not in the bundle; name its file with --image"));
    let output = verify(&file, &["--image", CAT, "--json"]);
    assert!(output.status.success() && parts(&output)[1].is_empty(), "{}", standard_error(&output));
    // The same image with a byte behind its end is another file.
    let mut bytes = std::fs::read(repository(CAT)).unwrap();
    bytes.push(0);
    let changed = folder.path().join("changed.jpg");
    std::fs::write(&changed, bytes).unwrap();
    let output = verify(&file, &["--image", text(&changed), "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(parts(&output)[1], [("image".to_owned(), "verify-other-image".to_owned())]);
}

#[test]
fn what_was_changed_is_found_even_with_its_hash() {
    let (_folder, file) = bundle(&["--class", "285"]);
    let (mut kept, mut evidence) = read(&file);
    let name = kept.files.keys().find(|name| name.ends_with(".npy")).unwrap().clone();
    let array = kept.files.get_mut(&name).unwrap();
    // The last number, which is one of 169.
    let at = array.len() - 4;
    array[at..].copy_from_slice(&0.75_f32.to_le_bytes());
    for number in 0..8 {
        let at = array.len() - 4 * (10 + number);
        array[at - 4..at].copy_from_slice(&0.9_f32.to_le_bytes());
    }
    kept.manifest["results"][0]["class"]["probability"] = 0.999.into();
    kept.manifest["program"] = "convscope 0.0.1".into();
    kept.manifest["device"] = "a lamp".into();
    kept.manifest.as_object_mut().unwrap().remove("bundle");
    evidence.files.clear();
    let image = kept.files.remove("cat.jpg");
    std::fs::write(&file, kept.zip(evidence, image).unwrap()).unwrap();
    let output = verify(&file, &["--json"]);
    assert_eq!(output.status.code(), Some(1));
    let [agree, differ] = parts(&output);
    assert_eq!(differ[1..], [(name, "agreement-differs".to_owned())]);
    assert_eq!((differ[0].0.as_str(), differ[0].1.as_str()), ("grad_cam conv10", "agreement-differs"));
    for code in ["verify-other-program", "verify-other-device"] {
        assert!(agree.iter().any(|(_, found)| found == code), "{agree:?}");
    }
}

#[test]
fn another_model_and_a_missing_one_are_said() {
    let (_folder, file) = bundle(&["--class", "285"]);
    let (kept, evidence) = read(&file);
    let with = |member: &str, value: &str| {
        let (mut kept, evidence) = (kept.clone(), evidence.clone());
        kept.manifest["model"][member] = value.into();
        let image = kept.files.remove("cat.jpg");
        std::fs::write(&file, kept.zip(evidence, image).unwrap()).unwrap();
        verify(&file, &["--json"])
    };
    let output = with("hash", "0123456789abcdef");
    assert_eq!(parts(&output)[1], [("model".to_owned(), "verify-other-model".to_owned())]);
    assert_eq!(output.status.code(), Some(1));
    let output = with("id", "a_net_of_mine");
    assert_eq!(output.status.code(), Some(1));
    let errors = standard_error(&output);
    assert!(errors.contains("the run needs the model a_net_of_mine") && errors.contains("squeezenet1_1"), "{errors}");
}

#[test]
fn what_is_no_bundle_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.zip");
    let mut zip = Zip::default();
    zip.add("manifest.json", b"{}").unwrap();
    for (content, says) in
        [(b"no zip at all".to_vec(), "no zip archive"), (zip.finish().unwrap(), "none of an evidence")]
    {
        std::fs::write(&file, content).unwrap();
        let output = verify(&file, &[]);
        let errors = standard_error(&output);
        assert!(output.status.code() == Some(1) && errors.contains(says) && errors.contains("x.zip"), "{errors}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
    assert!(standard_error(&verify(Path::new("nowhere.zip"), &[])).contains("cannot read nowhere.zip"));
    let output = convscope(&["explain", "core/examples", "--bundle", text(&file)]);
    assert!(standard_error(&output).contains("a bundle is about one image"));
}

#[test]
fn bundles_of_the_page_are_verified_whatever_the_method() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.zip");
    let cat = std::fs::read(repository(CAT)).unwrap();
    for (method, image) in [("layer_cam", Some(cat.clone())), ("gradient", None), ("class_visualization", None)] {
        let mut page = Page::open(SQUEEZENET);
        page.look("my cat.jpg", cat.clone());
        page.ask(method, 281, &[("steps", 2)]);
        let (_, zip) = saved(page.export(Form::Bundle { image: image.clone() }, false));
        assert_eq!(unzipped(&zip).contains_key("my cat.jpg"), image.is_some());
        std::fs::write(&file, zip).unwrap();
        let output = verify(&file, &["--image", CAT, "--json"]);
        let [agree, differ] = parts(&output);
        let errors = standard_error(&output);
        assert!(output.status.success() && differ.is_empty(), "{method}: {differ:?} {errors}");
        assert!(agree.iter().any(|(_, code)| code == "agreement-exact"), "{method}: {agree:?}");
    }
}
