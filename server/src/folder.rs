//! A folder of files as a site.

use std::fs::File;
use std::path::PathBuf;

use crate::{Content, Site};

/// A folder; its files are read anew each time, so that one that is built again is seen at once.
#[derive(Clone, Debug)]
pub struct Folder(pub PathBuf);

impl Site for Folder {
    fn find(&self, name: &str) -> Option<Content> {
        let path = self.0.join(name);
        // A link that leads out of the folder was put there by somebody who may; only files are served.
        let file = path.is_file().then(|| File::open(&path).ok())??;
        Some(Content::File(file))
    }
}
