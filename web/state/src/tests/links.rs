//! Links: from a view and back, whatever comes.

use convscope_core::param::Value;
use convscope_core::render::{Blend, Colormap};

use super::*;

fn full() -> Link {
    Link {
        model: Some("my model/ü".into()),
        hash: Some("0123456789abcdef".into()),
        image: Some(LinkImage::Example("cat".into())),
        technique: Some("filters".into()),
        class: Some("281 - 0.5 * index:282".into()),
        layer: Some("fire9/concat".into()),
        channel: Some(7),
        drill: Some("0.5,0.25,0,0".into()),
        unit: Some(433),
        rows: Some("class,281,282".into()),
        columns: Some("layer,fire9/concat".into()),
        view: Some(crate::BesideView::Fidelity),
        signed: true,
        colormap: Some(Colormap::Cividis),
        opacity: Some(35),
        blend: Some(Blend::Plain),
        panes: Closed::parse("left,below"),
        contour: Some(50),
        split: Some(30),
        kept: Some(Box::new(Link { class: Some("a & b".into()), method: Some("rise".into()), ..Link::default() })),
        shared_scale: Some(false),
        method: Some("guided_grad_cam".into()),
        convention: Some("keras_notebook".into()),
        map: Some("rise".into()),
        values: [("channels", "433,298"), ("filters", "top9"), ("seed", "5")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
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
pub(super) fn said(state: &State) -> Vec<&'static str> {
    match state.notice.message.as_ref().map(|message| &message.text) {
        Some(Text::All(notes)) => notes.iter().map(own).collect(),
        Some(text) => vec![own(text)],
        None => vec![],
    }
}

pub(super) fn follow(state: &mut State, fragment: &str) -> Vec<Effect> {
    let (link, problem) = parse(fragment);
    state.apply(LinkAction::Follow(Box::new(link), problem))
}

#[test]
fn a_link_says_what_it_was_made_of() {
    for link in [
        full(),
        Link { class: Some("0".into()), ..Link::default() },
        Link { image: Some(LinkImage::Own(None)), ..full() },
        Link { image: Some(LinkImage::Own(Some("0123456789abcdef".into()))), ..full() },
    ] {
        let fragment = link.encode();
        assert!(fragment.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>`\\#".contains(&byte)), "{fragment}");
        assert_eq!(parse(&format!("#{fragment}")), (link, None));
    }
    assert!(full().encode().contains("layer=fire9/concat&method=guided_grad_cam&convention=keras_notebook&map=rise&"));
    assert!(full().encode().contains("model=my%20model/%C3%BC&"));
}

#[test]
fn what_is_not_understood_is_left_out_with_a_sentence() {
    let cases = [
        ("class=", "class"),
        ("class=%00", "class"),
        ("class=1&layer=", "layer"),
        ("technique=a%20b&hash=zz", "technique, hash"),
        ("hash=%3Cscript%3E", "hash"),
        ("picture=http://evil.example/x.png", "picture"),
        ("picture=example-../../x", "picture"),
        ("picture=own-12", "picture"),
        ("beside=class&one_scale=2", "beside, one_scale"),
        ("beside=class%3D", "beside"),
        ("method=%00", "method"),
        ("method=a%20b&convention=%3Cb%3E", "method, convention"),
        ("layer=%ff", "layer"),
        ("map=&way=%5B1%5D", "map, way"),
    ];
    for (fragment, wrong) in cases {
        let (link, problem) = parse(fragment);
        // Nothing of what it said is repeated.
        assert_eq!(problem, Some(Text::Own("link-not-understood", vec![("keys", wrong.into())])), "{fragment}");
        let kept = Link { class: link.class.clone(), ..Link::default() };
        assert_eq!(link, kept, "{fragment}");
    }
    let (link, problem) = parse(&format!("layer={}", "x".repeat(300)));
    assert!(link.layer.is_none() && problem.is_some());
    let (link, problem) = parse(&format!("class=1&x={}", "x".repeat(5000)));
    assert!(link == Link::default() && problem == Some(Text::key("link-too-long")));
}

#[test]
fn keys_of_other_pages_and_anchors_mean_nothing() {
    let (link, problem) = parse("class=3&zoom=7&&=&a=b=c&%3Cb%3E=1");
    assert_eq!(
        (Link { values: Default::default(), ..link }, problem),
        (Link { class: Some("3".into()), ..Link::default() }, None)
    );
    let mut state = settled();
    asked(&follow(&mut state, "class=0&zoom=7&seed=x&masks=1"));
    assert_eq!(said(&state), Vec::<&str>::new(), "parameters of other methods");
    assert_eq!((Link::parse("#top"), Link::parse(""), Link::parse("#")), (None, None, None));
}

#[test]
fn a_link_restores_the_view_of_an_example() {
    let mut made = settled();
    asked(&made.apply(ExplanationAction::ChooseClass(0)));
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
    assert_eq!(asked(&effects).1.target, Some(0.into()));
    assert_eq!(
        (state.explanation.layer.as_deref(), state.explanation.target.clone(), &state.notice.message),
        (Some("conv1"), Some(0.into()), &None)
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
    assert_eq!((state.explanation.target.clone(), state.explanation.layer.as_deref()), (Some(1.into()), Some("conv2")));
}

#[test]
fn a_link_that_comes_later_changes_the_view_in_place() {
    let mut state = settled();
    let effects = follow(&mut state, "class=0&layer=conv1&picture=example-cat&convention=keras_notebook");
    let (_, request) = asked(&effects);
    assert_eq!((request.target, request.convention.as_str()), (Some(0.into()), "keras_notebook"));
    assert_eq!((state.explanation.layer.as_deref(), state.image.photo.is_some()), (Some("conv1"), true));
    // Another image, model and method.
    assert_eq!(follow(&mut state, "picture=example-dog"), [Effect::GetNamed("dog".into())]);
    // An image that is chosen meanwhile is not taken away again.
    give(&mut state, "mine.jpg");
    assert_eq!(state.apply(LinkAction::Example(Ok(example("dog")))), []);
    let mut state = settled();
    assert!(
        matches!(sent(&follow(&mut state, "model=large&class=0")).1, Command::Open { model, .. } if model == "large")
    );
    let mut state = settled();
    // What takes long is not run because somebody has followed a link, but waits with its form filled in.
    assert_eq!(follow(&mut state, "method=filters&filters=3&layer=conv1&seed=5"), []);
    let (_, request) = asked(&state.apply(ExplanationAction::Run));
    let values =
        [("filters".into(), Value::Text("3".into())), ("seed".into(), Value::Int(5)), ("steps".into(), Value::Int(32))];
    assert_eq!((&request.layers, &request.values), (&Layers::Named(vec!["conv1".into()]), &values.into()));
    let mut state = settled();
    assert!(state.apply(LinkAction::Example(Err(Text::key("link-no-example")))).is_empty());
    follow(&mut state, "model=vanished&class=0");
    assert_eq!(said(&state), ["no-such-model"]);
}

#[test]
fn links_of_before_name_a_technique() {
    // The technique, the method, and the convention that come of it.
    let cases = [
        ("technique=grad_cam&method=gradient&convention=paper&seed=0", "gradient", "paper"),
        ("technique=grad_cam&method=deconvnet&convention=keras_notebook&seed=0", "deconvnet", "keras_notebook"),
        ("technique=explain", "grad_cam", "paper"),
        ("technique=activations&method=grad_cam&convention=paper&seed=0", "activations", ""),
        ("technique=deconvnet&method=grad_cam&convention=keras_notebook", "channel_reconstruction", "keras_notebook"),
        (
            "technique=filters&method=grad_cam&convention=paper&seed=0&steps=20&way=keras_notebook",
            "filters",
            "keras_notebook",
        ),
        ("technique=filters&method=grad_cam&convention=paper&seed=0", "filters", "lucid"),
        ("method=deconvnet", "deconvnet", "paper"),
    ];
    for (fragment, method, convention) in cases {
        let mut state = settled();
        follow(&mut state, fragment);
        let request = state.request().expect("a request");
        assert_eq!((request.method.as_str(), request.convention.as_str()), (method, convention), "{fragment}");
        assert_eq!(said(&state), Vec::<&str>::new(), "{fragment}");
    }
}

#[test]
fn what_does_not_fit_the_cards_is_said_once_they_are_there() {
    let cases = [
        ("technique=magic", "technique", "grad_cam"),
        ("method=magic&seed=x", "method", "grad_cam"),
        ("convention=mine", "convention", "grad_cam"),
        ("method=filters&filters=top0&steps=0&seed=1.5", "filters, steps, seed", "filters"),
        ("method=channel_reconstruction&mode=%5B1%5D&channels=", "channels, mode", "channel_reconstruction"),
        ("method=deletion&map=activations", "map", "deletion"),
    ];
    for (fragment, wrong, method) in cases {
        let (mut state, _) = State::new(None, Choice::Auto);
        follow(&mut state, &format!("{fragment}&picture=example-cat"));
        let (open, _) = sent(&state.apply(ModelAction::Listed(Ok(vec![entry("small")]))));
        state.apply(heard(open, model("small", &["zero", "one"])));
        let (look, _) = sent(&state.apply(LinkAction::Example(Ok(example("cat")))));
        state.apply(heard(look, looked(&[1, 0])));
        assert_eq!(state.request().map(|request| request.method).as_deref(), Some(method), "{fragment}");
        let text = Text::All(vec![Text::Own("link-not-understood", vec![("keys", wrong.into())])]);
        assert_eq!(state.notice.message.as_ref().map(|message| &message.text), Some(&text), "{fragment}");
    }
    // A model without a classifier has none of its methods, and says so.
    let (mut state, _) = State::new(None, Choice::Auto);
    follow(&mut state, "method=grad_cam&picture=example-cat");
    let (open, _) = sent(&state.apply(ModelAction::Listed(Ok(vec![entry("base")]))));
    state.apply(heard(open, model("base", &[])));
    let (look, _) = sent(&state.apply(LinkAction::Example(Ok(example("cat")))));
    assert_eq!(asked(&state.apply(heard(look, looked(&[])))).1.method, "activations");
    assert_eq!(said(&state), ["technique-missing"]);
}

#[test]
fn a_link_holds_the_form_and_the_feature_map() {
    let mut made = settled();
    let (run, _) = asked(&choose_method(&mut made, "activations"));
    methods::set(&mut made, "columns", "8");
    made.apply(heard(run, methods::sheet("conv2")));
    let (run, _) = asked(&made.apply(ExplanationAction::Run));
    made.apply(heard(run, methods::sheet("conv2")));
    made.apply(ExplanationAction::ChooseChannel(Some(1)));
    let fragment = made.link().expect("a view").encode();
    assert!(fragment.ends_with("layer=conv2&method=activations&channel=1&columns=8"), "{fragment}");
    let mut state = settled();
    let (run, request) = asked(&follow(&mut state, &fragment.replace("hash=small&", "")));
    assert_eq!(request.values, [("columns".into(), Value::Int(8))].into());
    assert_eq!(state.apply(heard(run, methods::sheet("conv2"))), []);
    assert_eq!(state.explanation.results.channel.as_ref().map(|map| map.channel), Some(1));
    choose_method(&mut state, "deletion");
    state.apply(ExplanationAction::ChooseMeasured("rise".into()));
    let fragment = state.link().expect("a view").encode();
    assert!(fragment.ends_with("method=deletion&convention=paper&map=rise"), "{fragment}");
}

#[test]
fn closed_panes_are_in_the_link_and_kept() {
    let mut state = settled();
    let closed = Closed::parse("left").expect("a pane");
    assert_eq!(state.apply(PaneAction::Toggle(Pane::Left)), [Effect::KeepPanes(closed)]);
    let fragment = state.link().expect("a view").encode();
    assert!(fragment.contains("&panes=left"), "{fragment}");
    state.apply(PaneAction::Toggle(Pane::Left));
    assert!(!state.link().expect("a view").encode().contains("panes"));
    follow(&mut state, &fragment);
    assert!(state.panes.has(Pane::Left) && !state.panes.has(Pane::Right));
    assert_eq!((Closed::parse("up"), Closed::parse("").map(|closed| closed.to_string())), (None, Some(String::new())));
}
