//! Requests beside what is seen.

use super::*;

/// The same request beside what is seen, of that image.
fn aside(command: Command, image: Option<u8>) -> Command {
    let Command::Run(request) = command else { panic!("no request") };
    let file = image.map(|shade| match look(shade) {
        Command::Look { file, .. } => file,
        _ => unreachable!(),
    });
    Command::Aside { request, file, model: None }
}

fn artifacts(events: &VecDeque<Event>) -> Vec<Artifact> {
    events.iter().filter_map(|event| if let Event::Artifact(one) = event { Some(one.clone()) } else { None }).collect()
}

#[test]
fn what_is_asked_beside_is_the_same_and_what_was_there_stays() {
    let (mut worker, stage) = (Worker::default(), stage());
    assert!(message(&say(&mut worker, &stage, aside(explain("b"), None))).contains("no model is loaded"));
    say(&mut worker, &stage, open("tiny"));
    say(&mut worker, &stage, look(90));
    let first = artifacts(&say(&mut worker, &stage, explain("all")));
    let export = Command::Export(Export { style: MapStyle::default(), form: Form::Bundle { image: None } });
    let saved = say(&mut worker, &stage, export.clone());
    let other = say(&mut worker, &stage, aside(explain("b"), None));
    assert!(matches!(other.back(), Some(Event::Done { .. })) && first.contains(&artifacts(&other)[0]));
    assert_eq!(say(&mut worker, &stage, export), saved, "what came to its end last is still it");
}

#[test]
fn another_image_is_looked_at_for_it_alone() {
    let (mut worker, stage) = (Worker::default(), stage());
    say(&mut worker, &stage, open("tiny"));
    say(&mut worker, &stage, look(20));
    let expected = artifacts(&say(&mut worker, &stage, ask("activations", Layers::parse("b"), &[])));
    say(&mut worker, &stage, look(90));
    let own = artifacts(&say(&mut worker, &stage, ask("activations", Layers::parse("b"), &[])));
    let events = say(&mut worker, &stage, aside(ask("activations", Layers::parse("b"), &[]), Some(20)));
    assert!(matches!(events.front(), Some(Event::Looked { width: 8, height: 8, .. })), "{events:?}");
    assert!(artifacts(&events) == expected && expected != own);
    let again = artifacts(&say(&mut worker, &stage, ask("activations", Layers::parse("b"), &[])));
    assert_eq!(again, own, "the image that is seen is the same");
    let broken = Command::Aside { request: Request::default(), file: Some(vec![1, 2, 3]), model: None };
    assert!(message(&say(&mut worker, &stage, broken)).contains("image"));
}

/// The same command of another model.
fn of(model: &str, command: Command) -> Command {
    let Command::Aside { request, file, .. } = command else { panic!("nothing beside") };
    Command::Aside { request, file, model: Some(model.into()) }
}

/// What a model gives when it is the one that is there.
fn alone(model: &str, shade: u8) -> Vec<Artifact> {
    let (mut worker, stage) = (Worker::default(), stage());
    say(&mut worker, &stage, open(model));
    say(&mut worker, &stage, look(shade));
    artifacts(&say(&mut worker, &stage, explain("b")))
}

#[test]
fn another_model_is_asked_and_the_one_that_is_there_stays() {
    let (mut worker, stage) = (Worker::default(), stage());
    say(&mut worker, &stage, open("tiny"));
    say(&mut worker, &stage, look(90));
    let own = artifacts(&say(&mut worker, &stage, explain("b")));
    let loads = |events: &VecDeque<Event>| events.iter().any(|event| matches!(event, Event::Loading { .. }));
    let events = say(&mut worker, &stage, of("exact", aside(explain("b"), None)));
    assert!(loads(&events) && events.iter().any(|event| matches!(event, Event::Looked { width: 8, .. })), "{events:?}");
    assert!(artifacts(&events) == alone("exact", 90) && artifacts(&events) != own);
    // It is held for the next request about it, of another image too, and for no other.
    let events = say(&mut worker, &stage, of("exact", aside(explain("b"), Some(20))));
    assert!(!loads(&events) && artifacts(&events) == alone("exact", 20), "{events:?}");
    assert_eq!(artifacts(&say(&mut worker, &stage, aside(explain("b"), None))), own, "the model is the same");
    assert!(loads(&say(&mut worker, &stage, of("exact", aside(explain("b"), None)))));
    // What cannot be loaded is a failure of that request alone.
    let events = say(&mut worker, &stage, of("damaged", aside(explain("b"), None)));
    assert!(matches!(events.back(), Some(Event::Failed(fault)) if fault.to_string().contains("weights-01.bin")));
    assert_eq!(artifacts(&say(&mut worker, &stage, explain("b"))), own);
    stage.patience.set(0);
    let events = say(&mut worker, &stage, of("exact", aside(explain("b"), None)));
    assert!(events.iter().all(|event| matches!(event, Event::Loading { .. })), "cancelled: {events:?}");
}
