//! Cues that a survey finds: images of one class whose heat lies in one small place, over the same pixels, and whose class hangs on it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use convscope::cue::{Place, groups, patch, sameness};
use convscope::error::Result;
use convscope::export::sha256;
use convscope::image::Image;
use convscope::model::Model;
use convscope::observation::Observation;
use pollster::block_on;
use serde_json::{Value, json};

use super::page::Survey;
use super::row::{Found, Row, SIDE};

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

/// Cue by which a model tells a class.
pub(super) struct Cue<'a> {
    pub(super) class: &'a str,
    /// The images that bear it.
    pub(super) rows: Vec<&'a Row>,
    /// All images that the model takes for the class.
    pub(super) of: usize,
    pub(super) place: Place,
    /// Share of the maps' heat in the place, on the mean.
    heat: f64,
    /// See [`sameness`].
    sameness: f64,
    /// Mean probability of the class: as it is, with the place covered, and with other places covered.
    pub(super) probability: [f64; 3],
}

/// All cues, by class.
pub(super) fn find<'a>(survey: &Survey<'a>) -> Result<Vec<Cue<'a>>> {
    let mut classes: BTreeMap<usize, Vec<(&Row, &Found)>> = BTreeMap::new();
    for row in survey.rows {
        if let Some(found) = row.found.as_ref().filter(|found| found.blank.is_none()) {
            classes.entry(found.predicted).or_default().push((row, found));
        }
    }
    let mut cues = vec![];
    for (class, images) in classes.into_iter().filter(|(_, images)| images.len() >= LEAST) {
        let maps: Vec<Vec<f32>> =
            images.iter().map(|(_, found)| found.heat().into_iter().map(f32::from).collect()).collect();
        let maps: Vec<&[f32]> = maps.iter().map(|map| &map[..]).collect();
        let all: Vec<usize> = (0..images.len()).collect();
        let groups = groups(&maps);
        // A mark on all images makes no group of its own.
        for group in std::iter::once(all).chain(groups.into_iter().filter(|group| group.len() < images.len())) {
            let found = suspect(survey, class, &images, &maps, &group)?;
            let whole = group.len() == images.len();
            let is_found = found.is_some();
            cues.extend(found);
            if whole && is_found {
                break;
            }
        }
    }
    Ok(cues)
}

/// The cue that the images of a group bear, if they do.
fn suspect<'a>(
    survey: &Survey<'a>,
    class: usize,
    images: &[(&'a Row, &'a Found)],
    maps: &[&[f32]],
    group: &[usize],
) -> Result<Option<Cue<'a>>> {
    if group.len() < LEAST {
        return Ok(None);
    }
    let maps: Vec<&[f32]> = group.iter().map(|&at| maps[at]).collect();
    let Some(place) = Place::of(&maps, SIDE) else { return Ok(None) };
    let heat = maps.iter().map(|map| f64::from(place.share(map))).sum::<f64>() / maps.len() as f64;
    if heat < HEAT {
        return Ok(None);
    }
    let step = group.len().div_ceil(OPENED);
    let opened: Vec<Arc<Image>> = group
        .iter()
        .step_by(step)
        .filter_map(|&at| image(images[at].0, survey.files.get(&images[at].0.path)?))
        .map(Arc::new)
        .collect();
    if opened.len() < LEAST {
        return Ok(None);
    }
    let whole = Place { rows: [0, SIDE], columns: [0, SIDE], side: SIDE };
    let views: Vec<Image> = opened.iter().map(|image| survey.model.manifest.preprocessing.view(image)).collect();
    let at = |place: &Place| views.iter().map(|view| patch(view, place)).collect::<Vec<_>>();
    let Some(sameness) = sameness(&at(&place), &at(&whole)).filter(|same| *same >= SAME) else { return Ok(None) };
    let probability = covered(survey.model, class, &opened, &place)?;
    let [own, without, elsewhere] = probability;
    let fall = |left: f64| (own - left) / own.max(f64::MIN_POSITIVE);
    let hangs = fall(without) >= FALL && fall(without) >= TIMES * fall(elsewhere);
    Ok(hangs.then(|| Cue {
        class: &images[group[0]].1.name,
        rows: group.iter().map(|&at| images[at].0).collect(),
        of: images.len(),
        place,
        heat,
        sameness,
        probability,
    }))
}

/// The image of a row; none where it is gone or another.
fn image(row: &Row, path: &Path) -> Option<Image> {
    let file = std::fs::read(path).ok().filter(|file| sha256(file) == row.sha256)?;
    Image::decode(&file).ok()
}

/// The mean probability of a class (its score where there are none): of the images as they are, with the place covered, and with the
/// places that mirror it, each alone.
fn covered(model: &Arc<Model>, class: usize, images: &[Arc<Image>], place: &Place) -> Result<[f64; 3]> {
    let score = |seen: &Observation| -> Result<f64> {
        let class = seen.prediction(class)?;
        Ok(f64::from(class.probability.unwrap_or(class.logit)))
    };
    let mut sums = [0.0; 3];
    let mirrored = place.mirrored();
    for image in images {
        let seen = block_on(model.observe_async(image.clone()))?;
        let under = |place: &Place| score(&block_on(seen.covered_async(place.bounding_box()))?);
        let own = score(&seen)?;
        let others = mirrored.iter().map(under).collect::<Result<Vec<f64>>>()?;
        let others = if others.is_empty() { own } else { others.iter().sum::<f64>() / others.len() as f64 };
        for (sum, score) in sums.iter_mut().zip([own, under(place)?, others]) {
            *sum += score / images.len() as f64;
        }
    }
    Ok(sums)
}

impl Cue<'_> {
    /// The sentence about it.
    pub(super) fn sentence(&self) -> String {
        let [own, without, elsewhere] = self.probability.map(|share| 100.0 * share);
        let (count, of, class) = (self.rows.len(), self.of, self.class);
        format!(
            "{count} of {of} images that are taken for {class}: heat {}, over the same patch; with it covered, {class} falls from {own:.0} % to {without:.0} % \
             (another place covered: {elsewhere:.0} %)",
            self.words()
        )
    }

    /// Where it lies.
    fn words(&self) -> &'static str {
        let middle = |[start, end]: [usize; 2]| 3 * (start + end) / (2 * self.place.side);
        match (middle(self.place.rows), middle(self.place.columns)) {
            (0, 0) => "in the upper left corner",
            (0, 1) => "at the upper edge",
            (0, _) => "in the upper right corner",
            (1, 0) => "at the left edge",
            (1, 1) => "in the middle",
            (1, _) => "at the right edge",
            (_, 0) => "in the lower left corner",
            (_, 1) => "at the lower edge",
            _ => "in the lower right corner",
        }
    }

    /// Everything about it.
    pub(super) fn json(&self) -> Value {
        let [own, without, elsewhere] = self.probability;
        json!({
            "class": self.class, "images": self.rows.iter().map(|row| &row.path).collect::<Vec<_>>(), "of": self.of,
            "box": self.place.bounding_box().to_string(), "heat": self.heat, "sameness": self.sameness,
            "probability": own, "covered": without, "other_place_covered": elsewhere,
        })
    }
}
