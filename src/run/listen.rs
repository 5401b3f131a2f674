//! Listening to a run: what is heard, and who hears it.

use std::cell::RefCell;
use std::pin::Pin;

use crate::artifact::Artifact;

/// Message from a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// Steps done, of so many.
    Progress {
        /// Steps done.
        done: usize,
        /// Steps in all.
        total: usize,
    },
    /// A result, or a part of one.
    Artifact(Artifact),
}

/// The largest number of steps that is told: one that every machine can count to.
const MOST_STEPS: u64 = u32::MAX as u64;

impl Heard {
    /// The same of a run that is the `index`th of `count` in another, each as long as the others: its progress as a part of the whole.
    #[must_use]
    pub(crate) fn within(self, index: usize, count: usize) -> Self {
        let Self::Progress { done, total } = self else { return self };
        let [index, count, done, total] = [index, count, done, total].map(|number| number as u64);
        let (done, total) = (index * total + done, count * total);
        // Runs in runs in runs have more steps than a page's 32 bits hold.
        let steps_in_one = total.div_ceil(MOST_STEPS).max(1);
        Self::Progress { done: (done / steps_in_one) as usize, total: (total / steps_in_one) as usize }
    }
}

/// Listener to a run.
pub trait Listener {
    /// Hears; says whether the run is to go on.
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>>;

    /// Whether somebody watches: each result is wanted as soon as it is there, in any order, and so are those that better ones will take the
    /// place of.
    fn is_watched(&self) -> bool {
        false
    }
}

/// Listener that keeps all artifacts.
#[derive(Debug, Default)]
pub struct Collect(RefCell<Vec<Artifact>>);

impl Collect {
    /// Artifacts that were kept.
    pub fn into_artifacts(self) -> Vec<Artifact> {
        self.0.into_inner()
    }
}

impl Listener for Collect {
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        if let Heard::Artifact(artifact) = heard {
            self.0.borrow_mut().push(artifact);
        }
        Box::pin(std::future::ready(true))
    }
}

/// Listener of a run inside another, the `index`th of `count`: it keeps the artifacts, and passes the progress on as a part of the whole.
pub(crate) struct Inner<'a> {
    pub(crate) outer: &'a dyn Listener,
    pub(crate) kept: Collect,
    pub(crate) index: usize,
    pub(crate) count: usize,
}

impl Listener for Inner<'_> {
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        match heard {
            Heard::Progress { .. } => self.outer.hear(heard.within(self.index, self.count)),
            Heard::Artifact(_) => self.kept.hear(heard),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_a_part_of_the_whole_however_long_that_is() {
        let within = |done, total, index, count| match (Heard::Progress { done, total }).within(index, count) {
            Heard::Progress { done, total } => [done, total],
            Heard::Artifact(_) => panic!("another message"),
        };
        assert_eq!(within(3, 10, 2, 4), [23, 40]);
        assert_eq!(within(0, 0, 0, 1), [0, 0]);
        let [done, total] = within(100_000, 100_000, 49_999_999, 100_000_000);
        assert!(total <= u32::MAX as usize && total > (1 << 30), "{total}");
        assert_eq!(done, total / 2);
    }
}
