//! Images of folders, and the share of them that is this run's.

use std::path::{Path, PathBuf};

use convscope::error::{Error, Result};
use convscope::export::sha256;
use convscope::fault;

use crate::files::{is_image, no_images, results_in};
use crate::say::note;

/// An image file, and the name by which all runs know it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// Path from the folder that was named, its parts joined by `/`.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// One part of a survey that is divided: number `part` of `parts`, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    part: u64,
    parts: u64,
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
        match numbers {
            Some((part, parts)) if (1..=parts).contains(&part) => Ok(Self { part, parts }),
            _ => Err("write the number of this part and of all parts, as in 1/4".into()),
        }
    }
}

impl Shard {
    /// Whether an image is this part's, which its name alone decides.
    pub(crate) fn has(self, name: &str) -> bool {
        let digits = &sha256(name.as_bytes())[..8];
        u64::from_str_radix(digits, 16).is_ok_and(|number| number % self.parts == self.part - 1)
    }
}

/// All images in folders and in the folders in them, by name; hidden ones are left out, and so are results of this program.
///
/// # Errors
/// [`Error::File`] where a folder cannot be read, and [`Error::Request`] where two images have one name or there is none.
pub(crate) fn images(folders: &[PathBuf], results: &Path) -> Result<Vec<Found>> {
    let results = results.canonicalize().ok();
    let (mut found, mut own) = (vec![], 0_usize);
    for folder in folders {
        let mut left = vec![(folder.clone(), String::new())];
        while let Some((folder, before)) = left.pop() {
            let wrong = |error| Error::read(&folder, error);
            let made = results_in(&folder);
            for entry in std::fs::read_dir(&folder).map_err(wrong)? {
                let path = entry.map_err(wrong)?.path();
                let part = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                if part.starts_with('.') {
                    continue;
                }
                let name = format!("{before}{part}");
                // A link to a folder may lead back to where it lies.
                let followed = path.is_dir() && !path.is_symlink();
                if followed && (results.is_none() || path.canonicalize().ok() != results) {
                    left.push((path, format!("{name}/")));
                } else if is_image(&path) {
                    if made.contains(&part) {
                        own += 1;
                    } else {
                        found.push(Found { name, path });
                    }
                }
            }
        }
    }
    if own > 0 {
        note(&format!("{own} images that convscope made are left out"));
    }
    found.sort();
    if let Some(pair) = found.windows(2).find(|pair| pair[0].name == pair[1].name) {
        let name = &pair[0].name;
        return Err(Error::Request(fault!(
            "survey-same-name",
            "{name} lies in two of the folders, and its results would have one name; name the folder that holds both",
            name
        )));
    }
    if found.is_empty() {
        let folder = folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", ");
        return Err(no_images(&folder));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_image_is_of_one_part() {
        let shards: Vec<Shard> = (1..=3).map(|part| format!("{part}/3").parse().unwrap()).collect();
        let mut counts = [0; 3];
        for index in 0..300 {
            let name = format!("cats/{index}.jpg");
            let parts: Vec<usize> = (0..3).filter(|&part| shards[part].has(&name)).collect();
            assert_eq!(parts.len(), 1, "{name}");
            counts[parts[0]] += 1;
        }
        assert!(counts.iter().all(|&count| count > 60), "{counts:?}");
        for wrong in ["0/3", "4/3", "1", "a/b", "1/0"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn images_are_found_in_folders_of_folders_and_have_one_name() {
        let root = tempfile::tempdir().unwrap();
        for path in ["a/x.png", "a/b/y.JPG", "a/.hidden/z.png", "a/notes.txt", "out/x.png", "c/b/y.JPG"] {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, []).unwrap();
        }
        let at = |name: &str| root.path().join(name);
        let names = |folders: &[PathBuf]| -> Vec<String> {
            images(folders, &at("out")).unwrap().into_iter().map(|one| one.name).collect()
        };
        assert_eq!(names(&[root.path().into()]), ["a/b/y.JPG", "a/x.png", "c/b/y.JPG"]);
        assert_eq!(names(&[at("a")]), ["b/y.JPG", "x.png"]);
        let said = images(&[at("a"), at("c")], &at("out")).unwrap_err().to_string();
        assert!(said.contains("b/y.JPG lies in two of the folders"), "{said}");
        let manifest = r#"{ "program": "convscope 0.1.0", "results": [{ "overlay": "y.JPG" }], "failures": [] }"#;
        std::fs::write(at("a/b/manifest.json"), manifest).unwrap();
        assert_eq!(names(&[at("a")]), ["x.png"], "an overlay of an earlier run is no photograph");
        std::fs::create_dir(at("empty")).unwrap();
        assert!(images(&[at("empty")], &at("out")).unwrap_err().to_string().contains("no image"));
    }
}
