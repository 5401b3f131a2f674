//! Steps of a survey.

use convscope::survey::{Surveyed, Task};

use super::*;

fn image(seed: u32) -> Vec<u8> {
    let rgb = (0..40 * 40 * 3).map(|at: u32| (at * (seed + 3) % 251) as u8).collect();
    Image::from_rgb(40, 40, rgb).unwrap().png().unwrap()
}

fn step(worker: &mut Worker, stage: &Stage, task: Task, file: Option<Vec<u8>>) -> Vec<Event> {
    stage.events.borrow_mut().clear();
    block_on(worker.handle(Command::Survey { task, file }, stage));
    stage.events.borrow().clone()
}

#[test]
fn a_step_finds_what_the_engine_finds_and_leaves_what_is_seen() {
    let (stage, mut worker) = (stage(), Worker::default());
    block_on(worker.handle(Command::Open { model: "tiny".into(), device: Choice::Cpu }, &stage));
    let request = Request { method: "grad_cam".into(), layers: Layers::Last, ..Request::default() };
    let find = |known| Task::Find { request: request.clone(), known };
    let events = step(&mut worker, &stage, find(vec![]), Some(image(1)));
    let [.., Event::Surveyed(Surveyed::Found { sha256, found: Some(found), picture }), Event::Done { .. }] =
        &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(*sha256, convscope::export::sha256(&image(1)));
    assert!(found.is_whole() && Image::decode(picture).is_ok_and(|small| small.width() == 40));
    // One that is known is not looked at, and one that is no image is a failure.
    let events = step(&mut worker, &stage, find(vec![Task::beginning(sha256)]), Some(image(1)));
    assert!(
        matches!(&events[..], [Event::Surveyed(Surveyed::Found { found: None, .. }), Event::Done { .. }]),
        "{events:?}"
    );
    let events = step(&mut worker, &stage, find(vec![]), Some(b"no image".to_vec()));
    assert!(matches!(&events[..], [Event::Failed(_)]), "{events:?}");
    let cover = Task::Cover {
        class: found.predicted,
        place: convscope::cue::Place { rows: [12, 16], columns: [0, 4], side: 16 },
    };
    let events = step(&mut worker, &stage, cover, Some(image(1)));
    let [Event::Surveyed(Surveyed::Covered([own, covered, elsewhere])), Event::Done { .. }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(*own as f32, found.probability.unwrap());
    assert!(covered != own && elsewhere != own, "{events:?}");
}
