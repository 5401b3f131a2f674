//! Images, one after the other, from files and folders alike.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use convscope::error::{Error, Result};
use indicatif::ProgressBar;

use super::files::{Input, is_image, no_images, no_room, results_in};
use super::say::{complain, note, visible};
use super::{bars, stop};

/// Images that a command is about.
#[derive(Debug, Default, Args)]
pub(super) struct Images {
    /// Image files, folders of them, or - for standard input
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// Look into the folders in folders too
    #[arg(short, long)]
    recursive: bool,
}

impl Images {
    /// Those files.
    pub(super) fn of(images: Vec<PathBuf>) -> Self {
        Self { images, recursive: false }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// The one that was named, where it was one.
    pub(super) fn one(&self) -> Option<&Path> {
        if let [one] = &self.images[..] { Some(one) } else { None }
    }
}

/// An image that nothing could be made of, and why.
pub(super) struct Failure {
    pub(super) image: PathBuf,
    pub(super) error: Error,
}

/// Does `each` for every image, those in folders too. One that fails is named on standard error and the rest go on, unless the
/// program is to stop; the failures are given back.
pub(super) fn for_each_image(images: &Images, mut each: impl FnMut(&Input) -> Result<()>) -> Vec<Failure> {
    let images: Vec<(PathBuf, Result<()>)> =
        images.images.iter().flat_map(|path| expand(path, images.recursive)).collect();
    let bar = (images.len() > 1).then(|| bars::bar(images.len(), "{bar:30} {pos}/{len} {msg}, {eta} left"));
    let (all, mut done) = (images.len(), 0);
    let mut failures = vec![];
    for (path, found) in images {
        if stop::asked() {
            break;
        }
        if let Some(bar) = &bar {
            bar.set_message(visible(&path.display().to_string()).into_owned());
        }
        let input = found.and_then(|()| Input::read(&path));
        if let Some(text) = input.as_ref().ok().and_then(|input| input.image.note()) {
            note(&format!("{}: {text}", path.display()));
        }
        match input.and_then(|input| each(&input)) {
            Ok(()) => {}
            // It is not finished, and nothing is wrong with it.
            Err(Error::Cancelled) if stop::asked() => break,
            Err(error) => {
                complain(&error);
                let ends = no_room(&error);
                failures.push(Failure { image: path, error });
                if ends {
                    note(&format!("stopped; {done} of {all} images are done"));
                    break;
                }
            }
        }
        done += 1;
        bar.iter().for_each(|bar| bar.inc(1));
    }
    bar.iter().for_each(ProgressBar::finish_and_clear);
    if stop::exit_code().is_some() {
        note(&format!("stopped; {done} of {all} images are done"));
    }
    failures
}

/// Exit code: success where all images were done.
pub(super) fn exit_code(failures: &[Failure]) -> ExitCode {
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A file is itself; a folder is the images in it, by name, and then those of its folders where they are wanted. Hidden ones are left out;
/// results of this program and folders that are not looked into too, which is said.
fn expand(path: &Path, recursive: bool) -> Vec<(PathBuf, Result<()>)> {
    if !path.is_dir() {
        return vec![(path.into(), Ok(()))];
    }
    match inside(path, recursive) {
        Ok(images) if images.is_empty() => vec![(path.into(), Err(no_images(&path.display().to_string())))],
        Ok(images) => images.into_iter().map(|path| (path, Ok(()))).collect(),
        Err(error) => vec![(path.into(), Err(error))],
    }
}

fn inside(folder: &Path, recursive: bool) -> Result<Vec<PathBuf>> {
    let wrong = |error| Error::read(folder, error);
    let all = std::fs::read_dir(folder).map_err(wrong)?;
    let mut all = all.map(|entry| Ok(entry.map_err(wrong)?.path())).collect::<Result<Vec<PathBuf>>>()?;
    all.retain(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')));
    let (mut folders, files): (Vec<PathBuf>, Vec<PathBuf>) = all.into_iter().partition(|path| path.is_dir());
    let results = results_in(folder);
    let is_result = |path: &PathBuf| path.file_name().is_some_and(|name| results.contains(&*name.to_string_lossy()));
    let images = files.into_iter().filter(|path| is_image(path));
    let (results, mut images): (Vec<PathBuf>, Vec<PathBuf>) = images.partition(is_result);
    images.sort();
    if recursive {
        say_left_out(folder, results.len(), 0);
        folders.sort();
        // A link to a folder may lead back to where it lies.
        for folder in folders.iter().filter(|folder| !folder.is_symlink()) {
            images.extend(inside(folder, recursive)?);
        }
    } else {
        // Folders of results are not counted among those that are said to be left out.
        folders.retain(|folder| results_in(folder).is_empty());
        say_left_out(folder, results.len(), folders.len());
    }
    Ok(images)
}

fn say_left_out(folder: &Path, results: usize, folders: usize) {
    let folder = folder.display();
    if results > 0 {
        note(&format!("{folder}: {results} images that convscope made are left out; name them to have them looked at"));
    }
    if folders > 0 {
        note(&format!(
            "{folder}: its folders ({folders}) are not looked into; name them too, or say --recursive, to have their images"
        ));
    }
}
