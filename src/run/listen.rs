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

/// Listener to a run.
pub trait Listener {
    /// Hears; says whether the run is to go on.
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>>;

    /// Whether results are wanted that better ones will take the place of, to be watched as they grow.
    fn previews(&self) -> bool {
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
pub(super) struct Inner<'a> {
    pub(super) outer: &'a dyn Listener,
    pub(super) kept: Collect,
    pub(super) index: usize,
    pub(super) count: usize,
}

impl Listener for Inner<'_> {
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        match heard {
            Heard::Progress { done, total } => {
                self.outer.hear(Heard::Progress { done: self.index * total + done, total: self.count * total })
            }
            Heard::Artifact(_) => self.kept.hear(heard),
        }
    }
}
