//! Worker that answers each [`Command`]: the page's side of the engine, without a page, so that it is tested natively.

mod aside;
mod export;
mod forward;
mod packings;
mod survey;
mod teach;

use std::cell::RefCell;
use std::future::Future;
use std::sync::Arc;

use burn::tensor::Tensor;

use crate::artifact::Artifact;
use crate::device::{self, Opened};
use crate::error::{Error, Fault, Result};
use crate::explain::Convention;
use crate::export::sha256;
use crate::fault;
use crate::image::Image;
use crate::methods::{method, methods};
use crate::model::{self, Model, Progress, Source};
use crate::nn::Role;
use crate::observation::Observation;
use crate::protocol::{Command, Event, Ready, Tap};
use crate::request::Request;
use crate::run::{Subject, compare_conventions, run};
use crate::trust::trust;
use export::Finished;
use forward::Forward;

/// World around a worker, with what it needs from there.
pub trait WorkerContext {
    /// Source of models.
    type Source: Source;
    /// The packed model of that id.
    fn source(&self, model: &str) -> impl Future<Output = Self::Source>;
    /// Keeps the files of a packed model of that id, the last of which is its manifest, so that it is there as a whole or not at all.
    fn keep(&self, id: &str, files: Vec<(String, Vec<u8>)>) -> impl Future<Output = Result<()>>;
    /// Sends an event to the page.
    fn emit(&self, event: Event);
    /// Seconds since some fixed moment.
    fn now(&self) -> f64;
    /// Name of a GPU that keeps its own to itself.
    fn adapter(&self) -> Option<String> {
        None
    }
    /// Callback that is told, once, that the GPU in use has been lost, with the reason.
    fn on_lost(&self) -> Box<dyn FnOnce(String) + Send> {
        Box::new(|_| {})
    }
    /// Lets other work of this thread happen; says whether the present command is still the newest.
    fn pause(&self) -> impl Future<Output = bool>;
}

/// The image of one page.
#[derive(Debug)]
struct Seen {
    /// The file's name.
    name: String,
    /// SHA-256 of the file.
    sha256: String,
    observation: Observation,
}

/// Other images that are remembered, for methods that draw on them; of each it is the network's input.
const REMEMBERED: usize = 16;

/// The device, the model and the image of one page.
#[derive(Debug, Default)]
pub struct Worker {
    opened: Option<Opened>,
    /// Id by which the model was asked for, which is its folder's name.
    id: String,
    model: Option<Arc<Model>>,
    seen: Option<Seen>,
    /// Inputs of the images before it, by their SHA-256, the newest last.
    before: Vec<(String, Tensor<4>)>,
    /// Another model, by its id, as long as one request after the other is about it.
    beside: Option<(String, Arc<Model>)>,
    /// Results of the last request that came to its end, for [`Command::Export`].
    finished: Option<Finished>,
}

impl Worker {
    /// Does what a command asks; whatever goes wrong becomes [`Event::Failed`], and what was there before stays.
    pub async fn handle(&mut self, command: Command, context: &impl WorkerContext) {
        let start = context.now();
        match self.answer(command, context, start).await {
            Ok(()) | Err(Error::Cancelled) => {}
            Err(error) => context.emit(Event::Failed(Fault::from(&error))),
        }
    }

    async fn answer(&mut self, command: Command, context: &impl WorkerContext, start: f64) -> Result<()> {
        if !matches!(command, Command::Aside { model: Some(_), .. }) {
            self.beside = None;
        }
        match command {
            Command::Open { model: id, device } => {
                let opened = match &self.opened {
                    Some(opened) => opened.clone(),
                    None => {
                        let opened = device::open(device).await?;
                        #[cfg(feature = "gpu")]
                        let opened = opened.called(context.adapter());
                        #[cfg(feature = "gpu")]
                        opened.on_lost(context.on_lost());
                        self.opened.insert(opened).clone()
                    }
                };
                let progress = |Progress { done, total }: Progress| context.emit(Event::Loading { done, total });
                let source = context.source(&id).await;
                let model = Arc::new(model::load(&source, &opened, progress).await?);
                // Built without a pause: what was asked meanwhile is heard now, and leaves the model before.
                if !context.pause().await {
                    return Err(Error::Cancelled);
                }
                context.emit(Event::Ready(ready(&id, &model, context.now() - start)));
                *self = Self { opened: self.opened.take(), id, model: Some(model.clone()), ..Self::default() };
                if let Err(error) = source.finish(&model.manifest).await {
                    context.emit(Event::NotKept { name: model.manifest.name.clone(), error });
                }
            }
            Command::Look { name, file } => {
                let (observation, sha256, looked) = observe(self.model()?, &file, context, start).await?;
                self.finished = None;
                let observation = observation.with_references(self.remember(&sha256));
                self.seen = Some(Seen { name, sha256, observation });
                context.emit(looked);
            }
            Command::Run(request) => self.run(request, context, start).await?,
            Command::Trust { layer } => self.trust(&layer, context, start).await?,
            Command::CompareConventions(request) => self.compare(&request, context, start).await?,
            Command::ComparePackings { request, layer, models } => {
                self.compare_packings(&request, &layer, &models, context, start).await?;
            }
            Command::Aside { request, file, model } => {
                self.aside(&request, file.as_deref(), model.as_deref(), context, start).await?;
            }
            Command::Features { layer, file } => self.features(layer.as_deref(), &file, context, start).await?,
            Command::Teach { id, layer, examples } => {
                self.teach(&id, layer.as_deref(), &examples, context, start).await?;
            }
            Command::Survey { task, file } => self.survey(&task, file.as_deref(), context, start).await?,
            Command::Export(export) => {
                self.finished()?.export(self.model()?, self.seen.as_ref(), export, context).await?;
            }
            // Nothing is left to do: any command that arrives stops those before it.
            Command::Stop => {}
        }
        Ok(())
    }

