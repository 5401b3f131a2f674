//! Listening to a run for the page.

use std::cell::RefCell;
use std::pin::Pin;

use super::WorkerContext;
use crate::artifact::Artifact;
use crate::protocol::Event;
use crate::run::{Heard, Listener};

/// Sends on what a run gives, and keeps it where that is to be written down.
pub(super) struct Forward<'a, C> {
    context: &'a C,
    kept: Option<RefCell<Vec<Artifact>>>,
}

impl<C: WorkerContext> Listener for Forward<'_, C> {
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        self.context.emit(match heard {
            Heard::Progress { done, total } => Event::Progress { done, total },
            Heard::Artifact(artifact) => {
                self.keep(&artifact);
                Event::Artifact(artifact)
            }
        });
        Box::pin(self.context.pause())
    }

    fn is_watched(&self) -> bool {
        true
    }
}

impl<'a, C> Forward<'a, C> {
    /// One that keeps nothing.
    pub(super) fn new(context: &'a C) -> Self {
        Self { context, kept: None }
    }

    /// One that keeps all artifacts.
    pub(super) fn keeping(context: &'a C) -> Self {
        Self { context, kept: Some(RefCell::default()) }
    }

    /// Artifacts that were kept.
    pub(super) fn into_artifacts(self) -> Vec<Artifact> {
        self.kept.unwrap_or_default().into_inner()
    }

    /// Keeps an artifact, a channel's panel in the place of an earlier one.
    fn keep(&self, artifact: &Artifact) {
        let Some(kept) = &self.kept else { return };
        let mut kept = kept.borrow_mut();
        let place = |artifact: &Artifact| match artifact {
            Artifact::Panel(panel) => Some((panel.layer.clone(), panel.channel)),
            _ => None,
        };
        let new = place(artifact);
        match kept.iter_mut().find(|old| new.is_some() && place(old) == new) {
            Some(old) => *old = artifact.clone(),
            None => kept.push(artifact.clone()),
        }
    }
}
