//! Every method by its card on every tap of a tiny network, and single methods against slow independent code and small cases.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod attributions;
mod cams;
mod cams_by_hand;
mod channel_attribution;
#[path = "../common/mod.rs"]
mod common;
mod completeness;
mod conventions;
mod finer_cam;
mod grad_cam;
mod image_similarity;
mod metrics;
mod names;
mod peers;
mod perturbation;
mod randomization;
mod scores;
mod several_maps;
mod trust;

use std::cell::Cell;
use std::pin::Pin;

use common::{Noise, maps, model, tiny};
use convscope::artifact::Artifact;
use convscope::card::{Gives, LayersAsked};
use convscope::image::Image;
use convscope::methods::methods;
use convscope::model::Codec;
use convscope::observation::Observation;
use convscope::param::Kind;
use convscope::request::{Layers, Request};
use convscope::run::{Collect, Heard, Listener, run};
use pollster::block_on;

fn seen(memory: &common::Memory, image: Image) -> Observation {
    model(memory).observe(image).unwrap()
}

fn noise_image(width: u32, height: u32) -> Image {
    let mut noise = Noise(11);
    let rgb = (0..3 * width * height).map(|_| noise.below(256) as u8).collect();
    Image::from_rgb(width, height, rgb).unwrap()
}

/// The request that a method is tried with: few steps, the tap `b` where it takes one.
fn request(card: &convscope::card::Card, class: usize, convention: &str) -> Request {
    let layers = if card.asks.layers == LayersAsked::One { Layers::parse("b") } else { Layers::All };
    let mut request = Request { method: card.id.to_string(), target: Some(class.into()), layers, ..Request::default() };
    request.convention = convention.into();
    for param in card
        .params
        .iter()
        .filter(|param| ["masks", "steps", "size", "window", "samples", "percentiles"].contains(&param.id.as_ref()))
    {
        request.set(card, &param.id, "8").unwrap();
    }
    if card.asks.map {
        request.map = Some(Box::new(Request { method: "grad_cam".into(), layers: Layers::All, ..Request::default() }));
    }
    request
}

#[test]
fn every_method_answers_on_every_tap_in_every_convention() {
    let seen = seen(&tiny(Codec::Int8, 100), noise_image(20, 13)).beside(&[noise_image(8, 8)]);
    let taps = seen.model().layers(&Layers::All, LayersAsked::Many).unwrap();
    assert_eq!(taps.len(), 4, "the pool is no layer for class activation maps");
    for card in methods().map(|method| method.card()) {
        for convention in card.conventions.iter() {
            for class in 0..3 {
                let (request, kept) = (request(card, class, &convention.name), Collect::default());
                block_on(run(&seen, &request, &kept)).unwrap();
                let artifacts = kept.into_artifacts();
                let expected = match card.gives {
                    // A method that compares says how alike both are, beside each map.
                    Gives::LayerMap { .. } if card.asks.another => 2 * taps.len(),
                    Gives::LayerMap { .. } | Gives::Curve | Gives::Number => taps.len(),
                    Gives::InputImage if card.asks.layers == LayersAsked::Many => taps.len(),
                    Gives::InputImage | Gives::InputMap { .. } => 1,
                    Gives::Sheet => 5,
                    Gives::Panels
                        if card.params.iter().any(|param| ["filters", "mode", "place"].contains(&&*param.id)) =>
                    {
                        4
                    }
                    Gives::Panels => 1,
                };
                assert_eq!(artifacts.len(), expected, "{}", card.id);
                artifacts.iter().for_each(|artifact| whole(card, artifact));
            }
        }
    }
}

/// That an artifact is of the kind that its method's card promises, and its numbers are numbers.
fn whole(card: &convscope::card::Card, artifact: &Artifact) {
    match (card.gives, artifact) {
        (Gives::LayerMap { .. } | Gives::InputMap { .. } | Gives::InputImage, Artifact::Map(map)) => {
            assert_eq!(map.image.is_some(), card.gives == Gives::InputImage, "{}", card.id);
            let at_input = !matches!(card.gives, Gives::LayerMap { .. });
            let side = if at_input || map.layer == "a" { 8 } else { 4 };
            assert_eq!([map.normalised.height, map.normalised.width], [side, side], "{}", card.id);
            assert!(map.signed.values.iter().all(|value| value.is_finite()));
            assert!(card.gives.signed() || at_input || map.signed.min() >= 0.0 || map.blank.is_none(), "{}", card.id);
            assert_eq!(map.normalised.max(), if map.blank.is_some() { 0.0 } else { 1.0 });
            assert!(map.normalised.min() >= 0.0);
        }
        (Gives::Panels, Artifact::Panel(panel)) => {
            let layer = if card.asks.layers == LayersAsked::None { "logits" } else { "b" };
            assert!(panel.layer == layer && panel.channel.is_none_or(|channel| channel < 4));
            assert!(panel.values.iter().all(|value| value.is_finite()));
            assert_eq!(panel.drawing.as_ref().map_or(192, |drawing| drawing.rgb.len()), 192);
        }
        (Gives::Sheet, Artifact::Sheet(sheet)) => {
            assert_eq!(sheet.values.len(), sheet.activation.shape.iter().product::<usize>());
        }
        (Gives::Curve | Gives::Number, Artifact::Measurement(one)) => {
            assert_eq!(one.metric, card.id);
            assert_eq!(one.reading.value.is_none(), one.blank.is_some(), "{one:?}");
            assert_eq!(one.baselines.len(), if card.param("compare").is_some() { 3 } else { 0 }, "{}", card.id);
            let baselines = one.baselines.iter().map(|(_, reading)| reading);
            for reading in std::iter::once(&one.reading).filter(|_| one.blank.is_none()).chain(baselines) {
                assert!(reading.value.is_some_and(f64::is_finite), "{}: {reading:?}", card.id);
                assert_eq!(reading.curve.is_some(), card.gives == Gives::Curve, "{}", card.id);
                let points = reading.curve.iter().flat_map(|curve| &curve.points);
                assert!(points.clone().all(|(x, y)| (0.0..=1.0).contains(x) && y.is_finite()), "{}", card.id);
                assert!(points.map(|(x, _)| x).is_sorted(), "{}", card.id);
            }
        }
        (Gives::LayerMap { .. }, Artifact::Measurement(one)) if card.asks.another => {
            assert!(one.reading.value.is_some_and(|value| value.abs() <= 1.0 + 1e-6), "{one:?}");
        }
        (gives, artifact) => panic!("{} promises {gives:?} and gives {artifact:?}", card.id),
    }
}

