//! The command line as scripts use it, on the embedded SqueezeNet.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::path::{Path, PathBuf};
use std::process::Command;

use convscope::image::Image;
use program::{convscope, standard_error, standard_output, text};
use serde_json::Value;

/// An image of a red disc on green, and a folder to work in.
fn workplace() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let inside = |x: i32, y: i32| (x - 50).pow(2) + (y - 40).pow(2) < 900;
    let pixel = |index: i32| if inside(index % 100, index / 100) { [200, 30, 30] } else { [40, 120, 40] };
    let image = Image::from_rgb(100, 80, (0..8000).flat_map(pixel).collect()).unwrap();
    let path = folder.path().join("disc.png");
    std::fs::write(&path, image.png().unwrap()).unwrap();
    (folder, path)
}

#[test]
fn models_are_listed() {
    let output = convscope(&["models", "--json", "--weights", "models"]);
    assert!(output.status.success(), "{}", standard_error(&output));
    let models = standard_output(&output);
    assert!(models.iter().any(|model| model["id"] == "squeezenet1_1" && model["classes"] == 1000));
}

#[test]
fn classify_gives_a_line_for_each_image() {
    let (_folder, path) = workplace();
    let arguments = ["classify", text(&path), text(&path), "--device", "cpu", "--top", "3", "--json"];
    let output = convscope(&arguments);
    assert!(output.status.success(), "{}", standard_error(&output));
    let lines = standard_output(&output);
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], lines[1]);
    assert_eq!((lines[0]["model"].as_str(), lines[0]["device"].as_str()), (Some("squeezenet1_1"), Some("CPU")));
    let classes = lines[0]["classes"].as_array().unwrap();
    assert_eq!(classes.len(), 3);
    for key in ["index", "name", "probability", "logit"] {
        assert!(classes.iter().all(|class| !class[key].is_null()), "{key}");
    }
}

#[test]
fn explain_writes_overlays_arrays_and_a_manifest() {
    let (folder, path) = workplace();
    let out = folder.path().join("deep/out");
    let common = ["--method", "grad_cam", "--layer", "all", "--class", "386", "--device", "cpu", "--json"];
    let arguments = [&["explain", text(&path), "--out", text(&out)][..], &common[..]].concat();
    let output = convscope(&arguments);
    assert!(output.status.success(), "{}", standard_error(&output));
    let manifest: Value = program::manifest(&out);
    let results = manifest["results"].as_array().unwrap();
    assert_eq!(results, &standard_output(&output));
    assert_eq!(manifest["model"]["hash"].as_str().map(str::len), Some(64));
    assert!(results.len() > 10, "all layers: {}", results.len());
    for result in results {
        let layer = result["layer"].as_str().unwrap().replace('/', "_");
        assert_eq!(result["overlay"], format!("disc.grad_cam.{layer}.386.png"));
        let overlay = std::fs::read(out.join(result["overlay"].as_str().unwrap())).unwrap();
        let overlay = Image::decode(&overlay).unwrap();
        assert_eq!((overlay.width(), overlay.height()), (100, 80));
        let array = std::fs::read(out.join(result["map"].as_str().unwrap())).unwrap();
        let array = npyz::NpyFile::new(&array[..]).unwrap();
        assert_eq!(array.shape(), [result["shape"][0].as_u64().unwrap(), result["shape"][1].as_u64().unwrap()]);
        let top = array.into_vec::<f32>().unwrap().into_iter().fold(f32::MIN, f32::max);
        assert_eq!(top, if result["blank"].is_null() { 1.0 } else { 0.0 }, "{layer}");
    }
    let files = std::fs::read_dir(&out).unwrap().count();
    assert_eq!(files, 2 * results.len() + 1, "nothing but results is left behind");
}

#[test]
fn methods_of_the_input_write_an_image_of_its_size() {
    let (folder, path) = workplace();
    let out = folder.path().join("out");
    for method in ["gradient", "guided_backprop", "deconvnet", "guided_grad_cam"] {
        let arguments = ["explain", text(&path), "--out", text(&out), "--method", method, "--device", "cpu", "--json"];
        let output = convscope(&arguments);
        assert!(output.status.success(), "{}", standard_error(&output));
        let lines = standard_output(&output);
        assert_eq!(lines.len(), 1, "{method}");
        let drawn = std::fs::read(out.join(lines[0]["overlay"].as_str().unwrap())).unwrap();
        let drawn = Image::decode(&drawn).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (224, 224), "{method}");
        assert!(drawn.rgb().iter().any(|value| *value != drawn.rgb()[0]), "{method} drew one colour");
    }
}

