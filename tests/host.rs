//! The worker's side of the page, driven as a page drives it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use common::{Memory, tiny};
use convscope::device::Choice;
use convscope::explain::{Mode, filters};
use convscope::host::{Host, World};
use convscope::model::Codec;
use convscope::nn::ReluRule;
use convscope::picture::Picture;
use convscope::protocol::{Climb, Command, Descend, Event, Measure, Panel};
use convscope::render::{Colormap, Colours, Scaling};
use pollster::block_on;

/// A world with two models, one of them damaged, that says "go on" a given number of times.
struct Stage {
    events: RefCell<Vec<Event>>,
    patience: Cell<usize>,
}

impl World for Stage {
    type Source = Memory;

    async fn source(&self, model: &str) -> Memory {
        let mut memory = tiny(Codec::Int8, 200);
        if model == "damaged" {
            memory.0.get_mut("weights-01.bin").unwrap()[0] ^= 1;
        }
        memory
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
    Stage { events: RefCell::default(), patience: Cell::new(usize::MAX) }
}

fn say(host: &mut Host, stage: &Stage, command: Command) -> VecDeque<Event> {
    block_on(host.handle(command, stage));
    stage.events.take().into()
}

fn open(model: &str) -> Command {
    Command::Open { model: model.into(), device: Choice::Cpu }
}

fn look(shade: u8) -> Command {
    Command::Look { file: Picture::from_rgb(8, 8, vec![shade; 192]).unwrap().png().unwrap() }
}

fn explain(layer: &str) -> Command {
    let (method, convention) = ("grad_cam".into(), "paper".into());
    Command::Explain { method, class: 1, layer: layer.into(), convention }
}

fn message(events: &VecDeque<Event>) -> &str {
    match events.back() {
        Some(Event::Failed { message }) if events.len() == 1 => message,
        other => panic!("not one failure: {other:?}"),
    }
}

#[test]
fn a_page_opens_looks_and_explains() {
    let (mut host, stage) = (Host::default(), stage());
    let mut events = say(&mut host, &stage, open("tiny"));
    let Some(Event::Ready(ready)) = events.pop_back() else { panic!("not ready: {events:?}") };
    assert!(events.iter().all(|event| matches!(event, Event::Loading { .. })) && !events.is_empty());
    assert_eq!((ready.device.as_str(), ready.labels.len(), ready.taps.len()), ("CPU", 3, 5));
    assert!(ready.taps.iter().any(|tap| tap.pool && tap.name == "pool" && tap.shape == [4, 4, 4]));

    let events = say(&mut host, &stage, look(90));
    let [Event::Looked { width: 8, height: 8, classes, .. }] = events.as_slices().0 else { panic!("{events:?}") };
    assert!(classes.windows(2).all(|pair| pair[0].probability >= pair[1].probability));
    assert!((classes.iter().map(|class| class.probability).sum::<f32>() - 1.0).abs() < 1e-5);

    let events = say(&mut host, &stage, explain("all"));
    let shown = events.iter().filter(|event| matches!(event, Event::Shown { class: 1, .. })).count();
    assert_eq!(shown, 4);
    assert!(matches!(events.back(), Some(Event::Explained { .. })));

    let layer = Command::Activations { layer: "join".into() };
    let events = say(&mut host, &stage, layer);
    assert!(matches!(&events[0], Event::Activated(found) if found.layer == "join" && found.channels.len() == 8));
}

#[test]
fn what_fails_leaves_what_was_there() {
    let (mut host, stage) = (Host::default(), stage());
    assert!(message(&say(&mut host, &stage, look(1))).contains("no model"));
    say(&mut host, &stage, open("tiny"));
    assert!(message(&say(&mut host, &stage, explain("all"))).contains("no picture"));
    say(&mut host, &stage, look(90));
    let before = say(&mut host, &stage, explain("b"));

    let events = say(&mut host, &stage, Command::Look { file: b"no picture".to_vec() });
    assert!(message(&events).contains("no picture that can be read"));
    let events = say(&mut host, &stage, open("damaged"));
    assert!(matches!(events.back(), Some(Event::Failed { message }) if message.contains("weights-01.bin")));
    assert!(message(&say(&mut host, &stage, explain("nowhere"))).contains("nowhere"));

    // The picture and the model from before the failures still answer, and answer the same.
    assert_eq!(say(&mut host, &stage, explain("b")), before);
}

#[test]
fn a_newer_command_stops_an_older_one_quietly() {
    let (mut host, stage) = (Host::default(), stage());
    say(&mut host, &stage, open("tiny"));
    say(&mut host, &stage, look(90));
    stage.patience.set(1);
    let events = say(&mut host, &stage, explain("all"));
    assert_eq!(events.len(), 2);
    assert!(events.iter().all(|event| matches!(event, Event::Shown { .. })));
}

fn ready_and_looked() -> (Host, Stage) {
    let (mut host, stage) = (Host::default(), stage());
    say(&mut host, &stage, open("tiny"));
    say(&mut host, &stage, look(90));
    (host, stage)
}

#[test]
fn a_sheet_and_a_channel_are_of_the_same_feature_maps() {
    let (mut host, stage) = ready_and_looked();
    let (layer, scaling, colormap) = ("join".to_owned(), Scaling::Layer, Colormap::Viridis);
    let events = say(&mut host, &stage, Command::Sheet { layer: layer.clone(), scaling, columns: 3, colormap });
    let [Event::Sheet { activation, drawing, columns: 3 }] = events.as_slices().0 else { panic!("{events:?}") };
    // Eight tiles of 4 x 4 in three columns, a pixel apart.
    assert_eq!((activation.shape, drawing.width, drawing.height), ([8, 4, 4], 14, 14));
    assert_eq!(drawing.rgb.len(), 3 * 14 * 14);
    let (best, sum) = activation.channels[0];
    let events = say(&mut host, &stage, Command::Channel { layer: layer.clone(), channel: best });
    let [Event::Channel { plane, maximum, .. }] = events.as_slices().0 else { panic!("{events:?}") };
    let whole: f64 = plane.values.iter().map(|value| f64::from(value * maximum)).sum();
    assert!((whole - sum).abs() <= 1e-4 * sum.abs(), "{whole} is not {sum}");
    assert!(message(&say(&mut host, &stage, Command::Channel { layer, channel: 8 })).contains("no channel 8"));
}

fn descend(layer: &str, channels: &str) -> Command {
    let (mode, rule, convention) = (Mode::All, ReluRule::Deconvnet, "paper".into());
    Command::Descend(Descend { layer: layer.into(), channels: channels.into(), mode, rule, convention })
}

#[test]
fn channels_and_classes_go_down() {
    let (mut host, stage) = ready_and_looked();
    let events = say(&mut host, &stage, descend("join", "1,0"));
    let [Event::Panel(one), Event::Panel(two), Event::Explained { .. }] = events.as_slices().0 else {
        panic!("{events:?}")
    };
    assert_eq!((one.channel, two.channel), (1, 0));
    assert!(one.drawing.as_ref().is_some_and(|drawing| drawing.rgb.len() == 192) && one.drawing != two.drawing);
    let events = say(&mut host, &stage, descend("logits", "2"));
    assert!(matches!(events.as_slices().0, [Event::Panel(Panel { channel: 2, .. }), Event::Explained { .. }]));
    assert!(message(&say(&mut host, &stage, descend("join", "eight"))).contains("names no channels"));
    assert!(message(&say(&mut host, &stage, descend("join", "8"))).contains("no channel 8"));
    assert!(message(&say(&mut host, &stage, descend("all", "top4"))).contains("one layer"));
}

fn climb(filters: &str) -> Command {
    let (size, steps, seed, convention, colours) = (16, 3, 0, filters::Convention::Lucid, Colours::True);
    Command::Climb(Climb { layer: "a".into(), filters: filters.into(), size, steps, seed, convention, colours })
}

#[test]
fn filters_grow_and_the_best_are_kept() {
    let (mut host, stage) = ready_and_looked();
    let mut events = say(&mut host, &stage, climb("0..1"));
    assert!(matches!(events.pop_back(), Some(Event::Explained { .. })));
    let growing = |event: &&Event| matches!(event, Event::Panel(Panel { measure: Measure::Climbing(_), .. }));
    // Two filters, shown at the start and after each of three steps.
    assert_eq!(events.iter().filter(growing).count(), 8);
    let Some(Event::Progress { done: 8, total: 8 }) = events.pop_back() else { panic!("{events:?}") };
    let all = |events: &VecDeque<Event>| -> Vec<Panel> {
        let done = |event: &Event| match event {
            Event::Panel(panel @ Panel { measure: Measure::Climbed { .. }, .. }) => Some(panel.clone()),
            _ => None,
        };
        events.iter().filter_map(done).collect()
    };
    assert_eq!(all(&events).iter().map(|panel| panel.channel).collect::<Vec<_>>(), [0, 1]);
    let rank = |panel: &Panel| if let Measure::Climbed { rank, .. } = panel.measure { rank } else { f32::NAN };
    let best = all(&say(&mut host, &stage, climb("top1")));
    let every = all(&say(&mut host, &stage, climb("all")));
    assert_eq!(best.len(), 1);
    assert!(every.iter().all(|panel| rank(panel) <= rank(&best[0])));

    // Cancelled within a step, quietly.
    stage.patience.set(1);
    let events = say(&mut host, &stage, climb("0..1"));
    let steps = events.iter().filter(|event| matches!(event, Event::Progress { .. })).count();
    assert!(steps == 2 && !matches!(events.back(), Some(Event::Explained { .. } | Event::Failed { .. })), "{events:?}");
    assert!(say(&mut host, &stage, Command::Stop).is_empty());
}
