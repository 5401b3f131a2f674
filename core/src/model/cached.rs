//! A model that stays between visits: what has been read once is read from a nearby place, verified, and from afar otherwise.
//!
//! Shards are kept one by one as they come, under their hash, so that an interrupted load goes on with those that are there and a
//! new version of a model never meets a shard of the old one. `model.json` is asked for afar first, for there may be a new version,
//! and kept once all of its shards have been: the kept one always describes a model that is whole.

use std::cell::RefCell;
use std::future::Future;

use super::{Manifest, Shard, Source};
use crate::error::Result;
use crate::protocol::StorageError;

/// A place that keeps files of one model between visits.
pub trait Cache {
    /// The content kept under `key`.
    fn get(&self, key: &str) -> impl Future<Output = Option<Vec<u8>>>;
    /// Keeps `content` under `key`, in place of what was there.
    ///
    /// # Errors
    /// Why it could not.
    fn put(&self, key: &str, content: &[u8]) -> impl Future<Output = Result<(), StorageError>>;
    /// All keys.
    fn keys(&self) -> impl Future<Output = Vec<String>>;
    /// Forgets what is kept under `key`.
    fn remove(&self, key: &str) -> impl Future<Output = ()>;
}

/// A source behind a place that keeps.
#[derive(Debug)]
pub struct Cached<S, K> {
    source: S,
    /// Place that keeps; none where nothing can be kept.
    keep: Option<K>,
    error: RefCell<Option<StorageError>>,
    /// `model.json` as it came from afar.
    json: RefCell<Option<Vec<u8>>>,
}

/// Name of a packed model's file that says everything but its numbers.
pub const JSON: &str = "model.json";

impl<S: Source, K: Cache> Cached<S, K> {
    /// A source that keeps what it reads from `source`.
    pub fn new(source: S, keep: Option<K>) -> Self {
        Self { source, keep, error: RefCell::default(), json: RefCell::default() }
    }

    /// Keeps `content`. After the first error nothing more is tried.
    async fn put(&self, key: &str, content: &[u8]) {
        let Some(keep) = &self.keep else { return };
        if self.error.borrow().is_some() {
            return;
        }
        if let Err(error) = keep.put(key, content).await {
            self.error.replace(Some(error));
        }
    }

    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.keep.as_ref()?.get(key).await
    }
}

impl<S: Source, K: Cache> Source for Cached<S, K> {
    async fn read(&self, name: &str, progress: &mut dyn FnMut(u64)) -> Result<Vec<u8>> {
        match self.source.read(name, progress).await {
            Ok(content) => {
                if name == JSON {
                    self.json.replace(Some(content.clone()));
                }
                Ok(content)
            }
            Err(error) => self.get(name).await.ok_or(error),
        }
    }

    async fn shard(&self, shard: &Shard, progress: &mut dyn FnMut(u64)) -> Result<Vec<u8>> {
        let key = shard.key();
        if let Some(content) = self.get(&key).await {
            if shard.check(&content).is_ok() {
                progress(content.len() as u64);
                return Ok(content);
            }
            if let Some(keep) = &self.keep {
                keep.remove(&key).await;
            }
        }
        let content = self.source.shard(shard, progress).await?;
        self.put(&key, &content).await;
        Ok(content)
    }

    async fn finish(&self, manifest: &Manifest) -> Result<(), StorageError> {
        let Some(keep) = &self.keep else { return Ok(()) };
        let json = self.json.take();
        if let Some(json) = json {
            self.put(JSON, &json).await;
        }
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let wanted: Vec<String> = manifest.shards.iter().map(Shard::key).chain([JSON.to_owned()]).collect();
        for key in keep.keys().await {
            if !wanted.contains(&key) {
                keep.remove(&key).await;
            }
        }
        Ok(())
    }
}
