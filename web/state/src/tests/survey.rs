//! Survey of the images to choose from.

use std::collections::BTreeMap;

use convscope_core::survey::{Found, KeptFinding, Surveyed, Suspect, Task};

use super::*;
use crate::{Filter, Finding, SurveyFile, gallery};

/// What a model finds: a class by its index, with heat in the lower left corner.
fn found(class: usize, probability: f32) -> Found {
    let values = (0..256).map(|at| f32::from(u8::from(at / 16 >= 13 && at % 16 < 3))).collect();
    let evidence = convscope_core::explain::Evidence::Features;
    let score = convscope_core::explain::Score::Logit;
    let map = AttributionMap::new("conv".into(), [16, 16], values, evidence, score);
    let class = Class { index: class, name: ["zero", "one"][class].into(), probability: Some(probability), logit: 1.0 };
    Found::new(&[class], &map, BTreeMap::new()).expect("findings")
}

/// A folder of images, in folders that are called like classes.
fn folder(state: &mut State, paths: &[&str]) {
    let file = |(at, path): (usize, &&str)| {
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let handle =
            FileHandle { file: Rc::new(at), name: name.clone(), path: format!("photos/{path}"), bytes: 5, modified: 1 };
        (name, Content::File(handle))
    };
    let effects = state.apply(ImageAction::Files(paths.iter().enumerate().map(file).collect()));
    let look = effects.iter().find_map(|effect| match effect {
        Effect::SendWithFile(ticket, Command::Look { .. }, _) => Some(*ticket),
        _ => None,
    });
    let effects = state.apply(heard(look.expect("a look"), looked(&[1, 0])));
    state.apply(heard(asked(&effects).0, done()));
}

/// The step that the worker is asked for, with the file that it is about.
fn step(effects: &[Effect]) -> Option<(Ticket, Task, Option<String>)> {
    effects.iter().find_map(|effect| match effect {
        Effect::SendWithFile(ticket, Command::Survey { task, .. }, handle) => {
            Some((*ticket, task.clone(), Some(handle.path.clone())))
        }
        Effect::Send(ticket, Command::Survey { task, .. }) => Some((*ticket, task.clone(), None)),
        _ => None,
    })
}

/// Answers a step, and gives the next one's effects.
fn answer(state: &mut State, ticket: Ticket, surveyed: Surveyed) -> Vec<Effect> {
    state.apply(heard(ticket, Event::Surveyed(surveyed)));
    state.apply(heard(ticket, done()))
}

fn of_image(number: u8, class: usize, probability: f32) -> Surveyed {
    let sha256 = format!("{number:064x}").chars().rev().collect();
    Surveyed::Found { sha256, found: Some(found(class, probability)), picture: vec![number] }
}

fn begun(paths: &[&str]) -> (State, Vec<Effect>) {
    let mut state = settled();
    folder(&mut state, paths);
    state.apply(SurveyAction::Open(true));
    let name = awaited(&state.apply(SurveyAction::Start));
    assert!(state.is_surveying() && !state.is_survey_due(), "nothing is looked at before it is known what is kept");
    let effects = state.apply(SurveyAction::Kept(name, vec![]));
    (state, effects)
}

/// The name under which findings of earlier visits are asked for.
fn awaited(effects: &[Effect]) -> String {
    let [Effect::GetFindings(name)] = effects else { panic!("nothing is asked for: {effects:?}") };
    name.clone()
}

#[test]
fn images_are_looked_at_one_after_the_other_in_the_order_of_their_paths() {
    let (mut state, effects) = begun(&["zero/b.png", "one/a.png", "zero/a.png"]);
    let mut effects = effects;
    for (number, path) in (1..).zip(["photos/one/a.png", "photos/zero/a.png", "photos/zero/b.png"]) {
        let (ticket, task, file) = step(&effects).expect("a step");
        assert!(matches!(task, Task::Find { ref known, .. } if known.len() + 1 == usize::from(number)), "{task:?}");
        assert_eq!(file.as_deref(), Some(path));
        effects = answer(&mut state, ticket, of_image(number, 0, 0.25 * f32::from(number)));
    }
    assert_eq!(effects, []);
    let seen = state.surveyed().expect("a survey");
    assert_eq!((seen.done, seen.count, seen.goes_on, seen.begun), (3, 3, false, true));
    let rows: Vec<_> = seen.rows.iter().map(|row| (row.path.as_str(), row.truth.as_deref(), row.is_right())).collect();
    assert_eq!(
        rows,
        [
            ("one/a.png", Some("one"), Some(false)),
            ("zero/a.png", Some("zero"), Some(true)),
            ("zero/b.png", Some("zero"), Some(true))
        ]
    );
    assert_eq!(seen.images[2].picture.as_deref(), Some(&[3][..]));
    // The same is not looked at again, and the table has a line each.
    assert_eq!(state.apply(SurveyAction::Start), []);
    let saved = state.apply(SurveyAction::Save(SurveyFile::Table));
    let [Effect::Download { name, bytes }] = &saved[..] else { panic!("no file: {saved:?}") };
    let table = String::from_utf8(bytes.to_vec()).expect("text");
    assert_eq!((name.as_str(), table.lines().count()), ("results.csv", 4));
    assert!(table.lines().nth(1).is_some_and(|line| line.starts_with("one/a.png,1000")), "{table}");
    let [Effect::Download { bytes, .. }] = &state.apply(SurveyAction::Save(SurveyFile::Page))[..] else { panic!() };
    let page = String::from_utf8(bytes.to_vec()).expect("text");
    assert!(page.contains("66.7 % right") && page.contains("data:image/jpeg;base64,Ag=="), "{page}");
}

