//! Boxes around the objects of images, which people have drawn.

use std::path::Path;

use convscope::error::{Error, Result};
use convscope::export::sha256;
use convscope::preprocess::Region;
use convscope::survey::Boxes;

/// Boxes, and which.
#[derive(Default)]
pub(super) struct Drawn {
    boxes: Boxes,
    /// SHA-256 of the table; none without one.
    pub(super) sha256: Option<String>,
}

impl Drawn {
    /// The boxes of a file; none without one.
    ///
    /// # Errors
    /// [`Error::File`] where it cannot be read, [`Error::Request`] where a line of it is no box.
    pub(super) fn read(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Self::default()) };
        let table = std::fs::read(path).map_err(|error| Error::read(path, error))?;
        Ok(Self { boxes: Boxes::read(&table, &path.display().to_string())?, sha256: Some(sha256(&table)) })
    }

    /// Those of an image, by its name in the survey.
    pub(super) fn of(&self, name: &str) -> &[Region] {
        self.boxes.of(name)
    }

    /// What decides what is found in an image: its file, and its boxes. Of two that have the same, one is looked at.
    pub(super) fn key(&self, sha256: &str, name: &str) -> String {
        let boxes = self.of(name).iter().map(|one| format!(" {},{},{},{}", one.x, one.y, one.width, one.height));
        std::iter::once(sha256.to_owned()).chain(boxes).collect()
    }

    /// What is to be said where they are of none of the images with these names.
    pub(super) fn strange<'a>(&self, mut names: impl Iterator<Item = &'a str>) -> Option<String> {
        let none = self.boxes.images() > 0 && names.all(|name| self.of(name).is_empty());
        none.then(|| {
            format!(
                "none of the {} names of images with boxes is one of the folder's: nothing is said of boxes",
                self.boxes.images()
            )
        })
    }
}
