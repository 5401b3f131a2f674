//! Metrics that are asked for beside methods.

use convscope::card::Card;
use convscope::error::{Error, Result};
use convscope::fault;
use convscope::methods::method;
use convscope::named::did_you_mean;
use convscope::param::{Kind, Param};
use convscope::request::Request;

use super::{cards, no_value};

/// What stands for all methods, or all metrics.
pub(crate) const ALL: &str = "all";

/// The names of metrics, each with what help says of it.
pub(crate) fn known() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_maps = cards().filter(|card| card.asks.map).map(|card| (&*card.id, &*card.title));
    std::iter::once((ALL, "All, those of a box where --set draws it")).chain(of_maps)
}

/// Requests for the metrics of these names, without class and map. `all` has those of a box only where one of `sets` draws it.
pub(crate) fn asked(names: &[String], sets: &[String]) -> Result<Vec<Request>> {
    let mut found: Vec<&Card> = vec![];
    for name in names {
        let check = |card: &Card| check_box(card, sets, &format!("{}.", card.id));
        let drawn = |card: &&Card| check(card).is_ok();
        let these: Vec<&Card> = match name.as_str() {
            ALL => cards().filter(|card| card.asks.map).filter(drawn).collect(),
            name => {
                let card = metric(name)?;
                check(card)?;
                vec![card]
            }
        };
        for card in these {
            if found.iter().all(|one| one.id != card.id) {
                found.push(card);
            }
        }
    }
    Ok(found.into_iter().map(|card| Request { method: card.id.to_string(), ..Request::default() }).collect())
}

/// Requests for metrics of a method's maps, with what `sets` say of them, and the sets that are about something else.
pub(crate) fn of_maps<'a>(card: &Card, names: &[String], sets: &'a [String]) -> Result<(Vec<Request>, Vec<&'a str>)> {
    let mut metrics = asked(names, sets)?;
    if let (Some(metric), false) = (metrics.first(), card.gives.is_map()) {
        return Err(Error::Request(fault!(
            "no-map-for-metrics",
            "{method} gives no map that {metric} could measure; leave out --metric, or use a method that does",
            method = card.id,
            metric = metric.method
        )));
    }
    let mut others = vec![];
    for text in sets {
        match metrics.iter_mut().find(|metric| is_about(text, &metric.method)) {
            Some(metric) => set_of(metric, text)?,
            None => others.push(text.as_str()),
        }
    }
    Ok((metrics, others))
}

fn metric(name: &str) -> Result<&'static Card> {
    if let Some(card) = cards().find(|card| card.id == name && card.asks.map) {
        return Ok(card);
    }
    let names: Vec<&str> = known().map(|(id, _)| id).collect();
    Err(Error::Request(fault!(
        "no-metric",
        "{metric} is no metric{near}; choose one of {known}",
        @near = did_you_mean(name, &names),
        metric = name,
        known = names.join(", ")
    )))
}

/// Checks that a metric of a box has one among `sets`, where its parameters' names stand behind `prefix`.
pub(super) fn check_box(card: &Card, sets: &[impl AsRef<str>], prefix: &str) -> Result<()> {
    let is_box = |param: &&Param| card.asks.map && matches!(param.kind, Kind::Box { .. });
    let Some(param) = card.params.iter().find(is_box) else { return Ok(()) };
    let set = format!("{prefix}{}=", param.id);
    if sets.iter().any(|text| text.as_ref().starts_with(&set)) {
        return Ok(());
    }
    Err(Error::Request(fault!(
        "metric-of-a-box",
        "{metric} is about a box around the object, which only you can draw; in shares of the image's sides, say {sets}",
        metric = card.id,
        sets = format!("--set {set}{}", param.default())
    )))
}

/// Whether a `METHOD.KEY=VALUE` is about that method.
pub(crate) fn is_about(text: &str, id: &str) -> bool {
    text.split_once('.').is_some_and(|(method, _)| method == id)
}

/// Sets a parameter of a request that is written `METHOD.KEY=VALUE`, of that method.
pub(crate) fn set_of(request: &mut Request, text: &str) -> Result<()> {
    let card = method(&request.method)?.card();
    let (_, rest) = text.split_once('.').unwrap_or_default();
    let Some((key, value)) = rest.split_once('=') else { return Err(no_value(text)) };
    request.set(card, key, value)
}
