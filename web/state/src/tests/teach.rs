//! Teaching with images of one's own.

use convscope_core::protocol::Taught;
use convscope_core::share::Share;
use convscope_core::teach::Trial;

use super::*;

/// A file of that content.
fn file(name: &str, byte: u8) -> (String, Content) {
    (name.into(), Content::Bytes(Rc::from([byte].as_slice())))
}

/// A page on which two classes of two images each are gathered.
fn gathered() -> State {
    gathered_on(settled())
}

/// The same, with the model that is ready there.
fn gathered_on(mut state: State) -> State {
    assert_eq!(state.apply(TeachAction::Open(vec![])), []);
    assert_eq!(state.teach.classes.len(), 2);
    for (index, name) in ["cups", "balls"].into_iter().enumerate() {
        state.apply(TeachAction::NameClass(index, name.into()));
        let byte = 10 * index as u8;
        state.apply(TeachAction::Add(index, vec![file("1.png", byte), file("2.png", byte + 1), file("1.png", byte)]));
        assert_eq!(state.teach.classes[index].images.len(), 2, "the same file counts once");
    }
    state
}

fn features(effects: &[Effect]) -> (Ticket, u8) {
    match sent(effects) {
        (ticket, Command::Features { layer: None, file }) => (ticket, file[0]),
        other => panic!("no image to look at: {other:?}"),
    }
}

/// Answers about an image, whose features and hash are its byte.
fn seen(ticket: Ticket, byte: u8) -> WorkerAction {
    let sha256 = byte.to_string();
    heard(ticket, Event::Features { features: vec![f32::from(byte)], sha256, note: None, seconds: 0.25 })
}

/// A page that teaches, the ticket, and what the worker was given to teach with.
fn fitting() -> (State, Ticket, convscope_core::teach::Examples) {
    fitting_on(gathered())
}

fn fitting_on(mut state: State) -> (State, Ticket, convscope_core::teach::Examples) {
    state.apply(TeachAction::Name(" taught / on".into()));
    let mut effects = state.apply(TeachAction::Teach);
    // By name, as folders are read: the balls come first.
    for (done, byte) in [10, 11, 0, 1].into_iter().enumerate() {
        assert_eq!(state.teach.step, TeachStep::Looking(done, 4));
        let (ticket, sent) = features(&effects);
        assert_eq!(sent, byte);
        effects = state.apply(seen(ticket, byte));
    }
    match sent(&effects) {
        (ticket, Command::Teach { id, layer: None, examples }) if id == "own-taught-on" => {
            (state, ticket, examples.clone())
        }
        other => panic!("nothing to teach: {other:?}"),
    }
}

fn taught() -> Event {
    let right = Share::of(3, 4).expect("a share");
    let trial = Trial { found: vec![0, 1, 1, 1], left_out: 1, right, confusion: vec![1, 1, 0, 2] };
    let (id, name) = ("own-taught-on".to_owned(), "taught-on, taught on small".to_owned());
    Event::Taught(Taught { id, name, bytes: 7, layer: "pool2".into(), trial, seconds: 0.5 })
}

