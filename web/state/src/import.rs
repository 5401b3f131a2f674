//! Models that a person gives the page: the importer, a program of its own, reads their files and says what it takes the model for; the
//! person says what it does not know; then the model is packed, kept on this machine, and opened.

use std::rc::Rc;

use convscope_core::error::Fault;
use convscope_core::import_message::{ImportAnswers, ImportGuess, ImportLabels, ImportMessage, ImportStage, OWN_MODEL};
use convscope_core::model::Packing;
use convscope_core::preprocess::Preset;

use super::import_details::{Detail, DetailsForm};
use super::{Effect, FileHandle, ModelEntry, State, Text};

/// A model that is being imported, if one is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportState {
    /// Name of its file.
    pub name: String,
    /// The step that it is at; none where nothing is imported.
    pub step: Option<ImportStep>,
    /// The network that the person has said it is.
    architecture: Option<String>,
}

/// Step of an import.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportStep {
    /// The importer is at work.
    Working {
        /// What it is doing.
        stage: ImportStage,
        /// Part that is done.
        done: u64,
        /// The whole; 0 where it is not known.
        total: u64,
        /// What it was asked to pack, where it packs.
        form: Option<Rc<ImportForm>>,
    },
    /// The person is asked what the file does not say.
    Asking(Rc<ImportForm>),
    /// The person is asked which network the weights are of.
    Unknown {
        /// Why it is none that is known by them.
        why: Fault,
        /// Names of the built-in architectures.
        architectures: Rc<[String]>,
    },
    /// The files make no model.
    Failed(Text),
}

/// What the person is asked, each with a guess.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportForm {
    /// What the model is taken for.
    pub guess: ImportGuess,
    /// Short name of the model.
    pub id: String,
    /// Preprocessing; as guessed where it is none.
    pub preset: Option<Preset>,
    /// Side of the input in pixels; as guessed where it is none.
    pub side: Option<u32>,
    /// Where the names of the classes come from.
    pub labels: LabelSource,
    /// The names that the person has written, one a line.
    pub names: String,
    /// Way to store the weights.
    pub packing: Packing,
    /// What the person knows better than the preset.
    pub details: DetailsForm,
    /// Why it could not be packed like that.
    pub refused: Option<Fault>,
}

/// Source of the names of classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelSource {
    /// The guess.
    Guessed,
    /// ImageNet's list.
    ImageNet,
    /// Numbers in place of names.
    Numbers,
    /// The person's own names.
    Own,
}

/// Action on the import of a model.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportAction {
    /// Files have been chosen or dropped.
    Given(Vec<FileHandle>),
    /// Message of the importer.
    Said(ImportMessage),
    /// Call the model something else.
    Name(String),
    /// Take a preprocessing.
    Preset(Option<Preset>),
    /// Take a side of the input.
    Side(Option<u32>),
    /// Take the names of the classes from somewhere.
    Labels(LabelSource),
    /// Take these lines for the names of the classes.
    Names(String),
    /// Take a way to store the weights.
    Packing(Packing),
    /// Say one of the details, as it was typed.
    Detail(Detail, String),
    /// Read the file as the weights of a built-in architecture.
    Architecture(String),
    /// Pack it like that.
    Pack,
    /// Import nothing any longer.
    Close,
}

impl ImportForm {
    fn new(guess: ImportGuess, id: String) -> Self {
        Self {
            guess,
            id,
            preset: None,
            side: None,
            labels: LabelSource::Guessed,
            names: String::new(),
            packing: Packing::Int8,
            details: DetailsForm::default(),
            refused: None,
        }
    }

    fn answers(&self) -> Result<ImportAnswers, Fault> {
        let names = || self.names.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(ImportAnswers {
            details: self.details.answers()?,
            id: format!("{OWN_MODEL}{}", self.id),
            preset: self.preset,
            side: self.side,
            labels: match self.labels {
                LabelSource::Guessed => None,
                LabelSource::ImageNet => Some(ImportLabels::ImageNet),
                LabelSource::Numbers => Some(ImportLabels::Numbers),
                LabelSource::Own => Some(ImportLabels::Names(names())),
            },
            packing: self.packing,
        })
    }
}

impl State {
    pub(super) fn change_import(&mut self, action: ImportAction) -> Vec<Effect> {
        match action {
            ImportAction::Given(files) => self.import(files),
            ImportAction::Said(message) => self.import_said(message),
            ImportAction::Name(id) => self.answer_import(|form| form.id = id),
            ImportAction::Preset(preset) => self.answer_import(|form| form.preset = preset),
            ImportAction::Side(side) => self.answer_import(|form| form.side = side),
            ImportAction::Labels(labels) => self.answer_import(|form| form.labels = labels),
            ImportAction::Names(names) => self.answer_import(|form| form.names = names),
            ImportAction::Packing(packing) => self.answer_import(|form| form.packing = packing),
            ImportAction::Detail(detail, text) => self.answer_import(|form| form.details.set(detail, text)),
            ImportAction::Architecture(id) => self.read_as(id),
            ImportAction::Pack => self.pack_import(),
            ImportAction::Close => {
                self.import = ImportState::default();
                vec![Effect::EndImport]
            }
        }
    }

