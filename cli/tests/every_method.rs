//! Every method of the registry on the command line: `methods`, and `explain` with `--set` and `--of`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Output;

use convscope::digits::digits;
use convscope::image::Image;
use convscope::methods::methods;
use program::{convscope, manifest, repository, standard_error, standard_output, text};
use serde_json::{Value, json};

/// An image of a red square on grey, and a folder to work in.
fn workplace() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let inside = |index: usize| (8..24).contains(&(index % 32)) && (8..24).contains(&(index / 32));
    let rgb = (0..1024).flat_map(|index| if inside(index) { [200, 30, 30] } else { [90, 90, 90] }).collect();
    let path = folder.path().join("square.png");
    std::fs::write(&path, Image::from_rgb(32, 32, rgb).unwrap().png().unwrap()).unwrap();
    (folder, path)
}

fn explain(image: &Path, arguments: &[&str]) -> Output {
    convscope(&[&["explain", text(image), "--class", "1", "--device", "cpu"], arguments].concat())
}

fn good(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", standard_error(output));
    standard_output(output)
}

#[test]
fn all_methods_are_listed_with_these_keys() {
    let lines = good(&convscope(&["methods", "--json"]));
    let ids: Vec<&str> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
    assert_eq!(ids, methods().map(|method| method.card().id.as_ref()).collect::<Vec<_>>());
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let named = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<BTreeSet<_>>();
    for line in &lines {
        let all = "id title family paper shows limits gives signed params conventions another_image";
        assert_eq!(keys(line), named(&all.split(' ').collect::<Vec<_>>()), "{line}");
        assert!(line["paper"].as_str().unwrap().starts_with("https://") && line["signed"].is_boolean(), "{line}");
        for param in line["params"].as_array().unwrap() {
            assert_eq!(keys(param), named(&["id", "kind", "default", "min", "max", "choices"]), "{line}");
        }
    }
    let one = good(&convscope(&["methods", "rise", "--json"])).remove(0);
    let masks = json!({ "id": "masks", "kind": "int", "default": 4000, "min": 1, "max": 100_000, "choices": null });
    assert_eq!((&one["params"][0], &one["conventions"]), (&masks, &json!(["softmax", "logit"])));
    let filters = good(&convscope(&["methods", "filters", "--json"])).remove(0);
    assert_eq!(filters["params"][4]["choices"], json!(["true", "as_stored"]));
}

