//! A place that is looked into.

use convscope_core::artifact::{Drawing, Measure, Panel, Share, Sheet};
use convscope_core::param::Value;
use convscope_core::predictions::Activation;
use convscope_core::render::Scaling;

use super::*;
use crate::{AsideAction, ConventionsAction, DrillAction, Drilled, point};

/// The request beside what is seen, with its ticket and the image that is sent with it.
pub(super) fn beside(effects: &[Effect]) -> (Ticket, Request, Option<Vec<u8>>) {
    match sent(effects) {
        (ticket, Command::Aside { request, file, .. }) => (ticket, request.clone(), file.clone()),
        other => panic!("nothing beside: {other:?}"),
    }
}

pub(super) fn channel(channel: usize, share: f64) -> Event {
    Event::Artifact(Artifact::Panel(Panel {
        layer: "conv2".into(),
        channel: Some(channel),
        measure: Measure::Share(Share { value: share, share: Some(share) }),
        drawing: Some(Drawing { width: 1, height: 1, rgb: vec![0; 3] }),
        values: vec![],
    }))
}

/// Two feature maps of 3 x 3, the second largest at one cell.
pub(super) fn maps(at: usize, value: f32) -> Event {
    let mut values = vec![0.0; 18];
    values[9 + at] = value;
    let activation = Activation::of("conv2".into(), [2, 3, 3], &values);
    Event::Artifact(Artifact::Sheet(Sheet { activation, values, scaling: Scaling::Channel, columns: 2 }))
}

pub(super) fn drilled(state: &State) -> Drilled {
    state.drilled().expect("a place that is looked into")
}

fn value(request: &Request, id: &str) -> String {
    request.values.get(id).map(Value::to_string).unwrap_or_default()
}

/// Answers a request beside what is seen, and gives what comes next.
pub(super) fn answer(state: &mut State, ticket: Ticket, events: Vec<Event>) -> Vec<Effect> {
    for event in events {
        assert_eq!(state.apply(heard(ticket, event)), []);
    }
    state.apply(heard(ticket, done()))
}

/// A page with a place that is looked into, and the ticket of what is asked first.
fn opened() -> (State, Ticket) {
    let mut state = settled();
    assert!(state.can_drill() && state.drilled().is_none() && !state.is_aside_due());
    let (ticket, request, file) = beside(&state.apply(DrillAction::Look(point((0.50004, 0.2)))));
    assert_eq!((request.method.as_str(), &request.target), ("channel_attribution", &Some(1.into())));
    assert_eq!((value(&request, "place"), value(&request, "channels")), ("0.5,0.2,0,0".into(), "top12".into()));
    assert_eq!((request.layers, file), (Layers::Named(vec!["conv2".into()]), None));
    (state, ticket)
}

/// The same with everything that comes without being asked for.
fn whole() -> State {
    let (mut state, ticket) = opened();
    let effects = answer(&mut state, ticket, vec![channel(1, 0.75), channel(0, 0.25)]);
    let (ticket, request, _) = beside(&effects);
    assert_eq!(request.method, "activations");
    let (ticket, request, _) = beside(&answer(&mut state, ticket, vec![maps(4, 2.0)]));
    assert_eq!((request.method.as_str(), value(&request, "channels")), ("channel_reconstruction", "1".into()));
    assert_eq!(answer(&mut state, ticket, vec![channel(1, 0.0)]), []);
    state
}

#[test]
fn a_place_shows_its_channels_and_the_first_of_them_in_all_ways() {
    let state = whole();
    let Drilled { cells, size, shares, channel, sheet, reconstruction, optimum, earlier, later, .. } = drilled(&state);
    // The network sees the middle half of an image twice as wide as high.
    assert_eq!((cells, size, channel), (vec![(1, 0)], [3, 3], Some(1)));
    assert_eq!(shares.iter().map(|panel| panel.channel).collect::<Vec<_>>(), [Some(1), Some(0)]);
    assert!(sheet.is_some() && reconstruction.is_some() && optimum.is_none());
    assert_eq!((earlier.as_deref(), later), (Some("conv1"), None));
    assert!(!state.is_aside_due() && state.is_trust_due(), "then the map is measured");
    assert_eq!(state.explanation.results.maps.len(), 2, "what was seen stays");
}

