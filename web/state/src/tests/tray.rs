//! Images to choose from, and those of a camera.

use super::drill::{answer, beside, channel, drilled, maps};
use super::methods::sheet;
use super::*;
use crate::{DrillAction, point};

fn files(state: &mut State, files: &[(&str, u8)]) -> Vec<Effect> {
    let file = |&(name, byte): &(&str, u8)| (name.to_owned(), Content::Bytes(Rc::from([byte].as_slice())));
    state.apply(ImageAction::Files(files.iter().map(file).collect()))
}

fn names(state: &State) -> Vec<&str> {
    state.image.tray.iter().map(|photo| photo.name.as_str()).collect()
}

#[test]
fn an_image_that_is_given_again_is_there_once() {
    let mut state = settled();
    files(&mut state, &[("a.jpg", 1), ("b.jpg", 2), ("copy of a.jpg", 1)]);
    assert_eq!(names(&state), ["a.jpg", "b.jpg"]);
    // It is looked at all the same.
    let effects = files(&mut state, &[("b again.jpg", 2), ("c.jpg", 3)]);
    assert_eq!(sent(&effects).1, &Command::Look { name: "b.jpg".into(), file: vec![2] });
    assert_eq!(names(&state), ["a.jpg", "b.jpg", "c.jpg"]);
}

#[test]
fn images_can_be_removed() {
    let mut state = settled();
    let (look, _) = sent(&files(&mut state, &[("a.jpg", 1), ("b.jpg", 2), ("c.jpg", 3)]));
    state.apply(heard(look, looked(&[1, 0])));
    let serials: Vec<u64> = state.image.tray.iter().map(|photo| photo.serial).collect();
    assert_eq!(state.apply(ImageAction::Remove(serials[1])), [], "it has not been seen, and is kept nowhere");
    assert_eq!(names(&state), ["a.jpg", "c.jpg"]);
    // The one that is seen stays in sight, and is not kept any longer.
    assert_eq!(state.apply(ImageAction::Remove(serials[0])), [Effect::ForgetKept("00".repeat(32))]);
    assert_eq!(
        (names(&state), state.image.photo.as_ref().map(|photo| photo.serial)),
        (vec!["c.jpg"], Some(serials[0]))
    );
    assert_eq!(state.apply(ImageAction::Remove(999)), []);
    state.apply(ImageAction::RemoveAll);
    assert_eq!(names(&state), Vec::<&str>::new());
}

#[test]
fn a_pinned_class_stays_for_other_images() {
    let mut state = settled();
    let next = |state: &mut State| {
        let (look, _) = sent(&give(state, "next.jpg"));
        asked(&state.apply(heard(look, looked(&[1, 0])))).1.target
    };
    state.apply(ExplanationAction::ChooseClass(0));
    assert_eq!(next(&mut state), Some(1.into()));
    state.apply(ExplanationAction::Pin(true));
    state.apply(ExplanationAction::ChooseClass(0));
    assert_eq!((next(&mut state), next(&mut state)), (Some(0.into()), Some(0.into())));
    state.apply(ExplanationAction::Pin(false));
    assert_eq!(next(&mut state), Some(1.into()));
    // Another model may have no such class.
    state.apply(ExplanationAction::Pin(true));
    let (open, _) = sent(&state.apply(ModelAction::Choose("large".into())));
    let (look, _) = sent(&state.apply(heard(open, model("large", &["a", "b", "c"]))));
    assert_eq!(asked(&state.apply(heard(look, looked(&[2, 1, 0])))).1.target, Some(2.into()));
}

/// A frame of a camera, looked at; the run that begins.
fn frame(state: &mut State) -> Ticket {
    let (look, _) = sent(&state.apply(ImageAction::Frame { name: "Camera".into(), file: Rc::from([7].as_slice()) }));
    asked(&state.apply(heard(look, looked(&[1, 0])))).0
}

#[test]
fn the_map_of_a_frame_stays_until_the_next() {
    let mut state = settled();
    let run = frame(&mut state);
    assert_eq!(seen(&state), None, "that of the cat is not one of the camera's");
    state.apply(heard(run, map("conv1")));
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    let run = frame(&mut state);
    assert_eq!((seen(&state), state.is_stale(state.explanation.current())), (Some(1), false));
    assert!(state.layered().overlay.is_some() && state.blank().is_none());
    // But it is not one of this frame.
    assert_eq!((state.view(), state.trust(), state.can_save(Saving::Results)), (None, None, false));
    state.apply(heard(run, map("conv1")));
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    assert!(state.view().is_some() && state.can_save(Saving::Results));
    assert_eq!(state.image.tray.len(), 0);
    // An image that is no frame begins with nothing.
    let (look, _) = sent(&give(&mut state, "dog.jpg"));
    state.apply(heard(look, looked(&[1, 0])));
    assert_eq!(seen(&state), None);
}

#[test]
fn a_feature_map_over_the_camera_is_that_of_the_last_frame() {
    let mut state = settled();
    frame(&mut state);
    let (run, _) = asked(&choose_method(&mut state, "activations"));
    state.apply(heard(run, sheet("conv2")));
    state.apply(ExplanationAction::ChooseChannel(Some(1)));
    let plane = |state: &State| state.explanation.results.channel.as_ref().map(|map| map.plane.values.clone());
    assert_eq!(plane(&state), Some(vec![-0.5, 1.0]));
    let run = frame(&mut state);
    assert_eq!(plane(&state), Some(vec![-0.5, 1.0]), "until the next comes");
    let Event::Artifact(Artifact::Sheet(next)) = sheet("conv2") else { panic!("a sheet") };
    let next = convscope_core::artifact::Sheet { values: vec![0.0, 1.0, 2.0, 8.0], ..next };
    state.apply(heard(run, Event::Artifact(Artifact::Sheet(next))));
    assert_eq!(plane(&state), Some(vec![0.25, 1.0]));
}

