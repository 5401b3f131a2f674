//! Work in batches of inputs, and how far it is.

use std::cell::Cell;

use super::Run;
use crate::error::Result;

/// Work on many things, as many at a time as go through the network at once.
#[derive(Debug)]
pub struct Batches<'a> {
    run: Run<'a>,
    done: Cell<usize>,
    total: usize,
}

impl<'a> Run<'a> {
    /// Work on `total` things, those of all layers together.
    pub fn batches(&self, total: usize) -> Batches<'a> {
        Batches { run: *self, done: Cell::new(0), total }
    }

    /// Number of inputs that go through the network at once.
    pub fn batch(&self) -> usize {
        self.model().network.batch()
    }
}

impl Batches<'_> {
    /// What `of_batch` makes of batches of `things`, in their order. Tells of the progress after each.
    ///
    /// # Errors
    /// Those of `of_batch`, and [`Error::Cancelled`](crate::Error::Cancelled).
    pub async fn map<T, R>(
        &self,
        things: &[T],
        mut of_batch: impl AsyncFnMut(&[T]) -> Result<Vec<R>>,
    ) -> Result<Vec<R>> {
        let mut made = vec![];
        for batch in things.chunks(self.run.batch()) {
            made.extend(of_batch(batch).await?);
            self.done.set(self.done.get() + batch.len());
            self.run.progress(self.done.get(), self.total).await?;
        }
        Ok(made)
    }
}