#[test]
fn images_are_looked_at_taught_and_the_model_is_opened_and_asked_what_it_learnt() {
    let (mut state, ticket, examples) = fitting();
    assert_eq!(examples.classes, ["balls", "cups"]);
    let all: Vec<_> = examples.all.iter().map(|one| (one.name.as_str(), one.class, one.features[0])).collect();
    assert_eq!(
        all,
        [("balls/1.png", 0, 10.0), ("balls/2.png", 0, 11.0), ("cups/1.png", 1, 0.0), ("cups/2.png", 1, 1.0)]
    );
    assert_eq!(state.apply(heard(ticket, Event::Progress { done: 1, total: 4 })), []);
    assert_eq!(state.teach.step, TeachStep::Fitting(1, 4));

    let effects = state.apply(heard(ticket, taught()));
    let (open, command) = sent(&effects);
    assert_eq!(command, &Command::Open { model: "own-taught-on".into(), device: Choice::Auto });
    assert_eq!(state.model.list.len(), 3);
    let TeachStep::Taught(lecture) = state.teach.step.clone() else { panic!("{:?}", state.teach.step) };
    assert_eq!((lecture.base.as_str(), lecture.seconds, lecture.images.len()), ("small", 1.0, 4));
    // Not before the model has come, and explained the image that is seen.
    assert!(!state.is_teach_due());
    let (look, _) = sent(&state.apply(heard(open, model("own-taught-on", &["balls", "cups"]))));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    assert_eq!(state.apply(TeachAction::Next), []);
    state.apply(heard(run, done()));
    assert!(state.is_teach_due() && !state.is_trust_due());

    let mut effects = state.apply(TeachAction::Next);
    for (class, byte) in [(0, 10), (0, 11), (1, 0), (1, 1)] {
        let (ticket, command) = sent(&effects);
        let Command::Aside { request, file, .. } = command else { panic!("{command:?}") };
        assert_eq!(
            (request.target.as_ref().and_then(|target| target.single()), &request.layers),
            (Some(class), &Layers::Last)
        );
        assert_eq!((request.method.as_str(), file.as_deref()), ("grad_cam", Some([byte].as_slice())));
        state.apply(heard(ticket, looked(&[0, 1])));
        state.apply(heard(ticket, map("conv2")));
        effects = state.apply(heard(ticket, done()));
    }
    assert_eq!((effects.len(), state.teach.heat.done, state.is_teach_due()), (0, 4, false));
    assert!(state.teach.heat.means.iter().all(|mean| mean.count() == 2));

    // Taught once more, on the model that was there before, in place of this one; what was looked at is known.
    state.apply(TeachAction::Again);
    state.apply(TeachAction::Add(0, vec![file("3.png", 2)]));
    let effects = state.apply(TeachAction::Teach);
    let (open, command) = sent(&effects);
    assert_eq!(command, &Command::Open { model: "small".into(), device: Choice::Auto });
    let (look, _) = sent(&state.apply(heard(open, model("small", &["zero", "one"]))));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    state.apply(heard(run, done()));
    let (ticket, byte) = features(&state.apply(TeachAction::Next));
    assert_eq!(byte, 2);
    let effects = state.apply(seen(ticket, 2));
    assert!(
        matches!(sent(&effects).1, Command::Teach { id, examples, .. } if id == "own-taught-on" && examples.all.len() == 5)
    );
}

#[test]
fn what_cannot_be_taught_is_said_before_anything_is_looked_at() {
    let mut state = gathered();
    let problem = |state: &State| match &state.teach.problem {
        Some(Text::Own(key, _)) => (*key).to_owned(),
        Some(Text::Engine(fault)) => fault.code().to_owned(),
        other => panic!("{other:?}"),
    };
    state.apply(TeachAction::NameClass(1, "  ".into()));
    assert_eq!(state.apply(TeachAction::Teach), []);
    assert_eq!(problem(&state), "teach-nameless");
    state.apply(TeachAction::NameClass(1, "cups".into()));
    assert_eq!(state.teach.problem, None);
    assert_eq!(state.apply(TeachAction::Teach), []);
    assert_eq!((problem(&state), &state.teach.step), ("teach-too-few".into(), &TeachStep::Gathering));
}

#[test]
fn a_broken_image_and_one_that_is_there_twice_are_left_out() {
    let mut state = gathered();
    state.apply(TeachAction::Add(0, vec![file("3.png", 2), file("4.png", 3)]));
    let mut effects = state.apply(TeachAction::Teach);
    for byte in [10, 11, 0, 1] {
        let (ticket, _) = features(&effects);
        effects = state.apply(seen(ticket, byte));
    }
    let (ticket, _) = features(&effects);
    let effects = state.apply(heard(ticket, Event::Failed(Fault::plain("test", "no image"))));
    let (ticket, _) = features(&effects);
    let again = Event::Features { features: vec![0.0], sha256: "0".into(), note: None, seconds: 0.25 };
    let effects = state.apply(heard(ticket, again));
    let (ticket, Command::Teach { examples, .. }) = sent(&effects) else { panic!("{effects:?}") };
    assert_eq!(examples.all.len(), 4);
    state.apply(heard(ticket, taught()));
    let TeachStep::Taught(lecture) = &state.teach.step else { panic!("{:?}", state.teach.step) };
    let names: Vec<&str> = lecture.left_out.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["cups/3.png", "cups/4.png"]);
}

