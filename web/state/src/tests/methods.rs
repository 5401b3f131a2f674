//! Methods, whatever they ask for and give.

use convscope_core::artifact::{Drawing, Measure, Panel, Sheet};
use convscope_core::error::Fault;
use convscope_core::measurement::{Better, Measurement, Reference};
use convscope_core::param::Value;
use convscope_core::predictions::Activation;
use convscope_core::render::{Colormap, Scaling};

use super::*;

pub(super) fn sheet(layer: &str) -> Event {
    let activation = Activation {
        layer: layer.into(),
        shape: [2, 1, 2],
        mean: 0.5,
        maximum: 1.0,
        zeros: 0.0,
        channels: vec![(1, 2.0), (0, 1.0)],
    };
    let values = vec![0.0, 1.0, -3.0, 6.0];
    Event::Artifact(Artifact::Sheet(Sheet { activation, values, scaling: Scaling::Channel, columns: 16 }))
}

pub(super) fn panel(layer: &str, channel: usize, measure: Measure) -> Event {
    let drawing = Some(Drawing { width: 1, height: 1, rgb: vec![0; 3] });
    Event::Artifact(Artifact::Panel(Panel {
        layer: layer.into(),
        channel: Some(channel),
        measure,
        drawing,
        values: vec![],
    }))
}

pub(super) fn set(state: &mut State, id: &str, text: &str) -> Vec<Effect> {
    state.apply(ExplanationAction::SetValue(id.into(), text.into()))
}

fn layers(name: &str) -> Layers {
    Layers::Named(vec![name.into()])
}

pub(super) fn command(state: &mut State, command: &str) -> Vec<Effect> {
    state.apply(ExplanationAction::ChooseCommand(command.into()))
}

#[test]
fn tabs_and_pickers_follow_from_the_cards() {
    let mut state = settled();
    let commands: Vec<&str> = state.commands().into_iter().map(|(command, _)| command).collect();
    assert_eq!(commands, ["explain", "activations", "deconvnet", "filters"]);
    let ids = |cards: Vec<Shared<convscope_core::card::Card>>| {
        cards.iter().map(|card| card.id.to_string()).collect::<Vec<_>>().join(" ")
    };
    let methods = state.methods_of("explain");
    assert!(methods.iter().all(|(_, refusal)| refusal.is_none()));
    assert_eq!(
        ids(methods.into_iter().map(|(card, _)| card).collect()),
        "grad_cam gradient deconvnet channel_attribution rise deletion energy_inside pointing_game"
    );
    assert_eq!(ids(state.measurable()), "grad_cam gradient deconvnet rise");
    assert_eq!((command(&mut state, "explain"), choose_method(&mut state, "nothing")), (vec![], vec![]));
    command(&mut state, "deconvnet");
    assert_eq!(state.explanation.method, "channel_reconstruction");
}

#[test]
fn each_kind_of_method_is_asked_about_its_own_layers() {
    let mut state = settled();
    let (run, request) = asked(&command(&mut state, "activations"));
    let whole = Request { method: "activations".into(), layers: layers("conv2"), ..Request::default() };
    assert_eq!(request, whole);
    state.apply(heard(run, sheet("conv2")));
    state.apply(heard(run, done()));
    assert_eq!((state.worker.busy(), state.explanation.results.sheet.is_some()), (Busy::No, true));
    // The page has all feature maps: neither a channel nor other colours are the worker's business.
    assert_eq!(state.apply(ExplanationAction::ChooseColormap(Colormap::Viridis)), []);
    assert_eq!(state.apply(ExplanationAction::ChooseChannel(Some(1))), []);
    let channel = state.explanation.results.channel.clone().expect("a feature map");
    assert_eq!((channel.channel, channel.plane.values.as_slice()), (1, [-0.5, 1.0].as_slice()));
    assert_eq!(state.apply(ExplanationAction::ChooseChannel(Some(2))), []);
    assert!(state.explanation.results.channel.is_none() && state.notice.message.is_some());
    // A pool can be looked at here; back among the classes it gives way to a layer with a map.
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseLayer("pool2".into())));
    state.apply(ExplanationAction::ChooseChannel(Some(1)));
    state.apply(heard(run, sheet("pool2")));
    assert_eq!(state.explanation.results.channel, None);
    let (_, request) = asked(&command(&mut state, "deconvnet"));
    assert_eq!((&request.layers, request.target, request.convention.as_str()), (&layers("pool2"), None, "paper"));
    assert_eq!(state.layers().last().map(|tap| tap.name.as_str()), Some("logits"));
    let (_, request) = asked(&command(&mut state, "explain"));
    assert_eq!((request.method.as_str(), request.target, &request.layers), ("grad_cam", Some(1.into()), &Layers::All));
    assert_eq!(state.explanation.layer.as_deref(), Some("conv2"));
    let (_, request) = asked(&choose_method(&mut state, "gradient"));
    assert_eq!((&request.layers, state.layers().len()), (&Layers::default(), 0));
}

