//! The worker's side of the page, driven as a page drives it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod aside;
#[path = "../common/mod.rs"]
mod common;
mod evidence;
mod filters;
mod packings;
mod survey;
mod teach;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

use common::{Memory, tiny};
use convscope::artifact::{Artifact, Panel};
use convscope::device::Choice;
use convscope::error::Result;
use convscope::image::Image;
use convscope::model::Codec;
use convscope::param::Value;
use convscope::protocol::{Command, Event, Export, Form};
use convscope::render::MapStyle;
use convscope::request::{Layers, Request};
use convscope::worker::{Worker, WorkerContext};
use pollster::block_on;

/// A context with a model, also damaged, stored exactly, with other classes and not at all, that says "go on" a given number of times.
struct Stage {
    events: RefCell<Vec<Event>>,
    patience: Cell<usize>,
    /// Files of models that it was given to keep.
    kept: RefCell<BTreeMap<String, BTreeMap<String, Vec<u8>>>>,
}

impl WorkerContext for Stage {
    type Source = Memory;

    async fn source(&self, model: &str) -> Memory {
        if let Some(files) = self.kept.borrow().get(model) {
            return Memory(files.clone());
        }
        let mut memory = tiny(if model == "exact" { Codec::F32 } else { Codec::Int8 }, 200);
        match model {
            "damaged" => memory.0.get_mut("weights-01.bin").unwrap()[0] ^= 1,
            "other" => memory.edit(|json| json["labels"][0] = "another class".into()),
            "gone" => memory.0.clear(),
            _ => {}
        }
        memory
    }

    async fn keep(&self, id: &str, files: Vec<(String, Vec<u8>)>) -> Result<()> {
        self.kept.borrow_mut().insert(id.into(), files.into_iter().collect());
        Ok(())
    }

    fn emit(&self, event: Event) {
        self.events.borrow_mut().push(event);
    }

    fn now(&self) -> f64 {
        0.0
    }

    async fn pause(&self) -> bool {
        let left = self.patience.get();
        self.patience.set(left.saturating_sub(1));
        left > 0
    }
}

fn stage() -> Stage {
    Stage { events: RefCell::default(), patience: Cell::new(usize::MAX), kept: RefCell::default() }
}

fn say(worker: &mut Worker, stage: &Stage, command: Command) -> VecDeque<Event> {
    block_on(worker.handle(command, stage));
    stage.events.take().into()
}

fn open(model: &str) -> Command {
    Command::Open { model: model.into(), device: Choice::Cpu }
}

fn look(shade: u8) -> Command {
    Command::Look { name: "shade.png".into(), file: Image::from_rgb(8, 8, vec![shade; 192]).unwrap().png().unwrap() }
}

/// A request with parameters, as a page puts them together.
fn ask(method: &str, layers: Layers, values: &[(&str, Value)]) -> Command {
    let values = values.iter().map(|(id, value)| ((*id).to_owned(), value.clone())).collect();
    Command::Run(Request { method: method.into(), target: Some(1.into()), layers, values, ..Request::default() })
}

fn explain(layer: &str) -> Command {
    ask("grad_cam", Layers::parse(layer), &[])
}

fn text(text: &'static str) -> Value {
    Value::Text(text.into())
}

fn panels(events: &VecDeque<Event>) -> Vec<Panel> {
    let panel = |event: &Event| match event {
        Event::Artifact(Artifact::Panel(panel)) => Some(panel.clone()),
        _ => None,
    };
    events.iter().filter_map(panel).collect()
}

fn message(events: &VecDeque<Event>) -> String {
    match events.back() {
        Some(Event::Failed(fault)) if events.len() == 1 => fault.to_string(),
        other => panic!("not one failure: {other:?}"),
    }
}