#[test]
fn a_signed_map_shows_what_is_against_the_class() {
    let (folder, path) = workplace();
    let out = folder.path().join("out");
    let common = ["--layer", "fire9/concat", "--class", "386", "--device", "cpu", "--out", text(&out), "--json"];
    let output = convscope(&[&["explain", text(&path)][..], &common].concat());
    let plain = standard_output(&output).remove(0);
    let output = convscope(&[&["explain", text(&path), "--signed"][..], &common].concat());
    assert!(output.status.success(), "{}", standard_error(&output));
    let signed = standard_output(&output).remove(0);
    assert_eq!((&signed["signed"], &plain["signed"]), (&Value::Bool(true), &Value::Bool(false)));
    let read = |line: &Value, key: &str| std::fs::read(out.join(line[key].as_str().unwrap())).unwrap();
    let numbers = |line: &Value| npyz::NpyFile::new(&read(line, "map")[..]).unwrap().into_vec::<f32>().unwrap();
    let (signed_map, plain_map) = (numbers(&signed), numbers(&plain));
    assert!(signed_map.iter().any(|value| *value < 0.0) && signed_map.iter().any(|value| *value > 0.0));
    let largest = signed_map.iter().copied().fold(f32::MIN, f32::max);
    for (signed, plain) in signed_map.iter().zip(plain_map) {
        assert_eq!(signed.max(0.0) / largest, plain);
    }
    assert_ne!(read(&signed, "overlay"), read(&plain, "overlay"));
    let output = convscope(&[&["explain", text(&path), "--signed", "--method", "gradient"][..], &common].concat());
    assert!(standard_error(&output).contains("gradient have no sign"));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn deconvnet_writes_an_image_for_each_channel() {
    let (folder, path) = workplace();
    let out = folder.path().join("out");
    let common = ["--layer", "fire5/concat", "--device", "cpu", "--out", text(&out), "--json"];
    let output = convscope(&[&["deconvnet", text(&path)][..], &common].concat());
    assert!(output.status.success(), "{}", standard_error(&output));
    let best = standard_output(&output);
    assert_eq!(best.len(), 4);
    let sums: Vec<f64> = best.iter().map(|line| line["sum"].as_f64().unwrap()).collect();
    assert!(sums.windows(2).all(|pair| pair[0] >= pair[1]) && sums[3] > 0.0);
    for line in &best {
        let array = std::fs::read(out.join(line["array"].as_str().unwrap())).unwrap();
        assert_eq!(npyz::NpyFile::new(&array[..]).unwrap().shape(), [3, 224, 224]);
    }
    // The same channel, asked for by number, is the same image.
    let channel = best[1]["channel"].to_string();
    let output = convscope(&[&["deconvnet", text(&path), "--channels", &channel][..], &common].concat());
    let alone = standard_output(&output);
    assert_eq!((alone.len(), &alone[0]["sum"]), (1, &best[1]["sum"]));
    // Another rule is another image, and names are spelled one way.
    let before = std::fs::read(out.join(alone[0]["array"].as_str().unwrap())).unwrap();
    let rule = ["deconvnet", text(&path), "--channels", &channel, "--rule", "guided_backprop"];
    let guided = standard_output(&convscope(&[&rule[..], &common].concat()));
    assert_ne!(std::fs::read(out.join(guided[0]["array"].as_str().unwrap())).unwrap(), before);
    let output = convscope(&[&["deconvnet", text(&path), "--channels", "3,9999"][..], &common].concat());
    assert!(standard_error(&output).contains("no channel 9999"));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn one_bad_image_does_not_stop_the_rest() {
    let (folder, path) = workplace();
    let bad = folder.path().join("bad.jpg");
    std::fs::write(&bad, b"\xff\xd8\xff\xe0 half an image").unwrap();
    let twin = folder.path().join("other");
    std::fs::create_dir(&twin).unwrap();
    let twin = twin.join("disc.png");
    std::fs::copy(&path, &twin).unwrap();
    let missing = folder.path().join("missing.png");
    let out = folder.path().join("out");
    let images = [text(&path), text(&bad), text(&missing), text(&twin)];
    let output = convscope(&[&["explain"][..], &images, &["--device", "cpu", "--out", text(&out)]].concat());
    assert_eq!(output.status.code(), Some(1));
    let errors = standard_error(&output);
    assert!(errors.contains("bad.jpg") && errors.contains("missing.png"), "{errors}");
    let manifest: Value = program::manifest(&out);
    assert_eq!(manifest["failures"].as_array().unwrap().len(), 2);
    let maps: Vec<&str> =
        manifest["results"].as_array().unwrap().iter().map(|result| result["map"].as_str().unwrap()).collect();
    assert_eq!(maps.len(), 2);
    assert!(maps[0].starts_with("disc.grad_cam.") && maps[1].starts_with("disc-2.grad_cam."), "{maps:?}");
}

#[test]
fn bad_requests_are_said_in_one_sentence() {
    let (folder, path) = workplace();
    let image = text(&path);
    let out = folder.path().join("out");
    let out = text(&out);
    let file = folder.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let under_file = file.join("out");
    let cases: [(&[&str], &str); 10] = [
        (&["explain", image, "--out", out, "--class", "unicorn"], "no class unicorn"),
        (&["explain", image, "--out", out, "--class", "1000"], "0 to 999"),
        (&["explain", image, "--out", out, "--layer", "block5_conv3"], "conv10"),
        (&["explain", image, "--out", out, "--method", "tea_leaves"], "grad_cam"),
        (&["explain", image, "--out", out, "--convention", "mine"], "keras_notebook"),
        (&["explain", image, "--out", text(&under_file)], "cannot write"),
        (&["classify", image, "--model", "resnet"], "no model resnet"),
        (&["classify", image, "--weights", "nowhere-at-all"], "nowhere-at-all"),
        (&["activations", image, "--layer", "nowhere"], "no layer nowhere"),
        (&["pack", image, "--out", out], "disc.png"),
    ];
    for (arguments, expected) in cases {
        let arguments =
            if arguments[0] == "pack" { arguments.to_vec() } else { [arguments, &["--device", "cpu"]].concat() };
        let output = convscope(&arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let errors = standard_error(&output);
        let last = errors.lines().last().unwrap_or_default();
        assert!(last.starts_with("convscope: ") && last.contains(expected), "{arguments:?} says {errors}");
        assert!(!Path::new(out).join("manifest.json").exists());
    }
}

#[test]
fn activations_rank_channels() {
    let (_folder, path) = workplace();
    let arguments = ["activations", text(&path), "--layer", "conv1", "--device", "cpu", "--json"];
    let output = convscope(&arguments);
    assert!(output.status.success(), "{}", standard_error(&output));
    let lines = standard_output(&output);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["shape"], serde_json::json!([64, 111, 111]));
    let sums: Vec<f64> =
        lines[0]["channels"].as_array().unwrap().iter().map(|channel| channel["sum"].as_f64().unwrap()).collect();
    assert_eq!(sums.len(), 64);
    assert!(sums.windows(2).all(|pair| pair[0] >= pair[1]) && sums[0] > 0.0);
    // The mean over all numbers follows from the sums.
    let mean = sums.iter().sum::<f64>() / (64.0 * 111.0 * 111.0);
    assert!((mean - lines[0]["mean"].as_f64().unwrap()).abs() < 1e-9 * mean.abs().max(1.0));
}

#[test]
fn activations_are_drawn_as_sheets() {
    let (folder, path) = workplace();
    let out = folder.path().join("sheets");
    let arguments = ["activations", text(&path), "--layer", "all", "--out", text(&out), "--device", "cpu", "--json"];
    let output = convscope(&arguments);
    assert!(output.status.success(), "{}", standard_error(&output));
    for line in standard_output(&output) {
        let shape: Vec<u32> = serde_json::from_value(line["shape"].clone()).unwrap();
        let sheet = Image::decode(&std::fs::read(out.join(line["sheet"].as_str().unwrap())).unwrap()).unwrap();
        let rows = shape[0].div_ceil(16);
        assert_eq!(
            (sheet.width(), sheet.height()),
            (16 * shape[2] + 15, rows * (shape[1] + 1) - 1),
            "{}",
            line["layer"]
        );
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_ends_it_and_leaves_no_file_behind() {
    // A limit of 4 blocks of 512 bytes a file fails writing the way a full disk does, without needing one.
    let (folder, path) = workplace();
    let out = folder.path().join("out");
    let limited = r#"trap '' XFSZ; ulimit -f 4; exec "$@""#;
    let program = env!("CARGO_BIN_EXE_convscope");
    let output = Command::new("sh")
        .args(["-c", limited, "sh", program, "explain", text(&path), text(&path), "--device", "cpu"])
        .args(["--out", text(&out)])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let errors = standard_error(&output);
    assert!(errors.contains("cannot write") && errors.contains("disc.grad_cam.conv10"), "{errors}");
    assert!(errors.contains("stopped; 0 of 2 images are done"), "{errors}");
    let left: Vec<_> = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["manifest.json"], "the overlay was not left half written");
    let manifest: Value = program::manifest(&out);
    assert_eq!(manifest["failures"].as_array().map(Vec::len), Some(1));
}
