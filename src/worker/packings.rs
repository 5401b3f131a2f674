//! A model beside itself in other packings of its weights.

use std::sync::Arc;

use super::forward::Forward;
use super::{Worker, WorkerContext};
use crate::artifact::Artifact;
use crate::error::{Error, Result};
use crate::explain::{Answer, InPacking};
use crate::model::{self, JSON, Manifest, Progress, Source};
use crate::observation::Observation;
use crate::protocol::Event;
use crate::request::Request;
use crate::run::{Collect, Inner, run};

impl Worker {
    /// Compares what the model makes of the image with what it makes of it in other packings, one of which is loaded at a time.
    pub(super) async fn compare_packings(
        &self,
        request: &Request,
        layer: &str,
        models: &[String],
        context: &impl WorkerContext,
        start: f64,
    ) -> Result<()> {
        let own = self.subject()?.observation()?;
        let manifest = &own.model().manifest;
        let (mut others, mut unread) = (vec![], None);
        for id in models {
            let source = context.source(id).await;
            let read = source.read(JSON, &mut |_| {}).await.and_then(|json| Manifest::parse(&json));
            match read {
                Ok(other) if other.is_same_network(manifest) => others.push((id, source)),
                Ok(_) => {}
                Err(error) => unread = unread.or(Some(error)),
            }
        }
        // A list with a model that cannot be read is none to say of that there is no other packing.
        if let Some(error) = unread.filter(|_| others.is_empty()) {
            return Err(error);
        }
        let outer = Forward::new(context);
        let count = others.len() + 1;
        let inner = |index: usize| Inner { outer: &outer, kept: Collect::default(), index, count };
        let mut answers = vec![answer(&self.id, own, request, inner(0)).await?];
        for (index, (id, source)) in others.into_iter().enumerate() {
            let opened = self.opened.as_ref().ok_or(Error::Cancelled)?;
            let progress = |Progress { done, total }: Progress| context.emit(Event::Loading { done, total });
            let model = Arc::new(model::load(&source, opened, progress).await?);
            // Built without a pause: what was asked meanwhile is heard now.
            if !context.pause().await {
                return Err(Error::Cancelled);
            }
            let seen = model.observe_async(own.image().clone()).await?;
            answers.push(answer(id, &seen, request, inner(index + 1)).await?);
            // What cannot be kept is read again another time.
            let _ = source.finish(&model.manifest).await;
        }
        context.emit(Event::Packings(InPacking::compare(answers, layer)));
        context.emit(Event::Done { seconds: context.now() - start });
        Ok(())
    }
}

/// Answer of a model of that id about an image: its classes, and the maps that a request asks for.
async fn answer(id: &str, seen: &Observation, request: &Request, inner: Inner<'_>) -> Result<Answer> {
    run(seen, request, &inner).await?;
    let maps = inner.kept.into_artifacts().into_iter().filter_map(Artifact::into_map).collect();
    Ok(Answer::new(id.to_owned(), &seen.model().manifest, seen.classes().to_vec(), maps))
}
