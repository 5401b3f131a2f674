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
use crate::card::Card;
use crate::error::{Fault, Result};
use crate::explain::AttributionMap;
use crate::measurement::Measurement;
use crate::measurement::verdict::limits;
use crate::methods::{Evidence, method, methods};
use crate::observation::Observation;
use crate::param::Value;
use crate::request::Request;
use crate::run::{Heard, Listener, measure};

/// Measures the map that `request` gave, and says what was found; each measurement is emitted as it comes. Of a method that is
/// expensive ([`Card::is_expensive`](crate::card::Card::is_expensive)), what random weights would do to the map is left out.
///
/// # Errors
/// Those of [`measure`]; [`Error::Cancelled`](crate::Error::Cancelled) where `listener` said to stop.
pub async fn trust(
    seen: &Observation,
    request: &Request,
    map: &AttributionMap,
    listener: &dyn Listener,
) -> Result<Vec<Fault>> {
    let (parts, kept) = (parts(request)?, RefCell::new(vec![]));
    for (index, one) in requests(request, &map.layer)?.iter().enumerate() {
        let part = Part { outer: listener, kept: &kept, index, count: parts.len() };
        measure(seen, one, std::slice::from_ref(map), &part).await?;
    }
    let kept = kept.into_inner();
    let says = |one: &Measurement| {
        let part = parts.iter().find(|(card, _)| card.id == one.metric)?.1;
        (part.says)(one)
    };
    let said: Vec<Fault> = kept.iter().filter_map(says).collect();
    // What nothing was found of means nothing either way.
    let limits = (!said.is_empty()).then(limits);
    Ok(said.into_iter().chain(limits).collect())
}

/// The metrics whose evidence is asked for of what a request gives.
fn parts(request: &Request) -> Result<Vec<(&'static Card, &'static Evidence)>> {
    let expensive = method(&request.method)?.card().is_expensive();
    let parts = methods().filter_map(|metric| Some((metric.card(), metric.evidence()?)));
    Ok(parts.filter(|(_, part)| !(expensive && part.runs_again)).collect())
}

/// The requests that [`trust`] carries out of the map of a layer that `request` gives.
///
/// # Errors
/// [`Error::Request`](crate::Error::Request) where there is no such method.
pub fn requests(request: &Request, layer: &str) -> Result<Vec<Request>> {
    let measured = request.at_layer(method(&request.method)?.card(), layer);
    let asked = |(metric, part): &(&Card, &Evidence)| Request {
        method: metric.id.to_string(),
        target: request.target.clone(),
        values: part.steps.map(|steps| ("steps".to_owned(), Value::Int(steps))).into_iter().collect(),
        map: Some(Box::new(measured.clone())),
        ..Request::default()
    };
    Ok(parts(request)?.iter().map(asked).collect())
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
        if let Heard::Artifact(Artifact::Measurement(one)) = &heard {
            self.kept.borrow_mut().push(one.clone());
        }
        self.outer.hear(heard.within(self.index, self.count))
    }
}