/// A file of the machine, which is a number here.
fn file(number: u8, name: &str) -> (String, Content) {
    let handle =
        FileHandle { file: Rc::new(number), name: name.into(), path: String::new(), bytes: 6_000_000, modified: 1 };
    (name.to_owned(), Content::File(handle))
}

fn number(handle: &FileHandle) -> Option<&u8> {
    handle.file.downcast_ref()
}

#[test]
fn the_browser_s_files_are_let_go_with_their_images() {
    let mut state = settled();
    let given = [file(1, "a.jpg"), file(2, "b.jpg"), file(3, "c.jpg")];
    let held = given.each_ref().map(|(_, content)| match content {
        Content::File(handle) => Rc::downgrade(&handle.file),
        Content::Bytes(_) => panic!("bytes"),
    });
    let effects = state.apply(ImageAction::Files(given.into()));
    let [Effect::SendWithFile(first, ..)] = effects[..] else { panic!("{effects:?}") };
    drop(effects);
    let is_held = || held.each_ref().map(|file| file.upgrade().is_some());
    let serial = |state: &State, at: usize| state.image.tray[at].serial;
    let (b, c) = (serial(&state, 1), serial(&state, 2));
    state.apply(ImageAction::Remove(b));
    assert_eq!(is_held(), [true, false, true]);
    // The one that is being looked at, until another one is seen.
    state.apply(ImageAction::Remove(serial(&state, 0)));
    state.apply(heard(first, looked(&[1, 0])));
    assert_eq!(is_held(), [true, false, true]);
    let effects = state.apply(ImageAction::Choose(c));
    let [Effect::SendWithFile(next, ..)] = effects[..] else { panic!("{effects:?}") };
    state.apply(heard(next, looked(&[1, 0])));
    assert_eq!(is_held(), [false, false, true]);
}

#[test]
fn files_of_the_machine_are_read_when_they_are_chosen_and_not_held() {
    let mut state = settled();
    let effects = state.apply(ImageAction::Files(vec![file(1, "a.jpg"), file(2, "b.jpg"), file(3, "a.jpg")]));
    assert_eq!(names(&state), ["a.jpg", "b.jpg"], "one of the same name, size and date is the same");
    let [Effect::SendWithFile(first, Command::Look { name, file: bytes }, handle)] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((name.as_str(), bytes.len(), number(handle)), ("a.jpg", 0, Some(&1)));
    // Another one is chosen before the first has been read.
    let serial = state.image.tray[1].serial;
    let effects = state.apply(ImageAction::Choose(serial));
    let [Effect::SendWithFile(second, _, handle)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(
        (state.worker.waits_for(*first), state.worker.waits_for(*second), number(handle)),
        (false, true, Some(&2))
    );
    // One that cannot be read is dropped like one that is no image.
    state.apply(heard(*second, Event::Failed(Fault::plain("test", "gone"))));
    assert_eq!(names(&state), ["a.jpg"]);
}

#[test]
fn nothing_is_left_of_an_image_that_was_removed() {
    let mut state = settled();
    let see = |state: &mut State, effects: &[Effect]| {
        let (look, _) = sent(effects);
        let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
        state.apply(heard(run, map("conv2")));
        state.apply(heard(run, done()));
    };
    let effects = files(&mut state, &[("a.jpg", 1), ("b.jpg", 2), ("c.jpg", 3)]);
    see(&mut state, &effects);
    let (ticket, ..) = beside(&state.apply(DrillAction::Look(point((0.5, 0.2)))));
    let (ticket, ..) = beside(&answer(&mut state, ticket, vec![channel(1, 0.75)]));
    let (ticket, ..) = beside(&answer(&mut state, ticket, vec![maps(4, 2.0)]));
    let (ticket, ..) = beside(&answer(&mut state, ticket, vec![channel(1, 0.0)]));
    let (ticket, _, file) = beside(&answer(&mut state, ticket, vec![looked(&[0, 1]), maps(0, 1.0)]));
    assert_eq!((file, drilled(&state).elsewhere.len()), (Some(vec![2]), 1));
    // One that is being searched, and then one that has been.
    let [_, b, c] = [0, 1, 2].map(|index: usize| Rc::downgrade(&state.image.tray[index]));
    let serial = |photo: &std::rc::Weak<ImageFile>| photo.upgrade().map_or(0, |photo| photo.serial);
    let effects = state.apply(ImageAction::Remove(serial(&b)));
    assert_eq!((sent(&effects).1, b.upgrade()), (&Command::Stop, None));
    assert_eq!(state.apply(heard(ticket, done())), []);
    let (photo, place) = (drilled(&state).elsewhere[0].photo.clone(), drilled(&state).place);
    let effects = state.apply(DrillAction::Image(photo, place));
    see(&mut state, &effects);
    let a = Rc::downgrade(&state.drill.trail[0].photo);
    state.apply(ImageAction::Remove(serial(&a)));
    assert_eq!((a.upgrade(), state.drill.trail.len()), (None, 0));
    // What is seen stays as it is.
    state.apply(ImageAction::RemoveAll);
    assert!(c.upgrade().is_some() && state.drilled().is_some());
}
