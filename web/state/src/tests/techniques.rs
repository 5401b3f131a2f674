//! The four techniques.

use convscope_core::numbers::Activation;
use convscope_core::protocol::{Drawing, Measure, Panel};

use super::*;

pub(super) fn sheet(layer: &str) -> Event {
    let activation = Activation {
        layer: layer.into(),
        shape: [2, 3, 3],
        mean: 0.5,
        maximum: 1.0,
        zeros: 0.0,
        channels: vec![(1, 2.0), (0, 1.0)],
    };
    Event::Sheet { activation, drawing: Drawing { width: 1, height: 1, rgb: vec![0; 3] }, columns: 2 }
}

#[test]
fn each_technique_asks_its_own_question_of_the_same_picture() {
    let mut state = settled();
    let effects = state.apply(ExplanationAction::ChooseTechnique(Technique::Activations));
    let (ask, command) = sent(&effects);
    assert!(matches!(command, Command::Sheet { layer, columns: 16, .. } if layer == "conv2"));
    state.apply(heard(ask, sheet("conv2")));
    assert_eq!((state.worker.busy(), state.explanation.answer.sheet.is_some()), (Busy::No, true));
    let effects = state.apply(ExplanationAction::ChooseChannel(Some(1)));
    let (ask, command) = sent(&effects);
    assert_eq!(command, &Command::Channel { layer: "conv2".into(), channel: 1 });
    let plane = Plane::new(1, 1, vec![1.0]);
    state.apply(heard(ask, Event::Channel { layer: "conv2".into(), channel: 1, plane, maximum: 3.0 }));
    assert_eq!(state.explanation.answer.channel.as_ref().map(|(_, channel, _)| *channel), Some(1));
    // A pool can be looked at here; back among the classes it gives way to a layer with a map.
    let (ask, _) = sent(&state.apply(ExplanationAction::ChooseLayer("pool2".into())));
    state.apply(heard(ask, sheet("pool2")));
    assert_eq!(state.explanation.answer.channel, None);
    let effects = state.apply(ExplanationAction::ChooseTechnique(Technique::Deconvnet));
    assert!(matches!(sent(&effects).1, Command::Descend(ask) if ask.layer == "pool2" && ask.channels == "top4"));
    assert_eq!(state.layers().last().map(|tap| tap.name.as_str()), Some("logits"));
    let effects = state.apply(ExplanationAction::ChooseTechnique(Technique::Classes));
    assert!(matches!(sent(&effects).1, Command::Explain { class: 1, .. }));
    assert_eq!(state.explanation.layer.as_deref(), Some("conv2"));
    let action = state.explanation.question.with(|question| question.convention = "keras_notebook".into());
    assert!(
        matches!(sent(&state.apply(action)).1, Command::Explain { convention, .. } if convention == "keras_notebook")
    );
    assert!(state.explanation.shown.is_empty());
}

#[test]
fn filters_wait_for_the_button_grow_and_can_be_stopped() {
    let mut state = settled();
    assert_eq!(state.apply(ExplanationAction::ChooseTechnique(Technique::Filters)), []);
    assert_eq!(state.apply(state.explanation.question.with(|question| question.filters = "3,4".into())), []);
    let effects = state.apply(ExplanationAction::Climb);
    let (ask, command) = sent(&effects);
    assert!(matches!(command, Command::Climb(climb) if climb.filters == "3,4" && climb.layer == "conv2"));
    let panel =
        |channel, objective| Event::Panel(Panel { channel, measure: Measure::Climbing(objective), drawing: None });
    for objective in [1.0, 2.0] {
        state.apply(heard(ask, panel(3, objective)));
        state.apply(heard(ask, panel(4, objective)));
        state.apply(heard(ask, Event::Progress { done: 2, total: 8 }));
    }
    let measures: Vec<Measure> = state.explanation.answer.panels.iter().map(|panel| panel.measure).collect();
    assert_eq!((measures, state.explanation.answer.progress), (vec![Measure::Climbing(2.0); 2], Some((2, 8))));
    assert_eq!(state.worker.busy(), Busy::Explaining);
    let effects = state.apply(ExplanationAction::Stop);
    assert_eq!(sent(&effects).1, &Command::Stop);
    // What is there stays, what comes late does not count.
    state.apply(heard(ask, panel(5, 9.0)));
    assert_eq!(
        (state.worker.busy(), state.explanation.answer.panels.len(), state.explanation.answer.progress),
        (Busy::No, 2, None)
    );
    assert_eq!(state.apply(ExplanationAction::Stop), []);
    // Nothing is asked of a worker that is loading another model.
    let mut loading = state.clone();
    loading.apply(ModelAction::Choose("large".into()));
    assert_eq!(
        (loading.apply(ExplanationAction::Climb), loading.apply(ExplanationAction::ChooseChannel(Some(0)))),
        (vec![], vec![])
    );
    let (ask, _) = sent(&state.apply(ExplanationAction::Climb));
    let failed = Event::Failed { message: "no such filter".into() };
    state.apply(heard(ask, failed));
    assert_eq!((state.worker.busy(), state.notice.message.is_some()), (Busy::No, true));
}
