//! Evidence of whether a map can be believed, for whoever looks at it: few steps of a few metrics, one after the other, and what they come
//! to in sentences.
//!
//! ```
//! use convscope::device::Choice;
//! use convscope::embedded::SQUEEZENET;
//! use convscope::model::Model;
//! use convscope::image::Image;
//! use convscope::run::Collect;
//! use convscope::trust::trust;
//!
//! let model = Model::load(&SQUEEZENET, Choice::Cpu)?;
//! let seen = model.observe(Image::from_rgb(2, 2, vec![255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])?)?;
//! let asked = seen.explain("grad_cam")?;
//! let (map, kept) = (asked.map()?, Collect::default());
//! let verdict = pollster::block_on(trust(&seen, asked.request(), &map, &kept))?;
//! assert_eq!(kept.into_artifacts().len(), 4);
//! assert_eq!(verdict.last().map(|sentence| sentence.code()), Some("verdict-limits"));
//! # Ok::<(), convscope::Error>(())
//! ```

use std::cell::RefCell;
use std::pin::Pin;

use crate::artifact::Artifact;
use crate::card::{Family, LayersAsked};
use crate::error::{Fault, Result};
use crate::explain::AttributionMap;
use crate::measurement::{Measurement, verdict};
use crate::methods::method;
use crate::observation::Observation;
use crate::param::Value;
use crate::request::{Layers, Request};
use crate::run::{Heard, Listener, measure};

/// Metrics, in the order in which they come, each with its steps where it has some. Together they are about a hundred forward passes, which a
/// browser's CPU does for SqueezeNet in less than four seconds; a tenth of the pixels is one of the steps.
const METRICS: [(&str, Option<i64>); 4] =
    [("deletion", Some(10)), ("insertion", Some(10)), ("average_drop", None), ("randomization", Some(4))];

/// Measures the map that `request` gave, and says what was found; each measurement is emitted as it comes. Of a method that tries many images
/// itself, what random weights would do to the map is left out.
///
/// # Errors
/// Those of [`measure`]; [`Error::Cancelled`](crate::Error::Cancelled) where `listener` said to stop.
pub async fn trust(
    seen: &Observation,
    request: &Request,
    map: &AttributionMap,
    listener: &dyn Listener,
) -> Result<Vec<Fault>> {
    let card = method(&request.method)?.card();
    let layers = match card.asks.layers {
        LayersAsked::None => Layers::default(),
        _ => Layers::Named(vec![map.layer.clone()]),
    };
    let measured = Request { layers, ..request.clone() };
    let many = card.family == Family::Perturbation;
    let metrics: Vec<_> = METRICS.into_iter().filter(|(metric, _)| !many || *metric != "randomization").collect();
    let kept = RefCell::new(vec![]);
    for (index, (metric, steps)) in metrics.iter().enumerate() {
        let steps = steps.map(|steps| ("steps".to_owned(), Value::Int(steps)));
        let request = Request {
            method: (*metric).into(),
            target: request.target.clone(),
            values: steps.into_iter().collect(),
            map: Some(Box::new(measured.clone())),
            ..Request::default()
        };
        let part = Part { outer: listener, kept: &kept, index, count: metrics.len() };
        measure(seen, &request, std::slice::from_ref(map), &part).await?;
    }
    Ok(verdict(&kept.into_inner()))
}

/// Listener that keeps measurements, and passes everything on as a part of the whole.
struct Part<'a> {
    outer: &'a dyn Listener,
    kept: &'a RefCell<Vec<Measurement>>,
    index: usize,
    count: usize,
}

impl Listener for Part<'_> {
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        self.outer.hear(match heard {
            Heard::Progress { done, total } => {
                Heard::Progress { done: self.index * total + done, total: self.count * total }
            }
            Heard::Artifact(artifact) => {
                if let Artifact::Measurement(one) = &artifact {
                    self.kept.borrow_mut().push(one.clone());
                }
                Heard::Artifact(artifact)
            }
        })
    }
}
