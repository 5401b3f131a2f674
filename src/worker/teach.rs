//! Teaching: features of images, and the packed model of a head on top of them.

use super::{Worker, WorkerContext};
use crate::error::{Error, Result};
use crate::export::sha256;
use crate::fault;
use crate::image::Image;
use crate::model::{Sink, Source, Stream};
use crate::protocol::{Event, Taught};
use crate::teach::{self, Examples, Lesson, PENALTY};

/// Files of a packed model, in memory.
#[derive(Default)]
struct Files(Vec<(String, Vec<u8>)>);

impl Sink for Files {
    fn file(&mut self, name: &str, content: Vec<u8>) -> Result<()> {
        self.0.push((name.to_owned(), content));
        Ok(())
    }
}

impl Worker {
    /// Tells the features of a layer for an image's file.
    pub(super) async fn features(
        &self,
        layer: Option<&str>,
        file: &[u8],
        context: &impl WorkerContext,
        start: f64,
    ) -> Result<()> {
        let model = self.model()?;
        let layer = model.features_layer(layer)?;
        let image = Image::decode(file)?;
        let note = image.note().cloned();
        let features = model.observe_async(image).await?.averages_async(layer).await?;
        context.emit(Event::Features { features, sha256: sha256(file), note, seconds: context.now() - start });
        Ok(())
    }

    /// Teaches a head, tries it, and has its model kept under that id.
    pub(super) async fn teach(
        &self,
        id: &str,
        layer: Option<&str>,
        examples: &Examples,
        context: &impl WorkerContext,
        start: f64,
    ) -> Result<()> {
        let model = self.model()?;
        let layer = model.features_layer(layer)?;
        let [width, _, _] = model.network.graph().shape(layer);
        if examples.all.iter().any(|one| one.features.len() != width) {
            return Err(Error::Request(fault!(
                "teach-other-layer",
                "the features are those of another layer or model; have the images looked at again"
            )));
        }
        let (head, mut trying) = examples.teach(PENALTY)?;
        while trying.step() {
            let (done, total) = trying.progress();
            context.emit(Event::Progress { done, total });
            if !context.pause().await {
                return Err(Error::Cancelled);
            }
        }
        let trial = trying.end().ok_or(Error::Cancelled)?;
        let lesson = Lesson {
            id,
            base: &model.hash,
            layer,
            classes: &examples.classes,
            images: examples.all.len(),
            head: &head,
        };
        let stream = context.source(&self.id).await.stream(&model.manifest).await?;
        let (manifest, stream) = teach::model(&model.manifest, &stream, &lesson)?;
        let mut packed = Stream::new(Files::default());
        packed.push(&stream, 1, 1)?;
        let name = manifest.name.clone();
        let (Files(files), shards) = packed.finish(manifest)?;
        context.keep(id, files).await?;
        let bytes = shards.iter().map(|shard| shard.bytes).sum();
        let layer = model.network.graph().nodes()[layer].name.clone();
        let seconds = context.now() - start;
        context.emit(Event::Taught(Taught { id: id.to_owned(), name, bytes, layer, trial, seconds }));
        Ok(())
    }
}