#[test]
fn a_page_opens_looks_and_explains() {
    let (mut worker, stage) = (Worker::default(), stage());
    let mut events = say(&mut worker, &stage, open("tiny"));
    let Some(Event::Ready(ready)) = events.pop_back() else { panic!("not ready: {events:?}") };
    assert!(events.iter().all(|event| matches!(event, Event::Loading { .. })) && !events.is_empty());
    assert!(ready.methods.iter().any(|card| card.id == "layer_cam") && ready.methods[0].id == "grad_cam");
    assert_eq!((ready.device.as_str(), ready.labels.len(), ready.taps.len()), ("CPU", 3, 5));
    assert!(ready.taps.iter().any(|tap| tap.pool && tap.name == "pool" && tap.shape == [4, 4, 4]));

    let events = say(&mut worker, &stage, look(90));
    let [Event::Looked { width: 8, height: 8, classes, doubt: None, sha256, .. }] = events.as_slices().0 else {
        panic!("{events:?}")
    };
    let Command::Look { file, .. } = look(90) else { unreachable!() };
    assert_eq!(*sha256, convscope::export::sha256(&file));
    assert!(classes.windows(2).all(|pair| pair[0].probability >= pair[1].probability));
    assert!((classes.iter().filter_map(|class| class.probability).sum::<f32>() - 1.0).abs() < 1e-5);

    let events = say(&mut worker, &stage, explain("all"));
    let layer = |event: &Event| match event {
        Event::Artifact(Artifact::Map(map)) => Some(map.layer.clone()),
        _ => None,
    };
    let mut shown: Vec<String> = events.iter().filter_map(layer).collect();
    assert!(matches!(events.back(), Some(Event::Done { .. })));
    // What a backward pass reaches first is seen first, and written down in the network's order.
    let taps: Vec<&String> = ready.taps.iter().filter(|tap| !tap.pool).map(|tap| &tap.name).collect();
    shown.reverse();
    assert_eq!((shown.iter().collect::<Vec<_>>(), shown.len()), (taps.clone(), 4));
    let export = Command::Export(Export { style: MapStyle::default(), form: Form::Manifest });
    let Some(Event::Saved { bytes, .. }) = say(&mut worker, &stage, export).pop_back() else { panic!("no manifest") };
    let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let written = manifest["results"].as_array().unwrap().iter().map(|result| result["layer"].as_str().unwrap());
    assert_eq!(written.collect::<Vec<_>>(), taps);
}

#[test]
fn a_failed_command_leaves_the_image_and_the_model() {
    let (mut worker, stage) = (Worker::default(), stage());
    assert!(message(&say(&mut worker, &stage, look(1))).contains("no model"));
    say(&mut worker, &stage, open("tiny"));
    assert!(message(&say(&mut worker, &stage, explain("all"))).contains("no image"));
    say(&mut worker, &stage, look(90));
    let before = say(&mut worker, &stage, explain("b"));

    let events = say(&mut worker, &stage, Command::Look { name: "no.png".into(), file: b"no image".to_vec() });
    assert!(message(&events).contains("no image that can be read"));
    let events = say(&mut worker, &stage, open("damaged"));
    assert!(matches!(events.back(), Some(Event::Failed(fault)) if fault.to_string().contains("weights-01.bin")));
    assert!(message(&say(&mut worker, &stage, explain("nowhere"))).contains("nowhere"));

    // The image and the model from before the failures still answer, and answer the same.
    assert_eq!(say(&mut worker, &stage, explain("b")), before);
}

#[test]
fn a_newer_command_stops_an_older_one_quietly() {
    let (mut worker, stage) = (Worker::default(), stage());
    say(&mut worker, &stage, open("tiny"));
    say(&mut worker, &stage, look(90));
    stage.patience.set(1);
    let events = say(&mut worker, &stage, explain("all"));
    assert_eq!(events.len(), 2);
    assert!(events.iter().all(|event| matches!(event, Event::Artifact(_))));
}

#[test]
fn a_model_that_is_cancelled_at_its_end_leaves_the_one_before() {
    let (mut worker, stage) = ready_and_looked();
    let before = say(&mut worker, &stage, explain("b"));
    stage.patience.set(0);
    let events = say(&mut worker, &stage, open("tiny"));
    assert!(!events.is_empty() && events.iter().all(|event| matches!(event, Event::Loading { .. })), "{events:?}");
    stage.patience.set(usize::MAX);
    assert_eq!(say(&mut worker, &stage, explain("b")), before);
}

fn ready_and_looked() -> (Worker, Stage) {
    let (mut worker, stage) = (Worker::default(), stage());
    say(&mut worker, &stage, open("tiny"));
    say(&mut worker, &stage, look(90));
    (worker, stage)
}