#[test]
fn it_gives_way_and_goes_on_where_it_was() {
    let (mut state, effects) = begun(&["one/a.png", "zero/b.png"]);
    let (first, ..) = step(&effects).expect("a step");
    // A person chooses another class: the step is cancelled, its answer is stale, and it is taken again.
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    assert!(!state.is_survey_due() && state.is_surveying());
    assert_eq!(answer(&mut state, first, of_image(1, 1, 0.5)), []);
    assert_eq!(state.surveyed().map(|seen| seen.done), Some(0));
    state.apply(heard(run, done()));
    assert!(state.is_survey_due());
    let (again, ..) = step(&state.apply(SurveyAction::Next)).expect("a step");
    let (next, _, file) = step(&answer(&mut state, again, of_image(1, 1, 0.5))).expect("the next");
    assert_eq!(file.as_deref(), Some("photos/zero/b.png"));
    // Stopped, what has come stays.
    assert_eq!(sent(&state.apply(SurveyAction::Stop)).1, &Command::Stop);
    assert!(!state.is_surveying() && !state.worker.waits_for(next));
    assert_eq!(state.surveyed().map(|seen| (seen.done, seen.begun)), Some((1, true)));
    let (last, ..) = step(&state.apply(SurveyAction::Start)).expect("it goes on");
    // An image that cannot be read is a row with its reason.
    let broken = convscope_core::fault!("survey-test-broken", "it is broken");
    assert_eq!(state.apply(heard(last, Event::Failed(broken))), []);
    let seen = state.surveyed().expect("a survey");
    assert_eq!(seen.rows[1].error.as_deref(), Some("zero/b.png: it is broken"));
    assert_eq!((seen.done, seen.goes_on), (2, false));
    // What is chosen is seen on the stage.
    let serial = seen.images[0].photo.serial;
    state.apply(ImageAction::Choose(serial));
    assert_eq!(state.surveyed(), None);
    state.apply(SurveyAction::Open(true));
    state.apply(ImageAction::RemoveAll);
    assert_eq!(state.surveyed(), None, "there is nothing to survey");
}

#[test]
fn a_crash_is_the_images_and_it_is_not_tried_again() {
    let (mut state, effects) = begun(&["one/a.png", "zero/b.png"]);
    assert!(step(&effects).is_some());
    state.apply(crashed("out of memory"));
    assert!(!state.is_surveying());
    let seen = state.surveyed().expect("a survey");
    assert!(seen.rows[0].error.as_deref().is_some_and(|why| why.starts_with("one/a.png: the program ended")));
    assert_eq!(seen.done, 1);
}

#[test]
fn wrong_ones_come_first_and_filters_choose() {
    let (mut state, mut effects) = begun(&["one/a.png", "one/b.png", "zero/c.png", "zero/d.png"]);
    for (number, class, probability) in [(1, 1, 0.95), (2, 0, 0.5), (3, 0, 0.25), (4, 1, 0.75)] {
        let (ticket, ..) = step(&effects).expect("a step");
        effects = answer(&mut state, ticket, of_image(number, class, probability));
    }
    let shown = |state: &State, filter: Filter| gallery(&state.surveyed().expect("a survey").rows, &filter);
    assert_eq!(shown(&state, Filter::default()), [3, 1, 2, 0]);
    assert_eq!(shown(&state, Filter { right: Some(true), ..Filter::default() }), [2, 0]);
    assert_eq!(shown(&state, Filter { sure: Some(true), ..Filter::default() }), [0]);
    assert_eq!(shown(&state, Filter { sure: Some(false), class: Some("zero".into()), ..Filter::default() }), [1, 2]);
    let cell = Filter { label: Some(Some("zero".into())), class: Some("one".into()), ..Filter::default() };
    state.apply(SurveyAction::Filter(cell.clone()));
    assert_eq!((shown(&state, cell.clone()), state.surveyed().map(|seen| seen.filter)), (vec![3], Some(cell)));
    assert_eq!(shown(&state, Filter { label: Some(None), ..Filter::default() }), Vec::<usize>::new());
}

