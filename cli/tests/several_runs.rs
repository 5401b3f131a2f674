//! Several runs into one folder, and several results that would have one name: nothing is lost.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../tests/common/mod.rs"]
mod common;
mod program;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use common::{Memory, Noise, Parameter, pack};
use convscope::image::Image;
use convscope::model::Codec;
use convscope::protocol::Form;
use program::page::{Page, saved, unzipped};
use program::{convscope, standard_error, text};
use serde_json::{Value, json};

/// An image of one colour, in a folder of its own.
fn image(folder: &Path, name: &str, shade: u8) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, Image::from_rgb(8, 8, vec![shade; 192]).unwrap().png().unwrap()).unwrap();
    path
}

/// A network with two layers whose names differ in what no file name holds.
fn model() -> Memory {
    let mut noise = Noise(3);
    let mut parameter = |name: &str, shape: &[usize]| -> Parameter {
        (name.to_owned(), shape.to_vec(), noise.many(shape.iter().product()))
    };
    let parameters = [parameter("a", &[4, 3, 3, 3]), parameter("b", &[4, 4, 3, 3]), parameter("c", &[16, 3])];
    let padding = json!({ "top": 1, "left": 1, "bottom": 1, "right": 1 });
    let nodes = json!([
        { "name": "x/linear", "op": "conv2d", "inputs": ["input"], "weight": "a", "padding": padding },
        { "name": "a/b", "op": "relu", "inputs": ["x/linear"] },
        { "name": "y/linear", "op": "conv2d", "inputs": ["a/b"], "weight": "b", "padding": padding },
        { "name": "a_b", "op": "relu", "inputs": ["y/linear"] },
        { "name": "pool", "op": "average_pool", "inputs": ["a_b"], "kernel": [4, 4], "stride": [4, 4] },
        { "name": "flat", "op": "flatten", "inputs": ["pool"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "c" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    pack([8, 8], nodes, &["a/b", "a_b"], 3, &parameters, Codec::F32, 10_000)
}

/// The same in a folder of packed models.
fn models(folder: &Path) -> PathBuf {
    let models = folder.join("models");
    std::fs::create_dir_all(models.join("tiny")).unwrap();
    for (name, bytes) in model().0 {
        std::fs::write(models.join("tiny").join(name), bytes).unwrap();
    }
    models
}

/// Where all of it happens.
struct Place {
    folder: tempfile::TempDir,
    models: PathBuf,
    out: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (models, out) = (models(folder.path()), folder.path().join("out"));
        Self { folder, models, out }
    }

    fn image(&self, name: &str, shade: u8) -> PathBuf {
        image(self.folder.path(), name, shade)
    }

    /// Runs a subcommand on the tiny model into the folder.
    fn run(&self, arguments: &[&str]) -> String {
        let common = ["--model", "tiny", "--weights", text(&self.models), "--device", "cpu", "--out", text(&self.out)];
        let output = convscope(&[arguments, &common[..]].concat());
        let errors = standard_error(&output);
        assert!(output.status.success(), "{errors}");
        errors
    }

    fn explain(&self, image: &Path, arguments: &[&str]) -> String {
        self.run(&[&["explain", text(image), "--class", "1"], arguments].concat())
    }

    fn manifest(&self) -> Value {
        program::manifest(&self.out)
    }

    /// The value of a member in all results.
    fn all(&self, member: &str) -> Vec<Value> {
        self.manifest()["results"].as_array().unwrap().iter().map(|result| result[member].clone()).collect()
    }

    fn files(&self) -> BTreeSet<String> {
        let entries = std::fs::read_dir(&self.out).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// The files are those that the manifest names, each once, and it.
    fn check(&self) {
        let manifest = self.manifest();
        let mut named = vec!["manifest.json".to_owned()];
        for result in manifest["results"].as_array().unwrap() {
            let files = ["overlay", "map", "image", "array", "sheet"].map(|member| result[member].as_str());
            named.extend(files.into_iter().flatten().map(str::to_owned));
            named.extend(result["made"]["sheet"].as_str().map(str::to_owned));
        }
        named.extend(manifest["sheet"].as_str().map(str::to_owned));
        let once: BTreeSet<String> = named.iter().cloned().collect();
        assert_eq!(once, self.files());
    }
}

#[test]
fn a_shell_loop_over_images_of_one_name_loses_none() {
    let place = Place::new();
    let (one, two) = (place.image("a/cat.png", 10), place.image("b/cat.png", 200));
    for image in [&one, &two] {
        place.explain(image, &[]);
    }
    assert_eq!(place.all("overlay"), ["cat.grad_cam.a_b.1.png", "cat-2.grad_cam.a_b.1.png"]);
    assert_eq!(place.all("picture"), [text(&one), text(&two)]);
    place.check();
    // Each is done again in its own place, whichever comes first.
    let before = std::fs::read(place.out.join("cat-2.grad_cam.a_b.1.npy")).unwrap();
    for image in [&two, &one] {
        place.explain(image, &["--colormap", "jet"]);
    }
    assert_eq!(place.all("overlay"), ["cat-2.grad_cam.a_b.1.png", "cat.grad_cam.a_b.1.png"]);
    assert_eq!(std::fs::read(place.out.join("cat-2.grad_cam.a_b.1.npy")).unwrap(), before);
    place.check();
    // The same path with another image in it is another image.
    place.image("a/cat.png", 99);
    place.explain(&one, &[]);
    assert_eq!(place.files().len(), 7);
    place.check();
}

#[test]
fn another_question_keeps_the_first_ones_answer() {
    let place = Place::new();
    let cat = place.image("cat.png", 77);
    place.explain(&cat, &[]);
    place.explain(&cat, &["--convention", "keras_notebook"]);
    assert_eq!(place.all("overlay"), ["cat.grad_cam.a_b.1.png", "cat-2.grad_cam.a_b.1.png"]);
    let manifest = place.manifest();
    assert_eq!(manifest["convention"]["name"], "keras_notebook");
    assert_eq!(manifest["results"][0]["made"]["convention"]["name"], "paper");
    assert_eq!(manifest["results"][1]["made"], Value::Null);
    // Methods have names of their own, and no numbers.
    place.explain(&cat, &["--method", "gradient"]);
    assert_eq!(place.all("overlay")[2], "cat.gradient.input.1.png");
    for rule in ["deconvnet", "guided_backprop"] {
        place.run(&["deconvnet", text(&cat), "--layer", "a_b", "--channels", "0", "--rule", rule]);
    }
    assert_eq!(place.all("image")[3..], ["cat.deconvnet.a_b.0.png", "cat-2.deconvnet.a_b.0.png"]);
    place.check();
}

#[test]
fn sheets_and_patterns_are_kept_too() {
    let place = Place::new();
    let (one, two) = (place.image("a/cat.png", 10), place.image("b/cat.png", 200));
    for image in [&one, &two, &one] {
        place.run(&["activations", text(image), "--layer", "all"]);
    }
    let sheets = ["cat", "cat-2"].map(|cat| ["a_b-2", "a_b"].map(|layer| format!("{cat}.activations.{layer}.png")));
    let found: BTreeSet<String> = place.files().into_iter().filter(|file| file.ends_with(".png")).collect();
    assert_eq!(found, sheets.into_iter().flatten().collect());
    let climb = |seed: &str, filters: &str| {
        let size = ["--size", "16", "--steps", "2", "--convention", "keras_notebook"];
        place.run(&[&["filters", "--layer", "a/b", "--filters", filters, "--seed", seed], &size[..]].concat());
    };
    climb("1", "0..3");
    let first = place.files();
    climb("1", "0..3");
    assert_eq!(place.files(), first);
    climb("2", "0..3");
    climb("1", "0..1");
    assert!(place.files().is_superset(&first) && place.files().iter().any(|file| file.starts_with("tiny-3.filters.")));
    place.check();
}

#[test]
fn case_and_layers_do_not_make_two_results_one() {
    let place = Place::new();
    let (upper, lower) = (place.image("a/Cat.png", 10), place.image("b/cat.png", 200));
    place.run(&["explain", text(&upper), text(&lower), "--class", "1", "--layer", "all"]);
    let expected = [
        "Cat.grad_cam.a_b-2.1.png",
        "Cat.grad_cam.a_b.1.png",
        "cat-2.grad_cam.a_b-2.1.png",
        "cat-2.grad_cam.a_b.1.png",
    ];
    assert_eq!(place.all("overlay"), expected);
    assert_eq!(place.all("layer"), ["a/b", "a_b", "a/b", "a_b"]);
    place.check();
    // One layer alone has the same name as among all.
    place.explain(&upper, &["--layer", "a_b"]);
    assert_eq!(place.files().len(), 9);
    place.check();
}

#[test]
fn what_is_in_the_folder_and_is_not_ours_stays() {
    let place = Place::new();
    let cat = place.image("cat.png", 77);
    std::fs::create_dir(&place.out).unwrap();
    std::fs::write(place.out.join("cat.grad_cam.a_b.1.png"), "mine").unwrap();
    place.explain(&cat, &[]);
    assert_eq!(place.all("overlay"), ["cat-2.grad_cam.a_b.1.png"]);
    assert_eq!(std::fs::read(place.out.join("cat.grad_cam.a_b.1.png")).unwrap(), b"mine");
    let app = r#"{"name": "My app", "icons": []}"#;
    std::fs::write(place.out.join("manifest.json"), app).unwrap();
    let arguments = ["explain", text(&cat), "--out", text(&place.out), "--device", "cpu"];
    let output = convscope(&arguments);
    assert_eq!(output.status.code(), Some(1));
    let errors = standard_error(&output);
    assert!(errors.contains("it is no manifest of convscope; move it away, or choose another folder"), "{errors}");
    assert_eq!(std::fs::read(place.out.join("manifest.json")).unwrap(), app.as_bytes());
}

#[test]
fn a_name_as_long_as_a_file_system_takes_is_explained() {
    let place = Place::new();
    let names = ["a", "b"].map(|end| format!("{}{end}.png", "x".repeat(250)));
    for name in &names {
        place.explain(&place.image(name, 50), &[]);
    }
    let overlays = place.all("overlay");
    assert_eq!(overlays.len(), 2);
    assert!(overlays.iter().all(|name| name.as_str().unwrap().len() <= 255), "{overlays:?}");
    place.check();
}

#[test]
fn results_are_no_images_of_a_second_run() {
    let place = Place::new();
    let folder = place.out.clone();
    for name in ["one.png", "two.png"] {
        image(&folder, name, 60);
    }
    let once = place.explain(&folder, &[]);
    assert!(!once.contains("left out"), "{once}");
    let files = place.files();
    let again = place.explain(&folder, &[]);
    assert!(again.contains("2 images that convscope made are left out"), "{again}");
    assert_eq!(place.files(), files);
    assert_eq!(place.all("overlay"), ["one.grad_cam.a_b.1.png", "two.grad_cam.a_b.1.png"]);
    // A folder of results within a folder of images is not missed.
    let above = image(place.folder.path(), "above.png", 60);
    std::fs::remove_dir_all(&place.models).unwrap();
    let output = convscope(&["classify", text(above.parent().unwrap()), "--device", "cpu"]);
    let errors = standard_error(&output);
    assert!(output.status.success() && !errors.contains("not looked into"), "{errors}");
}

#[test]
fn what_the_page_saves_has_names_of_its_own_too() {
    let mut page = Page::open(model());
    page.look(&format!("{}.png", "x".repeat(250)), Image::from_rgb(8, 8, vec![90; 192]).unwrap().png().unwrap());
    page.explain("grad_cam", 1);
    let (_, zip) = saved(page.export(Form::Bundle { image: None }, false));
    let names: Vec<String> = unzipped(&zip).into_keys().collect();
    assert_eq!(names.len(), 5, "two maps in two files each, and the manifest: {names:?}");
    assert!(names.iter().all(|name| name.len() <= 255), "{names:?}");
}
