//! Numbers that add up to a score, against the scores of images that are seen by themselves.

use convscope::artifact::Artifact;
use convscope::error::Error;
use convscope::image::Image;
use convscope::observation::Observation;

use super::metrics::{data, linear, network, observed, of};
use super::seen;

/// The residual of the map that `method` makes in a convention with some parameters.
fn residual(
    seen: &Observation,
    method: &str,
    convention: &str,
    sets: &[(&str, &str)],
    shared: &str,
) -> Result<f64, Error> {
    let asked = seen.explain(method)?.class(1).convention(convention);
    let asked = sets.iter().try_fold(asked, |asked, (id, value)| asked.set(id, value))?;
    let mut found = seen.explain("completeness")?.class(1).set("shared", shared)?.of(asked).artifacts()?;
    match found.remove(0) {
        Artifact::Measurement(one) => Ok(one.reading.value.unwrap()),
        other => panic!("no measurement: {other:?}"),
    }
}

#[test]
fn what_pixels_add_to_a_linear_score_is_complete() {
    let (memory, _, image) = linear();
    let seen = seen(&memory, image);
    for shared in ["difference", "whole"] {
        let residual = of(&seen, "completeness", &[("shared", shared)]).reading.value.unwrap();
        assert!(residual < 1e-5, "{shared}: {residual}");
    }
}

#[test]
fn a_map_is_held_to_the_baseline_and_the_score_that_it_was_made_with() {
    let data = data();
    let memory = network(&data, |_, values| values);
    let seen = observed(&memory, &data);
    let white = super::seen(&memory, Image::from_rgb(10, 8, vec![255; 240]).unwrap());
    let black = super::seen(&memory, Image::from_rgb(10, 8, vec![0; 240]).unwrap());
    for (convention, is_logit) in [("paper", true), ("keras_notebook", false)] {
        let score = |seen: &Observation| {
            let class = seen.prediction(1).unwrap();
            f64::from(if is_logit { class.logit } else { class.probability.unwrap() })
        };
        for (baseline, seen_as) in [("white", &white), ("zero", &black)] {
            let sets = [("baseline", baseline), ("steps", "400")];
            let method = "integrated_gradients";
            let asked = seen.explain(method).unwrap().class(1).convention(convention);
            let asked = sets.iter().fold(asked, |asked, (id, value)| asked.set(id, value).unwrap());
            let sum: f64 = asked.map().unwrap().signed.values.iter().map(|&value| f64::from(value)).sum();
            let [difference, whole] = [score(&seen) - score(seen_as), score(&seen)];
            for (shared, expected) in [("difference", difference), ("whole", whole)] {
                let expected = (sum - expected).abs() / expected.abs();
                let found = residual(&seen, method, convention, &sets, shared).unwrap();
                println!("{convention}, {baseline}, {shared}: {found} for {expected}");
                assert!((found - expected).abs() < 1e-4 * expected.max(1.0), "{found} is not {expected}");
            }
            let own = residual(&seen, method, convention, &sets, "difference").unwrap();
            assert!(own < 0.02, "{convention}, {baseline}: {own}");
        }
        let [white, zero] = [&white, &black].map(|baseline| score(&seen) - score(baseline));
        assert!((white - zero).abs() > 0.05 * zero.abs(), "a case that tells: {white} {zero}");
    }
}

#[test]
fn maps_without_signs_add_up_to_nothing() {
    let data = data();
    let seen = observed(&network(&data, |_, values| values), &data);
    let refused = |method: &str, sets: &[(&str, &str)]| match residual(&seen, method, "", sets, "whole") {
        Err(Error::Nothing(why)) => why.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(refused("layer_cam", &[]).contains("layer_cam have no sign"));
    let reduced = refused("integrated_gradients", &[("reduction", "max")]);
    assert!(reduced.contains("by max") && reduced.contains("ask for signed"), "{reduced}");
    assert!(residual(&seen, "integrated_gradients", "", &[("reduction", "signed")], "whole").is_ok());
}