#[test]
fn the_way_goes_on_and_back() {
    let mut state = whole();
    let (_, request, _) = beside(&state.apply(DrillAction::Channel(0)));
    assert_eq!((request.method.as_str(), value(&request, "channels")), ("channel_reconstruction", "0".into()));
    assert_eq!((drilled(&state).channel, drilled(&state).trail.len()), (Some(0), 1));
    // The same place in the layer before: its own channels.
    let (_, request, _) = beside(&state.apply(DrillAction::Layer("conv1".into())));
    assert_eq!(
        (request.method.as_str(), &request.layers),
        ("channel_attribution", &Layers::Named(vec!["conv1".into()]))
    );
    assert_eq!((drilled(&state).channel, state.explanation.layer.as_deref()), (None, Some("conv1")));
    state.apply(DrillAction::Look(point((0.7, 0.7))));
    let steps: Vec<_> = drilled(&state).trail.iter().map(|step| (step.layer.clone(), step.channel)).collect();
    assert_eq!(steps, [("conv2".to_owned(), None), ("conv2".to_owned(), Some(0)), ("conv1".to_owned(), None)]);
    state.apply(DrillAction::Back(1));
    let now = drilled(&state);
    assert_eq!((now.layer.as_str(), now.channel, now.place, now.trail.len()), ("conv2", Some(0), point((0.5, 0.2)), 1));
    assert_eq!(now.shares.len(), 2, "what has come once is known");
    assert_eq!(state.apply(DrillAction::Back(7)), []);
}

#[test]
fn the_optimum_waits_for_a_person_and_is_kept() {
    let mut state = whole();
    let (ticket, request, file) = beside(&state.apply(DrillAction::Optimize));
    assert_eq!((request.method.as_str(), value(&request, "filters"), file), ("filters", "1".into(), None));
    assert_eq!(value(&request, "steps"), "32", "as quick as where a person waits");
    state.apply(heard(ticket, Event::Progress { done: 3, total: 32 }));
    assert_eq!(drilled(&state).optimizing, Some((3, 32)));
    state.apply(heard(ticket, channel(1, 0.5)));
    let kept = answer(&mut state, ticket, vec![channel(1, 0.9)]);
    assert!(matches!(kept[..], [Effect::KeepOptimum(..)]), "also for the next visit: {kept:?}");
    let optimum = drilled(&state).optimum.expect("an optimum");
    assert_eq!(
        (optimum.measure, drilled(&state).optimizing),
        (Measure::Share(Share { value: 0.9, share: Some(0.9) }), None)
    );
    // Of another image it is the same.
    state.apply(DrillAction::Close);
    let (look, _) = sent(&give(&mut state, "other.png"));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    state.apply(DrillAction::Look(point((0.5, 0.5))));
    state.apply(DrillAction::Channel(1));
    assert!(drilled(&state).optimum.is_some() && drilled(&state).shares.is_empty());
}

#[test]
fn other_images_are_searched_and_can_be_gone_to() {
    let mut state = settled();
    let files = |names: &[(&str, u8)]| {
        names.iter().map(|(name, byte)| ((*name).to_owned(), Content::Bytes(Rc::from([*byte].as_slice())))).collect()
    };
    let (look, _) = sent(&state.apply(ImageAction::Files(files(&[("a.jpg", 1), ("b.jpg", 2), ("c.jpg", 3)]))));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    let (ticket, ..) = beside(&state.apply(DrillAction::Look(point((0.5, 0.2)))));
    let (ticket, ..) = beside(&answer(&mut state, ticket, vec![channel(1, 0.75)]));
    let (ticket, ..) = beside(&answer(&mut state, ticket, vec![maps(4, 2.0)]));
    let (ticket, request, file) = beside(&answer(&mut state, ticket, vec![channel(1, 0.0)]));
    assert_eq!((request.method.as_str(), file, drilled(&state).unsearched), ("activations", Some(vec![3]), 2));
    let (ticket, _, file) = beside(&answer(&mut state, ticket, vec![looked(&[0, 1]), maps(0, 1.0)]));
    assert_eq!(file, Some(vec![2]));
    assert_eq!(answer(&mut state, ticket, vec![looked(&[0, 1]), maps(8, 5.0)]), []);
    let elsewhere = drilled(&state).elsewhere;
    let found: Vec<_> = elsewhere.iter().map(|one| (one.photo.name.as_str(), one.value, one.place)).collect();
    // The last cell of the middle half of an image, and the first.
    let share = |across: f64| (1.0 + 2.0 * across) / 4.0;
    assert_eq!(found, [("b.jpg", 5.0, (share(5.0 / 6.0), 5.0 / 6.0)), ("c.jpg", 1.0, (share(1.0 / 6.0), 1.0 / 6.0))]);
    let (photo, place) = (elsewhere[0].photo.clone(), elsewhere[0].point());
    let effects = state.apply(DrillAction::Image(photo, place));
    assert_eq!(sent(&effects).1, &Command::Look { name: "b.jpg".into(), file: vec![2] });
    let (look, _) = sent(&effects);
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    assert_eq!((drilled(&state).channel, drilled(&state).place), (Some(1), place));
    state.apply(heard(run, done()));
    assert!(state.is_aside_due());
    // Of an image that is seen the feature maps are kept, too.
    let (ticket, request, file) = beside(&state.apply(AsideAction::Next));
    assert_eq!((request.method.as_str(), file), ("channel_attribution", None));
    let (ticket, request, file) = beside(&answer(&mut state, ticket, vec![channel(1, 0.5)]));
    assert_eq!((request.method.as_str(), file, drilled(&state).sheet), ("activations", None, None));
    answer(&mut state, ticket, vec![maps(8, 5.0)]);
    assert!(drilled(&state).sheet.is_some());
    // And back to the image before.
    let effects = state.apply(DrillAction::Back(0));
    assert_eq!(sent(&effects).1, &Command::Look { name: "a.jpg".into(), file: vec![1] });
}