#[test]
fn stopping_closing_and_dying_lead_back_to_the_images() {
    let (mut state, _, _) = fitting();
    let effects = state.apply(TeachAction::Stop);
    assert_eq!((sent(&effects).1, &state.teach.step), (&Command::Stop, &TeachStep::Gathering));
    let (mut state, ticket, _) = fitting();
    let effects = state.apply(TeachAction::Close);
    assert_eq!((sent(&effects).1, state.teach.open), (&Command::Stop, false));
    assert_eq!(state.apply(heard(ticket, taught())), [], "nobody waits for it any longer");
    assert_eq!(state.apply(TeachAction::Open(vec![])), []);
    assert_eq!(state.teach.classes[0].images.len(), 2, "as it was left");
    let (mut state, ..) = fitting();
    state.apply(crashed("out of memory"));
    assert_eq!((&state.teach.step, &state.teach.problem), (&TeachStep::Gathering, &Some(Text::key("crashed-teach"))));
    let (mut state, ticket, _) = fitting();
    state.apply(heard(ticket, Event::Failed(Fault::plain("test", "no room"))));
    assert!(matches!(&state.teach.problem, Some(Text::Engine(_))) && state.can_teach());
}

#[test]
fn folders_are_classes() {
    let mut state = settled();
    state.apply(ImageAction::Files(vec![file("a.png", 1), file("b.png", 2)]));
    let serials: Vec<u64> = state.image.tray.iter().map(|photo| photo.serial).collect();
    state.apply(TeachAction::Open(vec![("cups".into(), serials[0]), ("balls".into(), serials[1])]));
    let names = |state: &State| -> Vec<(String, usize)> {
        state.teach.classes.iter().map(|class| (class.name.clone(), class.images.len())).collect()
    };
    assert_eq!(names(&state), [("cups".into(), 1), ("balls".into(), 1)]);
    let more = |label: &str, byte| {
        let (name, content) = file("c.png", byte);
        (label.to_owned(), name, content)
    };
    state.apply(TeachAction::AddFolder(vec![more("balls", 3), more("hats", 4)]));
    assert_eq!(names(&state), [("cups".into(), 1), ("balls".into(), 2), ("hats".into(), 1)]);
    state.apply(TeachAction::RemoveClass(0));
    let serial = state.teach.classes[0].images[0].serial;
    state.apply(TeachAction::Remove(0, serial));
    assert_eq!(names(&state), [("balls".into(), 1), ("hats".into(), 1)]);
    // A single folder is one of anything.
    let mut state = settled();
    state.apply(ImageAction::Files(vec![file("a.png", 1), file("b.png", 2)]));
    let serial = state.image.tray[0].serial;
    state.apply(TeachAction::Open(vec![("photos".into(), serial)]));
    assert_eq!(names(&state), [(String::new(), 0), (String::new(), 0)]);
}

#[test]
fn what_was_taught_on_a_network_without_classes_is_asked_about_them() {
    for (id, method) in [("own-taught-on", "grad_cam"), ("small", "activations")] {
        let mut state = settled();
        let (open, _) = sent(&state.apply(ModelAction::Choose("large".into())));
        let (look, _) = sent(&state.apply(heard(open, model("large", &[]))));
        let (run, request) = asked(&state.apply(heard(look, looked(&[]))));
        assert_eq!(request.method, "activations");
        state.apply(heard(run, done()));
        let (mut state, ticket, _) = fitting_on(gathered_on(state));
        let (mut open, _) = sent(&state.apply(heard(ticket, taught())));
        // Whoever goes to another model instead stays with the method.
        if id != "own-taught-on" {
            open = sent(&state.apply(ModelAction::Choose(id.into()))).0;
        }
        let (look, _) = sent(&state.apply(heard(open, model(id, &["balls", "cups"]))));
        let (_, request) = asked(&state.apply(heard(look, looked(&[1, 0]))));
        assert_eq!(request.method, method, "{id}");
    }
}
