//! The worker's side of the page, driven as a page drives it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use common::{Memory, tiny};
use convscope::device::Choice;
use convscope::host::{Host, World};
use convscope::model::Codec;
use convscope::picture::Picture;
use convscope::protocol::{Command, Event};
use pollster::block_on;

/// A world with two models, one of them damaged, that says "go on" a given number of times.
struct Stage {
    events: RefCell<Vec<Event>>,
    patience: Cell<usize>,
}

impl World for Stage {
    type Source = Memory;

    fn source(&self, model: &str) -> Memory {
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
