//! Cues that a survey finds: images of one class whose heat lies in one small place, over the same pixels, and whose class hangs on it.
//!
//! First rows alone give suspects; then their images are opened, and last a part of each is covered. Whoever has files and a network does
//! the two latter, in as many steps as suit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::row::{Found, Row, SIDE};
use crate::cue::{Place, groups, patch, sameness};
use crate::image::Image;

/// Images of a class, or of a group, at least: of fewer, little can be said.
const LEAST: usize = 5;
/// Images of a group that are opened.
const OPENED: usize = 24;
/// The least share of the maps' heat in the place, on the mean.
const HEAT: f64 = 0.3;
/// The least part of the pixels' variance that is no difference between images. Photographs of one thing have 0.1 to 0.3.
const SAME: f64 = 0.5;
/// The least part of the class's probability that goes where the place is covered, and how many times more that must be than where another
/// place is.
const FALL: f64 = 0.1;
const TIMES: f64 = 2.0;

/// Images of a class whose heat lies in one small place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// The class that they are taken for, by index.
    pub class: usize,
    /// Its name.
    pub name: String,
    /// The images, by their places among the rows.
    pub rows: Vec<usize>,
    /// All images that the model takes for the class.
    pub of: usize,
    /// The place.
    pub place: Place,
    /// Share of the maps' heat in the place, on the mean.
    pub heat: f64,
}

/// Cue by which a model tells a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Cue {
    /// The images that bear it, and where.
    pub suspect: Suspect,
    /// Part of the pixels' variance there that is no difference between images; see [`sameness`].
    pub sameness: f64,
    /// Mean probability of the class: as it is, with the place covered, and with other places covered.
    pub probability: [f64; 3],
}

/// All suspects, by class; that of all images of a class comes before those of its groups.
pub fn suspects(found: &[Option<Found>]) -> Vec<Suspect> {
    let mut classes: BTreeMap<usize, Vec<(usize, &Found)>> = BTreeMap::new();
    for (at, found) in found.iter().enumerate() {
        if let Some(found) = found.as_ref().filter(|found| found.blank.is_none()) {
            classes.entry(found.predicted).or_default().push((at, found));
        }
    }
    let mut suspects = vec![];
    for (class, images) in classes.into_iter().filter(|(_, images)| images.len() >= LEAST) {
        let maps: Vec<Vec<f32>> = images.iter().map(|(_, found)| found.numbers()).collect();
        let maps: Vec<&[f32]> = maps.iter().map(|map| &map[..]).collect();
        let all: Vec<usize> = (0..images.len()).collect();
        let groups = groups(&maps);
        // A mark on all images makes no group of its own.
        for group in std::iter::once(all).chain(groups.into_iter().filter(|group| group.len() < images.len())) {
            let Some((place, heat)) = hot(&maps, &group) else { continue };
            let (name, of) = (images[0].1.name.clone(), images.len());
            let rows = group.iter().map(|&at| images[at].0).collect();
            suspects.push(Suspect { class, name, rows, of, place, heat });
        }
    }
    suspects
}

/// The small place that the heat of a group of maps lies in, and the share that does, on the mean; none where there is none such.
fn hot(maps: &[&[f32]], group: &[usize]) -> Option<(Place, f64)> {
    let maps: Vec<&[f32]> = group.iter().map(|&at| maps[at]).collect();
    let place = Place::of(&maps, SIDE).filter(|_| group.len() >= LEAST)?;
    let heat = maps.iter().map(|map| f64::from(place.share(map))).sum::<f64>() / maps.len() as f64;
    (heat >= HEAT).then_some((place, heat))
}

/// Means of numbers of images, added up in their order.
pub fn mean<const N: usize>(of: &[[f64; N]]) -> [f64; N] {
    let mut sums = [0.0; N];
    for numbers in of {
        for (sum, number) in sums.iter_mut().zip(numbers) {
            *sum += number / of.len() as f64;
        }
    }
    sums
}

impl Suspect {
    /// The images that are to be opened, by their places among the rows: evenly over all of them.
    pub fn opened(&self) -> impl Iterator<Item = usize> {
        self.rows.iter().copied().step_by(self.rows.len().div_ceil(OPENED).max(1))
    }

    /// Whether all images of its class bear a cue that is known.
    pub fn is_known(&self, cues: &[Cue]) -> bool {
        let all = |cue: &Suspect| cue.class == self.class && cue.rows.len() == cue.of;
        cues.iter().any(|cue| all(&cue.suspect))
    }

    /// Pixels of what the network sees: at the place, and of all of it.
    pub fn patches(&self, view: &Image) -> [Vec<f32>; 2] {
        let whole = Place { rows: [0, SIDE], columns: [0, SIDE], side: SIDE };
        [self.place, whole].map(|place| patch(view, &place))
    }

    /// Part of the pixels' variance that is no difference between images, by their [`patches`](Self::patches); none where it is little, or
    /// there are few images.
    pub fn sameness(&self, patches: Vec<[Vec<f32>; 2]>) -> Option<f64> {
        if patches.len() < LEAST {
            return None;
        }
        let (here, around): (Vec<Vec<f32>>, Vec<Vec<f32>>) = patches.into_iter().map(|[here, all]| (here, all)).unzip();
        sameness(&here, &around).filter(|same| *same >= SAME)
    }

    /// The cue, where the class hangs on the place, by its mean probability: as it is, with the place covered, and with other places
    /// covered.
    pub fn cue(self, sameness: f64, probability: [f64; 3]) -> Option<Cue> {
        let [own, without, elsewhere] = probability;
        let fall = |left: f64| (own - left) / own.max(f64::MIN_POSITIVE);
        let hangs = fall(without) >= FALL && fall(without) >= TIMES * fall(elsewhere);
        hangs.then_some(Cue { suspect: self, sameness, probability })
    }
}

impl Cue {
    /// The sentence about it.
    pub fn sentence(&self) -> String {
        let [own, without, elsewhere] = self.probability.map(|share| 100.0 * share);
        let (count, of, class) = (self.suspect.rows.len(), self.suspect.of, &self.suspect.name);
        format!(
            "{count} of {of} images that are taken for {class}: heat {}, over the same patch; with it covered, {class} falls from {own:.0} % to {without:.0} % \
             (another place covered: {elsewhere:.0} %)",
            self.words()
        )
    }

    /// Third of the map that the middle of the place lies in, down and across: 0, 1 or 2.
    pub fn thirds(&self) -> [usize; 2] {
        let place = &self.suspect.place;
        [place.rows, place.columns].map(|[start, end]| 3 * (start + end) / (2 * place.side))
    }

    /// Where it lies.
    fn words(&self) -> &'static str {
        match self.thirds() {
            [0, 0] => "in the upper left corner",
            [0, 1] => "at the upper edge",
            [0, _] => "in the upper right corner",
            [1, 0] => "at the left edge",
            [1, 1] => "in the middle",
            [1, _] => "at the right edge",
            [_, 0] => "in the lower left corner",
            [_, 1] => "at the lower edge",
            _ => "in the lower right corner",
        }
    }

    /// Everything about it.
    pub fn json(&self, rows: &[Row]) -> Value {
        let [own, without, elsewhere] = self.probability;
        let suspect = &self.suspect;
        json!({
            "class": suspect.name, "images": suspect.rows.iter().map(|&at| &rows[at].path).collect::<Vec<_>>(), "of": suspect.of,
            "box": suspect.place.bounding_box().to_string(), "heat": suspect.heat, "sameness": self.sameness,
            "probability": own, "covered": without, "other_place_covered": elsewhere,
        })
    }
}
