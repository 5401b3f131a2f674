//! Trial of a lesson: each image is classified by a head that was taught without it.

use serde::{Deserialize, Serialize};

use super::head::Head;
use crate::share::Share;

/// Images up to which each is left out alone; of more, a tenth at a time, since each time a head is taught anew.
const ALONE: usize = 100;
/// Parts of more images than that.
const PARTS: usize = 10;

/// What heads say of images that they were not taught with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The likeliest class of each image, by index.
    pub found: Vec<usize>,
    /// How many of the images were left out at a time.
    pub left_out: usize,
    /// How many are right.
    pub right: Share,
    /// Images of class `row` taken for class `column`, `[classes, classes]`, row by row.
    pub confusion: Vec<usize>,
}

/// The part in which each image is left out: as many of each class in one as in another.
pub fn folds(of: &[usize], classes: usize) -> Vec<usize> {
    if of.len() <= ALONE {
        return (0..of.len()).collect();
    }
    let mut part = vec![0; of.len()];
    let members = (0..classes).flat_map(|class| (0..of.len()).filter(move |&at| of[at] == class));
    members.enumerate().for_each(|(rank, at)| part[at] = rank % PARTS);
    part
}

/// Trial that goes on, part by part: each step teaches a head without some of the images.
#[derive(Clone, Debug)]
pub struct Trying<'a> {
    features: Vec<&'a [f32]>,
    of: Vec<usize>,
    classes: usize,
    penalty: f64,
    part: Vec<usize>,
    taught: Head,
    found: Vec<usize>,
    /// Steps that have been taken.
    done: usize,
}

impl<'a> Trying<'a> {
    /// The head for images with these features, each of the class of that index below `classes`, and its trial, which is to be carried out.
    pub fn new(features: Vec<&'a [f32]>, of: Vec<usize>, classes: usize, penalty: f64) -> (Head, Self) {
        let taught = Head::fit(&features, &of, classes, penalty, None);
        let (part, found) = (folds(&of, classes), vec![0; of.len()]);
        (taught.clone(), Self { features, of, classes, penalty, part, taught, found, done: 0 })
    }

    /// Steps taken, and steps in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.part.iter().max().map_or(0, |last| last + 1))
    }

    /// Takes the next step; false where none is left.
    pub fn step(&mut self) -> bool {
        let (out, parts) = self.progress();
        if out == parts {
            return false;
        }
        let kept: Vec<usize> = (0..self.of.len()).filter(|&at| self.part[at] != out).collect();
        let pick: Vec<&[f32]> = kept.iter().map(|&at| self.features[at]).collect();
        let known: Vec<usize> = kept.iter().map(|&at| self.of[at]).collect();
        let head = Head::fit(&pick, &known, self.classes, self.penalty, Some(&self.taught));
        for at in (0..self.of.len()).filter(|&at| self.part[at] == out) {
            self.found[at] = likeliest(&head.probabilities(self.features[at]));
        }
        self.done += 1;
        true
    }

    /// What has come of it once all steps have been taken, which are taken now where they have not; none where there is no image.
    pub fn end(mut self) -> Option<Trial> {
        while self.step() {}
        let (of, classes, found) = (self.of, self.classes, self.found);
        let mut confusion = vec![0; classes * classes];
        of.iter().zip(&found).for_each(|(class, found)| confusion[class * classes + found] += 1);
        let right = Share::of(of.iter().zip(&found).filter(|(class, found)| class == found).count(), of.len())?;
        Some(Trial { left_out: of.len().div_ceil(self.done), found, right, confusion })
    }
}

/// The first of the largest.
fn likeliest(probabilities: &[f64]) -> usize {
    let most = probabilities.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    probabilities.iter().position(|share| *share == most).unwrap_or_default()
}
