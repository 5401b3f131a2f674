//! `convscope filters` as scripts use it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::cell::RefCell;
use std::path::Path;
use std::pin::Pin;

use convscope::artifact::Artifact;
use convscope::device::Choice;
use convscope::embedded::SQUEEZENET;
use convscope::error::Error;
use convscope::image::Image;
use convscope::model::Model;
use convscope::param::Value as Setting;
use convscope::request::{Layers, Request};
use convscope::run::{Heard, Listener, run};
use program::{convscope, standard_error, standard_output, text};
use serde_json::{Value, json};

#[test]
fn the_command_line_writes_images_a_sheet_and_a_manifest() {
    let folder = tempfile::tempdir().unwrap();
    for (convention, seed) in [("keras_notebook", "1"), ("lucid", "2")] {
        let out = folder.path().join(convention);
        let layer = "fire2/squeeze1x1";
        let arguments = [
            "filters",
            "--layer",
            layer,
            "--filters",
            "0..4,9",
            "--size",
            "24",
            "--steps",
            "3",
            "--seed",
            seed,
            "--convention",
            convention,
            "--device",
            "cpu",
            "--json",
            "--out",
            text(&out),
        ];
        let output = convscope(&arguments);
        assert!(output.status.success(), "{}", standard_error(&output));
        let lines = standard_output(&output);
        let manifest: Value = program::manifest(&out);
        assert_eq!(manifest["results"].as_array().unwrap(), &lines);
        assert_eq!(lines.iter().map(|line| line["filter"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 9]);
        assert_eq!((&manifest["seed"], &manifest["size"]), (&json!(seed.parse::<u64>().unwrap()), &json!(24)));
        let mut kept = 0;
        for line in &lines {
            assert!(line["first"].is_f64() && line["last"].is_f64(), "{line}");
            let Some(image) = line["image"].as_str() else {
                assert_eq!(line["dead"], true);
                continue;
            };
            kept += 1;
            assert_eq!(image, format!("squeezenet1_1.filters.fire2_squeeze1x1.{}.png", line["filter"]));
            assert_eq!(Image::decode(&std::fs::read(out.join(image)).unwrap()).unwrap().width(), 24);
        }
        assert_eq!(manifest["dropped"], lines.len() - kept);
        assert!(kept >= 4, "{convention}: {kept} filters are kept");
        let sheet = Image::decode(&std::fs::read(out.join(manifest["sheet"].as_str().unwrap())).unwrap()).unwrap();
        assert_eq!((sheet.width(), sheet.height()), (53, 53), "two by two with 5 pixels between");
    }
    let wrong = ["filters", "--layer", "fire2/squeeze1x1", "--filters", "99", "--out", "unused"];
    let output = convscope(&wrong);
    assert!(!output.status.success() && standard_error(&output).contains("no channel 99; it has 0 to 15"));
    assert!(!Path::new("unused").exists(), "nothing is written for a wrong request");
}

#[test]
fn the_notebooks_colours_can_be_true() {
    let folder = tempfile::tempdir().unwrap();
    let run = |colours: &[&str], name: &str| {
        let out = folder.path().join(name);
        let ask = ["filters", "--layer", "conv1", "--filters", "0..8", "--size", "16", "--steps", "2", "--convention"];
        let common = ["keras_notebook", "--device", "cpu", "--out", text(&out)];
        let output = convscope(&[&ask[..], &common, colours].concat());
        assert!(output.status.success(), "{}", standard_error(&output));
        let manifest: Value = program::manifest(&out);
        let sheet = std::fs::read(out.join(manifest["sheet"].as_str().unwrap())).unwrap();
        (standard_error(&output), manifest["colours"].clone(), Image::decode(&sheet).unwrap())
    };
    let (said, colours, stored) = run(&[], "stored");
    assert!(said.contains("--colours true") && colours == "as_stored", "{said}");
    let (said, colours, real) = run(&["--colours", "true"], "real");
    assert!(!said.contains("first channel") && colours == "true", "{said}");
    // The embedded network takes blue first.
    let turned: Vec<u8> = stored.rgb().chunks_exact(3).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect();
    assert_eq!(real.rgb(), turned);
}

/// Whoever has enough after half of the work.
#[derive(Default)]
struct Half(RefCell<(bool, usize)>);

impl Listener for Half {
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        let (enough, panels) = &mut *self.0.borrow_mut();
        match heard {
            Heard::Progress { done, total } => *enough |= 2 * done >= total,
            Heard::Artifact(Artifact::Panel(_)) => *panels += 1,
            Heard::Artifact(other) => panic!("no panel: {other:?}"),
        }
        Box::pin(std::future::ready(!*enough))
    }
}

#[test]
fn the_best_of_half_the_work_are_kept_too() {
    let model = Model::load(&SQUEEZENET, Choice::Cpu).unwrap();
    let set = |id: &str, value| (id.to_owned(), value);
    let request = Request {
        method: "filters".into(),
        layers: Layers::parse("fire5/concat"),
        values: [
            set("filters", Setting::Text("top2".into())),
            set("size", Setting::Int(32)),
            set("steps", Setting::Int(2)),
        ]
        .into(),
        ..Request::default()
    };
    let half = Half::default();
    let done = pollster::block_on(run(&*model, &request, &half));
    assert!(matches!(done, Err(Error::Cancelled)), "{done:?}");
    assert_eq!(*half.0.borrow(), (true, 2));
}
