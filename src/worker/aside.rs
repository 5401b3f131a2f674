//! [`Command::Aside`](crate::protocol::Command::Aside): a request beside what is seen, of another image or of another model.

use std::sync::Arc;

use super::forward::Forward;
use super::{Worker, WorkerContext, looked, observe};
use crate::error::{Error, Result};
use crate::model::{self, Model, Progress, Source};
use crate::protocol::Event;
use crate::request::Request;
use crate::run::run;

impl Worker {
    pub(super) async fn aside(
        &mut self,
        request: &Request,
        file: Option<&[u8]>,
        model: Option<&str>,
        context: &impl WorkerContext,
        start: f64,
    ) -> Result<()> {
        match (model, file) {
            (None, None) => run(self.subject()?, request, &Forward::new(context)).await?,
            (None, Some(file)) => {
                let (observation, _, looked) = observe(self.model()?, file, context, start).await?;
                context.emit(looked);
                run(&observation, request, &Forward::new(context)).await?;
            }
            (Some(id), file) => {
                let other = self.another(id, context).await?;
                let request = request.for_model(&self.model()?.manifest, &other.manifest)?;
                let observation = match (file, &self.seen) {
                    (Some(file), _) => {
                        let (observation, _, looked) = observe(&other, file, context, start).await?;
                        context.emit(looked);
                        observation
                    }
                    (None, Some(seen)) => {
                        let image = seen.observation.image().clone();
                        let observation = other.observe_async(image).await?;
                        let seconds = context.now() - start;
                        context.emit(looked(&observation, seen.sha256.clone(), None, seconds));
                        observation
                    }
                    (None, None) => return self.subject()?.observation().map(|_| ()),
                };
                run(&observation, &request, &Forward::new(context)).await?;
            }
        }
        context.emit(Event::Done { seconds: context.now() - start });
        Ok(())
    }

    /// The model of that id beside the one that is there; one of those is held at a time.
    async fn another(&mut self, id: &str, context: &impl WorkerContext) -> Result<Arc<Model>> {
        if let Some((_, model)) = self.beside.as_ref().filter(|(other, _)| other == id) {
            return Ok(model.clone());
        }
        // The one before first, so that the two never hold their memory at the same time.
        self.beside = None;
        let opened = self.opened.as_ref().ok_or(Error::Cancelled)?;
        let source = context.source(id).await;
        let progress = |Progress { done, total }: Progress| context.emit(Event::Loading { done, total });
        let model = Arc::new(model::load(&source, opened, progress).await?);
        // Built without a pause: what was asked meanwhile is heard now.
        if !context.pause().await {
            return Err(Error::Cancelled);
        }
        // What cannot be kept is read again another time.
        let _ = source.finish(&model.manifest).await;
        Ok(self.beside.insert((id.to_owned(), model)).1.clone())
    }
}
