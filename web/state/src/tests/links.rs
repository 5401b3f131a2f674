//! Links: from a view and back, whatever comes.

use convscope_core::explain::filters::Convention;
use convscope_core::nn::ReluRule;
use convscope_core::render::Colours;

use super::*;

fn full() -> Link {
    Link {
        model: Some("my model/ü".into()),
        hash: Some("0123456789abcdef".into()),
        picture: Some(LinkPicture::Example("cat".into())),
        technique: Some(Technique::Filters),
        class: Some(281),
        layer: Some("fire9/concat".into()),
        channel: Some(7),
        signed: true,
        question: Question {
            method: "guided_grad_cam".into(),
            convention: "keras_notebook".into(),
            seed: u64::MAX,
            channels: "433,298".into(),
            filters: "top9".into(),
            size: 96,
            steps: 20,
            climbing: Convention::KerasNotebook,
            colours: Colours::AsStored,
            rule: ReluRule::Gradient,
            ..Question::default()
        }
        .into(),
    }
}

fn parse(fragment: &str) -> (Link, Option<Text>) {
    Link::parse(fragment).unwrap_or_else(|| panic!("no link: {fragment}"))
}

fn own(text: &Text) -> &'static str {
    match text {
        Text::Own(key, _) => key,
        other => panic!("not the page's own: {other:?}"),
    }
}

/// The keys of what is said.
fn said(state: &State) -> Vec<&'static str> {
    match state.notice.message.as_ref().map(|message| &message.text) {
        Some(Text::All(notes)) => notes.iter().map(own).collect(),
        Some(text) => vec![own(text)],
        None => vec![],
    }
}

fn follow(state: &mut State, fragment: &str) -> Vec<Effect> {
    let (link, problem) = parse(fragment);
    state.apply(LinkAction::Follow(link, problem))
}