#[test]
fn another_convention_replaces_the_maps_and_other_results_wait_for_their_method() {
    let mut state = settled();
    let action = ExplanationAction::ChooseConvention("keras_notebook".into());
    assert_eq!(asked(&state.apply(action)).1.convention, "keras_notebook");
    assert!(state.explanation.results.maps.is_empty());
    let mut state = settled();
    let (run, _) = asked(&command(&mut state, "activations"));
    state.apply(heard(run, sheet("conv2")));
    // Seen again at once, and made anew.
    asked(&command(&mut state, "explain"));
    assert_eq!((seen(&state), state.explanation.results.sheet.is_none()), (Some(1), true));
    // An answer to what was asked of the other method is none of this one's.
    state.apply(heard(run, sheet("conv1")));
    assert!(state.explanation.results.sheet.is_none());
    let (look, _) = sent(&give(&mut state, "dog.jpg"));
    state.apply(heard(look, looked(&[0, 1])));
    command(&mut state, "activations");
    assert!(state.explanation.results.sheet.is_none(), "that of another image");
}

#[test]
fn a_request_says_what_differs_from_the_command_lines_defaults() {
    let mut state = settled();
    command(&mut state, "filters");
    let request = |state: &State| state.request().expect("a request");
    let text = |text: &str| Value::Text(text.to_owned().into());
    // The page is quicker than the command line.
    let quick = [("filters".into(), text("0..5")), ("steps".into(), Value::Int(32))].into();
    assert_eq!((request(&state).convention.as_str(), request(&state).values), ("lucid", quick));
    // A convention brings its own defaults, which are the command line's, too.
    state.apply(ExplanationAction::ChooseConvention("keras_notebook".into()));
    assert_eq!(request(&state).values, [("filters".into(), text("0..5"))].into());
    set(&mut state, "steps", "32");
    set(&mut state, "filters", " 3,4");
    assert_eq!(request(&state).values, [("filters".into(), text("3,4")), ("steps".into(), Value::Int(32))].into());
    set(&mut state, "steps", "20");
    assert_eq!(request(&state).values.len(), 1, "as it would be anyway");
    // What does not fit is not asked, and stays in its field.
    set(&mut state, "steps", "0");
    let card = state.card().expect("a card").clone();
    let form = state.explanation.form("filters");
    assert_eq!(form.problems(&card).iter().map(|param| param.id.as_ref()).collect::<Vec<_>>(), ["steps"]);
    assert_eq!((state.request(), state.apply(ExplanationAction::Run)), (None, vec![]));
    assert_eq!(form.text(&card, card.param("steps").expect("steps")), "0");
    for text in ["-5", "513", "1.5", "", "many"] {
        set(&mut state, "steps", text);
        let form = state.explanation.form("filters");
        assert_eq!((form.problems(&card).len(), state.request()), (1, None), "{text}");
    }
    set(&mut state, "steps", "20");
    // Of a method that is asked at once, too.
    asked(&command(&mut state, "deconvnet"));
    assert_eq!(set(&mut state, "channels", "top0"), []);
    assert_eq!(asked(&set(&mut state, "channels", "7")).1.values, [("channels".into(), text("7"))].into());
    assert_eq!(set(&mut state, "channels", "7"), [], "the same once more");
    assert_eq!(asked(&set(&mut state, "mode", "max")).1.values.len(), 2);
}

