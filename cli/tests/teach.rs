//! `teach`, and what `survey` finds out about what was taught.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod made;
mod program;

use std::path::Path;

use convscope::image::Image;
use convscope::model::Model;
use convscope::teach::{Head, PENALTY, layer};
use made::{CLASSES, EACH, SIDE, numbers, picture};
use pollster::block_on;
use program::{convscope, standard_error, standard_output, text};
use serde_json::Value;
use tempfile::TempDir;

fn image(class: usize, mark: bool, number: &mut impl FnMut() -> f32) -> Image {
    Image::from_rgb(SIDE, SIDE, picture(class, mark, number)).unwrap()
}

/// Folders of pictures, one a class; those of the second class bear a mark, if there is to be one.
fn pictures(seed: u32, mark: bool) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut number = numbers(seed);
    for (class, name) in CLASSES.iter().enumerate() {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        for index in 0..EACH {
            let image = image(class, mark && class == 1, &mut number);
            std::fs::write(folder.path().join(format!("{name}/{index}.png")), image.png().unwrap()).unwrap();
        }
    }
    folder
}

fn teach(folder: &Path, out: &Path) -> Value {
    let output = convscope(&[
        "teach",
        text(folder),
        "--out",
        text(out),
        "--device",
        "cpu",
        "--json",
        "--weights",
        text(out.parent().unwrap()),
    ]);
    assert!(output.status.success(), "{}", standard_error(&output));
    standard_output(&output).remove(0)
}

/// Cues in pictures by what they have taught.
fn cues(pictures: &Path, place: &Path) -> Vec<Value> {
    let out = place.join("survey");
    let output = convscope(&[
        "survey",
        text(pictures),
        "--labels",
        "folders",
        "--weights",
        text(place),
        "--model",
        "taught",
        "--out",
        text(&out),
        "--device",
        "cpu",
    ]);
    assert!(output.status.success(), "{}", standard_error(&output));
    let told: Value = serde_json::from_slice(&std::fs::read(out.join("cues.json")).unwrap()).unwrap();
    let cues = told["cues"].as_array().unwrap().clone();
    let page = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert_eq!(page.contains("Told by a mark"), !cues.is_empty());
    for cue in &cues {
        assert!(
            standard_error(&output).contains(&format!("taken for {}: heat in the", cue["class"].as_str().unwrap()))
        );
    }
    cues
}

#[test]
fn a_few_images_make_a_model_and_the_survey_finds_what_it_goes_by() {
    for seed in [1, 2, 3] {
        for mark in [true, false] {
            let (pictures, place) = (pictures(seed, mark), tempfile::tempdir().unwrap());
            let taught = teach(pictures.path(), &place.path().join("taught"));
            let accuracy = taught["accuracy"].as_f64().unwrap();
            println!("seed {seed}, mark {mark}: {} of {}", taught["right"], taught["of"]);
            assert!(accuracy > 0.6, "{taught:#}");
            let cues = cues(pictures.path(), place.path());
            println!("{cues:?}");
            let classes: Vec<&str> = cues.iter().map(|cue| cue["class"].as_str().unwrap()).collect();
            assert_eq!(classes, if mark { vec!["square"] } else { vec![] }, "seed {seed}");
        }
    }
}

#[test]
fn a_taught_model_says_what_its_head_says() {
    let (pictures, place) = (pictures(7, false), tempfile::tempdir().unwrap());
    let out = place.path().join("taught");
    let taught = teach(pictures.path(), &out);
    assert_eq!(taught["classes"], serde_json::json!(CLASSES));
    assert_eq!(
        (&taught["of"], &taught["layer"], &taught["left_out"]),
        (&(3 * EACH).into(), &"fire9/concat".into(), &1.into())
    );

    let (base, model) = (Model::embedded().unwrap(), Model::open(&out).unwrap());
    let node = layer(&base.manifest, base.network.graph()).unwrap();
    let (mut features, mut of) = (vec![], vec![]);
    for (class, name) in CLASSES.iter().enumerate() {
        for index in 0..EACH {
            let seen = base.observe(Image::open(pictures.path().join(format!("{name}/{index}.png"))).unwrap()).unwrap();
            features.push(block_on(seen.averages_async(node)).unwrap());
            of.push(class);
        }
    }
    let features: Vec<&[f32]> = features.iter().map(|one| &one[..]).collect();
    let head = Head::fit(&features, &of, CLASSES.len(), PENALTY, None);
    let mut number = numbers(99);
    for class in 0..CLASSES.len() {
        let image = image(class, false, &mut number);
        let seen = model.observe(image.clone()).unwrap();
        let expected = head.probabilities(&block_on(base.observe(image).unwrap().averages_async(node)).unwrap());
        for (index, expected) in expected.iter().enumerate() {
            let found = f64::from(seen.prediction(index).unwrap().probability.unwrap());
            assert!((found - expected).abs() < 1e-4, "{found} is not {expected}");
        }
        // Everything works on it: all layers lead to the classes.
        let layers = seen.explain("layer_cam").unwrap().layer("all").maps().unwrap();
        assert_eq!(layers.len(), model.offer().layers_but_pools);
    }
    let base_of = model.manifest.base.clone().unwrap();
    assert_eq!((base_of.id.as_str(), base_of.sha256.as_str()), ("squeezenet1_1", base.hash.as_str()));
    assert!(!model.manifest.taps.contains(&"conv10".to_owned()));
}

#[test]
fn what_cannot_be_taught_is_said() {
    let (pictures, place) = (pictures(5, false), tempfile::tempdir().unwrap());
    let at = |name: &str| pictures.path().join(name);
    let out = place.path().join("taught");
    let refused = |more: &[&str], said: &str| {
        let output =
            convscope(&[&["teach", text(pictures.path()), "--out", text(&out), "--device", "cpu"], more].concat());
        let error = standard_error(&output);
        assert!(!output.status.success() && error.contains(said), "{more:?}: {error}");
        assert!(!out.exists());
    };
    refused(&["--layer", "conv99"], "conv99");
    refused(&["--penalty", "0"], "above 0");
    refused(&["--base", "absent"], "no model absent");
    std::fs::create_dir(at("lone")).unwrap();
    std::fs::copy(at("disc/0.png"), at("lone/0.png")).unwrap();
    refused(&[], "lone (1)");
    std::fs::copy(at("disc/1.png"), at("lone/1.png")).unwrap();
    refused(&[], "the same file as");
    for name in CLASSES.iter().skip(1).chain(["lone"].iter()) {
        std::fs::remove_dir_all(at(name)).unwrap();
    }
    refused(&[], "two classes or more");
}

#[test]
fn an_image_that_cannot_be_read_is_named_and_one_that_is_there_twice_counts_once() {
    let (pictures, place) = (pictures(6, false), tempfile::tempdir().unwrap());
    let at = |name: &str| pictures.path().join(name);
    std::fs::write(at("disc/broken.png"), "no image").unwrap();
    std::fs::copy(at("disc/1.png"), at("disc/again.png")).unwrap();
    let out = place.path().join("taught");
    let output = convscope(&["teach", text(pictures.path()), "--out", text(&out), "--device", "cpu"]);
    assert_eq!(output.status.code(), Some(1));
    let (said, error) = (String::from_utf8(output.stdout.clone()).unwrap(), standard_error(&output));
    assert!(error.contains("broken.png") && error.contains("is the same file as"), "{error}");
    assert!(
        said.contains("of 48 images are right") && said.contains("95 % interval") && said.contains("(found)"),
        "{said}"
    );
    assert!(said.contains("convscope survey FOLDER"), "{said}");
}
