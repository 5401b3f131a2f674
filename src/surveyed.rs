//! Findings of a survey about one image.

use std::collections::BTreeMap;

use crate::artifact::Artifact;
use crate::error::Result;
use crate::observation::Observation;
use crate::preprocess::Region;
use crate::request::Request;
use crate::run::{Collect, Inner, Listener, measure, run};
use crate::survey::{Found, in_boxes, no_map};
use crate::target::Target;

/// What a survey keeps of an image: its likeliest class, the map that `request` gives of that class, what `metrics` say of the map, and how
/// much of its heat lies in `boxes`, which are in the image's pixels.
///
/// # Errors
/// Those of [`run`], and [`Error::Request`](crate::Error::Request) without a classifier.
pub async fn find(
    seen: &Observation,
    request: &Request,
    metrics: &[Request],
    boxes: &[Region],
    listener: &dyn Listener,
) -> Result<Found> {
    let manifest = &seen.model().manifest;
    let Some(top) = seen.top() else { return Err(manifest.no_classifier()) };
    let request = Request { target: Some(Target::from(top)), ..request.clone() };
    let inner = |index: usize| Inner { outer: listener, kept: Collect::default(), index, count: metrics.len() + 1 };
    let mapped = inner(0);
    run(seen, &request, &mapped).await?;
    let maps = mapped.kept.into_artifacts().into_iter().find_map(Artifact::into_map).map(|map| [map]);
    let maps = maps.ok_or_else(no_map)?;
    let mut values = BTreeMap::new();
    for (index, metric) in metrics.iter().enumerate() {
        let of = Some(Box::new(request.clone()));
        let asked = Request { target: request.target.clone(), map: of, ..metric.clone() };
        let measured = inner(index + 1);
        measure(seen, &asked, &maps, &measured).await?;
        let first = measured.kept.into_artifacts().into_iter().find_map(|artifact| match artifact {
            Artifact::Measurement(one) => Some(one),
            _ => None,
        });
        let value = first.and_then(|one| one.reading.value).map(|value| value as f32);
        values.insert(metric.method.clone(), value.filter(|value| value.is_finite()));
    }
    let [map] = &maps;
    let [.., height, width] = seen.input().dims();
    let boxed = in_boxes(map, boxes, seen.region(), [width, height]);
    values.extend(boxed.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Found::new(seen.classes(), map, values).ok_or_else(|| manifest.no_classifier())
}
