//! Models that are packed already: a folder's files, or a zip archive of them.

use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::model::{Manifest, Sink};
use convscope_import::zip::Zip;

use super::given::GivenFile;
use super::keep::Kept;
use crate::own_models::MANIFEST;
use std::io::Read;

/// Bytes of the largest manifest.
const MOST: usize = 1 << 26;

/// Files of a packed model.
enum Files {
    /// Given one by one.
    Given,
    /// In an archive, behind that path.
    Archive(Box<Zip<GivenFile>>, String),
}

impl Files {
    /// The files of the model that `name` is, or that lies in it; none where it is no packed model.
    fn of(name: &str) -> Option<Self> {
        if name.ends_with(MANIFEST) {
            return Some(Self::Given);
        }
        let mut start = [0; 4];
        GivenFile::open(name)?.read_exact(&mut start).ok()?;
        if start != *b"PK\x03\x04" {
            return None;
        }
        // What is no archive after all is refused by whoever reads it next.
        let zip = Zip::open(GivenFile::open(name)?).ok()?;
        let folder = zip.names().find_map(|path| path.strip_suffix(MANIFEST))?.to_owned();
        Some(Self::Archive(Box::new(zip), folder))
    }

    fn content(&self, file: &str, most: usize) -> Result<Vec<u8>> {
        let missing = || fault!("import-part-missing", "{file} is missing; choose the whole folder", file);
        let content = match self {
            Self::Archive(zip, folder) => zip.content(&format!("{folder}{file}"), most),
            Self::Given => GivenFile::open(file).ok_or_else(missing).and_then(|given| {
                let mut content = vec![];
                given.take(most as u64 + 1).read_to_end(&mut content).map_err(Fault::foreign)?;
                Ok(content)
            }),
        };
        content.map_err(Error::Weights)
    }
}

/// What a packed model says of itself; none where the file is no packed model.
pub(super) fn manifest(name: &str) -> Result<Option<Manifest>> {
    let Some(files) = Files::of(name) else { return Ok(None) };
    Manifest::parse(&files.content(MANIFEST, MOST)?).map(Some)
}

/// The files of a packed model, each checked, under another id.
pub(super) fn files(name: &str, manifest: Manifest, id: &str) -> Result<Kept> {
    let mut kept = Kept::default();
    let Some(files) = Files::of(name) else { return Ok(kept) };
    let total = manifest.shards.len();
    for (index, shard) in manifest.shards.iter().enumerate() {
        let content = files.content(&shard.file, usize::try_from(shard.bytes).unwrap_or(usize::MAX))?;
        shard.check(&content)?;
        kept.file(&shard.file, content)?;
        kept.stored(index + 1, total);
    }
    let manifest = Manifest { id: id.to_owned(), ..manifest };
    let json = serde_json::to_vec(&manifest).map_err(|error| Error::Weights(Fault::foreign(error)))?;
    kept.file(MANIFEST, json)?;
    Ok(kept)
}
