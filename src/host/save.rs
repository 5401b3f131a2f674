//! [`Command::Save`](crate::protocol::Command::Save): an explanation as files, the same as the command line writes.

use serde_json::{Value, json};

use super::World;
use crate::error::{Error, Result};
use crate::explain::{Ask, Map};
use crate::fault;
use crate::methods::Explain;
use crate::picture::Picture;
use crate::protocol::{Event, Form, Save};
use crate::record::{LayerWords, MapRecord, Names, Zip, manifest, manifest_file, plain, sha256};
use crate::render::draw_map;
use crate::session::Session;

/// An explanation that is whole, of the picture that was looked at last.
pub(super) struct Explained {
    pub(super) method: &'static dyn Explain,
    pub(super) ask: Ask,
    pub(super) maps: Vec<Map>,
    pub(super) seconds: f64,
}

impl std::fmt::Debug for Explained {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Explained({}, class {}, {} maps)", self.method.card().id, self.ask.class, self.maps.len())
    }
}

pub(super) async fn save(
    session: &Session,
    explained: Option<&Explained>,
    save: &Save,
    world: &impl World,
) -> Result<()> {
    let nothing = || {
        Error::Request(fault!(
            "nothing-to-save",
            "there is no whole explanation to save yet; wait for it, or ask for one"
        ))
    };
    let explained = explained.ok_or_else(nothing)?;
    let Explained { method, ask, maps, seconds } = explained;
    let picture = Picture::decode(&save.file)?;
    let preprocessing = &session.model().manifest.preprocessing;
    let (sha256, class) = (sha256(&save.file), session.class_numbers(ask.class)?);
    let layers = LayerWords::of_graph(session.model().network.graph());
    let record = |map| MapRecord {
        picture: &save.picture,
        picture_sha256: &sha256,
        method: &method.card().id,
        convention: ask.convention.name,
        class,
        signed: save.style.signed,
        region: preprocessing.region(picture.width(), picture.height()),
        map,
        seconds: *seconds,
    };
    let all = |stem: &str| maps.iter().flat_map(|map| record(map).files(stem, &layers)).collect();
    let stem = Names::default().start(&stem(&save.picture), &Value::Null, all, |_| false);
    let (mut zip, mut entries) = (Zip::default(), Vec::<Value>::new());
    for map in maps {
        let record = record(map);
        let files = record.files(&stem, &layers);
        entries.push(record.entry(&session.maker(), Some(&files)));
        if save.form == Form::Zip {
            zip.add(&files[0], &draw_map(map, &picture, preprocessing, ask.convention, save.style)?.png()?)?;
            zip.add(&files[1], &record.array())?;
            // A large picture takes its time; a newer command ends it here.
            if !world.pause().await {
                return Err(Error::Cancelled);
            }
        }
    }
    let how = json!({ "convention": ask.convention });
    let manifest = manifest_file(&manifest(session.maker().head(method.card().into(), how), &entries, &[]));
    let (name, bytes) = match save.form {
        Form::Manifest => ("manifest.json".to_owned(), manifest),
        Form::Zip => {
            zip.add("manifest.json", &manifest)?;
            (format!("{stem}.{}.{}.zip", method.card().id, ask.class), zip.finish()?)
        }
    };
    world.emit(Event::Saved { name, bytes });
    Ok(())
}

/// What the files' names begin with: the picture's name without its ending.
fn stem(picture: &str) -> String {
    let stem = picture.rsplit_once('.').map_or(picture, |(stem, _)| stem);
    let stem = plain(stem);
    if stem.is_empty() { "picture".into() } else { stem }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn names_of_files_begin_with_the_pictures() {
        let cases = [
            ("cat.jpg", "cat"),
            ("my cat.1.png", "my_cat_1"),
            ("Cat", "Cat"),
            ("../../x.png", "______x"),
            (".jpg", "picture"),
        ];
        for (picture, expected) in cases {
            assert_eq!(stem(picture), expected);
        }
    }
}
