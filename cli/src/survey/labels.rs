//! Labels of a survey's images: what each of them is, as somebody says.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use convscope::csv;
use convscope::error::{Error, Result};
use convscope::fault;
use convscope::model::Manifest;
use convscope::survey::{Row, class};

use crate::say::note;

/// Word for labels by folders.
const FOLDERS: &str = "folders";

/// Source of labels.
pub(crate) enum Labels {
    /// None are known.
    None,
    /// The folder that an image lies in is named after its label.
    Folders,
    /// A table of names and labels.
    Table(HashMap<String, String>),
}

impl Labels {
    /// `folders`, or a file with a line `PATH,LABEL` an image.
    ///
    /// # Errors
    /// [`Error::File`] where the file cannot be read, [`Error::Request`] where a line of it has not two columns.
    pub(crate) fn read(text: Option<&str>) -> Result<Self> {
        let path = match text {
            None => return Ok(Self::None),
            Some(FOLDERS) => return Ok(Self::Folders),
            Some(path) => Path::new(path),
        };
        let file = std::fs::read(path).map_err(|error| Error::read(path, error))?;
        let mut table = HashMap::new();
        for (index, line) in csv::read(&file).into_iter().enumerate() {
            let [path_of, label] = &line[..] else {
                let (path, record) = (path.display(), index + 1);
                return Err(Error::Request(fault!(
                    "labels-columns",
                    "record {record} of {path} has not two columns; write the path of an image and its label, PATH,LABEL",
                    record,
                    path
                )));
            };
            table.insert(path_of.clone(), label.clone());
        }
        Ok(Self::Table(table))
    }

    /// The label of an image, by its name in the survey and the file, where that is at hand.
    pub(crate) fn of(&self, name: &str, file: Option<&Path>) -> Option<String> {
        let folder = || Some(file?.parent()?.file_name()?.to_string_lossy().into_owned());
        match self {
            Self::None => None,
            // Images may lie in the very folder that is named.
            Self::Folders => name.rsplit('/').nth(1).map(str::to_owned).or_else(folder),
            Self::Table(table) => table.get(name).cloned(),
        }
    }
}

impl Labels {
    /// Gives all images their labels, and the classes that these mean.
    pub(in crate::survey) fn name(&self, rows: &mut [Row], manifest: &Manifest, files: &HashMap<String, PathBuf>) {
        let mut known: HashMap<String, Option<usize>> = HashMap::new();
        for row in &mut *rows {
            row.truth = self.of(&row.path, files.get(&row.path).map(PathBuf::as_path));
            row.truth_index = row
                .truth
                .as_ref()
                .and_then(|label| *known.entry(label.clone()).or_insert_with(|| class(&manifest.outputs(), label)));
        }
        let labelled = rows.iter().filter(|row| row.truth.is_some()).count();
        if !matches!(self, Self::None) && !rows.iter().any(|row| row.truth_index.is_some()) {
            note(&format!(
                "{labelled} of {} images have a label, and none of these is a class of the model: nothing is said of right and wrong",
                rows.len()
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_come_of_folders_or_of_a_table() {
        let folders = Labels::read(Some("folders")).unwrap();
        assert_eq!(folders.of("animals/tiger cat/1.jpg", None).as_deref(), Some("tiger cat"));
        assert_eq!(folders.of("1.jpg", Some(Path::new("animals/cat/1.jpg"))).as_deref(), Some("cat"));
        assert_eq!((folders.of("1.jpg", None), Labels::read(None).unwrap().of("cat/1.jpg", None)), (None, None));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "path,label\na/1.jpg, tabby \n\"b, c.png\",\"crane, bird\"\n").unwrap();
        let table = Labels::read(file.path().to_str()).unwrap();
        assert_eq!(table.of("a/1.jpg", None).as_deref(), Some("tabby"));
        assert_eq!(table.of("b, c.png", None).as_deref(), Some("crane, bird"));
        std::fs::write(file.path(), "a/1.jpg,tabby\na/2.jpg\n").unwrap();
        let said = Labels::read(file.path().to_str()).err().unwrap().to_string();
        assert!(said.starts_with("record 2 of"), "{said}");
    }
}
