//! Gradient ascent to what makes filters fire: what rises, what repeats, what is dropped, and which colours come out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod colours;
#[path = "../common/mod.rs"]
mod common;
mod network;
mod vgg16;

use common::{Memory, tiny};
use convscope::device::Opened;
use convscope::error::Error;
use convscope::explain::filters::{self, Climbed, Convention, FilterAsk, Pattern};
use convscope::model::Codec;
use convscope::session::Session;
use pollster::block_on;

const BOTH: [Convention; 2] = [Convention::KerasNotebook, Convention::Lucid];

fn open(memory: &Memory) -> Session {
    let opened = Opened::cpu();
    block_on(Session::open(memory, &opened, |_| {})).unwrap()
}

fn ask(session: &Session, layer: &str, channels: &[usize], size: usize, convention: Convention) -> FilterAsk {
    let layer = session.model().network.graph().id(layer).unwrap();
    FilterAsk { layer, channels: channels.to_vec(), size, steps: 20, seed: 0, convention }
}

/// The patterns in the order of the channels.
fn climb(session: &Session, ask: &FilterAsk) -> Vec<Pattern> {
    let mut found: Vec<Pattern> = vec![];
    let each = async |climbed| {
        if let Climbed::Done(patterns) = climbed {
            found.extend(patterns);
        }
        true
    };
    block_on(session.filters(ask, 0, each)).unwrap();
    found.sort_by_key(|pattern| pattern.channel);
    found
}

#[test]
fn the_objective_of_live_filters_rises_in_every_layer() {
    let session = open(&tiny(Codec::F32, 1000));
    for convention in BOTH {
        let (mut live, mut rose) = (0, 0);
        for layer in ["a/linear", "a", "pool", "b", "sum", "c", "join", "small"] {
            let there = session.model().network.graph().shape(session.layers(layer, true).unwrap()[0])[0];
            let found = climb(&session, &ask(&session, layer, &(0..there).collect::<Vec<_>>(), 16, convention));
            assert_eq!(found.len(), there);
            // Less comes of the zeros around the picture alone, which are nothing to climb for where the picture is moved.
            for pattern in found.iter().filter(|pattern| pattern.first > 0.02) {
                live += 1;
                rose += usize::from(pattern.last > pattern.first);
                assert_eq!(pattern.image.len(), 3 * 16 * 16);
                assert!(pattern.image.iter().all(|value| value.is_finite()));
            }
        }
        assert!(live > 15 && rose as f64 >= 0.95 * live as f64, "{convention:?}: {rose} of {live}");
    }
}

#[test]
fn a_filters_picture_depends_on_the_seed_and_on_no_other_filter() {
    let session = open(&tiny(Codec::F32, 1000));
    for convention in BOTH {
        let all = ask(&session, "join", &[0, 1, 2, 3, 4, 5, 6, 7], 12, convention);
        let together = climb(&session, &all);
        assert_eq!(together, climb(&session, &all), "the same seed gives the same pictures");
        let pattern = together.iter().find(|pattern| pattern.last > 0.0).unwrap();
        let near = |image: &[f32]| {
            let range = pattern.image.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            image.iter().zip(&pattern.image).all(|(one, other)| (one - other).abs() <= 1e-3 * range)
        };
        let alone = FilterAsk { channels: vec![pattern.channel], ..all.clone() };
        assert!(near(&climb(&session, &alone)[0].image), "{convention:?}: other filters matter");
        assert!(!near(&climb(&session, &FilterAsk { seed: 1, ..alone })[0].image), "{convention:?}: the seed does not");
        // In batches of three, straight from the engine.
        let batches = filters::climb(session.model(), &all).unwrap().of_at_most(3);
        let mut sizes = vec![];
        for ascent in batches {
            sizes.push(ascent.channels().len());
            let row = ascent.channels().iter().position(|&channel| channel == pattern.channel);
            let images = ascent.last().unwrap().images;
            if let Some(row) = row {
                let image = images.narrow(0, row, 1).into_data().try_into_vec::<f32>().unwrap();
                assert!(near(&image), "{convention:?}: the batch matters");
            }
        }
        assert_eq!(sizes, [3, 3, 2]);
    }
}

#[test]
fn what_does_not_fit_is_said() {
    let session = open(&tiny(Codec::F32, 1000));
    let refused = |ask: &FilterAsk| block_on(session.filters(ask, 0, async |_| true)).unwrap_err().to_string();
    let right = ask(&session, "b", &[0], 16, Convention::Lucid);
    assert!(refused(&FilterAsk { channels: vec![0, 4], ..right.clone() }).contains("no filter 4; it has 0 to 3"));
    assert!(refused(&FilterAsk { steps: 0, ..right.clone() }).contains("1 step or more"));
    assert!(refused(&FilterAsk { size: 4, ..right.clone() }).contains("from 8 to 1024"));
    let heads = refused(&ask(&session, "logits", &[0], 16, Convention::Lucid));
    assert!(heads.contains("logits does not take pictures of 16 x 16") && heads.contains("own is 8 x 8"), "{heads}");
    // At the model's own size classes have pictures too, and nothing to climb for is no error.
    let classes = climb(&session, &ask(&session, "logits", &[0, 1, 2], 8, Convention::Lucid));
    assert!(classes.iter().all(|pattern| pattern.last > pattern.first));
    assert!(climb(&session, &FilterAsk { channels: vec![], ..right.clone() }).is_empty());
    // Whoever is told may say stop.
    let mut told = 0;
    let each = async |_| {
        told += 1;
        told < 3
    };
    assert!(matches!(block_on(session.filters(&right, 1, each)), Err(Error::Cancelled)));
    assert_eq!(told, 3);
}

#[test]
fn the_pictures_can_be_watched() {
    let session = open(&tiny(Codec::F32, 1000));
    for convention in BOTH {
        let mut shown = vec![];
        let mut last = vec![];
        let each = async |climbed| {
            match climbed {
                Climbed::Step { step, images: Some(images), .. } => {
                    shown.push(step);
                    last = images;
                }
                Climbed::Step { .. } => {}
                Climbed::Done(patterns) if patterns.is_empty() => {}
                Climbed::Done(patterns) => assert_eq!(patterns[0].image, last[0]),
            }
            true
        };
        block_on(session.filters(&ask(&session, "join", &[1], 8, convention), 5, each)).unwrap();
        assert!(
            shown.is_empty() && convention == Convention::KerasNotebook || shown == [0, 5, 10, 15, 20],
            "{shown:?}"
        );
    }
}