#[test]
fn all_layers_maps_come_of_one_backward_pass_as_of_one_each() {
    let seen = seen(&tiny(Codec::Int8, 100), noise_image(20, 13));
    for convention in ["paper", "keras_notebook"] {
        let all = maps(&seen, "grad_cam", 1, "all", convention);
        let alone = |layer: &str| maps(&model_of(&seen), "grad_cam", 1, layer, convention).remove(0);
        assert!(all.iter().all(|map| *map == alone(&map.layer)), "{convention}");
    }
}

/// The same image seen anew, with no gradient known.
fn model_of(seen: &Observation) -> Observation {
    seen.model().observe(seen.image().clone()).unwrap()
}

/// Listener that says stop when it has heard so much.
struct Patience {
    left: Cell<usize>,
}

impl Listener for Patience {
    fn hear<'a>(&'a self, _: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        self.left.set(self.left.get() - 1);
        Box::pin(std::future::ready(self.left.get() > 0))
    }
}

#[test]
fn every_method_can_be_stopped() {
    let seen = seen(&tiny(Codec::F32, 1000), noise_image(8, 8)).beside(&[noise_image(9, 9)]);
    for card in methods().map(|method| method.card()) {
        let patience = Patience { left: Cell::new(1) };
        let done = block_on(run(&seen, &request(card, 0, ""), &patience));
        assert!(matches!(done, Err(convscope::Error::Cancelled)), "{}: {done:?}", card.id);
        assert_eq!(patience.left.get(), 0, "{}", card.id);
    }
}

#[test]
fn what_does_not_exist_is_refused_with_what_does() {
    let tiny = model(&tiny(Codec::F32, 1000));
    let said = |error: convscope::Error| error.to_string();
    let refused = |request: &Request| said(block_on(run(&*tiny, request, &Collect::default())).unwrap_err());
    let nothing = refused(&Request { method: "grad_cam".into(), target: Some(0.into()), ..Request::default() });
    assert!(nothing.contains("no image"), "{nothing}");
    let seen = tiny.observe(noise_image(8, 8)).unwrap();
    assert!(said(seen.class("zebra").unwrap_err()).contains("class_0"));
    assert!(said(seen.class("3").unwrap_err()).contains("0 to 2"));
    assert_eq!(seen.class("Class 1").unwrap(), 1);
    assert_eq!(seen.class("2").unwrap(), 2);
    assert_eq!(seen.class("top1").unwrap(), seen.top().unwrap());
    assert!(said(seen.explain("tea_leaves").unwrap_err()).contains("grad_cam"));
    let refused = |layer: &str| said(seen.explain("grad_cam").unwrap().layer(layer).map().unwrap_err());
    assert!(refused("block9").contains("join"));
    assert!(refused("softmax").contains("softmax"));
    assert!(refused("all").contains("several maps"));
    let error = seen.explain("grad_cam").unwrap().convention("tradition").map().unwrap_err();
    assert!(said(error).contains("keras_notebook"));
    let error = seen.explain("rise").unwrap().set("maks", "3").unwrap_err();
    assert!(said(error).contains("did you mean masks?"));
    let deletion = |measured| seen.explain("deletion").unwrap().of(seen.explain(measured).unwrap()).artifacts();
    assert!(said(deletion("activations").unwrap_err()).contains("makes no map"));
    assert!(said(seen.explain("deletion").unwrap().artifacts().unwrap_err()).contains("name that method"));
}

#[test]
fn the_page_says_every_method_in_chinese() {
    let catalogue = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/web/words/zh-Hans.ftl")).unwrap();
    let has = |key: &str| catalogue.lines().any(|line| line.starts_with(&format!("{key} = ")));
    let mut missing = vec![];
    for card in methods().map(|method| method.card()) {
        let parts = ["title", "shows", "limits"].map(|part| format!("method-{}-{part}", card.id));
        missing.extend(parts.into_iter().filter(|key| !has(key)));
        for param in card.params.iter() {
            let [any, own] = [format!("param-{}", param.id), format!("param-{}-{}", card.id, param.id)];
            missing.extend((!has(&any) && !has(&own)).then_some(any));
            if let Kind::Choice { choices, .. } = &param.kind {
                // A choice among methods is said by their names.
                let said = |name: &str| has(&format!("method-{name}-title"));
                let keys = choices.iter().filter(|(name, _)| !said(name));
                let keys = keys.map(|(name, _)| format!("choice-{}-{name}", param.id));
                missing.extend(keys.filter(|key| !has(key)));
            }
        }
        let conventions = card.conventions.iter().filter(|_| card.conventions.len() > 1);
        missing.extend(conventions.map(|variant| format!("convention-{}", variant.name)).filter(|key| !has(key)));
    }
    assert!(missing.is_empty(), "web/words/zh-Hans.ftl lacks {}", missing.join(", "));
}