#[test]
fn a_sheet_holds_all_feature_maps_of_a_layer() {
    let (mut worker, stage) = ready_and_looked();
    let values = [("scaling", text("layer")), ("columns", Value::Int(3))];
    let events = say(&mut worker, &stage, ask("activations", Layers::parse("join"), &values));
    let [Event::Artifact(Artifact::Sheet(sheet)), Event::Done { .. }] = events.as_slices().0 else {
        panic!("{events:?}")
    };
    // Eight tiles of 4 x 4 in three columns, a pixel apart.
    let drawn = sheet.draw(MapStyle::default().colormap).unwrap();
    assert_eq!((sheet.activation.shape, drawn.width(), drawn.height()), ([8, 4, 4], 14, 14));
    let (best, sum) = sheet.activation.channels[0];
    let (plane, maximum) = sheet.channel(best).unwrap();
    let whole: f64 = plane.values.iter().map(|value| f64::from(value * maximum)).sum();
    assert!((whole - sum).abs() <= 1e-4 * sum.abs(), "{whole} is not {sum}");
}

fn reconstruct(layer: &str, channels: &'static str) -> Command {
    ask("channel_reconstruction", Layers::parse(layer), &[("channels", text(channels))])
}

#[test]
fn channels_and_classes_are_reconstructed() {
    let (mut worker, stage) = ready_and_looked();
    let events = say(&mut worker, &stage, reconstruct("join", "1,0"));
    assert!(matches!(events.back(), Some(Event::Done { .. })));
    let [one, two] = &panels(&events)[..] else { panic!("{events:?}") };
    assert_eq!((one.channel, two.channel), (Some(1), Some(0)));
    assert!(one.drawing.as_ref().is_some_and(|drawing| drawing.rgb.len() == 192) && one.drawing != two.drawing);
    assert_eq!(panels(&say(&mut worker, &stage, reconstruct("logits", "2")))[0].channel, Some(2));
    assert!(message(&say(&mut worker, &stage, reconstruct("join", "eight"))).contains("as in top4"));
    assert!(message(&say(&mut worker, &stage, reconstruct("join", "8"))).contains("no channel 8"));
    assert!(message(&say(&mut worker, &stage, reconstruct("all", "top4"))).contains("one layer"));
}

fn filters(filters: &'static str) -> Command {
    let values = [("filters", text(filters)), ("size", Value::Int(16)), ("steps", Value::Int(3))];
    ask("filters", Layers::parse("a"), &values)
}

#[test]
fn finished_results_are_written_down() {
    let (mut worker, stage) = ready_and_looked();
    let export = |form| Command::Export(Export { style: MapStyle::default(), form });
    assert!(message(&say(&mut worker, &stage, export(Form::Bundle { image: None }))).contains("no whole result"));
    for (command, name, count) in [
        (explain("all"), "shade.grad_cam.1.zip", 4),
        (filters("0..1"), "tiny.filters.zip", 2),
        (reconstruct("join", "1,0"), "shade.deconvnet.zip", 2),
        (ask("activations", Layers::parse("b"), &[]), "shade.activations.zip", 1),
    ] {
        say(&mut worker, &stage, command);
        let mut events = say(&mut worker, &stage, export(Form::Bundle { image: None }));
        let Some(Event::Saved { name: found, bytes }) = events.pop_back() else { panic!("{events:?}") };
        assert_eq!(found, name);
        assert!(bytes.starts_with(b"PK"));
        let mut events = say(&mut worker, &stage, export(Form::Manifest));
        let Some(Event::Saved { bytes, .. }) = events.pop_back() else { panic!("{events:?}") };
        let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(manifest["results"].as_array().unwrap().len(), count, "{name}");
    }
}

#[test]
fn images_that_were_looked_at_before_are_there_to_compare_with() {
    let (mut worker, stage) = ready_and_looked();
    let values = [("baselines", text("images")), ("samples", Value::Int(16))];
    let asked = || ask("expected_gradients", Layers::default(), &values);
    let said = message(&say(&mut worker, &stage, asked()));
    assert!(said.contains("no other images"), "{said}");
    // The same image again is no other.
    say(&mut worker, &stage, look(90));
    assert!(message(&say(&mut worker, &stage, asked())).contains("no other images"));
    say(&mut worker, &stage, look(40));
    let of = |events: VecDeque<Event>| match events.into_iter().find_map(|event| match event {
        Event::Artifact(Artifact::Map(map)) => Some(map),
        _ => None,
    }) {
        Some(map) => map.signed,
        None => panic!("no map"),
    };
    let first = of(say(&mut worker, &stage, asked()));
    say(&mut worker, &stage, look(200));
    say(&mut worker, &stage, look(90));
    say(&mut worker, &stage, look(40));
    assert_ne!(of(say(&mut worker, &stage, asked())), first, "two others are drawn from");
}