#[test]
fn what_takes_long_waits_for_the_button_grows_and_can_be_stopped() {
    let mut state = settled();
    assert_eq!(command(&mut state, "filters"), []);
    assert_eq!(set(&mut state, "filters", "3,4"), []);
    let (run, request) = asked(&state.apply(ExplanationAction::Run));
    assert_eq!((&request.layers, request.target), (&layers("conv2"), None));
    for objective in [1.0, 2.0] {
        state.apply(heard(run, panel("conv2", 3, Measure::Objective(objective))));
        state.apply(heard(run, panel("conv2", 4, Measure::Objective(objective))));
        state.apply(heard(run, Event::Progress { done: 2, total: 8 }));
    }
    let results = &state.explanation.results;
    let measures: Vec<Measure> = results.panels.iter().map(|panel| panel.measure).collect();
    assert_eq!((measures, results.progress), (vec![Measure::Objective(2.0); 2], Some((2, 8))));
    assert_eq!(state.worker.busy(), Busy::Explaining);
    assert_eq!(sent(&state.apply(ExplanationAction::Stop)).1, &Command::Stop);
    // What is there stays, what comes late does not count.
    state.apply(heard(run, panel("conv2", 5, Measure::Objective(9.0))));
    let results = &state.explanation.results;
    assert_eq!((state.worker.busy(), results.panels.len(), results.progress), (Busy::No, 2, None));
    assert_eq!(state.apply(ExplanationAction::Stop), []);
    // Nothing is asked of a worker that is loading another model.
    let mut loading = state.clone();
    loading.apply(ModelAction::Choose("large".into()));
    assert_eq!(loading.apply(ExplanationAction::Run), []);
    let (run, _) = asked(&state.apply(ExplanationAction::Run));
    state.apply(heard(run, Event::Failed(Fault::plain("test", "no such filter"))));
    assert_eq!((state.worker.busy(), state.notice.message.is_some()), (Busy::No, true));
    // The patterns have nothing to do with an image, and stay when another one comes.
    let (run, _) = asked(&state.apply(ExplanationAction::Run));
    state.apply(heard(run, panel("conv2", 3, Measure::Objective(1.0))));
    state.apply(heard(run, done()));
    let (look, _) = sent(&give(&mut state, "dog.jpg"));
    let effects = state.apply(heard(look, looked(&[0, 1])));
    assert!(matches!(effects[..], [Effect::KeepImage(_)]), "nothing is run: {effects:?}");
    assert_eq!(state.explanation.results.panels.len(), 1);
}

#[test]
fn a_slow_map_stays_while_something_else_is_chosen_and_shows_its_age() {
    let mut state = settled();
    assert_eq!(choose_method(&mut state, "rise"), []);
    let (run, request) = asked(&state.apply(ExplanationAction::Run));
    assert_eq!((request.target, &request.layers), (Some(1.into()), &Layers::default()));
    assert_eq!(request.values, [("masks".into(), Value::Int(500))].into());
    state.apply(heard(run, Event::Progress { done: 100, total: 500 }));
    // An image that is none cuts it short; then it starts again.
    let (look, _) = sent(&give(&mut state, "notes.txt"));
    let (run, _) = asked(&state.apply(heard(look, Event::Failed(Fault::plain("test", "no image")))));
    state.apply(heard(run, map("input")));
    state.apply(heard(run, done()));
    let stale = |state: &State| state.is_stale(state.explanation.current());
    assert!(!stale(&state));
    assert_eq!(state.apply(ExplanationAction::ChooseClass(0)), []);
    assert!(stale(&state) && state.view().is_none());
    state.apply(ExplanationAction::ChooseClass(1));
    set(&mut state, "keep", "0.25");
    assert!(stale(&state));
    set(&mut state, "keep", "0.5");
    assert!(!stale(&state));
    // Whoever looks at something else meanwhile finds it again.
    command(&mut state, "filters");
    assert_eq!(choose_method(&mut state, "rise"), []);
    assert_eq!((seen(&state), stale(&state)), (Some(1), false));
    // What goes on for a method that is left is stopped.
    asked(&state.apply(ExplanationAction::Run));
    assert_eq!(sent(&command(&mut state, "filters")).1, &Command::Stop);
}

