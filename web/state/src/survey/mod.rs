//! Survey of the images to choose from: what the model says of each and what it looks at, one after the other while the worker has
//! nothing else to do. It gives way to everything that is asked for, and what has come of it is kept.

mod filter;
mod finder;
mod keeping;
mod plan;
mod rows;
mod saving;
mod steps;
mod view;

use std::collections::BTreeMap;
use std::rc::Rc;

use convscope_core::error::Fault;
use convscope_core::protocol::Command;
use convscope_core::survey::{Found, KeptFinding, Row, crashed};

pub use filter::{Filter, gallery};
pub use finder::{Finding, Marks};
pub use saving::SurveyFile;
pub use view::Survey;

use super::tickets::Kind;
use super::{Effect, ImageFile, Shared, State};
use finder::Finder;
use plan::Plan;
use steps::Step;

/// Plans whose findings are kept, the newest last.
const KEPT: usize = 3;

/// Findings about a file.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    found: Rc<Found>,
    /// JPEG file of the image, small, under its map.
    picture: Rc<[u8]>,
}

/// Image of a survey, beside its row.
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyImage {
    /// The image.
    pub photo: Rc<ImageFile>,
    /// JPEG file of it, small, under its map, once it has come.
    pub picture: Option<Rc<[u8]>>,
    /// Why there are no findings.
    pub failed: Option<Fault>,
}

/// Survey of the images to choose from.
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyState {
    /// Whether it is seen.
    pub open: bool,
    /// What is asked of all images.
    plan: Option<Plan>,
    /// Whether a person wants it to go on.
    goes_on: bool,
    /// Findings by plan and SHA-256.
    kept: Vec<(Plan, BTreeMap<String, Known>)>,
    /// SHA-256 of each image's file as it was when it was looked at, by serial number: a file may change.
    files: BTreeMap<u64, String>,
    /// Images without findings, by their serial numbers.
    failed: BTreeMap<u64, Fault>,
    /// All images, in the order of their paths, and what is known of each.
    rows: Shared<Vec<Row>>,
    images: Shared<Vec<SurveyImage>>,
    filter: Filter,
    /// Step that the worker takes.
    step: Option<Step>,
    finder: Finder,
    /// Name of the plan whose findings of earlier visits are waited for.
    awaited: Option<String>,
    /// Findings of earlier visits that are kept on this machine, of all plans.
    pub stored: usize,
}

impl Default for SurveyState {
    fn default() -> Self {
        Self {
            open: false,
            plan: None,
            goes_on: false,
            kept: vec![],
            files: BTreeMap::new(),
            failed: BTreeMap::new(),
            rows: vec![].into(),
            images: vec![].into(),
            filter: Filter::default(),
            step: None,
            finder: Finder::default(),
            awaited: None,
            stored: 0,
        }
    }
}

/// Action on the survey.
#[derive(Clone, Debug, PartialEq)]
pub enum SurveyAction {
    /// Open it, or close it.
    Open(bool),
    /// Begin it, or go on with it.
    Start,
    /// Stop it; what has come of it stays.
    Stop,
    /// Take the next step.
    Next,
    /// Show some of the images.
    Filter(Filter),
    /// Look for marks by which classes are told.
    FindMarks,
    /// Save it.
    Save(SurveyFile),
    /// So many findings of earlier visits are kept on this machine.
    Stored(usize),
    /// Findings of earlier visits with the plan of that name have come, each under the SHA-256 of its image.
    Kept(String, Vec<(String, KeptFinding)>),
}

impl State {
    /// Whether the images to choose from can be surveyed.
    pub fn can_survey(&self) -> bool {
        self.image.tray.len() > 1 && self.model.has_classes()
    }

    /// Whether the survey is what is seen.
    pub fn shows_survey(&self) -> bool {
        self.survey.open && self.can_survey()
    }

    pub(super) fn change_survey(&mut self, action: SurveyAction) -> Vec<Effect> {
        // What has come of earlier visits is nobody's choice.
        if !matches!(action, SurveyAction::Stored(_) | SurveyAction::Kept(..)) {
            self.link.then = None;
        }
        match action {
            SurveyAction::Open(open) => {
                self.survey.open = open && self.can_survey();
                vec![]
            }
            SurveyAction::Start => self.start_survey(),
            SurveyAction::Stop => self.stop_survey(),
            SurveyAction::Next => self.next_step(),
            SurveyAction::Filter(filter) => {
                self.survey.filter = filter;
                vec![]
            }
            SurveyAction::FindMarks => {
                self.survey.finder = Finder::begun();
                self.survey.goes_on = true;
                self.next_step()
            }
            SurveyAction::Save(file) => self.save_survey(file).into_iter().collect(),
            SurveyAction::Stored(count) => {
                self.survey.stored = count;
                vec![]
            }
            SurveyAction::Kept(name, findings) => self.take_kept_findings(&name, findings),
        }
    }

    fn start_survey(&mut self) -> Vec<Effect> {
        let Some(plan) = self.survey_plan().filter(|_| self.can_survey()) else { return vec![] };
        let survey = &mut self.survey;
        let mut effects = vec![];
        survey.goes_on = true;
        if survey.plan.as_ref() != Some(&plan) {
            survey.failed.clear();
            survey.finder = Finder::default();
            survey.filter = Filter::default();
            let known = survey.kept.iter().position(|(kept, _)| *kept == plan).map(|at| survey.kept.remove(at).1);
            survey.awaited = known.is_none().then(|| plan.key());
            effects.extend(survey.awaited.clone().map(Effect::GetFindings));
            survey.kept.push((plan.clone(), known.unwrap_or_default()));
            let many = survey.kept.len().saturating_sub(KEPT);
            survey.kept.drain(..many);
            survey.plan = Some(plan);
        }
        self.lay_out_survey();
        effects.extend(self.next_step());
        effects
    }

    fn stop_survey(&mut self) -> Vec<Effect> {
        self.survey.goes_on = false;
        self.survey.step = None;
        self.worker.stop(Kind::Survey).map(|ticket| Effect::Send(ticket, Command::Stop)).into_iter().collect()
    }

    /// Other images are there to choose from.
    pub(super) fn survey_follows(&mut self) {
        if self.survey.plan.is_some() {
            self.survey.finder = Finder::default();
            self.lay_out_survey();
        }
    }

    /// The worker is another one, through no fault of an image's: it goes on there.
    pub(super) fn survey_lost(&mut self) {
        self.survey.step = None;
    }

    /// The worker has died. If it was at one of the images, that may have been the cause, and it is not looked at again.
    pub(super) fn survey_died(&mut self) {
        if self.worker.expects(Kind::Survey)
            && let Some(step) = self.survey.step.take()
        {
            self.give_up_step(&step, crashed());
        }
        self.survey.goes_on = false;
    }
}
