//! Channel attribution against differences of scores, channel by channel and cell by cell, and against HiResCAM, whose sum it is.

use burn::tensor::{Tensor, TensorData};
use convscope::artifact::{Artifact, Measure, Share};
use convscope::explain::Score;
use convscope::model::Codec;
use convscope::observation::Observation;

use super::common::{maps, tiny};
use super::{noise_image, seen};

/// The shares of channels at a place, in the order in which they are given.
fn shares(seen: &Observation, layer: &str, class: usize, place: &str, channels: &str) -> Vec<(usize, Share)> {
    let asked = seen.explain("channel_attribution").unwrap().class(class).layer(layer);
    let asked = asked.set("place", place).unwrap().set("channels", channels).unwrap();
    let share = |artifact| match artifact {
        Artifact::Panel(panel) => match panel.measure {
            Measure::Share(share) => (panel.channel.unwrap(), share),
            other => panic!("no share: {other:?}"),
        },
        other => panic!("no panel: {other:?}"),
    };
    asked.artifacts().unwrap().into_iter().map(share).collect()
}

/// Part of each channel in the class's logit, by the difference that a small change of each of its cells makes: `A dy / dA`, a cell at a
/// time.
fn by_differences(seen: &Observation, layer: &str, class: usize, cells: &[(usize, usize)]) -> Vec<f64> {
    const STEP: f32 = 1e-2;
    let node = seen.model().network.graph().id(layer).unwrap();
    let features = seen.features(node);
    let [_, channels, height, width] = features.dims();
    let values: Vec<f32> = features.clone().into_data().try_into_vec().unwrap();
    let score = |changed: Vec<f32>| {
        let changed =
            Tensor::<4>::from_data(TensorData::new(changed, [1, channels, height, width]), &features.device());
        let score = seen.scores_from(node, changed, class, Score::Logit).unwrap();
        f64::from(score.into_data().try_into_vec::<f32>().unwrap()[0])
    };
    let part = |channel: usize| {
        cells
            .iter()
            .map(|&(column, row)| {
                let at = (channel * height + row) * width + column;
                let moved = |by: f32| {
                    let mut values = values.clone();
                    values[at] += by;
                    score(values)
                };
                f64::from(values[at]) * (moved(STEP) - moved(-STEP)) / (2.0 * f64::from(STEP))
            })
            .sum()
    };
    (0..channels).map(part).collect()
}

/// Layer, box, and the columns and rows of the cells that it covers.
type Covered<'a> = (&'a str, &'a str, &'a [(usize, usize)]);

#[test]
fn shares_are_what_small_changes_of_single_cells_do() {
    let seen = seen(&tiny(Codec::F32, 1000), noise_image(8, 8));
    let places: [Covered<'_>; 4] = [
        ("b", "0.6,0.1,0,0", &[(2, 0)]),
        ("b", "0.25,0.5,0.5,0.5", &[(1, 2), (2, 2), (1, 3), (2, 3)]),
        ("join", "0.9,0.9,0.05,0.05", &[(3, 3)]),
        ("pool", "0,0.25,0.3,0.3", &[(0, 1)]),
    ];
    for (layer, place, cells) in places {
        for class in 0..3 {
            let expected = by_differences(&seen, layer, class, cells);
            let found = shares(&seen, layer, class, place, "all");
            assert_eq!(found.len(), expected.len());
            assert!(found.is_sorted_by(|one, other| one.1.value >= other.1.value), "the largest first");
            let total: f64 = expected.iter().filter(|part| **part > 0.0).sum();
            for (channel, share) in found {
                let near = |found: f64, expected: f64| (found - expected).abs() < 2e-3 * expected.abs().max(0.1);
                assert!(near(share.value, expected[channel]), "{layer} {class} {channel}: {share:?} {expected:?}");
                match share.share {
                    Some(of_all) => assert!(near(of_all * total, expected[channel]), "{layer} {class} {channel}"),
                    None => assert!(total < 1e-3, "{layer} {class}: {total}"),
                }
            }
        }
    }
}

#[test]
fn all_shares_of_a_place_are_hires_cams_number_there() {
    let seen = seen(&tiny(Codec::F32, 1000), noise_image(8, 8));
    for class in 0..3 {
        let map = maps(&seen, "hires_cam", class, "b", "paper").remove(0).signed;
        for (column, row) in [(0, 0), (3, 1), (2, 3)] {
            let place = format!("{},{},0,0", (f64::from(column) + 0.5) / 4.0, (f64::from(row) + 0.5) / 4.0);
            let sum: f64 = shares(&seen, "b", class, &place, "all").iter().map(|(_, share)| share.value).sum();
            let there = f64::from(map.values[(4 * row + column) as usize]);
            assert!((sum - there).abs() < 1e-4, "{class} {column} {row}: {sum} is not {there}");
        }
    }
}

#[test]
fn channels_can_be_named_and_a_place_outside_is_refused() {
    // The network sees the middle of an image of 16 x 8 pixels, where it is cut; this one is squashed, and so sees everything.
    let mut memory = tiny(Codec::F32, 1000);
    let all = shares(&seen(&memory, noise_image(16, 8)), "b", 1, "0.01,0.5,0,0", "all");
    let seen_here = |memory: &_| seen(memory, noise_image(16, 8));
    let named = shares(&seen_here(&memory), "b", 1, "0.01,0.5,0,0", "2,0");
    assert_eq!(named.iter().map(|(channel, _)| *channel).collect::<Vec<_>>(), [2, 0]);
    assert!(named.iter().all(|one| all.contains(one)));
    assert_eq!(shares(&seen_here(&memory), "b", 1, "0.01,0.5,0,0", "top2"), all[..2]);
    memory.edit(|json| json["preprocessing"]["fit"] = serde_json::json!({ "kind": "centre_crop", "short_side": 8 }));
    let seen = seen_here(&memory);
    let asked = seen.explain("channel_attribution").unwrap().class(1).layer("b").set("place", "0.01,0.5,0,0").unwrap();
    let error = asked.artifacts().unwrap_err().to_string();
    assert!(error.contains("sees nothing at that place"), "{error}");
}
