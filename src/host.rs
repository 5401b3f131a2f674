//! What a worker does with each [`Command`]: the page's side of the engine, without a page, so that it is tested natively.

mod answers;
mod save;

use std::future::Future;

use crate::device::{self, Opened};
use crate::error::{Error, Result};
use crate::explain::{self, Ask, Convention};
use crate::fault;
use crate::model::Source;
use crate::nn::Op;
use crate::picture::Picture;
use crate::protocol::{Command, Event, Ready, Tap};
use crate::session::Session;
use save::Explained;

/// What a host needs from the world around it.
pub trait World {
    /// Where models come from.
    type Source: Source;
    /// The packed model of that id.
    fn source(&self, model: &str) -> impl Future<Output = Self::Source>;
    /// Sends an event to the page.
    fn emit(&self, event: Event);
    /// Seconds since some fixed moment.
    fn now(&self) -> f64;
    /// What is told, once, that the GPU in use has been lost, with the reason.
    fn on_lost(&self) -> Box<dyn FnOnce(String) + Send> {
        Box::new(|_| {})
    }
    /// Lets other work of this thread happen; says whether the present command is still the newest.
    fn pause(&self) -> impl Future<Output = bool>;
}

/// The device, the model and the picture of one page.
#[derive(Debug, Default)]
pub struct Host {
    opened: Option<Opened>,
    session: Option<Session>,
    /// The last explanation that came to its end, for [`Command::Save`].
    explained: Option<Explained>,
}

impl Host {
    /// Does what a command asks; whatever goes wrong becomes [`Event::Failed`], and what was there before stays.
    pub async fn handle(&mut self, command: Command, world: &impl World) {
        let start = world.now();
        match self.answer(command, world, start).await {
            Ok(()) | Err(Error::Cancelled) => {}
            Err(error) => world.emit(Event::Failed { message: error.to_string() }),
        }
    }

    async fn answer(&mut self, command: Command, world: &impl World, start: f64) -> Result<()> {
        match command {
            Command::Open { model, device } => {
                let opened = match &self.opened {
                    Some(opened) => opened.clone(),
                    None => {
                        let opened = device::open(device).await?;
                        opened.on_lost(world.on_lost());
                        self.opened.insert(opened).clone()
                    }
                };
                let progress = |progress: crate::model::Progress| {
                    world.emit(Event::Loading { done: progress.done, total: progress.total });
                };
                let source = world.source(&model).await;
                let session = Session::open(&source, &opened, progress).await?;
                let ready = ready(&session, world.now() - start);
                self.explained = None;
                let manifest = &self.session.insert(session).model().manifest;
                world.emit(Event::Ready(ready));
                if let Err(refusal) = source.finish(manifest).await {
                    world.emit(Event::NotKept { name: manifest.name.clone(), refusal });
                }
            }
            Command::Look { file } => {
                let session = self.session()?;
                let picture = Picture::decode(&file)?;
                let region = session.model().manifest.preprocessing.region(picture.width(), picture.height());
                let classes = session.look(&picture).await?.to_vec();
                self.explained = None;
                let (width, height, note) =
                    (picture.width(), picture.height(), picture.note().map(ToString::to_string));
                world.emit(Event::Looked { width, height, region, classes, note, seconds: world.now() - start });
            }
            Command::Explain { method, class, layer, convention } => {
                self.explained = None;
                let session = self.session()?;
                let layers = session.layers_for(&method, &layer)?;
                let ask = Ask { class, layers, convention: Convention::named(&convention)? };
                let mut maps = vec![];
                let each = async |map: explain::Map| {
                    maps.push(map.clone());
                    world.emit(Event::Shown { class, map });
                    world.pause().await
                };
                session.explain(&method, &ask, each).await?;
                let seconds = world.now() - start;
                world.emit(Event::Explained { seconds });
                self.explained = Some(Explained { method: explain::method(&method)?, ask, maps, seconds });
            }
            Command::Activations { layer } => {
                let session = self.session()?;
                for layer in session.layers(&layer, true)? {
                    world.emit(Event::Activated(session.activation(layer).await?));
                    if !world.pause().await {
                        return Err(Error::Cancelled);
                    }
                }
            }
            Command::Sheet { layer, scaling, columns, colormap } => {
                answers::sheet(self.session()?, &layer, scaling, columns, colormap, world).await?;
            }
            Command::Channel { layer, channel } => answers::channel(self.session()?, &layer, channel, world).await?,
            Command::Descend(ask) => {
                answers::descend(self.session()?, &ask, world).await?;
                world.emit(Event::Explained { seconds: world.now() - start });
            }
            Command::Climb(ask) => {
                answers::climb(self.session()?, &ask, world).await?;
                world.emit(Event::Explained { seconds: world.now() - start });
            }
            Command::Save(save) => {
                let explained = self.explained.take();
                let saved = save::save(self.session()?, explained.as_ref(), &save, world).await;
                self.explained = explained;
                saved?;
            }
            // That it has come was what stopped the others.
            Command::Stop => {}
        }
        Ok(())
    }

    fn session(&mut self) -> Result<&mut Session> {
        self.session
            .as_mut()
            .ok_or_else(|| Error::Request(fault!("no-model", "no model is loaded yet; choose one first")))
    }
}

fn ready(session: &Session, seconds: f64) -> Ready {
    let model = session.model();
    let (manifest, graph) = (&model.manifest, model.network.graph());
    let tap = |name: &String| {
        let id = graph.id(name)?;
        let pool = matches!(graph.nodes()[id].op, Op::MaxPool { .. } | Op::AveragePool { .. });
        Some(Tap { name: name.clone(), shape: graph.shape(id), pool })
    };
    Ready {
        id: manifest.id.clone(),
        name: manifest.name.clone(),
        description: manifest.description.clone(),
        licence: manifest.licence.clone(),
        source: manifest.source.clone(),
        hash: model.hash.clone(),
        device: session.device_name().into(),
        taps: manifest.taps.iter().filter_map(tap).collect(),
        outputs: manifest.logits.as_ref().and_then(tap),
        labels: manifest.labels.clone(),
        seconds,
    }
}
