//! What is seen of a survey.

use convscope_core::survey::Row;

use super::{Filter, Marks, SurveyImage};
use crate::{Shared, State};

/// What is seen of a survey.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// Id of the method whose maps are kept; of one that has not begun, the one that it would begin with.
    pub method: String,
    /// The model's name for people.
    pub model: String,
    /// Rows, in the order of their paths.
    pub rows: Shared<Vec<Row>>,
    /// The rows' images.
    pub images: Shared<Vec<SurveyImage>>,
    /// Images that are there, and those that have been looked at.
    pub count: usize,
    /// Images that have been looked at.
    pub done: usize,
    /// Whether it is under way.
    pub goes_on: bool,
    /// Whether it was begun, with what is chosen now.
    pub begun: bool,
    /// Whether it was begun, with another model or another method than the chosen ones.
    pub stale: bool,
    /// Which images are shown.
    pub filter: Filter,
    /// Marks by which classes are told.
    pub marks: Marks,
}

impl State {
    /// What is seen of the survey; none while it is closed.
    pub fn surveyed(&self) -> Option<Survey> {
        let survey = &self.survey;
        let now = self.survey_plan().filter(|_| self.shows_survey())?;
        let begun = survey.plan.as_ref() == Some(&now);
        let plan = survey.plan.clone().unwrap_or_else(|| now.clone());
        let done = survey.rows.iter().filter(|row| row.found.is_some() || row.error.is_some()).count();
        Some(Survey {
            method: plan.request.method,
            model: plan.name,
            rows: survey.rows.clone(),
            images: survey.images.clone(),
            count: if survey.plan.is_some() { survey.rows.len() } else { self.image.tray.len() },
            done,
            goes_on: self.is_surveying(),
            begun,
            stale: survey.plan.is_some() && !begun,
            filter: survey.filter.clone(),
            marks: survey.finder.marks.clone(),
        })
    }
}
