//! Rows of a survey: the images to choose from in the order of their paths, with their labels and what is known of each.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use convscope_core::survey::{Row, class, no_row};

use super::{Known, SurveyImage, SurveyState};
use crate::{Content, ImageFile, State};

/// Name of an image in a survey, its path in the folder that was opened, and the folder that it lies in.
fn place(photo: &ImageFile) -> (String, Option<String>) {
    let path = match &photo.file {
        Content::File(handle) => handle.path.as_str(),
        Content::Bytes(_) => "",
    };
    match path.split_once('/') {
        Some((_, within)) => (within.to_owned(), path.rsplit('/').nth(1).map(str::to_owned)),
        None => (photo.name.clone(), None),
    }
}

impl State {
    /// Puts what is known of all images into rows.
    pub(super) fn lay_out_survey(&mut self) {
        let mut all: Vec<(String, Option<String>, Rc<ImageFile>)> = vec![];
        for photo in self.image.tray.iter().filter(|photo| photo.example.is_none()) {
            let (path, folder) = place(photo);
            all.push((path, folder, photo.clone()));
        }
        all.sort_by(|one, other| one.0.cmp(&other.0).then(one.2.serial.cmp(&other.2.serial)));
        // Files that were chosen one by one may have one name.
        let mut before = BTreeSet::new();
        for (path, ..) in &mut all {
            let name = path.clone();
            let mut number = 1;
            while !before.insert(path.clone()) {
                number += 1;
                *path = format!("{name} ({number})");
            }
        }
        let folders: BTreeSet<&String> = all.iter().filter_map(|(_, folder, _)| folder.as_ref()).collect();
        let labelled = folders.len() > 1;
        let classes: BTreeMap<String, Option<usize>> = match self.outputs().filter(|_| labelled) {
            Some(outputs) => folders.iter().map(|label| ((*label).clone(), class(&outputs, label))).collect(),
            None => BTreeMap::new(),
        };
        let (mut rows, mut images) = (vec![], vec![]);
        for (path, folder, photo) in all {
            let truth = folder.filter(|_| labelled);
            let truth_index = truth.as_ref().and_then(|label| classes.get(label).copied().flatten());
            let (row, image) = self.survey_row(Row { path, truth, truth_index, ..Row::default() }, photo);
            rows.push(row);
            images.push(image);
        }
        (self.survey.rows, self.survey.images) = (rows.into(), images.into());
    }

    /// Puts what is known of one image into its row; the others are as they were.
    pub(super) fn lay_out_image(&mut self, photo: &Rc<ImageFile>) {
        let SurveyState { rows, images, .. } = &self.survey;
        let Some(at) = images.iter().position(|image| image.photo == *photo) else { return };
        let (mut rows, mut images) = ((**rows).clone(), (**images).clone());
        (rows[at], images[at]) = self.survey_row(std::mem::take(&mut rows[at]), photo.clone());
        (self.survey.rows, self.survey.images) = (rows.into(), images.into());
    }

    /// A row with what is known of its image now.
    fn survey_row(&self, named: Row, photo: Rc<ImageFile>) -> (Row, SurveyImage) {
        let (known, failed) = (self.kept_finding(&photo), self.survey.failed.get(&photo.serial).cloned());
        let row = Row {
            sha256: self.survey_sha256(&photo).unwrap_or_default().to_owned(),
            found: known.map(|known| (*known.found).clone()),
            error: failed.as_ref().map(|fault| no_row(&named.path, fault.clone()).to_string()),
            ..named
        };
        let picture = known.map(|known| known.picture.clone());
        (row, SurveyImage { photo, picture, failed })
    }

    fn survey_sha256<'a>(&'a self, photo: &'a ImageFile) -> Option<&'a str> {
        self.survey.files.get(&photo.serial).map(String::as_str).or_else(|| photo.sha256())
    }

    /// Findings about an image with the present plan.
    pub(super) fn kept_finding(&self, photo: &ImageFile) -> Option<&Known> {
        let (plan, known) = self.survey.kept.last()?;
        known.get(self.survey_sha256(photo)?).filter(|_| Some(plan) == self.survey.plan.as_ref())
    }
}
