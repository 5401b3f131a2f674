//! Effects, carried out: what the state asks of the browser, of the server, and of the worker.

use std::cell::Cell;

use convscope_core::error::Fault;
use convscope_core::import_message::{ImportCommand, ImportMessage};
use convscope_core::protocol::{Command, Event, Ticket};
use convscope_core::worker_message::WorkerMessage;
use convscope_page::{
    DrillAction, Effect, FileHandle, ImageAction, ImportAction, LinkAction, LiveAction, ModelAction, NoticeAction,
    Program, Shared, SurveyAction, Text, WorkerAction,
};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{App, Msg, got, later};
use crate::components::{EXAMPLES, captions, charts, lines};
use crate::importer_client::ImporterClient;
use crate::standby::Standby;
use crate::words::{self, Words};
use crate::worker_client::WorkerClient;
use crate::{adapter, files, findings, get, offline, optima, own_images, panes, recording, save};

impl App {
    /// Brings about what the state asks for.
    pub(super) fn run(&mut self, ctx: &Context<Self>, effects: Vec<Effect>) {
        for effect in effects {
            let link = ctx.link();
            match effect {
                Effect::List => {
                    // What a person has given the page is no other page's business.
                    let own = self.conversation.is_none();
                    link.send_future(async move { Msg::act(ModelAction::Listed(get::models(own).await)) });
                }
                Effect::Describe(models) => {
                    link.send_future(async { Msg::act(ModelAction::Described(get::packings(models).await)) })
                }
                Effect::GetExample => link.send_future(async {
                    let [example, ..] = EXAMPLES;
                    got(get::example(example).await, ImageAction::Example)
                }),
                Effect::GetNamed(id) => link.send_future(async move {
                    let found = EXAMPLES.iter().find(|example| example.id == id);
                    let example = match found {
                        Some(example) => get::example(*example).await,
                        None => Err(Text::key("link-no-example")),
                    };
                    Msg::act(LinkAction::Example(example))
                }),
                Effect::KeepImage(photo) => {
                    let keep = move || spawn_local(async move { own_images::keep(&photo).await });
                    self.keeping = Some(Timeout::new(own_images::REST_MILLISECONDS, keep));
                }
                Effect::KeepOptimum(key, panel) => spawn_local(async move { optima::keep(&key, &panel).await }),
                Effect::GetOptimum(key) => link.send_future(async move {
                    let kept = optima::kept(&key).await.map(Shared::from);
                    Msg::act(DrillAction::Kept(key, kept))
                }),
                Effect::KeepFinding { plan, sha256, finding } => {
                    spawn_local(async move { findings::keep(&plan, &sha256, &finding).await })
                }
                Effect::GetFindings(plan) => link.send_future(async move {
                    let kept = findings::kept(&plan).await;
                    Msg::act(SurveyAction::Kept(plan, kept))
                }),
                Effect::GetKept(sha256) => link.send_future(async move {
                    let kept = own_images::kept(&sha256).await;
                    Msg::act(LinkAction::Kept(sha256, kept))
                }),
                Effect::ForgetKept(sha256) => spawn_local(async move { own_images::forget(&sha256).await }),
                Effect::SaveImage { name, caption } => {
                    let state = self.state.borrow();
                    let lines = if caption { lines(&state, &self.words) } else { vec![] };
                    let (charts, captions) = (charts(&state, &self.words), captions(&state, &self.words));
                    let more = save::More { charts, drawn: state.bounding_box(), captions };
                    spawn_local(save::image(name, state.scene(), more, lines));
                }
                Effect::Record { name, zip } => {
                    let (state, link) = (self.state.clone(), link.clone());
                    let tell = move |action: LiveAction| link.send_message(Msg::act(action));
                    spawn_local(recording::record(recording::Names { film: name, frames: zip }, state, tell));
                }
                Effect::Download { name, bytes } => save::download(&name, &bytes),
                Effect::Start(program) => self.start(ctx, program),
                Effect::Import(files) => self.import(ctx, &ImportCommand::Read { architecture: None }, &files),
                Effect::ReadImport(id) => self.import(ctx, &ImportCommand::Read { architecture: Some(id) }, &[]),
                Effect::PackImport(answers) => self.import(ctx, &ImportCommand::Pack(answers), &[]),
                Effect::EndImport => self.importer = None,
                Effect::Speak(language) => {
                    self.words = Words::new(language);
                    words::speak(&self.words, self.embedding.is_none());
                }
                Effect::KeepPanes(closed) => panes::keep_closed(closed),
                Effect::Reload => offline::reload(),
                Effect::SendWithFile(ticket, command, handle) => link.send_future(async move {
                    let file = files::bytes(&handle).await;
                    Msg::Read(ticket, Box::new(command), file)
                }),
                Effect::Send(ticket, command) => {
                    if let Some(worker) = &self.worker {
                        worker.send(ticket, &command);
                    }
                }
            }
        }
    }