    /// Remembers the image that was looked at last, and gives the inputs of all that are another than `next`.
    fn remember(&mut self, next: &str) -> Vec<Tensor<4>> {
        if let Some(Seen { sha256, observation, .. }) = self.seen.take() {
            self.before.retain(|(other, _)| *other != sha256);
            self.before.push((sha256, observation.input()));
        }
        let many = self.before.len().saturating_sub(REMEMBERED);
        self.before.drain(..many);
        self.before.iter().filter(|(other, _)| other != next).map(|(_, input)| input.clone()).collect()
    }

    async fn run(&mut self, request: Request, context: &impl WorkerContext, start: f64) -> Result<()> {
        self.finished = None;
        let forward = Forward::keeping(context);
        run(self.subject()?, &request, &forward).await?;
        let seconds = context.now() - start;
        context.emit(Event::Done { seconds });
        let (mut artifacts, measured) = (forward.into_artifacts(), RefCell::default());
        // They came in the order that shows something soonest, and are written down in that of the network.
        let graph = self.model()?.network.graph();
        artifacts.sort_by_key(|artifact| match artifact {
            Artifact::Map(map) => graph.id(&map.layer),
            _ => None,
        });
        self.finished = Some(Finished { request, artifacts, seconds, measured });
        Ok(())
    }

    async fn trust(&self, layer: &str, context: &impl WorkerContext, start: f64) -> Result<()> {
        let finished = self.finished()?;
        let of_layer = |artifact: &'_ Artifact| matches!(artifact, Artifact::Map(map) if map.layer == layer);
        let (Some(Artifact::Map(map)), Some(seen)) =
            (finished.artifacts.iter().find(|artifact| of_layer(artifact)), &self.seen)
        else {
            return Err(Error::Request(fault!(
                "no-map-of-layer",
                "there is no map of {layer} to measure; explain the image at that layer first",
                layer
            )));
        };
        let forward = Forward::keeping(context);
        let verdict = trust(&seen.observation, &finished.request, map, &forward).await;
        // Whatever has come is seen, also where the rest does not.
        finished.keep_measured(layer, forward.into_artifacts())?;
        let verdict = verdict?;
        context.emit(Event::Verdict(verdict));
        context.emit(Event::Done { seconds: context.now() - start });
        Ok(())
    }

    async fn compare(&self, request: &Request, context: &impl WorkerContext, start: f64) -> Result<()> {
        let seen = self.subject()?.observation()?;
        let conventions = &method(&request.method)?.card().conventions;
        let conventions: Vec<Convention> =
            conventions.iter().map(|variant| Convention::named(&variant.name)).collect::<Result<_>>()?;
        let forward = Forward::new(context);
        let compared = compare_conventions(seen, request, &conventions, &forward).await?;
        context.emit(Event::Conventions(compared));
        context.emit(Event::Done { seconds: context.now() - start });
        Ok(())
    }

    /// The model, and what it has seen.
    fn subject(&self) -> Result<Subject<'_>> {
        let model: &Model = self.model()?;
        Ok(self.seen.as_ref().map_or(Subject::from(model), |seen| Subject::from(&seen.observation)))
    }

    fn finished(&self) -> Result<&Finished> {
        self.finished.as_ref().ok_or_else(|| {
            Error::Request(fault!(
                "nothing-to-save",
                "there is no whole result to save yet; wait for it, or ask for one"
            ))
        })
    }

    fn model(&self) -> Result<&Arc<Model>> {
        self.model
            .as_ref()
            .ok_or_else(|| Error::Request(fault!("no-model", "no model is loaded yet; choose one first")))
    }
}

/// An image's file as a model sees it, its SHA-256, and what the page is told of it.
async fn observe(
    model: &Arc<Model>,
    file: &[u8],
    context: &impl WorkerContext,
    start: f64,
) -> Result<(Observation, String, Event)> {
    let image = Image::decode(file)?;
    let note = image.note().cloned();
    let (observation, sha256) = (model.observe_async(image).await?, sha256(file));
    let looked = looked(&observation, sha256.clone(), note, context.now() - start);
    Ok((observation, sha256, looked))
}

/// What the page is told of what a model has seen.
fn looked(observation: &Observation, sha256: String, note: Option<Fault>, seconds: f64) -> Event {
    let (image, domain) = (observation.image(), observation.model().manifest.domain.as_ref());
    Event::Looked {
        width: image.width(),
        height: image.height(),
        region: observation.region(),
        classes: observation.classes().to_vec(),
        note,
        doubt: domain.and_then(|domain| domain.doubt(image)),
        sha256,
        seconds,
    }
}

fn ready(id: &str, model: &Model, seconds: f64) -> Ready {
    let (manifest, graph) = (&model.manifest, model.network.graph());
    let tap = |name: &String| {
        let id = graph.id(name)?;
        let pool = graph.nodes()[id].op.role() == Role::Pool;
        Some(Tap { name: name.clone(), shape: graph.shape(id), pool })
    };
    Ready {
        id: id.to_owned(),
        name: manifest.name.clone(),
        description: manifest.description.clone(),
        domain: manifest.domain.clone(),
        licence: manifest.licence.clone(),
        source: manifest.source.clone(),
        hash: model.hash.clone(),
        device: model.device.clone(),
        taps: manifest.taps.iter().filter_map(tap).collect(),
        outputs: manifest.logits.as_ref().and_then(tap),
        labels: manifest.labels.clone(),
        features: model.features_layer(None).ok().map(|layer| graph.nodes()[layer].name.clone()),
        first_output: manifest.outputs().first,
        methods: methods().map(|method| method.card().clone()).collect(),
        seconds,
    }
}