#[test]
fn a_measure_asks_for_the_map_that_it_measures() {
    let mut state = settled();
    choose_method(&mut state, "rise");
    set(&mut state, "masks", "16");
    assert_eq!(choose_method(&mut state, "deletion"), []);
    let (run, request) = asked(&state.apply(ExplanationAction::Run));
    let inner = request.map.as_ref().expect("a map");
    assert_eq!(
        (inner.method.as_str(), &inner.layers, inner.target.clone()),
        ("grad_cam", &layers("conv2"), Some(1.into()))
    );
    assert_eq!((&request.layers, request.target.clone()), (&layers("conv2"), Some(1.into())));
    let measured = |value: f64| Measurement {
        metric: "deletion".into(),
        layer: "conv2".into(),
        blank: None,
        better: Better::Lower,
        reading: value.into(),
        baselines: vec![(Reference::Center, 0.75.into())],
    };
    for value in [0.25, 0.5] {
        state.apply(heard(run, Event::Artifact(Artifact::Measurement(measured(value)))));
    }
    state.apply(heard(run, done()));
    let values = state.explanation.results.measurements.iter().map(|one| one.reading.value);
    assert_eq!(values.collect::<Vec<_>>(), [Some(0.5)], "the newest of each metric and layer");
    // Another method's map, as its own form has it; it is about no layer.
    assert_eq!(state.apply(ExplanationAction::ChooseMeasured("rise".into())), []);
    assert_eq!(state.layers().len(), 0);
    assert!(state.explanation.results.request.as_ref().is_some_and(|request| state.is_outdated(request)));
    let (_, request) = asked(&state.apply(ExplanationAction::Run));
    let inner = request.map.as_ref().expect("a map");
    assert_eq!((inner.method.as_str(), &inner.values["masks"]), ("rise", &Value::Int(16)));
    assert_eq!((&inner.layers, &request.layers), (&Layers::default(), &Layers::default()));
    assert!(state.explanation.results.measurements.is_empty(), "that of another map");
    // What does not fit there cannot be measured here.
    choose_method(&mut state, "rise");
    set(&mut state, "masks", "1");
    choose_method(&mut state, "deletion");
    assert_eq!((state.request(), state.apply(ExplanationAction::Run)), (None, vec![]));
}

#[test]
fn a_narrow_screen_has_fewer_feature_maps_in_a_row() {
    let mut state = settled();
    state.explanation.columns = 1;
    let (run, _) = asked(&command(&mut state, "activations"));
    state.apply(heard(run, sheet("conv2")));
    let sheet = state.explanation.results.sheet.clone().expect("a sheet");
    assert_eq!(sheet.columns, 1);
    // Two tiles of 2 x 1, one below the other, with a line between: three rows of pixels.
    let at = |down: f64| channel_at(&sheet, (0.9, down));
    assert_eq!([at(0.1), at(0.4), at(0.7), at(0.99)], [Some(0), Some(0), Some(1), Some(1)]);
    let wide = Sheet { columns: 16, ..(*sheet).clone() };
    // Side by side they are five pixels wide, and no third tile follows.
    let at = |across: f64| channel_at(&wide, (across, 0.5));
    assert_eq!([at(0.0), at(0.5), at(0.61), at(1.0)], [Some(0), Some(0), Some(1), Some(1)]);
}
