//! [`Command::Export`](crate::protocol::Command::Export): results as files, the same as the command line writes.

use serde_json::Value;

use super::{Seen, WorkerContext};
use crate::artifact::Artifact;
use crate::error::{Error, Result};
use crate::explain::Convention;
use crate::export::{About, LayerWords, Made, Names, Zip, manifest, manifest_file, plain};
use crate::methods::{how, method};
use crate::model::Model;
use crate::protocol::{Event, Export, Form};
use crate::request::Request;

/// Results of a request that has come to its end.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) request: Request,
    pub(super) artifacts: Vec<Artifact>,
    pub(super) seconds: f64,
}

impl Finished {
    /// Writes everything down.
    pub(super) async fn export(
        &self,
        model: &Model,
        seen: Option<&Seen>,
        export: Export,
        context: &impl WorkerContext,
    ) -> Result<()> {
        let Self { request, artifacts, seconds } = self;
        let card = method(&request.method)?.card();
        let seen = seen.filter(|_| card.asks.image);
        let explained = match (request.target.as_ref().filter(|_| card.asks.class), seen) {
            (Some(target), Some(seen)) => Some(seen.observation.explained(target)?),
            _ => None,
        };
        let variant = card.variant(&request.convention).map_err(Error::Request)?;
        let convention = Convention::named(&variant.name)?;
        let made = Made {
            maker: model.maker(),
            preprocessing: &model.manifest.preprocessing,
            layers: &LayerWords::of_graph(model.network.graph()),
            card,
            convention,
            about: seen.map(|Seen { name, sha256, observation }| About { name, sha256, image: observation.image() }),
            explained: explained.as_ref(),
            picture: None,
            style: export.style,
            seconds: *seconds,
        };
        let all = |stem: &str| artifacts.iter().flat_map(|artifact| made.files(stem, artifact)).collect();
        let stem = seen.map_or_else(|| plain(&model.manifest.id), |seen| stem(&seen.name));
        let stem = Names::default().start(&stem, &Value::Null, all, |_| false);
        let (mut zip, mut entries) = (Zip::default(), Vec::<Value>::new());
        for artifact in artifacts {
            let files = made.files(&stem, artifact);
            entries.push(made.entry(artifact, Some(&files)));
            if export.form == Form::Zip {
                for (name, bytes) in files.iter().zip(made.bytes(artifact)?) {
                    zip.add(name, &bytes)?;
                }
                // A large image takes its time; a newer command ends it here.
                if !context.pause().await {
                    return Err(Error::Cancelled);
                }
            }
        }
        let manifest = manifest_file(&manifest(model.maker().head(card, how(request)?), &entries, &[]));
        let (name, bytes) = match export.form {
            Form::Manifest => ("manifest.json".to_owned(), manifest),
            Form::Zip => {
                zip.add("manifest.json", &manifest)?;
                let target = made.target();
                (format!("{stem}.{}{target}.zip", card.word()), zip.finish()?)
            }
        };
        context.emit(Event::Saved { name, bytes });
        Ok(())
    }
}

/// Stem of the files' names: the image's name without its ending.
fn stem(image: &str) -> String {
    let stem = image.rsplit_once('.').map_or(image, |(stem, _)| stem);
    let stem = plain(stem);
    if stem.is_empty() { "picture".into() } else { stem }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn names_of_files_begin_with_the_images() {
        let cases = [
            ("cat.jpg", "cat"),
            ("my cat.1.png", "my_cat_1"),
            ("Cat", "Cat"),
            ("../../x.png", "______x"),
            (".jpg", "picture"),
        ];
        for (image, expected) in cases {
            assert_eq!(stem(image), expected);
        }
    }
}
