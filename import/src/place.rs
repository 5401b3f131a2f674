//! Places of files: on a disk, in whose folder the other files of a model lie, or among those that were given with them.

use std::io::{Read, Seek};
use std::path::Path;

/// An open file, of whichever kind.
pub trait Content: Read + Seek + Send {}

impl<T: Read + Seek + Send> Content for T {}

/// Opens one of the files that were given, by its name.
pub type Given<'a> = &'a dyn Fn(&str) -> Option<Box<dyn Content>>;

/// Place of a file that is read.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// Path of the file, or its name among those that were given.
    pub path: &'a Path,
    /// The files that were given with it; none where the file lies on a disk.
    pub given: Option<Given<'a>>,
}

impl<'a, P: AsRef<Path> + ?Sized> From<&'a P> for Place<'a> {
    fn from(path: &'a P) -> Self {
        Self { path: path.as_ref(), given: None }
    }
}
