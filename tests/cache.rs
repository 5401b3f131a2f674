//! Models that stay between visits: interrupted, damaged, outdated, offline, without room.

mod common;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use common::{Memory, tiny};
use convscope::device::Opened;
use convscope::model::{Cache, Cached, Codec, Model, Source, load};
use convscope::protocol::StorageError;
use convscope::{Error, Result, fault};
use pollster::block_on;

/// A server that counts what it is asked for and breaks off when told to.
#[derive(Clone)]
struct Afar {
    files: Memory,
    asked: Rc<RefCell<Vec<String>>>,
    /// How many more files it gives.
    left: Rc<Cell<usize>>,
}

impl Source for Afar {
    async fn read(&self, name: &str, progress: &mut dyn FnMut(u64)) -> Result<Vec<u8>> {
        self.asked.borrow_mut().push(name.into());
        let left = self
            .left
            .get()
            .checked_sub(1)
            .ok_or_else(|| Error::Weights(fault!("test-broke-off", "{name} broke off", name)))?;
        self.left.set(left);
        self.files.read(name, progress).await
    }
}

/// Room for so many bytes.
#[derive(Clone, Default)]
struct MemoryCache {
    files: Rc<RefCell<BTreeMap<String, Vec<u8>>>>,
    room: usize,
}

impl Cache for MemoryCache {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.files.borrow().get(key).cloned()
    }

    async fn put(&self, key: &str, content: &[u8]) -> Result<(), StorageError> {
        let used: usize = self.files.borrow().values().map(Vec::len).sum();
        if used + content.len() > self.room {
            return Err(StorageError::Full);
        }
        self.files.borrow_mut().insert(key.into(), content.into());
        Ok(())
    }

    async fn keys(&self) -> Vec<String> {
        self.files.borrow().keys().cloned().collect()
    }

    async fn remove(&self, key: &str) {
        self.files.borrow_mut().remove(key);
    }
}

fn server(codec: Codec) -> Afar {
    Afar { files: tiny(codec, 200), asked: Rc::default(), left: Rc::new(Cell::new(usize::MAX)) }
}

fn cache() -> MemoryCache {
    MemoryCache { room: usize::MAX, ..MemoryCache::default() }
}

/// A visit: what was loaded, what was said beside it, and which files came from afar.
fn visit(afar: &Afar, cache: &MemoryCache) -> (Result<Model>, Option<StorageError>, Vec<String>) {
    let source = Cached::new(afar.clone(), Some(cache.clone()));
    let mut last = None;
    let model = block_on(load(&source, &Opened::cpu(), |progress| last = Some(progress)));
    let note = model.as_ref().ok().and_then(|model| {
        let progress = last.expect("progress");
        assert_eq!((progress.done, progress.total), (progress.total, model.manifest.total_bytes()));
        block_on(source.finish(&model.manifest)).err()
    });
    (model, note, afar.asked.take())
}

fn shards(memory: &Memory) -> Vec<String> {
    memory.0.keys().filter(|name| name.ends_with(".bin")).cloned().collect()
}

#[test]
fn the_second_visit_asks_for_the_manifest_only_and_works_offline() {
    let (afar, cache) = (server(Codec::Int8), cache());
    let (first, note, asked) = visit(&afar, &cache);
    let hash = first.unwrap().hash;
    assert!(note.is_none() && asked.len() == 1 + shards(&afar.files).len() && asked.len() > 3);
    let (second, _, asked) = visit(&afar, &cache);
    assert_eq!((second.unwrap().hash, asked), (hash.clone(), vec!["model.json".to_owned()]));
    afar.left.set(0);
    let (offline, note, asked) = visit(&afar, &cache);
    assert_eq!((offline.unwrap().hash, note, asked), (hash, None, vec!["model.json".to_owned()]));
}

#[test]
fn an_interrupted_load_goes_on_with_the_shards_that_are_there() {
    let (afar, cache) = (server(Codec::Int8), cache());
    let all = shards(&afar.files);
    afar.left.set(3);
    let (broken, _, _) = visit(&afar, &cache);
    assert!(broken.unwrap_err().to_string().contains("broke off"));
    // Not a whole model, so nothing says that it is one.
    assert!(!cache.files.borrow().contains_key("model.json"));
    afar.left.set(usize::MAX);
    let (model, _, asked) = visit(&afar, &cache);
    assert!(model.is_ok());
    assert_eq!(asked[1..], all[2..]);
}

#[test]
fn a_damaged_shard_is_fetched_again_and_only_a_second_failure_is_said() {
    let (afar, cache) = (server(Codec::Int8), cache());
    visit(&afar, &cache).0.unwrap();
    let spoil = || {
        let mut files = cache.files.borrow_mut();
        let (key, content) = files.iter_mut().find(|(key, _)| key.starts_with("weights-01.bin")).unwrap();
        content[3] ^= 1;
        key.clone()
    };
    let key = spoil();
    let (model, note, asked) = visit(&afar, &cache);
    assert!(model.is_ok() && note.is_none());
    assert_eq!(asked, ["model.json", "weights-01.bin"]);
    assert_eq!(cache.files.borrow()[&key], afar.files.0["weights-01.bin"]);
    spoil();
    afar.left.set(1);
    let (model, _, _) = visit(&afar, &cache);
    assert!(model.unwrap_err().to_string().contains("weights-01.bin"));
    assert!(!cache.files.borrow().contains_key(&key));
}

#[test]
fn a_new_version_takes_the_old_ones_place_once_it_is_whole() {
    let cache = cache();
    let (old, new) = (server(Codec::F16), server(Codec::Int8));
    let first = visit(&old, &cache).0.unwrap().hash;
    // Cut short, the new one leaves the old one whole.
    new.left.set(2);
    assert!(visit(&new, &cache).0.is_err());
    new.left.set(0);
    assert_eq!(visit(&new, &cache).0.unwrap().hash, first);
    new.left.set(usize::MAX);
    let second = visit(&new, &cache).0.unwrap().hash;
    assert_ne!(first, second);
    assert_eq!(cache.files.borrow().len(), 1 + shards(&new.files).len());
    new.left.set(0);
    assert_eq!(visit(&new, &cache).0.unwrap().hash, second);
}

#[test]
fn without_room_the_model_works_and_is_said_not_to_be_kept() {
    let afar = server(Codec::Int8);
    let cache = MemoryCache { room: 300, ..MemoryCache::default() };
    let (model, note, _) = visit(&afar, &cache);
    assert!(model.is_ok());
    assert_eq!(note, Some(StorageError::Full));
    assert!(!cache.files.borrow().contains_key("model.json"));
}

#[test]
fn where_nothing_can_be_kept_nothing_changes() {
    let afar = server(Codec::Int8);
    let source = Cached::new(afar.clone(), None::<MemoryCache>);
    let model = block_on(load(&source, &Opened::cpu(), |_| {})).unwrap();
    assert_eq!(block_on(source.finish(&model.manifest)), Ok(()));
    afar.left.set(0);
    assert!(block_on(load(&source, &Opened::cpu(), |_| {})).is_err());
}
