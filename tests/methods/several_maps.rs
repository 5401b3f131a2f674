//! Metrics of several maps at once: what is found once for all of them, and maps that do not fit.

use std::cell::RefCell;
use std::pin::Pin;

use convscope::artifact::Artifact;
use convscope::error::Result;
use convscope::explain::{AttributionMap, Evidence, Score};
use convscope::measurement::Measurement;
use convscope::methods::method;
use convscope::observation::Observation;
use convscope::request::{Layers, Request};
use convscope::run::{Heard, Listener, measure};
use pollster::block_on;

use super::common::{Noise, maps, model, tiny};
use super::metrics::{data, map, network, observed};
use super::{noise_image, seen};

/// Listener that keeps measurements and counts messages.
#[derive(Default)]
struct Count(RefCell<(Vec<Measurement>, usize)>);

impl Listener for Count {
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        let mut kept = self.0.borrow_mut();
        match heard {
            Heard::Artifact(Artifact::Measurement(one)) => kept.0.push(one),
            Heard::Artifact(other) => panic!("no measurement: {other:?}"),
            Heard::Progress { .. } => kept.1 += 1,
        }
        Box::pin(std::future::ready(true))
    }
}

/// What a metric says of maps, as Grad-CAM makes them of all layers, and how often it told of its progress.
fn measured(
    seen: &Observation,
    metric: &str,
    sets: &[(&str, &str)],
    maps: &[AttributionMap],
) -> Result<(Vec<Measurement>, usize)> {
    let of = Request { method: "grad_cam".into(), target: Some(1.into()), layers: Layers::All, ..Request::default() };
    let mut request =
        Request { method: metric.into(), target: Some(1.into()), map: Some(Box::new(of)), ..Request::default() };
    let card = method(metric).unwrap().card();
    sets.iter().for_each(|(id, value)| request.set(card, id, value).unwrap());
    let count = Count::default();
    block_on(measure(seen, &request, maps, &count))?;
    Ok(count.0.into_inner())
}

#[test]
fn changed_images_are_scored_once_for_all_maps() {
    let data = data();
    let seen = observed(&network(&data, |_, values| values), &data);
    let mut noise = Noise(8);
    let other = AttributionMap::new("conv".into(), [5, 4], noise.many(20), Evidence::Scores, Score::Logit);
    let sets = [("window", "3"), ("samples", "7")];
    let maps = [map(&data), other];
    let (both, told) = measured(&seen, "infidelity", &sets, &maps).unwrap();
    for (map, one) in maps.iter().zip(&both) {
        let (alone, _) = measured(&seen, "infidelity", &sets, std::slice::from_ref(map)).unwrap();
        assert_eq!(alone[0].reading, one.reading, "a map's number does not depend on the others");
        assert_eq!(alone[0].baselines, one.baselines);
    }
    assert_ne!(both[0].reading.value, both[1].reading.value);
    // Two maps and three baselines, and the changed images, batch by batch.
    let batches = 7_usize.div_ceil(seen.model().network.batch());
    assert_eq!(told, 5 + batches);
}

#[test]
fn each_of_several_maps_is_made_again_at_its_own_layer() {
    let seen = seen(&tiny(convscope::model::Codec::F32, 1000), noise_image(8, 8));
    let maps = maps(&seen, "grad_cam", 1, "all", "");
    for (metric, sets) in [
        ("sensitivity_max", &[("samples", "3"), ("radius", "0.3")][..]),
        ("randomization", &[("steps", "2")][..]),
        ("efficient_randomization", &[][..]),
    ] {
        let (all, _) = measured(&seen, metric, sets, &maps).unwrap();
        assert_eq!(all.len(), 4);
        for (map, one) in maps.iter().zip(&all) {
            let of = seen.explain("grad_cam").unwrap().class(1).layer(&map.layer);
            let asked = seen.explain(metric).unwrap().class(1);
            let asked = sets.iter().fold(asked, |asked, (id, value)| asked.set(id, value).unwrap());
            let alone = asked.of(of).artifacts().unwrap();
            assert!(
                matches!(&alone[..], [Artifact::Measurement(alone)] if alone == one),
                "{metric}: {alone:?} {one:?}"
            );
        }
    }
}

#[test]
fn maps_that_their_method_does_not_make_are_refused() {
    let seen = model(&tiny(convscope::model::Codec::F32, 1000)).observe(noise_image(8, 8)).unwrap();
    let map = |layer: &str, size: [usize; 2]| {
        let values = Noise(3).many(size[0] * size[1]);
        AttributionMap::new(layer.into(), size, values, Evidence::Scores, Score::Logit)
    };
    for metric in ["sensitivity_max", "randomization", "efficient_randomization"] {
        // The layer b is 4 x 4.
        let error = measured(&seen, metric, &[], &[map("b", [5, 4])]).unwrap_err();
        assert_eq!(error.code(), "maps-unfit", "{metric}: {error}");
        assert!(measured(&seen, metric, &[], &[map("b", [4, 4])]).is_ok());
        let error = measured(&seen, metric, &[], &[map("nowhere", [4, 4])]).unwrap_err().to_string();
        assert!(error.contains("nowhere"), "{metric}: {error}");
    }
}
