//! The evidence of the trust panel: streamed, cancelled, and judged.

use convscope::artifact::Artifact;
use convscope::error::Error;
use convscope::run::Collect;
use pollster::block_on;

use super::metrics::{data, network, observed};

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
