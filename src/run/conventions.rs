//! One map in several conventions, and which choice makes them differ.

use super::listen::Inner;
use super::{Collect, Heard, Listener, run_checked};
use crate::artifact::Artifact;
use crate::error::{Error, Result};
use crate::explain::{Alpha, AttributionMap, Convention, Difference, Field, InConvention, Reduce, Score};
use crate::fault;
use crate::methods::{Explain, method};
use crate::observation::Observation;
use crate::request::{Checked, Request};

/// The map that a request asks for, at its one layer, in each of the conventions; the others are compared with the first. A method
/// is run once for all conventions that ask the same of it, and as often again as it takes to see which choice makes a difference.
///
/// # Errors
/// Those of [`run`](super::run), and [`Error::Request`] where the method gives no map, or several layers are asked for.
pub async fn compare_conventions(
    seen: &Observation,
    request: &Request,
    conventions: &[Convention],
    listener: &dyn Listener,
) -> Result<Vec<InConvention>> {
    let Some(first) = conventions.first() else { return Ok(vec![]) };
    let method = method(&request.method)?;
    method.card().applies(seen.model().offer()).map_err(Error::Request)?;
    if !method.card().gives.is_map() {
        return Err(no_map(&method.card().id));
    }
    for convention in conventions {
        method.card().variant(convention.name).map_err(Error::Request)?;
    }
    let mut maps = Maps { seen, method, request: request.check(method.card())?, listener, known: vec![], part: (0, 1) };
    let changes = |other: &Convention| -> Vec<(Field, Convention)> {
        let changed = |field: Field| (field, field.changed(first, other));
        Field::differing(first, other).into_iter().map(changed).collect()
    };
    let changed = conventions.iter().flat_map(changes).map(|(_, changed)| changed);
    maps.find(conventions.iter().copied().chain(changed)).await?;
    let [.., height, width] = seen.input().dims();
    let size = [width, height];
    let base = first.show(&maps.get(first).await?, size);
    let mut compared = vec![];
    for (index, convention) in conventions.iter().enumerate() {
        let map = maps.get(convention).await?;
        let shown = convention.show(&map, size);
        let mut changed = vec![];
        for (field, one) in changes(convention) {
            changed.push((field, one.show(&maps.get(&one).await?, size)));
        }
        let difference = (index > 0).then(|| Difference::of(&base, &shown, &changed));
        compared.push(InConvention { convention: *convention, map, shown, difference });
    }
    Ok(compared)
}

/// Error about a method without a map.
fn no_map(method: &str) -> Error {
    Error::Request(fault!(
        "no-map-to-compare",
        "the method {method} gives no map, so there is nothing to compare; choose one that does",
        method
    ))
}

/// Choices of a convention that a method reads.
type Asked = (Score, Reduce, Alpha);

/// The maps that a method gives, one for each way in which it is asked.
struct Maps<'a> {
    seen: &'a Observation,
    method: &'a dyn Explain,
    request: Checked,
    listener: &'a dyn Listener,
    known: Vec<(Asked, AttributionMap)>,
    /// Runs done and in all, for the progress within the next.
    part: (usize, usize),
}

impl Maps<'_> {
    /// Runs the method for all conventions. Those that differentiate one score come one after the other, since their gradients are
    /// the same.
    async fn find(&mut self, conventions: impl Iterator<Item = Convention>) -> Result<()> {
        let mut wanted: Vec<Convention> = vec![];
        for convention in conventions {
            if wanted.iter().all(|other| other.read_by_methods() != convention.read_by_methods()) {
                wanted.push(convention);
            }
        }
        let score = wanted.first().map(|first| first.score);
        wanted.sort_by_key(|convention| Some(convention.score) != score);
        let total = wanted.len();
        for (done, convention) in wanted.iter().enumerate() {
            self.part = (done, total);
            self.get(convention).await?;
            if !self.listener.hear(Heard::Progress { done: done + 1, total }).await {
                return Err(Error::Cancelled);
            }
        }
        Ok(())
    }

    /// The map in a convention, before what is done with a map.
    async fn get(&mut self, convention: &Convention) -> Result<AttributionMap> {
        let asked = convention.read_by_methods();
        if let Some((_, map)) = self.known.iter().find(|(known, _)| *known == asked) {
            return Ok(map.clone());
        }
        let map = self.run(*convention).await?;
        self.known.push((asked, map.clone()));
        Ok(map)
    }

    async fn run(&self, convention: Convention) -> Result<AttributionMap> {
        let request = Checked { convention, ..self.request.clone() };
        let inner = Inner { outer: self.listener, kept: Collect::default(), index: self.part.0, count: self.part.1 };
        run_checked(self.method, self.seen.into(), &request, &inner).await?;
        let mut maps = inner.kept.into_artifacts().into_iter().filter_map(Artifact::into_map);
        match (maps.next(), maps.next()) {
            (Some(map), None) => Ok(map),
            (None, _) => Err(no_map(&self.method.card().id)),
            _ => Err(Error::Request(fault!(
                "one-layer-to-compare",
                "conventions are compared at one layer at a time; name it, or say last"
            ))),
        }
    }
}
