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
