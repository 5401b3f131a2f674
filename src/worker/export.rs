//! [`Command::Export`](crate::protocol::Command::Export): results as files, the same as the command line writes.

use std::cell::RefCell;

use serde_json::Value;

use super::{Seen, WorkerContext};
use crate::artifact::Artifact;
use crate::error::{Error, Result};
use crate::explain::Convention;
use crate::export::{
    About, Asked, Bundle, Evidence, LayerWords, MANIFEST, Made, Names, hidden, manifest, manifest_file, plain, sha256,
};
use crate::image::Image;
use crate::measured::{Metric, picture};
use crate::measurement::Measurement;
use crate::methods::{how, method};
use crate::model::Model;
use crate::protocol::{Event, Export, Form};
use crate::request::{Layers, Request};
use crate::trust::requests;

/// Results of a request that has come to its end.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) request: Request,
    pub(super) artifacts: Vec<Artifact>,
    pub(super) seconds: f64,
    /// Measurements of its maps so far, each with its request.
    pub(super) measured: RefCell<Vec<(Request, Measurement)>>,
}

impl Finished {
    /// Keeps what was measured of the map of a layer, in the place of what was before.
    pub(super) fn keep_measured(&self, layer: &str, artifacts: Vec<Artifact>) -> Result<()> {
        let requests = requests(&self.request, layer)?;
        let mut measured = self.measured.borrow_mut();
        for artifact in artifacts {
            let Artifact::Measurement(one) = artifact else { continue };
            let Some(request) = requests.iter().find(|request| request.method == one.metric) else { continue };
            measured.retain(|(_, old)| (&old.metric, &old.layer) != (&one.metric, &one.layer));
            measured.push((request.clone(), one));
        }
        Ok(())
    }

    /// Writes everything down.
    pub(super) async fn export(
        &self,
        model: &Model,
        seen: Option<&Seen>,
        export: Export,
        context: &impl WorkerContext,
    ) -> Result<()> {
        let Self { request, artifacts, seconds, measured } = self;
        // What is measured while this goes on is not in it.
        let measured = measured.borrow().clone();
        let metrics =
            measured.iter().map(|(request, one)| Ok((Metric::of(request)?, Artifact::Measurement(one.clone()))));
        let metrics: Vec<(Metric, Artifact)> = metrics.collect::<Result<_>>()?;
        let card = method(&request.method)?.card();
        let seen = seen.filter(|_| card.asks.image);
        let explained = match (request.target.as_ref().filter(|_| card.asks.class), seen) {
            (Some(target), Some(seen)) => Some(seen.observation.explained(target)?),
            _ => None,
        };
        let variant = card.variant(&request.convention).map_err(Error::Request)?;
        let convention = Convention::named(&variant.name)?;
        let bundled = match &export.form {
            Form::Bundle { image } => {
                Some(image.as_deref().filter(|file| seen.is_some_and(|seen| sha256(file) == seen.sha256)))
            }
            Form::Manifest => None,
        };
        let white = match (bundled, seen) {
            (Some(None), Some(seen)) => Some(hidden(seen.observation.image())?),
            _ => None,
        };
        let made = Made {
            maker: model.maker(),
            preprocessing: &model.manifest.preprocessing,
            layers: &LayerWords::of_graph(model.network.graph()),
            card,
            convention,
            about: seen.map(|seen| seen.about(white.as_ref())),
            explained: explained.as_ref(),
            picture: None,
            style: export.style,
            seconds: *seconds,
        };
        let all = |stem: &str| {
            let of = |(metric, artifact): &(Metric, Artifact)| metric.made(made).files(stem, artifact);
            artifacts
                .iter()
                .flat_map(|artifact| made.files(stem, artifact))
                .chain(metrics.iter().flat_map(of))
                .collect()
        };
        let stem = seen.map_or_else(|| plain(&model.manifest.id), |seen| stem(&seen.name));
        let stem = Names::default().start(&stem, &Value::Null, all, |_| false);
        let (mut bundle, mut entries) = (Bundle::default(), Vec::<Value>::new());
        let pictures: Vec<Option<Image>> = metrics
            .iter()
            .map(|(_, artifact)| if bundled.is_some() { picture(&made, artifacts, artifact) } else { Ok(None) })
            .collect::<Result<_>>()?;
        let measured_made = metrics
            .iter()
            .zip(&pictures)
            .map(|((metric, artifact), picture)| (Made { picture: picture.as_ref(), ..metric.made(made) }, artifact));
        for (made, artifact) in artifacts.iter().map(|artifact| (made, artifact)).chain(measured_made) {
            let files = made.files(&stem, artifact);
            entries.push(made.entry(artifact, Some(&files)));
            if bundled.is_some() {
                files.iter().zip(made.bytes(artifact)?).for_each(|(name, bytes)| bundle.add(name, bytes));
                // A large image takes its time; a newer command ends it here.
                if !context.pause().await {
                    return Err(Error::Cancelled);
                }
            }
        }
        bundle.manifest = manifest(model.maker().head(card, how(request)?), &entries, &[]);
        let (name, bytes) = match bundled {
            None => (MANIFEST.to_owned(), manifest_file(&bundle.manifest)),
            Some(image) => {
                let metrics = measured.iter().map(|(request, one)| asked_of(request, &one.layer)).collect();
                let asked = Asked { requests: vec![request.clone()], metrics, style: export.style, ..Asked::default() };
                let about = seen.map(|seen| (seen.name.as_str(), seen.sha256.as_str()));
                let evidence = Evidence::new(asked, card, &model.manifest.id, about);
                (
                    format!("{stem}.{}{}.zip", card.word(), made.target()),
                    bundle.zip(evidence, image.map(<[u8]>::to_vec))?,
                )
            }
        };
        context.emit(Event::Saved { name, bytes });
        Ok(())
    }
}

/// Request of a metric as bundles have it: of the map of a layer, without target and map.
fn asked_of(request: &Request, layer: &str) -> Request {
    Request { target: None, map: None, layers: Layers::Named(vec![layer.to_owned()]), ..request.clone() }
}

impl Seen {
    /// The image for manifests and pictures, `white` in its place if there is any.
    fn about<'a>(&'a self, white: Option<&'a Image>) -> About<'a> {
        About { name: &self.name, sha256: &self.sha256, image: white.unwrap_or(self.observation.image()) }
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
