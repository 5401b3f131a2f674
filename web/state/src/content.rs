//! Contents of image files: bytes that are here, or a file of the person's machine, which is read when it is needed and not held.

use std::any::Any;
use std::rc::Rc;

/// Content of an image's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Its bytes.
    Bytes(Rc<[u8]>),
    /// A file of the person's machine.
    File(FileHandle),
}

/// A file of the person's machine, as far as it is known without reading it. The browser holds it as long as anything has its handle.
#[derive(Clone, Debug)]
pub struct FileHandle {
    /// The browser's file.
    pub file: Rc<dyn Any>,
    /// Its name.
    pub name: String,
    /// Its path in the folder that was opened, with the folder's own name; empty of one that was chosen by itself.
    pub path: String,
    /// Bytes that it has.
    pub bytes: u64,
    /// Milliseconds since 1970 at which it was changed last.
    pub modified: u64,
}

/// Two that look alike are one file, however often it was given.
impl PartialEq for FileHandle {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.path, self.bytes, self.modified) == (&other.name, &other.path, other.bytes, other.modified)
    }
}

impl Eq for FileHandle {}

impl From<Rc<[u8]>> for Content {
    fn from(bytes: Rc<[u8]>) -> Self {
        Self::Bytes(bytes)
    }
}

impl Content {
    /// The bytes, where they are here.
    pub fn bytes(&self) -> Option<&Rc<[u8]>> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }
}
