//! Evidence bundles that are opened.

use convscope_core::export::{Asked, Bundle, Evidence, sha256};
use convscope_core::image::npy;
use convscope_core::protocol::Ready;
use convscope_core::render::{Blend, Colormap, MapStyle};
use serde_json::json;

use super::*;
use crate::BundleAgreement;

const FILE: &[u8] = b"an image";

/// A bundle of class 0 at the last layer, whose map is one number, with the image or without.
fn bundle(value: f32, image: bool) -> Rc<[u8]> {
    let request = Request {
        method: "grad_cam".into(),
        target: Some(0.into()),
        layers: Layers::All,
        convention: "paper".into(),
        ..Request::default()
    };
    let style = MapStyle { colormap: Colormap::Jet, opacity: 0.5, blend: Blend::Plain, ..MapStyle::default() };
    let entry =
        json!({ "layer": "conv2", "class": { "index": 0 }, "signed": false, "map": "m.npy", "overlay": "m.png" });
    // What was measured of the map stands behind it.
    let measured = json!({ "method": "deletion", "layer": "conv1", "chart": "c.png" });
    let mut bundle = Bundle::new(json!({
        "program": "convscope 9", "model": { "id": "small", "name": "SMALL", "hash": "small" }, "device": "a lamp",
        "results": [entry, measured], "failures": [],
    }));
    bundle.add("m.npy", npy(&[1, 1], &[value]));
    bundle.add("m.png", vec![1, 2]);
    bundle.add("c.png", vec![3]);
    let metrics = vec![Request { method: "deletion".into(), layers: Layers::parse("conv2"), ..Request::default() }];
    let asked = Asked { requests: vec![request], metrics, style, ..Asked::default() };
    let evidence = Evidence::new(asked, &cards::all()[0], "small", Some(("mine.jpg", &sha256(FILE))));
    Rc::from(bundle.zip(evidence, image.then(|| FILE.to_vec())).expect("a zip"))
}

fn open(state: &mut State, file: Rc<[u8]>) -> Vec<Effect> {
    state.apply(BundleAction::Open { name: "mine.zip".into(), file })
}

/// What the network makes of the bundle's image.
fn looked_at() -> Event {
    match looked(&[1, 0]) {
        Event::Looked { width, height, region, classes, note, doubt, seconds, .. } => {
            Event::Looked { width, height, region, classes, note, doubt, sha256: sha256(FILE), seconds }
        }
        other => other,
    }
}

#[test]
fn a_bundle_brings_its_image_and_its_view() {
    let mut state = settled();
    let effects = open(&mut state, bundle(1.0, true));
    let (look, command) = sent(&effects);
    assert_eq!(command, &Command::Look { name: "mine.jpg".into(), file: FILE.to_vec() });
    let (run, request) = asked(&state.apply(heard(look, looked_at())));
    assert_eq!((request.target, request.layers), (Some(0.into()), Layers::All));
    let explanation = &state.explanation;
    assert_eq!((explanation.colormap, explanation.opacity, explanation.blend), (Colormap::Jet, 0.5, Blend::Plain));
    assert_eq!(explanation.layer.as_deref(), Some("conv2"));
    assert_eq!(state.bundle_agreement(), None, "nothing has come");
    state.apply(heard(run, map("conv2")));
    assert_eq!(state.bundle_agreement(), Some(BundleAgreement { largest: 0.0, agrees: true }));
    let opened = state.bundle.opened.clone().expect("the bundle");
    assert_eq!((opened.program.as_str(), opened.device.as_str()), ("convscope 9", "a lamp"));
    assert_eq!(opened.picture.as_deref(), Some([1, 2].as_slice()));
    assert_eq!(state.apply(BundleAction::Close), []);
    assert_eq!((state.bundle.opened.is_none(), state.bundle_agreement()), (true, None));
}

#[test]
fn a_map_that_comes_out_otherwise_is_told() {
    let mut state = settled();
    let (look, _) = sent(&open(&mut state, bundle(0.8, true)));
    let (run, _) = asked(&state.apply(heard(look, looked_at())));
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    let agreement = state.bundle_agreement().expect("both are there");
    assert!(!agreement.agrees && (agreement.largest - 0.2).abs() < 1e-6, "{agreement:?}");
    // Another model under the same name is another network.
    let ready =
        state.model.ready.replace(Ready { hash: "other".into(), ..cards::ready("small", &["zero", "one"]) }.into());
    assert_eq!(state.bundle_agreement(), None);
    state.model.ready = ready;
    // Of another class there is nothing to compare with.
    asked(&state.apply(ExplanationAction::ChooseClass(1)));
    assert_eq!(state.bundle_agreement(), None);
}

#[test]
fn a_bundle_without_its_image_waits_for_it() {
    let mut state = settled();
    let effects = open(&mut state, bundle(1.0, false));
    assert_eq!(effects, [Effect::GetKept(sha256(FILE)[..16].to_owned())]);
    state.apply(LinkAction::Kept(sha256(FILE)[..16].to_owned(), None));
    assert_eq!(state.notice.line, Some(Text::key("link-own-image")));
    assert_eq!(state.bundle_agreement(), None);
    // The person has it, and gives it.
    let (look, _) = sent(&state.apply(ImageAction::Given { name: "again.jpg".into(), file: Rc::from(FILE) }));
    let (_, request) = asked(&state.apply(heard(look, looked_at())));
    assert_eq!((request.target, state.notice.line.clone()), (Some(0.into()), None));
}

#[test]
fn what_is_no_bundle_is_said_and_leaves_what_is_seen() {
    let mut state = settled();
    let before = state.clone();
    assert_eq!(open(&mut state, Rc::from(b"no zip".as_slice())), []);
    let Some(Message { text: Text::Engine(fault), .. }) = state.notice.message.take() else { panic!("no message") };
    assert_eq!((fault.code(), fault.cause().map(Fault::code)), ("bundle-opened", Some("bundle-no-zip")));
    assert_eq!(state, before);
}
