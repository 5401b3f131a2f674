//! Images that a classifier is taught with.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::{Head, Trial, Trying};
use crate::error::{Error, Result};
use crate::fault;

/// Images of one class at least: one that is left out must leave another.
pub const LEAST: usize = 2;

/// Image of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// Its name.
    pub name: String,
    /// Its class, by index.
    pub class: usize,
    /// Features of a layer, averaged over space: `[C]`.
    pub features: Vec<f32>,
}

/// All images, and the classes that they show.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Examples {
    /// Names of the classes, in alphabetical order.
    pub classes: Vec<String>,
    /// The images, in the order in which they came.
    pub all: Vec<Example>,
    /// Names and classes of the files, by their SHA-256.
    files: HashMap<String, (String, usize)>,
}

impl Examples {
    /// None yet, of the classes that images are to have: there is a label for each image.
    ///
    /// # Errors
    /// [`Error::Request`] where there are too few classes, or too few images of one: images take their time to be looked at.
    pub fn of_labels(labels: &[&str]) -> Result<Self> {
        let names: BTreeSet<&str> = labels.iter().copied().collect();
        let examples = Self { classes: names.into_iter().map(str::to_owned).collect(), ..Self::default() };
        examples.enough(|class| labels.iter().filter(|label| **label == class).count())?;
        Ok(examples)
    }

    /// Takes note of an image's file before it is looked at. Gives the name of one that is the same file, which has the same label: the
    /// image is to be left out, for it would be judged by itself.
    ///
    /// # Errors
    /// [`Error::Request`] where the same file has another label.
    pub fn meet(&mut self, name: &str, label: &str, sha256: String) -> Result<Option<String>> {
        let class = self.class(label);
        match self.files.get(&sha256) {
            Some((other, theirs)) if *theirs != class => Err(two_labels(name, label, other, &self.classes[*theirs])),
            Some((other, _)) => Ok(Some(other.clone())),
            None => {
                self.files.insert(sha256, (name.to_owned(), class));
                Ok(None)
            }
        }
    }

    /// Adds an image that has been looked at.
    pub fn add(&mut self, name: &str, label: &str, features: Vec<f32>) {
        let class = self.class(label);
        self.all.push(Example { name: name.to_owned(), class, features });
    }

    /// The head for all of them; what it is worth is to be tried with the other value, step by step.
    ///
    /// # Errors
    /// [`Error::Request`] where there are too few images.
    pub fn teach(&self, penalty: f64) -> Result<(Head, Trying<'_>)> {
        self.enough(|class| self.all.iter().filter(|one| self.classes[one.class] == class).count())?;
        let features = self.all.iter().map(|one| &one.features[..]).collect();
        let of = self.all.iter().map(|one| one.class).collect();
        Ok(Trying::new(features, of, self.classes.len(), penalty))
    }

    /// The images that a trial took for another class, each with that class.
    pub fn wrong<'a>(&'a self, trial: &'a Trial) -> impl Iterator<Item = (&'a Example, usize)> {
        let all = self.all.iter().zip(trial.found.iter().copied());
        all.filter(|(one, found)| one.class != *found)
    }

    fn class(&self, label: &str) -> usize {
        self.classes.iter().position(|class| class == label).unwrap_or_default()
    }

    /// That there are two classes at least, and enough images of each.
    fn enough(&self, count: impl Fn(&str) -> usize) -> Result<()> {
        if self.classes.len() >= 2 && self.classes.iter().all(|class| count(class) >= LEAST) {
            return Ok(());
        }
        let found: Vec<String> = self.classes.iter().map(|class| format!("{class} ({})", count(class))).collect();
        Err(Error::Request(fault!(
            "teach-too-few",
            "teaching takes two classes or more, and {least} different images or more of each; there are {found}: put the images of each class \
             into a folder that is called like it",
            least = LEAST,
            found = if found.is_empty() { "none".to_owned() } else { found.join(", ") }
        )))
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
