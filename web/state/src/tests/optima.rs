//! Optima that are kept.

use convscope_core::artifact::{Drawing, Measure, Panel, Share};

use super::*;
use crate::{DrillAction, Drilled, point};

fn panel(channel: usize, measure: Measure) -> Panel {
    let drawing = Drawing { width: 1, height: 1, rgb: vec![1, 2, 3] };
    Panel { layer: "conv2".into(), channel: Some(channel), measure, values: vec![0.0; 3], drawing: Some(drawing) }
}

/// Looks into a place whose first channel is 7, and gives what that brings about.
fn look(state: &mut State) -> Vec<Effect> {
    let (ticket, _) = sent(&state.apply(DrillAction::Look(point((0.5, 0.5)))));
    let share = Measure::Share(Share { value: 1.0, share: Some(0.5) });
    let mut effects = state.apply(heard(ticket, Event::Artifact(Artifact::Panel(panel(7, share)))));
    effects.extend(state.apply(heard(ticket, done())));
    effects
}

fn looked_up(effects: &[Effect]) -> Vec<String> {
    let key = |effect: &Effect| if let Effect::GetOptimum(key) = effect { Some(key.clone()) } else { None };
    effects.iter().filter_map(key).collect()
}

fn drilled(state: &State) -> Drilled {
    state.drilled().expect("a place")
}

/// Answers requests beside what is seen until there are none, and gives the last effects that were no command.
fn answer_all(state: &mut State, mut effects: Vec<Effect>) -> Vec<Effect> {
    let mut others = vec![];
    loop {
        let sends = effects.iter().find_map(|effect| match effect {
            Effect::Send(ticket, Command::Aside { request, .. }) => Some((*ticket, request.clone())),
            _ => None,
        });
        others.extend(effects.into_iter().filter(|effect| !matches!(effect, Effect::Send(..))));
        let Some((ticket, _)) = sends else { return others };
        let given = panel(7, Measure::Objective(2.0));
        state.apply(heard(ticket, Event::Artifact(Artifact::Panel(given))));
        effects = state.apply(heard(ticket, done()));
    }
}

#[test]
fn an_optimum_that_was_made_is_kept_and_comes_back() {
    let mut state = settled();
    let effects = look(&mut state);
    let keys = looked_up(&effects);
    assert_eq!(keys.len(), 1, "{effects:?}");
    answer_all(&mut state, effects);
    assert_eq!(state.apply(DrillAction::Kept(keys[0].clone(), None)), []);
    assert!(drilled(&state).optimum.is_none(), "nothing was kept");
    let effects = state.apply(DrillAction::Optimize);
    let kept = answer_all(&mut state, effects);
    let [Effect::KeepOptimum(key, kept)] = &kept[..] else { panic!("it is kept: {kept:?}") };
    assert!(*key == keys[0] && drilled(&state).optimum.as_ref() == Some(kept));
    // The page is loaded again: it is there without being made.
    let mut again = settled();
    let effects = look(&mut again);
    assert_eq!(looked_up(&effects), keys);
    answer_all(&mut again, effects);
    again.apply(DrillAction::Kept(keys[0].clone(), Some(kept.clone())));
    assert_eq!(drilled(&again).optimum.as_ref(), Some(kept));
    assert!(drilled(&again).optimizing.is_none());
    // It is looked up once.
    assert_eq!(looked_up(&again.apply(DrillAction::Channel(7))), Vec::<String>::new());
    assert_ne!(looked_up(&again.apply(DrillAction::Channel(8))), keys, "another channel is another");
}

#[test]
fn another_form_or_model_is_another_optimum() {
    let mut state = settled();
    let keys = looked_up(&look(&mut state));
    let mut other = settled();
    let ready = cards::ready("small", &["zero", "one"]);
    other.model.ready = Some(convscope_core::protocol::Ready { hash: "another".into(), ..ready }.into());
    assert_ne!(looked_up(&look(&mut other)), keys);
}