    /// Starts a worker, or takes the one that stands by.
    fn start(&mut self, ctx: &Context<Self>, program: Program) {
        // The old one first, so that the two never hold their memory at the same time.
        self.worker = None;
        let standby = self.standby.take().filter(|_| program == Program::Gpu);
        self.worker = standby.and_then(Standby::take);
        if self.worker.is_none() {
            match WorkerClient::start(program, messages(ctx, self.embedding.is_none())) {
                Ok(worker) => self.worker = Some(worker),
                Err(error) => later(ctx, WorkerAction::Said(WorkerMessage::Crashed(error))),
            }
        }
    }

    /// Starts the worker that stands by, if it is still wanted.
    pub(super) fn stand_by(&mut self, ctx: &Context<Self>) {
        if self.standby.is_none() && self.state.borrow().wants_gpu() {
            let ready = ctx.link().callback(|()| Msg::act(WorkerAction::Prepared));
            self.standby = Standby::start(ready, messages(ctx, self.embedding.is_none()));
        }
    }

    /// Tells the importer; one that gets files is a new one.
    fn import(&mut self, ctx: &Context<Self>, command: &ImportCommand, files: &[FileHandle]) {
        let heard = ctx.link().callback(|message| Msg::act(ImportAction::Said(message)));
        let importer = match self.importer.take().filter(|_| files.is_empty()) {
            Some(importer) => Ok(importer),
            None => ImporterClient::start(heard),
        };
        let sent = importer.and_then(|importer| {
            importer.send(command, files)?;
            Ok(importer)
        });
        match sent {
            Ok(importer) => self.importer = Some(importer),
            Err(why) => later(ctx, ImportAction::Said(ImportMessage::Crashed(why))),
        }
    }

    /// Tells the worker with a file that has been read, unless something newer has been asked meanwhile.
    pub(super) fn send_with(
        &self,
        ctx: &Context<Self>,
        ticket: Ticket,
        mut command: Command,
        file: Result<Vec<u8>, Fault>,
    ) -> bool {
        if !self.state.borrow().worker.waits_for(ticket) {
            return false;
        }
        match (file, &self.worker) {
            (Ok(bytes), Some(worker)) => {
                command.take_file(bytes);
                worker.send(ticket, &command);
            }
            (Err(fault), _) => {
                let failed = WorkerMessage::Event(ticket, Box::new(Event::Failed(fault)));
                later(ctx, WorkerAction::Said(failed));
            }
            (Ok(_), None) => {}
        }
        false
    }
}

/// Messages of the worker. A page that is visited is kept by the browser, one in a frame is not.
fn messages(ctx: &Context<App>, is_visited: bool) -> Callback<WorkerMessage> {
    let newer = ctx.link().callback(|()| Msg::act(NoticeAction::NewVersion));
    let link = ctx.link().clone();
    let looked_for = Cell::new(false);
    ctx.link().callback(move |message| {
        match &message {
            // The first result is there: now there is time for what makes the next ones faster.
            WorkerMessage::Event(_, event) if matches!(**event, Event::Done { .. }) && !looked_for.replace(true) => {
                link.send_future_batch(async { if adapter::is_real().await { vec![Msg::StandBy] } else { vec![] } });
            }
            _ if !is_visited => {}
            WorkerMessage::Listening => offline::keep(newer.clone()),
            WorkerMessage::Event(_, event) if matches!(**event, Event::Ready(_)) => offline::persist(),
            _ => {}
        }
        Msg::act(WorkerAction::Said(message))
    })
}