#[test]
fn a_mark_is_told_where_the_class_hangs_on_it() {
    let paths: Vec<String> = (0..6).map(|at| format!("{}/{at}.png", ["one", "zero"][at % 2])).collect();
    let (mut state, mut effects) = begun(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    for number in 1..=6 {
        let (ticket, ..) = step(&effects).expect("a step");
        effects = answer(&mut state, ticket, of_image(number, 0, 0.9));
    }
    effects = state.apply(SurveyAction::FindMarks);
    let (ticket, task, _) = step(&effects).expect("a step");
    let Task::Suspect(all) = task else { panic!("{task:?}") };
    let suspects: Vec<Suspect> = convscope_core::survey::suspects(&all);
    assert_eq!(suspects.first().map(|one| (one.class, one.rows.len())), Some((0, 6)));
    effects = answer(&mut state, ticket, Surveyed::Suspects(suspects[..1].to_vec()));
    // The same pixels in all of them; one cannot be read.
    for at in 0..6 {
        let (ticket, task, _) = step(&effects).expect("a step");
        assert!(matches!(task, Task::Patches(_)), "{task:?}");
        let patches = [[250.0, 10.0, 250.0].repeat(4), vec![100.0; 48]];
        effects = match at {
            3 => state.apply(heard(ticket, Event::Failed(convscope_core::fault!("survey-test-gone", "it is gone")))),
            _ => answer(&mut state, ticket, Surveyed::Patches(patches)),
        };
    }
    for _ in 0..5 {
        let (ticket, task, _) = step(&effects).expect("a step");
        assert!(matches!(task, Task::Cover { class: 0, .. }), "{task:?}");
        effects = answer(&mut state, ticket, Surveyed::Covered([0.9, 0.1, 0.9]));
    }
    assert_eq!(effects, []);
    let marks = state.surveyed().expect("a survey").marks;
    assert_eq!((marks.finding, marks.cues.len()), (Finding::Done, 1));
    assert!((marks.cues[0].probability[1] - 0.1).abs() < 1e-9 && marks.cues[0].thirds() == [2, 0], "{marks:?}");
}

#[test]
fn a_survey_outlives_the_page() {
    let (mut state, effects) = begun(&["one/a.png", "zero/b.png"]);
    let (ticket, ..) = step(&effects).expect("a step");
    let effects = state.apply(heard(ticket, Event::Surveyed(of_image(1, 1, 0.5))));
    let [Effect::KeepFinding { plan, sha256, finding }] = &effects[..] else { panic!("it is not kept: {effects:?}") };
    assert_eq!((&finding.found, &finding.picture[..]), (&found(1, 0.5), &[1][..]));
    let kept = vec![(sha256.clone(), (**finding).clone())];

    // Another page, and the same folder.
    let mut state = settled();
    state.apply(SurveyAction::Stored(1));
    assert_eq!(state.survey.stored, 1);
    folder(&mut state, &["one/a.png", "zero/b.png"]);
    state.apply(SurveyAction::Open(true));
    assert_eq!(awaited(&state.apply(SurveyAction::Start)), *plan);
    assert_eq!(state.apply(SurveyAction::Kept("of another plan".into(), kept.clone())), []);
    let broken =
        (sha256.clone(), KeptFinding { found: Found { map: "AAAA".into(), ..found(0, 1.0) }, picture: vec![] });
    let effects = state.apply(SurveyAction::Kept(plan.clone(), [vec![broken], kept].concat()));
    let (ticket, task, _) = step(&effects).expect("a step");
    assert!(matches!(task, Task::Find { ref known, .. } if known[..] == [Task::beginning(sha256)]), "{task:?}");
    // The worker says that it is that file: its row is there.
    let same = Surveyed::Found { sha256: sha256.clone(), found: None, picture: vec![] };
    let effects = answer(&mut state, ticket, same);
    assert!(step(&effects).is_some_and(|(_, _, file)| file.as_deref() == Some("photos/zero/b.png")), "{effects:?}");
    let rows = state.surveyed().expect("a survey").rows;
    assert_eq!((rows[0].found.as_ref(), rows[1].found.as_ref()), (Some(&found(1, 0.5)), None));
    // Another method is another survey.
    state.apply(SurveyAction::Stop);
    state.apply(ExplanationAction::ChooseMethod("gradient".into()));
    let effects = state.apply(SurveyAction::Start);
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::GetFindings(name) if name == plan)), "{effects:?}");
}