#[test]
fn it_gives_way_to_everything_and_comes_again() {
    let (mut state, ticket) = opened();
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    assert_eq!(state.apply(heard(ticket, channel(1, 0.5))), []);
    assert!(drilled(&state).shares.is_empty() && !state.is_aside_due(), "a person waits for something else");
    assert_eq!(state.apply(AsideAction::Next), []);
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    assert!(state.is_aside_due() && !state.is_trust_due());
    let (ticket, request, _) = beside(&state.apply(AsideAction::Next));
    assert_eq!(request.target, Some(0.into()));
    // Closed, nothing of it goes on.
    assert_eq!(sent(&state.apply(DrillAction::Close)).1, &Command::Stop);
    assert_eq!(state.apply(heard(ticket, channel(1, 0.5))), []);
    assert!(state.drilled().is_none() && state.is_trust_due());
    // One thing stands beside the stage.
    state.apply(DrillAction::Open);
    state.apply(ConventionsAction::Open(true));
    assert!(state.drilled().is_none() && state.conventions.open);
    state.apply(DrillAction::Open);
    assert!(state.drilled().is_some() && !state.conventions.open);
}

#[test]
fn where_each_channel_is_a_class_the_layer_before_is_looked_into() {
    let mut state = settled();
    let mut ready = super::cards::ready("small", &["zero", "one"]);
    ready.taps[2].shape[0] = ready.labels.len();
    state.model.ready = Some(ready.into());
    let effects = state.apply(DrillAction::Open);
    assert_eq!(beside(&effects).1.layers, Layers::Named(vec!["conv1".into()]));
    assert_eq!(state.explanation.layer.as_deref(), Some("conv1"), "and everything else with it");
    // Whoever goes on to it means it.
    state.apply(DrillAction::Layer("conv2".into()));
    assert_eq!(drilled(&state).layer, "conv2");
    state.apply(DrillAction::Look(point((0.4, 0.4))));
    assert_eq!(drilled(&state).layer, "conv2");
}

#[test]
fn what_fails_is_said_there_and_not_begun_again() {
    let (mut state, ticket) = opened();
    let effects = state.apply(heard(ticket, Event::Failed(Fault::plain("test", "the network sees nothing there"))));
    assert_eq!(beside(&effects).1.method, "activations", "the rest goes on");
    assert!(drilled(&state).failed.is_some() && state.notice.message.is_none());
    state.apply(crashed("out of memory"));
    assert!(!state.is_aside_due());
}

#[test]
fn the_address_leads_back_to_it() {
    let mut state = whole();
    state.apply(DrillAction::Channel(0));
    let link = state.link().expect("a link");
    assert!(link.encode().contains("drill=0.5,0.2,0,0&unit=0"), "{}", link.encode());
    state.apply(DrillAction::Close);
    assert!(!state.link().expect("a link").encode().contains("drill"));
    // A hash of the tests is too short for a link.
    let (parsed, problem) = Link::parse(&Link { hash: None, ..link.clone() }.encode()).expect("a link");
    assert_eq!(problem, None);
    state.apply(LinkAction::Follow(parsed.into(), None));
    assert_eq!((drilled(&state).place, drilled(&state).channel), (point((0.5, 0.2)), Some(0)));
    // A step of the way is gone back to by the address, too.
    state.apply(DrillAction::Channel(1));
    assert_eq!(drilled(&state).trail.len(), 1);
    let step = state.drill.trail[0].clone();
    assert_eq!((step.layer.as_str(), step.channel), ("conv2", Some(0)));
    state.apply(LinkAction::Follow(Link { hash: None, ..link }.into(), None));
    assert_eq!((drilled(&state).channel, drilled(&state).trail.len()), (Some(0), 0));
    let (_, problem) = Link::parse("#model=a&drill=here&unit=x").expect("a link");
    assert_eq!(problem, Some(Text::Own("link-not-understood", vec![("keys", "drill, unit".into())])));
}

#[test]
fn another_model_has_other_channels() {
    let mut state = whole();
    state.apply(DrillAction::Optimize);
    state.apply(DrillAction::Channel(0));
    assert_eq!((state.drill.trail.len(), state.drill.optima.len()), (1, 1));
    let (open, _) = sent(&state.apply(ModelAction::Choose("large".into())));
    let (look, _) = sent(&state.apply(heard(open, model("large", &["zero", "one"]))));
    state.apply(heard(look, looked(&[1, 0])));
    // The place is one of the image, and is looked into all the same.
    assert_eq!((drilled(&state).place, drilled(&state).channel), (point((0.5, 0.2)), None));
    assert_eq!((state.drill.trail.len(), state.drill.optima.len()), (0, 0));
}
