//! Effects: what the page is asked to do.

use std::rc::Rc;

use convscope_core::artifact::Panel;
use convscope_core::import_message::ImportAnswers;
use convscope_core::protocol::{Command, Ticket};
use convscope_core::survey::KeptFinding;

use super::{Closed, FileHandle, ImageFile, Language, Program, Shared};

/// Effect that the page has to bring about.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Get the list of models.
    List,
    /// Read how the weights of these models are stored.
    Describe(Vec<String>),
    /// Start a worker with that program, or take the one that stands by; an older one ends.
    Start(Program),
    /// Tell the worker.
    Send(Ticket, Command),
    /// Read a file of the person's machine, and tell the worker with its bytes.
    SendWithFile(Ticket, Command, FileHandle),
    /// Keep on this machine which panes are closed.
    KeepPanes(Closed),
    /// Load the page again; its address keeps what is seen.
    Reload,
    /// Get the first example.
    GetExample,
    /// Say from now on, and when the page is opened again, everything in that language.
    Speak(Language),
    /// Get the example of that id, which a link asks for.
    GetNamed(String),
    /// Keep an image of the person's own on this machine, so that it comes back when the page is loaded again. One that comes at once
    /// after another takes its place.
    KeepImage(Rc<ImageFile>),
    /// Keep an optimum on this machine, under that name.
    KeepOptimum(String, Shared<Panel>),
    /// Get the optimum that is kept under that name.
    GetOptimum(String),
    /// Keep a finding of a survey on this machine.
    KeepFinding {
        /// Name of what was asked.
        plan: String,
        /// SHA-256 of the image's file.
        sha256: String,
        /// The finding.
        finding: Rc<KeptFinding>,
    },
    /// Get the findings that are kept under that name of what was asked.
    GetFindings(String),
    /// Get the image that is kept whose SHA-256 begins like that, which a link asks for.
    GetKept(String),
    /// Forget the image of that SHA-256.
    ForgetKept(String),
    /// Start the importer, and have it read files of the person's machine; an older one ends.
    Import(Vec<FileHandle>),
    /// Have the importer read the files once more, as the weights of that built-in architecture.
    ReadImport(String),
    /// Have the importer pack what it has read.
    PackImport(ImportAnswers),
    /// End the importer.
    EndImport,
    /// Save what is seen as an image.
    SaveImage {
        /// The file's name.
        name: String,
        /// Whether with a line that says what it is.
        caption: bool,
    },
    /// Record what is seen, and save it.
    Record {
        /// Name of the file, where it is a film.
        name: String,
        /// Name of the file, where it is images one by one.
        zip: String,
    },
    /// Save a file.
    Download {
        /// Name of the file.
        name: String,
        /// Content of the file.
        bytes: Rc<[u8]>,
    },
}
