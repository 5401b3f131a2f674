//! The importer's side: reads files of other frameworks that a person gives the page, and packs them into the page's storage. It is a
//! program of its own, without the engine, which is loaded only then.

mod given;
mod keep;
mod packed;

use std::io::Read;

use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::import_message::{
    ImportAnswers, ImportCommand, ImportDetails, ImportGuess, ImportLabels, ImportMessage, ImportStage, is_model_file,
    is_recipe,
};
use convscope_core::model::Manifest;
use convscope_core::preprocess::Preset;
use convscope_import::Place;
use convscope_import::architecture::architectures;
use convscope_import::pack::{Answers, ClassNames, Draft, Recipe, asks_architecture};
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use self::given::GivenFile;
use self::keep::Kept;
use crate::{crash, wire};

/// Names of classes that a guess shows.
const SHOWN: usize = 5;
/// Nodes among which the logits are chosen.
const LAST: usize = 12;

/// Listens to the page for ever.
pub fn serve() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    crash::report(&scope, ImportMessage::Crashed);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(|message: MessageEvent| {
        let parts: Array = message.data().unchecked_into();
        match wire::decode::<ImportCommand>(&parts.get(0)) {
            Ok(command) => {
                given::take(&parts.get(1).unchecked_into());
                spawn_local(work(command));
            }
            Err(error) => say(&ImportMessage::Crashed(error)),
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    say(&ImportMessage::Listening);
}

fn say(message: &ImportMessage) {
    crash::say(message, ImportMessage::Crashed);
}

/// Tells how far it is.
fn progress(stage: ImportStage, done: u64, total: u64) {
    say(&ImportMessage::Progress { stage, done, total });
}

async fn work(command: ImportCommand) {
    let answer = match command {
        ImportCommand::Read { architecture } => read(architecture),
        ImportCommand::Pack(answers) => pack(answers).await,
    };
    say(&answer.unwrap_or_else(|error| ImportMessage::Failed(error.fault().clone())));
}

/// The name of the file that is the model among those that were given, and no other.
fn model() -> Result<String> {
    let names = given::names();
    let models: Vec<&String> = names.iter().filter(|name| is_model_file(name)).collect();
    match (&models[..], &names[..]) {
        ([one], _) => Ok((*one).clone()),
        // Whatever a single file is, its content says.
        ([], [one]) => Ok(one.clone()),
        ([], _) => Err(Error::Request(fault!("import-none", "none of these files is a model; choose one that is"))),
        ([first, second, ..], _) => Err(Error::Request(fault!(
            "import-several",
            "these are several models, {first} and {second} among them; add one after the other",
            first,
            second
        ))),
    }
}

/// The model as it is taken with those answers, read from the files.
fn draft(name: &str, answers: &Answers) -> Result<Draft> {
    Draft::of(opened(name)?, place(name), answers)
}

/// The model as the recipe has it that was given with its file, if one was.
fn by_recipe(name: &str) -> Result<Option<Draft>> {
    let Some(recipe) = given::names().into_iter().find(|name| is_recipe(name)) else { return Ok(None) };
    let recipe = Recipe::given(recipe.as_ref(), &text(&recipe)?, |labels| {
        // Wherever a recipe says that they lie, they were given with it.
        text(labels.rsplit('/').next().unwrap_or(labels))
    })?;
    Draft::by_recipe(opened(name)?, place(name), &recipe).map(Some)
}

fn opened(name: &str) -> Result<GivenFile> {
    GivenFile::open(name).ok_or_else(|| {
        Error::Request(fault!("import-unread", "{name} cannot be read any longer; choose it again", name))
    })
}

fn place(name: &str) -> Place<'_> {
    Place { path: name.as_ref(), given: Some(&given::open) }
}

/// Bytes of the longest text that is read.
const MOST: u64 = 1 << 24;

/// The bytes of a text among the files.
fn text(name: &str) -> Result<Vec<u8>> {
    let mut bytes = vec![];
    let read = opened(name)?.take(MOST).read_to_end(&mut bytes);
    read.map_err(|error| Error::read(name.as_ref(), error))?;
    Ok(bytes)
}

/// What the model is taken for. Where a file holds weights only, of nobody knows which network, the person may know.
fn read(architecture: Option<String>) -> Result<ImportMessage> {
    match guess(architecture) {
        Ok(guess) => Ok(ImportMessage::Guess(Box::new(guess))),
        Err(error) if asks_architecture(error.fault()) => Ok(ImportMessage::Unknown {
            why: error.fault().clone(),
            architectures: architectures().map(|one| one.id.to_owned()).collect(),
        }),
        Err(error) => Err(error),
    }
}

fn guess(architecture: Option<String>) -> Result<ImportGuess> {
    let name = model()?;
    if let Some(manifest) = packed::manifest(&name)? {
        return Ok(ImportGuess { packed: true, ..of_manifest(&manifest, vec![]) });
    }
    if let Some(Draft { manifest, notes, .. }) = by_recipe(&name)? {
        return Ok(ImportGuess { by_recipe: true, ..of_manifest(&manifest, notes) });
    }
    let Draft { manifest, notes, .. } = draft(&name, &Answers { architecture, ..Answers::default() })?;
    Ok(of_manifest(&manifest, notes))
}

fn of_manifest(manifest: &Manifest, notes: Vec<Fault>) -> ImportGuess {
    let taken = &manifest.preprocessing;
    let input = [taken.height, taken.width];
    ImportGuess {
        id: manifest.id.clone(),
        name: manifest.name.clone(),
        packed: false,
        by_recipe: false,
        input,
        preset: Preset::ALL.iter().copied().find(|preset| preset.preprocessing(input) == *taken),
        taken: taken.into(),
        logits: manifest.logits.clone(),
        last: manifest.nodes.iter().rev().take(LAST).map(|node| node.name.clone()).collect(),
        classes: manifest.labels.len(),
        labels: manifest.labels.iter().take(SHOWN).cloned().collect(),
        notes,
    }
}

async fn pack(ImportAnswers { id, preset, side, labels, packing, details }: ImportAnswers) -> Result<ImportMessage> {
    let name = model()?;
    if let Some(manifest) = packed::manifest(&name)? {
        return keep::keep(packed::files(&name, manifest, &id)?).await;
    }
    if let Some(mut draft) = by_recipe(&name)? {
        draft.manifest.id = id;
        given::pack();
        let (kept, _) = draft.pack(packing, Kept::default())?;
        return keep::keep(kept).await;
    }
    let fit = details.fit();
    let ImportDetails { channels, scale, mean, std, logits, architecture, .. } = details;
    let answers = Answers {
        channels,
        fit,
        scale,
        mean,
        std,
        logits,
        architecture,
        id: Some(id),
        preset,
        input: side.map(|side| [side; 2]),
        labels: labels.map(|labels| match labels {
            ImportLabels::ImageNet => ClassNames::ImageNet,
            ImportLabels::Numbers => ClassNames::Numbers,
            ImportLabels::Names(names) => ClassNames::Names(names),
        }),
        ..Answers::default()
    };
    let draft = draft(&name, &answers)?;
    given::pack();
    let (kept, _) = draft.pack(packing, Kept::default())?;
    keep::keep(kept).await
}
