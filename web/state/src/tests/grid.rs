//! Maps of two choices against each other.

use convscope_core::explain::{Evidence, Score};

use super::links::follow;
use super::*;
use crate::{AsideAction, Axis, ComparisonAction, ConventionsAction, GridAction, Gridded, Numbers, Paint, Scene};

fn beside(effects: &[Effect]) -> (Ticket, Request, Option<Vec<u8>>) {
    match sent(effects) {
        (ticket, Command::Aside { request, file, .. }) => (ticket, request.clone(), file.clone()),
        other => panic!("nothing beside: {other:?}"),
    }
}

fn map_of(values: &[f32]) -> Event {
    let map = AttributionMap::new("conv1".into(), [values.len(), 1], values.to_vec(), Evidence::Features, Score::Logit);
    Event::Artifact(Artifact::Map(map))
}

fn gridded(state: &State) -> Gridded {
    state.gridded().expect("a grid")
}

fn words(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// Answers all requests of the grid with these maps, one after the other, and gives what they asked.
fn answer(state: &mut State, effects: Vec<Effect>, maps: &[&[f32]]) -> Vec<Request> {
    let (mut effects, mut asked) = (effects, vec![]);
    for values in maps {
        let (ticket, request, _) = beside(&effects);
        asked.push(request);
        assert_eq!(state.apply(heard(ticket, map_of(values))), []);
        effects = state.apply(heard(ticket, done()));
    }
    assert_eq!(effects, []);
    asked
}

#[test]
fn classes_against_layers_are_asked_row_by_row() {
    let mut state = settled();
    assert!(state.can_grid() && state.gridded().is_none());
    let effects = state.apply(GridAction::Open(true));
    let Gridded { axes, values, cells, missing, waits, .. } = gridded(&state);
    assert_eq!((axes, missing, waits, cells.len()), ([Axis::Class, Axis::Layer], 4, false, 4));
    assert_eq!(values, [words(&["1", "0"]), words(&["conv2", "conv1"])]);
    assert!(!state.is_trust_due(), "what nobody waits for waits");
    let asked = answer(&mut state, effects, &[&[0.0, 4.0], &[0.0, 2.0], &[1.0, 0.0], &[0.0, 2.0]]);
    let of: Vec<_> = asked.iter().map(|one| (one.target.clone(), one.layers.to_string())).collect();
    let expected = [(1, "conv2"), (1, "conv1"), (0, "conv2"), (0, "conv1")];
    assert_eq!(of, expected.map(|(class, layer)| (Some(class.into()), layer.to_owned())));
    assert_eq!((gridded(&state).missing, state.is_trust_due(), seen(&state)), (0, true, Some(1)));
}

#[test]
fn cells_of_one_layer_are_on_one_scale_and_differ_from_the_first() {
    let mut state = settled();
    let effects = state.apply(GridAction::Open(true));
    answer(&mut state, effects, &[&[0.0, 4.0], &[0.0, 2.0], &[1.0, 0.0], &[0.0, 2.0]]);
    let Gridded { cells, .. } = gridded(&state);
    assert_eq!(
        cells.iter().map(|cell| (cell.most, cell.shared)).collect::<Vec<_>>(),
        [(4.0, true), (2.0, true), (4.0, true), (2.0, true)]
    );
    let paint = Paint::Heat(Default::default());
    let plane = |index: usize, difference: bool| match cells[index].numbers(paint, difference).overlay {
        Some(Overlay { numbers: Numbers::Plane(plane), paint }) => (plane.values.clone(), paint),
        other => panic!("no plane: {other:?}"),
    };
    assert_eq!(plane(0, false), (vec![0.0, 1.0], paint));
    assert_eq!(plane(2, false), (vec![0.25, 0.0], paint), "a weak map stays weak");
    assert_eq!(plane(2, true), (vec![0.25, -1.0], Paint::Signed), "less the first, on their scale");
    let mut faint = cells[2].clone();
    faint.first = cells[1].map.clone().map(|first| (first, false));
    faint.map = cells[1].map.clone();
    assert_eq!(faint.numbers(paint, true).overlay, None, "nothing differs");
    let numbers = cells[2].numbers(paint, false);
    assert_eq!((numbers.correlation, numbers.largest), (Some(-1.0), Some(1.0)));
    let other_layer = cells[1].numbers(paint, true);
    assert_eq!((other_layer.correlation, other_layer.largest, other_layer.overlay), (Some(1.0), Some(0.0), None));
    assert_eq!(cells[0].numbers(paint, true).largest, None, "the first differs from nothing");
    // All of it is saved as one image.
    state.apply(GridAction::ShowDifference(true));
    assert!(matches!(state.scene(), Scene::Grid(2, cells) if cells.len() == 4 && cells[1].overlay.is_none()));
}

#[test]
fn rows_and_columns_are_chosen() {
    let mut state = settled();
    state.apply(GridAction::Open(true));
    state.apply(GridAction::Toggle(0, "0".into()));
    assert_eq!(gridded(&state).values[0], words(&["1"]));
    state.apply(GridAction::Toggle(0, "1".into()));
    assert_eq!(gridded(&state).values[0], words(&["1"]), "one is always left");
    // What would be on both sides changes places.
    state.apply(GridAction::ChooseAxis(0, Axis::Layer));
    assert_eq!((gridded(&state).axes, &gridded(&state).values[1]), ([Axis::Layer, Axis::Class], &words(&["1"])));
    state.apply(GridAction::ChooseAxis(0, Axis::Method));
    assert_eq!(
        gridded(&state).options[0],
        words(&["grad_cam", "gradient", "deconvnet"]),
        "those that take long are left out"
    );
    state.apply(GridAction::ChooseAxis(1, Axis::Convention));
    assert_eq!(gridded(&state).values[1], words(&["paper", "keras_notebook", "pytorch_grad_cam"]));
    let none: Vec<_> = gridded(&state).cells.iter().map(|cell| cell.comes).collect();
    assert_eq!(none, [true, true, true, true, true, false, true, true, false], "gradients have two of them");
}

#[test]
fn other_images_are_looked_at_for_it() {
    let mut state = settled();
    let file = |name: &str, byte: u8| (name.to_owned(), Content::Bytes(Rc::from([byte].as_slice())));
    let (look, _) = sent(&state.apply(ImageAction::Files(vec![file("a.jpg", 1), file("b.jpg", 2)])));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    let (ticket, _, file) = beside(&state.apply(GridAction::Open(true)));
    // The first cell is the same map, and goes on.
    assert_eq!(state.apply(GridAction::ChooseAxis(0, Axis::Image)), []);
    assert_eq!(state.apply(GridAction::Toggle(1, "conv1".into())), []);
    assert_eq!((file, gridded(&state).values[0].len()), (None, 2));
    state.apply(heard(ticket, map_of(&[0.0, 4.0])));
    let (ticket, request, file) = beside(&state.apply(heard(ticket, done())));
    assert_eq!((file, request.target), (Some(vec![2]), Some(1.into())));
    for event in [looked(&[0, 1]), map_of(&[0.0, 1.0]), done()] {
        state.apply(heard(ticket, event));
    }
    let Gridded { cells, .. } = gridded(&state);
    assert_eq!(cells[1].image.photo.as_ref().map(|photo| photo.name.as_str()), Some("b.jpg"));
    assert_eq!(
        (cells[1].most, cells[1].shared),
        (1.0, false),
        "how strong a network answers to two images has many reasons"
    );
}

#[test]
fn a_link_opens_it_and_asks_before_it_takes_long() {
    let mut state = settled();
    state.apply(GridAction::Open(true));
    state.apply(GridAction::Toggle(0, "0".into()));
    let link = state.link().expect("a link").encode();
    assert!(link.contains("grid_rows=class,1&grid_columns=layer"), "{link}");
    let parsed = |text: &str| Link::parse(text).expect("a link").0;
    state.apply(GridAction::Open(false));
    assert!(!state.link().expect("a link").encode().contains("rows"));
    let same = Link { hash: None, ..parsed(&link) };
    state.apply(LinkAction::Follow(same.clone().into(), None));
    assert!(state.gridded().is_some_and(|gridded| !gridded.waits) && state.is_aside_due(), "it takes little");
    // On a slow machine a button says what would be made.
    state.apply(GridAction::Open(false));
    state.image.quickest = Some(5.0);
    state.apply(LinkAction::Follow(same.into(), None));
    assert!(state.gridded().is_some_and(|gridded| gridded.waits) && !state.is_aside_due());
    beside(&state.apply(GridAction::Make));
    assert_eq!(state.apply(AsideAction::Next), []);
}

#[test]
fn one_thing_is_looked_at() {
    let mut state = settled();
    state.apply(GridAction::Open(true));
    state.apply(ComparisonAction::Keep);
    assert!(state.gridded().is_none() && state.kept().is_some());
    state.apply(GridAction::Open(true));
    assert!(state.gridded().is_some() && state.kept().is_none());
    choose_method(&mut state, "activations");
    assert!(state.gridded().is_none() && !state.can_grid());
    choose_method(&mut state, "rise");
    assert_eq!(state.apply(GridAction::Open(true)), []);
    assert_eq!((gridded(&state).missing, gridded(&state).waits), (0, false), "it has no layers");
    assert_eq!(state.apply(GridAction::ChooseAxis(1, Axis::Image)), []);
    assert!(gridded(&state).waits, "a method that takes its time waits for a person");
}

#[test]
fn what_takes_its_time_is_made_for_what_was_asked_alone() {
    let mut state = settled();
    state.apply(GridAction::Open(true));
    state.apply(GridAction::ChooseAxis(1, Axis::Image));
    // A quick method's grid is open: one that is not quick waits all the same.
    choose_method(&mut state, "rise");
    assert!(gridded(&state).waits && !state.is_aside_due());
    beside(&state.apply(GridAction::Make));
    assert!(!gridded(&state).waits);
    state.apply(ExplanationAction::ChooseClass(0));
    assert!(gridded(&state).waits && !state.is_aside_due(), "another class is another grid");
    state.apply(ExplanationAction::ChooseClass(1));
    assert!(!gridded(&state).waits, "this one was asked for");
    // A quick one follows what is chosen, also where it takes more than a moment.
    let (run, _) = asked(&choose_method(&mut state, "gradient"));
    state.apply(heard(run, done()));
    state.image.quickest = Some(5.0);
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    state.apply(heard(run, done()));
    assert!(!gridded(&state).waits && state.is_aside_due());
}

#[test]
fn a_cell_has_no_outline_of_the_stage() {
    let mut state = settled();
    state.apply(ExplanationAction::ChooseSplit(Some(0.3)));
    state.apply(ExplanationAction::ChooseContour(Some(0.5)));
    assert!(state.is_alone());
    state.apply(GridAction::Open(true));
    let outline = |cell: &crate::Cell| (cell.image.split, cell.image.contour);
    assert_eq!(gridded(&state).cells.iter().map(outline).collect::<Vec<_>>(), [(None, None); 4]);
    assert!(!state.is_alone());
    state.apply(ComparisonAction::Keep);
    assert!(state.gridded().is_none() && !state.is_alone(), "two beside each other");
}

#[test]
fn a_link_that_asks_for_several_things_shows_one() {
    let kept = "beside=model%3Dsmall%26method%3Dgrad_cam%26class%3D1%26picture%3Dexample-cat";
    let grid = "grid_rows=class&grid_columns=layer";
    let mut state = settled();
    state.apply(ConventionsAction::Open(true));
    let effects = follow(&mut state, &format!("model=small&class=0&drill=0.5,0.2,0,0&{grid}&{kept}"));
    let [Effect::Send(_, Command::Stop), Effect::Send(run, Command::Run(_))] = effects[..] else {
        panic!("conventions give way: {effects:?}")
    };
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    assert!(state.gridded().is_some() && state.drilled().is_none() && state.kept().is_none());
    assert!(!state.conventions.open);
    // Where the method has no grid, nothing gives way to it.
    follow(&mut state, &format!("method=activations&drill=0.5,0.2,0,0&{grid}"));
    assert!(state.gridded().is_none() && state.drilled().is_some());
}
