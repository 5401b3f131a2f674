//! Trial of a lesson: each image is classified by a head that was taught without it.

use super::head::Head;
use crate::share::Share;

/// Images up to which each is left out alone; of more, a tenth at a time, since each time a head is taught anew.
const ALONE: usize = 100;
/// Parts of more images than that.
const PARTS: usize = 10;

/// What heads say of images that they were not taught with.
#[derive(Clone, Debug, PartialEq)]
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

impl Trial {
    /// That of images with these features and classes; `taught` is the head of all of them. None where there is no image.
    pub fn run(features: &[&[f32]], of: &[usize], classes: usize, penalty: f64, taught: &Head) -> Option<Self> {
        let part = folds(of, classes);
        let parts = part.iter().max()? + 1;
        let mut found = vec![0; of.len()];
        for out in 0..parts {
            let kept: Vec<usize> = (0..of.len()).filter(|&at| part[at] != out).collect();
            let pick: Vec<&[f32]> = kept.iter().map(|&at| features[at]).collect();
            let known: Vec<usize> = kept.iter().map(|&at| of[at]).collect();
            let head = Head::fit(&pick, &known, classes, penalty, Some(taught));
            for at in (0..of.len()).filter(|&at| part[at] == out) {
                found[at] = likeliest(&head.probabilities(features[at]));
            }
        }
        let mut confusion = vec![0; classes * classes];
        of.iter().zip(&found).for_each(|(class, found)| confusion[class * classes + found] += 1);
        let right = of.iter().zip(&found).filter(|(class, found)| class == found).count();
        Some(Self { found, left_out: of.len().div_ceil(parts), right: Share::of(right, of.len())?, confusion })
    }
}

/// The first of the largest.
fn likeliest(probabilities: &[f64]) -> usize {
    let most = probabilities.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    probabilities.iter().position(|share| *share == most).unwrap_or_default()
}