#[test]
fn a_link_says_what_it_was_made_of() {
    for link in [full(), Link::default(), Link { picture: Some(LinkPicture::Own), ..full() }] {
        let fragment = link.encode();
        assert!(fragment.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>`\\#".contains(&byte)), "{fragment}");
        assert_eq!(parse(&format!("#{fragment}")), (link, None));
    }
    assert!(full().encode().contains("layer=fire9/concat&method=guided_grad_cam&convention=keras_notebook&seed="));
    assert!(full().encode().contains("model=my%20model/%C3%BC&"));
}

#[test]
fn what_is_not_understood_is_left_out_with_a_sentence() {
    let cases = [
        ("class=-1", "class"),
        ("class=99999999999999999999", "class"),
        ("class=1&layer=", "layer"),
        ("technique=magic&hash=zz", "technique, hash"),
        ("hash=%3Cscript%3E", "hash"),
        ("picture=http://evil.example/x.png", "picture"),
        ("picture=example-../../x", "picture"),
        ("size=100000", "size"),
        ("steps=0&seed=1.5", "steps, seed"),
        ("method=%00", "method"),
        ("method=a%20b&convention=mine", "method, convention"),
        ("layer=%ff", "layer"),
        ("rule=redirected2&mode=%5B1%5D", "rule, mode"),
        ("way=null", "way"),
    ];
    for (fragment, wrong) in cases {
        let (link, problem) = parse(fragment);
        // Nothing of what it said is repeated.
        assert_eq!(problem, Some(Text::Own("link-not-understood", vec![("keys", wrong.into())])), "{fragment}");
        let kept = Link { class: link.class, ..Link::default() };
        assert_eq!(link, kept, "{fragment}");
    }
    let (link, problem) = parse(&format!("layer={}", "x".repeat(300)));
    assert!(link.layer.is_none() && problem.is_some());
    let (link, problem) = parse(&format!("class=1&x={}", "x".repeat(5000)));
    assert!(link == Link::default() && problem == Some(Text::key("link-too-long")));
}

#[test]
fn keys_of_other_pages_and_anchors_mean_nothing() {
    assert_eq!(parse("class=3&zoom=7&&=&a=b=c"), (Link { class: Some(3), ..Link::default() }, None));
    assert_eq!((Link::parse("#top"), Link::parse(""), Link::parse("#")), (None, None, None));
}

#[test]
fn a_link_restores_the_view_of_an_example() {
    let mut made = settled();
    sent(&made.apply(ExplanationAction::ChooseClass(0)));
    made.apply(ExplanationAction::ChooseLayer("conv1".into()));
    let fragment = made.link().expect("a view").encode();
    assert!(fragment.contains("picture=example-cat") && fragment.contains("hash=small"), "{fragment}");

    let (mut state, _) = State::new(None, Choice::Auto);
    assert_eq!(follow(&mut state, &fragment.replace("hash=small&", "")), []);
    assert_eq!(state.link(), None);
    let (open, _) = sent(&state.apply(ModelAction::Listed(Ok(vec![entry("small")]))));
    let effects = state.apply(heard(open, model("small", &["zero", "one"])));
    assert_eq!(effects, [Effect::GetNamed("cat".into())]);
    let effects = state.apply(LinkAction::Example(Ok(example("cat"))));
    let (look, _) = sent(&effects);
    let effects = state.apply(heard(look, looked(&[1, 0])));
    assert!(matches!(sent(&effects).1, Command::Explain { class: 0, .. }));
    assert_eq!(
        (state.explanation.layer.as_deref(), state.explanation.class, &state.notice.message),
        (Some("conv1"), Some(0), &None)
    );
    assert_eq!(state.link().map(|link| link.encode()), Some(fragment));
}

#[test]
fn another_model_and_what_it_lacks_are_said_in_one_message() {
    let (mut state, _) = State::new(None, Choice::Auto);
    follow(&mut state, "model=small&hash=0123456789&class=7&layer=nowhere&picture=example-cat");
    let (open, _) = sent(&state.apply(ModelAction::Listed(Ok(vec![entry("small")]))));
    state.apply(heard(open, model("small", &["zero", "one"])));
    let (look, _) = sent(&state.apply(LinkAction::Example(Ok(example("cat")))));
    state.apply(heard(look, looked(&[1, 0])));
    assert_eq!(said(&state), ["link-other-model", "link-no-class", "link-no-layer"]);
    assert_eq!((state.explanation.class, state.explanation.layer.as_deref()), (Some(1), Some("conv2")));
}

#[test]
fn a_link_with_a_picture_of_its_makers_own_asks_for_it() {
    let (mut state, _) = State::new(None, Choice::Auto);
    follow(&mut state, "model=small&picture=own&class=0");
    let (open, _) = sent(&state.apply(ModelAction::Listed(Ok(vec![entry("small")]))));
    assert_eq!(state.apply(heard(open, model("small", &["zero", "one"]))), []);
    assert_eq!(said(&state), ["link-own-picture"]);
    let (look, _) = sent(&give(&mut state, "mine.jpg"));
    let effects = state.apply(heard(look, looked(&[1, 0])));
    assert!(matches!(sent(&effects).1, Command::Explain { class: 0, .. }));
    assert_eq!((state.explanation.class, &state.notice.message), (Some(0), &None));
    // The name of the picture goes into no link.
    let link = state.link().expect("a view").encode();
    assert!(link.contains("picture=own") && !link.contains("mine"), "{link}");
}

#[test]
fn a_link_that_comes_later_changes_the_view_in_place() {
    let mut state = settled();
    let effects = follow(&mut state, "class=0&layer=conv1&picture=example-cat&convention=keras_notebook");
    assert!(
        matches!(sent(&effects).1, Command::Explain { class: 0, convention, .. } if convention == "keras_notebook")
    );
    assert_eq!((state.explanation.layer.as_deref(), state.image.photo.is_some()), (Some("conv1"), true));
    // Another picture, model and technique.
    assert_eq!(follow(&mut state, "picture=example-dog"), [Effect::GetNamed("dog".into())]);
    // A picture that is chosen meanwhile is not taken away again.
    give(&mut state, "mine.jpg");
    assert_eq!(state.apply(LinkAction::Example(Ok(example("dog")))), []);
    let mut state = settled();
    assert!(
        matches!(sent(&follow(&mut state, "model=large&class=0")).1, Command::Open { model, .. } if model == "large")
    );
    let mut state = settled();
    let effects = follow(&mut state, "technique=filters&filters=3&layer=conv1&seed=5");
    assert!(
        matches!(sent(&effects).1, Command::Climb(ask) if ask.filters == "3" && ask.layer == "conv1" && ask.seed == 5)
    );
    let mut state = settled();
    assert!(state.apply(LinkAction::Example(Err(Text::key("link-no-example")))).is_empty());
    follow(&mut state, "model=vanished&class=0");
    assert_eq!(said(&state), ["no-such-model"]);
}