    fn import(&mut self, files: Vec<FileHandle>) -> Vec<Effect> {
        let name = files.first().map(|file| file.name.clone()).unwrap_or_default();
        let step = ImportStep::Working { stage: ImportStage::Program, done: 0, total: 0, form: None };
        self.import = ImportState { name, step: Some(step), architecture: None };
        vec![Effect::Import(files)]
    }

    /// Reads the file once more, as the weights of a network that the person has named.
    fn read_as(&mut self, architecture: String) -> Vec<Effect> {
        if !matches!(self.import.step, Some(ImportStep::Unknown { .. })) {
            return vec![];
        }
        self.import.architecture = Some(architecture.clone());
        self.import.step = Some(ImportStep::Working { stage: ImportStage::Reading, done: 0, total: 0, form: None });
        vec![Effect::ReadImport(architecture)]
    }

    /// Changes an answer, while the person is asked.
    fn answer_import(&mut self, change: impl FnOnce(&mut ImportForm)) -> Vec<Effect> {
        if let Some(ImportStep::Asking(form)) = &mut self.import.step {
            change(Rc::make_mut(form));
        }
        vec![]
    }

    fn pack_import(&mut self) -> Vec<Effect> {
        let Some(ImportStep::Asking(form)) = &self.import.step else { return vec![] };
        let form = form.clone();
        let mut answers = match form.answers() {
            Ok(answers) => answers,
            Err(fault) => return self.answer_import(|form| form.refused = Some(fault)),
        };
        answers.details.architecture.clone_from(&self.import.architecture);
        let effects = vec![Effect::PackImport(answers)];
        self.import.step =
            Some(ImportStep::Working { stage: ImportStage::Reading, done: 0, total: 0, form: Some(form) });
        effects
    }

    fn import_said(&mut self, message: ImportMessage) -> Vec<Effect> {
        let Some(ImportStep::Working { form, .. }) = &self.import.step else { return vec![] };
        let form = form.clone();
        match message {
            ImportMessage::Listening => vec![],
            ImportMessage::Progress { stage, done, total } => {
                self.import.step = Some(ImportStep::Working { stage, done, total, form });
                vec![]
            }
            ImportMessage::Guess(guess) => {
                let id = self.free_id(&guess.id);
                self.import.step = Some(ImportStep::Asking(ImportForm::new(*guess, id).into()));
                vec![]
            }
            ImportMessage::Unknown { why, architectures } => {
                self.import.step = Some(ImportStep::Unknown { why, architectures: architectures.into() });
                vec![]
            }
            ImportMessage::Kept { id, name, bytes } => self.imported(ModelEntry { id, name, bytes }),
            ImportMessage::Failed(fault) => match form {
                Some(mut form) => {
                    Rc::make_mut(&mut form).refused = Some(fault);
                    self.import.step = Some(ImportStep::Asking(form));
                    vec![]
                }
                None => self.import_failed(Text::Engine(fault)),
            },
            ImportMessage::Crashed(why) => self.import_failed(Text::Own("import-crashed", vec![("why", why)])),
        }
    }

    fn import_failed(&mut self, why: Text) -> Vec<Effect> {
        self.import.step = Some(ImportStep::Failed(why));
        vec![Effect::EndImport]
    }

    /// The id, or the next one that no model has.
    pub(super) fn free_id(&self, id: &str) -> String {
        let id = id.strip_prefix(OWN_MODEL).unwrap_or(id);
        let ids = std::iter::once(id.to_owned()).chain((2..).map(|number| format!("{id}-{number}")));
        let mut free = ids.filter(|id| !self.model.lists(&format!("{OWN_MODEL}{id}")));
        free.next().unwrap_or_default()
    }

    /// A model is kept: it is offered and opened.
    fn imported(&mut self, entry: ModelEntry) -> Vec<Effect> {
        self.import = ImportState::default();
        std::iter::once(Effect::EndImport).chain(self.take_model(entry)).collect()
    }

    /// Offers and opens a model that has come to be kept.
    pub(super) fn take_model(&mut self, entry: ModelEntry) -> Vec<Effect> {
        self.link.then = None;
        self.model.chosen.clone_from(&entry.id);
        let others: Vec<_> = self.model.list.iter().filter(|model| model.id != entry.id).cloned().collect();
        self.model.list = others.into_iter().chain([entry]).collect();
        self.model.packed = None;
        self.open()
    }
}
