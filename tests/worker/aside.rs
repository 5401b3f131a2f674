//! Requests beside what is seen.

use super::*;

/// The same request beside what is seen, of that image.
fn aside(command: Command, image: Option<u8>) -> Command {
    let Command::Run(request) = command else { panic!("no request") };
    let file = image.map(|shade| match look(shade) {
        Command::Look { file, .. } => file,
        _ => unreachable!(),
    });
    Command::Aside { request, file }
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
    let broken = Command::Aside { request: Request::default(), file: Some(vec![1, 2, 3]) };
    assert!(message(&say(&mut worker, &stage, broken)).contains("image"));
}
