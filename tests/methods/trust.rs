//! The evidence of the trust panel: streamed, cancelled, and judged.

use convscope::artifact::Artifact;
use convscope::error::Error;
use convscope::explanation::Explanation;
use convscope::measurement::Measurement;
use convscope::model::Codec;
use convscope::run::Collect;
use pollster::block_on;

use super::common::tiny;
use super::metrics::{data, network, observed};
use super::{noise_image, seen};

#[test]
fn trust_streams_and_can_be_cancelled() {
    let data = data();
    let seen = observed(&network(&data, |_, values| values), &data);
    let asked = seen.explain("grad_cam").unwrap().class(1).layer("conv");
    let (map, kept) = (asked.map().unwrap(), Collect::default());
    let verdict = block_on(convscope::trust::trust(&seen, asked.request(), &map, &kept)).unwrap();
    let metrics: Vec<String> = kept
        .into_artifacts()
        .into_iter()
        .map(|artifact| match artifact {
            Artifact::Measurement(one) => {
                assert_eq!(
                    (one.baselines.len(), one.layer.as_str()),
                    (if one.metric == "randomization" { 0 } else { 3 }, "conv")
                );
                one.metric
            }
            other => panic!("no measurement: {other:?}"),
        })
        .collect();
    assert_eq!(metrics, ["deletion", "insertion", "average_drop", "randomization"]);
    let codes: Vec<&str> = verdict.iter().map(|sentence| sentence.code()).collect();
    assert!(codes.len() == 4 && codes[0].starts_with("verdict-deletion") && codes[3] == "verdict-limits", "{codes:?}");
    for patience in [1, 5, 20] {
        let patience = super::Patience { left: std::cell::Cell::new(patience) };
        let done = block_on(convscope::trust::trust(&seen, asked.request(), &map, &patience));
        assert!(matches!(done, Err(Error::Cancelled)) && patience.left.get() == 0);
    }
}

/// The measurements of the one map of a request.
fn measurements(asked: &Explanation<'_>, seen: &convscope::observation::Observation) -> Vec<Measurement> {
    let (map, kept) = (asked.map().unwrap(), Collect::default());
    block_on(convscope::trust::trust(seen, asked.request(), &map, &kept)).unwrap();
    let measurement = |artifact| match artifact {
        Artifact::Measurement(one) => one,
        other => panic!("no measurement: {other:?}"),
    };
    kept.into_artifacts().into_iter().map(measurement).collect()
}

#[test]
fn a_fused_map_is_made_again_by_its_own_rule() {
    let seen = seen(&tiny(Codec::F32, 1000), noise_image(8, 8));
    let mut likeness = vec![];
    for rule in ["fused", "fused_mean", "fused_product"] {
        let asked = seen.explain("grad_cam").unwrap().class(1).layer(rule);
        let found = measurements(&asked, &seen);
        let randomized = found.iter().find(|one| one.metric == "randomization").unwrap();
        assert_eq!(randomized.layer, rule);
        let alone = seen.explain("randomization").unwrap().class(1).set("steps", "4").unwrap().of(asked);
        assert!(matches!(&alone.artifacts().unwrap()[..], [Artifact::Measurement(one)] if one == randomized), "{rule}");
        // A product may be blank, where layers show nothing in common.
        likeness.extend(randomized.reading.value);
    }
    let differ = likeness.windows(2).all(|pair| pair[0] != pair[1]);
    assert!(likeness.len() >= 2 && differ, "each rule has a map of its own: {likeness:?}");
}

#[test]
fn methods_that_take_long_are_not_run_again() {
    let seen = seen(&tiny(Codec::F32, 1000), noise_image(8, 8));
    for (method, again) in
        [("layer_cam", true), ("gradient", true), ("score_cam", false), ("occlusion", false), ("smooth_grad", false)]
    {
        let asked = seen.explain(method).unwrap().class(1);
        let metrics: Vec<String> = measurements(&asked, &seen).into_iter().map(|one| one.metric).collect();
        assert_eq!(metrics.iter().any(|metric| metric == "randomization"), again, "{method}: {metrics:?}");
    }
}
