//! Images that a classifier is taught with.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use convscope::error::{Error, Result};
use convscope::fault;
use convscope::model::Model;
use convscope::nn::NodeId;
use pollster::block_on;

use crate::bars::Steps;
use crate::files::Input;
use crate::say::{complain, note};
use crate::stop;
use crate::survey::labels::Labels;
use crate::survey::walk;

/// Images of one class at least: one that is left out must leave another.
const LEAST: usize = 2;

/// Image of a class.
pub(super) struct Example {
    /// Its name, from the folder that was named.
    pub(super) name: String,
    /// Its class, by index.
    pub(super) class: usize,
    /// Features of the layer, averaged over space.
    features: Vec<f32>,
}

/// All images, and the classes that they show.
pub(super) struct Examples {
    /// Names of the classes, in alphabetical order.
    pub(super) classes: Vec<String>,
    pub(super) all: Vec<Example>,
    /// Images that nothing could be made of.
    pub(super) failed: usize,
}

impl Examples {
    /// Looks at all images in folders that have a label.
    ///
    /// # Errors
    /// [`Error::Request`] where there are too few classes, or too few images of one; [`Error::Cancelled`] where the program is to stop.
    pub(super) fn read(
        model: &Arc<Model>,
        layer: NodeId,
        folders: &[PathBuf],
        labels: &str,
        out: &Path,
    ) -> Result<Self> {
        let labels = Labels::read(Some(labels))?;
        let images = walk::images(folders, out)?;
        let all = images.len();
        let labelled: Vec<(walk::Found, String)> = images
            .into_iter()
            .filter_map(|image| labels.of(&image.name, Some(&image.path)).map(|label| (image, label)))
            .collect();
        if labelled.len() < all {
            note(&format!("{} of {all} images have no label and are left out", all - labelled.len()));
        }
        let names: BTreeSet<&String> = labelled.iter().map(|(_, label)| label).collect();
        let classes: Vec<String> = names.into_iter().cloned().collect();
        let mut examples = Self { classes, all: vec![], failed: 0 };
        // Before any image is looked at, which takes its time.
        examples.enough(|class| labelled.iter().filter(|(_, label)| label == class).count())?;
        let (steps, mut files) = (Steps::new(labelled.len()), HashMap::<String, (String, String)>::new());
        for (image, label) in &labelled {
            if stop::asked() {
                return Err(Error::Cancelled);
            }
            let input = match steps.step(image.name.clone(), || Input::read(&image.path)) {
                Ok(input) => input,
                Err(error) => {
                    complain(&error);
                    examples.failed += 1;
                    continue;
                }
            };
            match files.insert(input.sha256(), (image.name.clone(), label.clone())) {
                Some((other, theirs)) if theirs != *label => {
                    return Err(two_labels(&image.name, label, &other, &theirs));
                }
                // It would be judged by itself.
                Some((other, _)) => {
                    note(&format!("{} is the same file as {other}, and left out", image.name));
                    continue;
                }
                None => {}
            }
            if let Some(text) = input.image.note() {
                note(&format!("{}: {text}", input.name()));
            }
            let features =
                block_on(async { model.observe_async(input.image.clone()).await?.averages_async(layer).await })?;
            let class = examples.classes.iter().position(|class| class == label).unwrap_or_default();
            examples.all.push(Example { name: image.name.clone(), class, features });
        }
        let mut counts = BTreeMap::<usize, usize>::new();
        examples.all.iter().for_each(|one| *counts.entry(one.class).or_default() += 1);
        let index = |class: &str| examples.classes.iter().position(|one| one == class);
        examples.enough(|class| index(class).and_then(|index| counts.get(&index).copied()).unwrap_or(0))?;
        Ok(examples)
    }

    /// That there are two classes at least, and enough images of each.
    fn enough(&self, count: impl Fn(&str) -> usize) -> Result<()> {
        if self.classes.len() < 2 || self.classes.iter().any(|class| count(class) < LEAST) {
            return Err(self.too_few_with(count));
        }
        Ok(())
    }

    /// Error of too few images.
    pub(super) fn too_few(&self) -> Error {
        self.too_few_with(|class| self.all.iter().filter(|one| self.classes[one.class] == class).count())
    }

    fn too_few_with(&self, count: impl Fn(&str) -> usize) -> Error {
        let found: Vec<String> = self.classes.iter().map(|class| format!("{class} ({})", count(class))).collect();
        Error::Request(fault!(
            "teach-too-few",
            "teaching takes two classes or more, and {least} different images or more of each; there are {found}: put the images of each class \
             into a folder that is called like it",
            least = LEAST,
            found = if found.is_empty() { "none".to_owned() } else { found.join(", ") }
        ))
    }

    /// Features, image by image.
    pub(super) fn features(&self) -> Vec<&[f32]> {
        self.all.iter().map(|one| &one.features[..]).collect()
    }

    /// Classes by index, image by image.
    pub(super) fn classes_of(&self) -> Vec<usize> {
        self.all.iter().map(|one| one.class).collect()
    }
}

fn two_labels(name: &str, label: &str, other: &str, theirs: &str) -> Error {
    Error::Request(fault!(
        "teach-two-labels",
        "{name} is the same file as {other}, and they lie under two labels, {label} and {theirs}; take one of them away",
        name,
        other,
        label,
        theirs
    ))
}
