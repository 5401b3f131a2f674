//! Targets that are typed, and methods that a model cannot be asked for.

use super::*;

#[test]
fn a_target_is_typed_as_the_command_line_takes_it() {
    let mut state = settled();
    let typed = |state: &mut State, text: &str| state.apply(ExplanationAction::ChooseTarget(text.into()));
    for (text, target) in
        [("class 1 - class 0", "1 - 0"), ("not 0", "not 0"), ("top1 + 0.5 * top2", "1 + 0.5 * 0"), ("0", "0")]
    {
        let text = text.replace("class 1", "one").replace("class 0", "zero");
        let (run, request) = asked(&typed(&mut state, &text));
        assert_eq!(request.target.as_ref().map(ToString::to_string).as_deref(), Some(target));
        state.apply(heard(run, done()));
        assert_eq!(state.link().and_then(|link| link.class).as_deref(), Some(target));
    }
    let before = state.explanation.target.clone();
    assert_eq!(typed(&mut state, "zero - zebra"), []);
    assert_eq!(state.explanation.target, before);
    let Some(Text::Engine(fault)) = state.notice.message.as_ref().map(|message| &message.text) else {
        panic!("no word")
    };
    assert!(fault.to_string().contains("no class zebra"), "{fault}");
}

#[test]
fn a_class_that_is_hardly_seen_is_said_to_be() {
    let mut state = settled();
    let (look, _) = sent(&give(&mut state, "next.jpg"));
    let Event::Looked { width, height, region, note, doubt, sha256, seconds, .. } = looked(&[]) else { unreachable!() };
    let class = |(index, probability): (usize, f32)| Class {
        index,
        name: index.to_string(),
        probability: Some(probability),
        logit: 1.0,
    };
    let classes = [(1, 0.998), (0, 0.0009)].map(class).into();
    let (run, _) = asked(
        &state.apply(heard(look, Event::Looked { width, height, region, classes, note, doubt, sha256, seconds })),
    );
    state.apply(heard(run, map("conv2")));
    assert!(!state.is_unlikely());
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    assert!(!state.is_unlikely(), "the map is still the other's");
    state.apply(heard(run, map("conv2")));
    assert!(state.is_unlikely());
    // A contrast has no probability.
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseTarget("0 - 1".into())));
    state.apply(heard(run, map("conv2")));
    assert!(!state.is_unlikely());
}

#[test]
fn a_method_that_does_not_apply_says_why() {
    let mut state = settled();
    assert!(state.refusal(&state.card().expect("a card").clone()).is_none());
    let (open, _) = sent(&state.apply(ModelAction::Choose("base".into())));
    state.apply(heard(open, model("base", &[])));
    let methods = state.methods_of("explain");
    assert!(methods.iter().filter(|(card, _)| card.asks.class).count() > 3);
    for (card, refusal) in methods {
        assert_eq!(refusal.map(|fault| fault.code().to_owned()), card.asks.class.then(|| "no-classifier".into()));
        assert_eq!(choose_method(&mut state, &card.id), [], "{}", card.id);
    }
}