#[test]
fn methods_are_told_in_words() {
    let words = |arguments: &[&str]| {
        let output = convscope(arguments);
        assert!(output.status.success(), "{}", standard_error(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(words(&["methods"]).lines().count(), methods().count());
    for card in methods().map(|method| method.card()) {
        let told = words(&["methods", &card.id]);
        for text in [&card.title, &card.shows, &card.limits, &card.paper.url] {
            assert!(told.contains(text.as_ref()), "{told}");
        }
        assert!(card.params.iter().all(|param| told.contains(&*param.help)), "{told}");
        assert!(told.contains(&format!("convscope {} ", card.command)), "{told}");
    }
    let errors = standard_error(&convscope(&["methods", "risen"]));
    assert!(errors.contains("did you mean rise?"), "{errors}");
}

#[test]
fn the_examples_that_methods_give_can_be_run() {
    let (folder, image) = workplace();
    std::fs::copy(&image, folder.path().join("coffee.jpg")).unwrap();
    std::fs::rename(image, folder.path().join("cat.jpg")).unwrap();
    for card in methods().map(|method| method.card()) {
        let told = String::from_utf8(convscope(&["methods", &card.id]).stdout).unwrap();
        let example = told.lines().last().unwrap().trim().strip_prefix("convscope ").unwrap().to_owned();
        // The same with little work.
        let little = [("=4000", "=8"), ("=224", "=4"), ("=1000", "=2"), ("first64", "first2 --steps 2")];
        let example = little.iter().fold(example, |example, (much, few)| example.replace(much, few));
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_convscope"));
        let command = command.args(example.split(' ')).args(["--device", "cpu"]).current_dir(folder.path());
        let output = command.env_remove("CONVSCOPE_WEIGHTS").output().unwrap();
        assert!(output.status.success(), "{example}: {}", standard_error(&output));
        assert!(!manifest(folder.path().join(card.word()))["results"].as_array().unwrap().is_empty(), "{example}");
    }
}

#[test]
fn the_documented_table_of_methods_is_that_of_the_program() {
    let documented = std::fs::read_to_string(repository("docs/methods.md")).unwrap();
    let (_, rest) = documented.split_once("<!-- convscope methods --markdown -->\n").unwrap();
    let (table, _) = rest.split_once("<!-- end -->").unwrap();
    let output = convscope(&["methods", "--markdown"]);
    let own = String::from_utf8(output.stdout).unwrap();
    let advice =
        "docs/methods.md: put what `convscope methods --markdown` prints between the two comments around the table";
    assert!(table == own, "{advice}");
}

#[test]
fn rise_takes_its_parameters() {
    let (folder, image) = workplace();
    let out = folder.path().join("out");
    let rise = ["--method", "rise", "--out", text(&out), "--json", "--set", "masks=8"];
    let line = good(&explain(&image, &[&rise[..], &["--set", "seed=3"]].concat())).remove(0);
    assert_eq!((&line["overlay"], &line["shape"]), (&json!("square.rise.input.1.png"), &json!([224, 224])));
    let found = manifest(&out);
    assert_eq!((&found["masks"], &found["seed"], &found["keep"]), (&json!(8), &json!(3), &json!(0.5)));
    assert_eq!(found["convention"]["score"], "probability");
    // Another seed is another question, and another map.
    let other = good(&explain(&image, &rise)).remove(0);
    let read = |line: &Value| std::fs::read(out.join(line["map"].as_str().unwrap())).unwrap();
    assert_eq!(other["overlay"], "square-2.rise.input.1.png");
    assert_ne!(read(&line), read(&other));
}

#[test]
fn deletion_measures_a_map() {
    let (folder, image) = workplace();
    let out = folder.path().join("out");
    let deletion = ["--method", "deletion", "--set", "steps=4", "--out", text(&out)];
    let line = good(&explain(&image, &[&deletion[..], &["--json", "--layer", "fire9/concat"]].concat())).remove(0);
    assert_eq!(
        (&line["curve"], &line["layer"]),
        (&json!("square.deletion.fire9_concat.1.csv"), &json!("fire9/concat"))
    );
    let points: Vec<(f64, f64)> = serde_json::from_value(line["points"].clone()).unwrap();
    assert_eq!(points.iter().map(|(x, _)| *x).collect::<Vec<_>>(), [0.0, 0.25, 0.5, 0.75, 1.0]);
    assert!((points[0].1 - line["class"]["probability"].as_f64().unwrap()).abs() < 1e-6, "nothing is taken away yet");
    assert!((line["value"].as_f64().unwrap() - line["area"].as_f64().unwrap()).abs() < 1e-9);
    for baseline in ["random", "center", "edges"] {
        assert!(line["baselines"][baseline].is_number(), "{line}");
    }
    let area: f64 = points.windows(2).map(|pair| 0.125 * (pair[0].1 + pair[1].1)).sum();
    assert!((area - line["area"].as_f64().unwrap()).abs() < 1e-6);
    let csv = std::fs::read_to_string(out.join("square.deletion.fire9_concat.1.csv")).unwrap();
    assert_eq!(
        (csv.lines().next(), csv.lines().count()),
        (Some("pixels taken away,probability,random,center,edges"), 6)
    );
    let found = manifest(&out);
    assert_eq!((&found["of"]["method"], &found["results"][0]["area"]), (&json!("grad_cam"), &line["area"]));
    // The same again takes its own place; another measured map has one of its own.
    let said = explain(&image, &[&deletion[..], &["--layer", "fire9/concat"]].concat());
    assert!(
        String::from_utf8_lossy(&said.stdout).contains(&format!("area {}", digits(line["area"].as_f64().unwrap())))
    );
    let of = ["--of", "rise", "--set", "rise.masks=8", "--json"];
    let other = good(&explain(&image, &[&deletion[..], &of].concat())).remove(0);
    assert_eq!((&other["curve"], &other["layer"]), (&json!("square.deletion.input.1.csv"), &json!("input")));
    let found = manifest(&out);
    assert_eq!((&found["of"]["masks"], &found["results"][0]["made"]["of"]["method"]), (&json!(8), &json!("grad_cam")));
    // Two charts, two tables, and the manifest.
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 5);
}

#[test]
fn methods_with_subcommands_are_had_by_explain_too() {
    let (folder, image) = workplace();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let same = |command: &[&str], explain: &[&str]| {
        for (arguments, out) in [(command, &one), (explain, &two)] {
            good(&convscope(&[arguments, &["--device", "cpu", "--json", "--out", text(out)]].concat()));
        }
        let files = |out: &Path| {
            let names = std::fs::read_dir(out).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
            names
                .filter(|name| name != "manifest.json")
                .map(|name| (std::fs::read(out.join(&name)).unwrap(), name))
                .collect::<BTreeSet<_>>()
        };
        assert!(files(&one) == files(&two) && !files(&one).is_empty(), "{command:?}");
        let head = |out| {
            let mut head = manifest(out);
            (head["results"], head["seconds"]) = (Value::Null, Value::Null);
            head
        };
        assert_eq!(head(&one), head(&two));
    };
    let image = text(&image);
    let reconstruct = ["explain", image, "--method", "channel_reconstruction", "--layer", "fire2/concat"];
    same(
        &["deconvnet", image, "--layer", "fire2/concat", "--channels", "3,5", "--rule", "gradient"],
        &[&reconstruct[..], &["--set", "channels=3,5", "--set", "rule=gradient"]].concat(),
    );
    same(
        &["activations", image, "--layer", "all", "--columns", "5", "--colormap", "jet"],
        &["explain", image, "--method", "activations", "--layer", "all", "--set", "columns=5", "--colormap", "jet"],
    );
    let filters = ["explain", image, "--method", "filters", "--layer", "conv1", "--set", "filters=2..4"];
    same(
        &["filters", "--layer", "conv1", "--filters", "2..4", "--size", "16", "--steps", "2"],
        &[&filters[..], &["--set", "size=16", "--set", "steps=2"]].concat(),
    );
}

#[test]
fn what_does_not_fit_a_method_is_said_before_an_image_is_read() {
    let (folder, _) = workplace();
    let out = folder.path().join("out");
    let cases: [(&[&str], &str); 10] = [
        (&["--method", "rise", "--set", "mask=4"], "no parameter mask (did you mean masks?)"),
        (&["--method", "rise", "--set", "masks=0"], "masks is 0, but must be from 1 to 100000"),
        (&["--method", "rise", "--set", "masks"], "write it as KEY=VALUE"),
        (&["--method", "rise", "--convention", "softmx"], "(did you mean softmax?); choose one of softmax, logit"),
        (&["--method", "grad-cam"], "did you mean grad_cam?"),
        (&["--method", "rise", "--of", "grad_cam"], "leave out --of"),
        (&["--method", "rise", "--signed"], "have no sign"),
        (&["--method", "deletion", "--of", "filters"], "choose one of grad_cam"),
        (&["--method", "deletion", "--set", "rise.masks=9"], "measured is grad_cam; choose it with --of"),
        (&["--set", "rise.masks=9"], "grad_cam measures none"),
    ];
    for (arguments, words) in cases {
        let output = explain(Path::new("nowhere.png"), &[arguments, &["--out", text(&out)]].concat());
        let errors = standard_error(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {errors}");
        assert!(errors.contains(words) && !errors.contains("nowhere"), "{arguments:?}: {errors}");
    }
    assert!(!out.exists());
}

#[test]
fn help_lists_what_is_possible() {
    let help = |arguments: &[&str]| String::from_utf8(convscope(arguments).stdout).unwrap();
    let explain = help(&["explain", "--help"]);
    for card in methods().map(|method| method.card()) {
        assert!(explain.contains(&format!("- {}:", card.id)), "{}", card.id);
        assert!(card.conventions.iter().all(|variant| explain.contains(&format!("- {}:", variant.name))));
    }
    assert!(help(&["filters", "-h"]).contains("[default: 64; of keras_notebook 20]"));
    assert!(help(&["deconvnet", "-h"]).contains("[possible values: paper, keras_notebook]"));
}

#[test]
fn results_of_every_kind_are_reported() {
    let (folder, image) = workplace();
    let other = repository("core/examples/coffee.jpg");
    let report = folder.path().join("report.html");
    for card in methods().map(|method| method.card()) {
        let mut arguments = vec!["--method", &card.id, "--json", "--layer", "conv1", "--report", text(&report)];
        let little =
            ["masks=4", "steps=4", "size=16", "filters=all", "samples=2", "percentiles=1", "box=0.25,0.25,0.5,0.5"];
        let little = little.map(|set| (set.split_once('=').unwrap().0, set));
        let little = little.iter().filter(|(id, _)| card.param(id).is_some());
        arguments.extend(little.flat_map(|(_, set)| ["--set", *set]));
        if card.asks.another {
            arguments.extend(["--references", text(&other)]);
        }
        good(&explain(&image, &arguments));
        let html = std::fs::read_to_string(&report).unwrap();
        assert!(html.contains(&card.title.replace('&', "&amp;")) && html.contains("<figure><h3>"), "{}", card.id);
        assert_eq!(html.contains("the map of Grad-CAM"), card.asks.map, "{}", card.id);
        let shown = html.matches("<img src=\"data:image/").count() + html.matches("<svg ").count();
        assert!(shown > usize::from(card.asks.image), "{}: nothing but the image is shown", card.id);
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_rise_leaves_a_manifest() {
    use std::process::{Command, Stdio};
    let (folder, image) = workplace();
    let out = folder.path().join("out");
    let arguments = ["explain", text(&image), "--method", "rise", "--set", "masks=100000", "--device", "cpu"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_convscope"));
    let child =
        command.args(arguments).args(["--class", "1", "--out", text(&out)]).stderr(Stdio::piped()).spawn().unwrap();
    let wait = || std::thread::sleep(std::time::Duration::from_millis(200));
    while !out.exists() {
        wait();
    }
    wait();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let errors = standard_error(&output);
    assert_eq!(output.status.code(), Some(130), "{errors}");
    assert!(errors.contains("stopped; 0 of 1 images are done"), "{errors}");
    let found = manifest(&out);
    assert_eq!(
        (&found["method"]["id"], &found["masks"], &found["failures"]),
        (&json!("rise"), &json!(100_000), &json!([]))
    );
    assert_eq!(found["results"], json!([]));
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1);
}
