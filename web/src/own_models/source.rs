//! Sources of models for the worker: a model of the person's own, or one of the server's.

use convscope_core::error::Result;
use convscope_core::model::{Cache, Cached, Manifest, Shard, Source};
use convscope_core::protocol::StorageError;

use super::gone;
use crate::cache::BrowserCache;
use crate::fetch::FetchSource;

/// Source of a model.
pub(crate) enum ModelSource {
    /// A model of the person's own: its id, and where it is kept.
    Own(String, Option<BrowserCache>),
    /// A model of the server's.
    Published(Box<Cached<FetchSource, BrowserCache>>),
}

impl ModelSource {
    async fn own(id: &str, kept: Option<&BrowserCache>, key: &str) -> Result<Vec<u8>> {
        let content = match kept {
            Some(cache) => cache.get(key).await,
            None => None,
        };
        content.ok_or_else(|| gone(id))
    }
}

impl Source for ModelSource {
    async fn read(&self, name: &str, progress: &mut dyn FnMut(u64)) -> Result<Vec<u8>> {
        match self {
            Self::Own(id, kept) => Self::own(id, kept.as_ref(), name).await,
            Self::Published(source) => source.read(name, progress).await,
        }
    }

    async fn shard(&self, shard: &Shard, progress: &mut dyn FnMut(u64)) -> Result<Vec<u8>> {
        match self {
            Self::Own(id, kept) => {
                let content = Self::own(id, kept.as_ref(), &shard.key()).await?;
                shard.check(&content)?;
                progress(content.len() as u64);
                Ok(content)
            }
            Self::Published(source) => source.shard(shard, progress).await,
        }
    }

    async fn finish(&self, manifest: &Manifest) -> Result<(), StorageError> {
        match self {
            Self::Own(..) => Ok(()),
            Self::Published(source) => source.finish(manifest).await,
        }
    }
}
