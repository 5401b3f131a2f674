//! Destinations of results: files, standard output, or a bundle.

use std::path::Path;

use convscope::error::{Error, Result};
use convscope::fault;

use super::bundle::Gathered;
use super::files::is_standard;

/// Destination of results.
#[derive(Clone, Copy, Default)]
pub(super) struct Destination<'a> {
    /// Folder for files.
    pub(super) out: Option<&'a Path>,
    /// One page with all results in it.
    pub(super) report: Option<&'a Path>,
    /// Whether each is a line of JSON, instead of words.
    pub(super) json: bool,
    /// Bundle that they are gathered for.
    pub(super) bundle: Option<&'a Gathered>,
    /// Whether nothing is said of them.
    pub(super) quiet: bool,
}

impl Destination<'_> {
    /// Whether results are said in words.
    pub(super) fn speaks(&self) -> bool {
        !self.json && !self.quiet
    }

    /// The same, where `files` of it may be named `-`: what goes to standard output has it for itself.
    ///
    /// # Errors
    /// [`Error::Request`] where two things ask for it.
    pub(super) fn alone_on_standard_output(self, files: [Option<&Path>; 2]) -> Result<Self> {
        let taken = files.into_iter().flatten().filter(|file| is_standard(file)).count();
        if taken + usize::from(self.json) > 1 && taken > 0 {
            return Err(Error::Request(fault!(
                "standard-output-twice",
                "only one of --json, --report and --bundle can go to standard output; name a file for the others"
            )));
        }
        Ok(Self { quiet: self.quiet || taken > 0, ..self })
    }
}
