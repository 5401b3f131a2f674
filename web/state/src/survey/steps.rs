//! Steps of a survey: one image after the other, and then what the search for marks asks.

use std::rc::Rc;

use convscope_core::error::Fault;
use convscope_core::protocol::{Command, Event};
use convscope_core::survey::{Surveyed, Task};

use super::Known;
use super::finder::Asked;
use crate::image::send_with;
use crate::tickets::Kind;
use crate::{Busy, Effect, ImageFile, State};

/// Step of a survey.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Classify an image and explain its likeliest class.
    Find(Rc<ImageFile>),
    /// What the search for marks asks, of an image where it is about one.
    Mark(Asked, Option<Rc<ImageFile>>),
}

impl State {
    /// The next step, if it is to go on and there is one.
    fn wanted_step(&self) -> Option<Step> {
        let survey = &self.survey;
        let plan = survey.plan.as_ref().filter(|_| survey.goes_on && survey.awaited.is_none())?;
        if self.model.ready.as_ref()?.hash != plan.hash || !self.can_survey() {
            return None;
        }
        let open = survey.images.iter().zip(&*survey.rows).find(|(_, row)| row.found.is_none() && row.error.is_none());
        if let Some((image, _)) = open {
            return Some(Step::Find(image.photo.clone()));
        }
        let (asked, row) = survey.finder.asks()?;
        Some(Step::Mark(asked, row.and_then(|row| Some(survey.images.get(row)?.photo.clone()))))
    }

    /// Whether it is under way, with steps to come.
    pub fn is_surveying(&self) -> bool {
        let awaits = self.survey.goes_on && self.survey.awaited.is_some();
        awaits || self.wanted_step().is_some()
    }

    /// Whether the next step can be taken now. Of what is measured by itself it waits for, unless the survey is what is seen.
    pub fn is_survey_due(&self) -> bool {
        let worker = &self.worker;
        let begun = [Kind::Compare, Kind::Weigh, Kind::Aside, Kind::Teach, Kind::Survey];
        let idle = worker.busy() == Busy::No && worker.answers() && !begun.into_iter().any(|kind| worker.expects(kind));
        let measures = !self.survey.open && (worker.expects(Kind::Trust) || self.is_trust_due());
        let waits = self.lacks_asides() || self.lacks_lessons() || measures;
        idle && !waits && self.wanted_step().is_some()
    }

    /// Whether it keeps what nobody asked for waiting.
    pub(crate) fn survey_comes_first(&self) -> bool {
        self.survey.open && self.is_surveying()
    }

    pub(super) fn next_step(&mut self) -> Vec<Effect> {
        let Some(step) = self.wanted_step().filter(|_| self.is_survey_due()) else { return vec![] };
        let Some(plan) = &self.survey.plan else { return vec![] };
        let (task, photo) = match &step {
            Step::Find(photo) => {
                let known = self.survey.kept.last().map(|(_, known)| known.keys());
                let known = known.into_iter().flatten().map(|sha256| Task::beginning(sha256)).collect();
                (Task::Find { request: plan.request.clone(), known }, Some(photo.clone()))
            }
            Step::Mark(asked, photo) => (self.survey.finder.task(*asked, &self.survey.rows), photo.clone()),
        };
        self.survey.step = Some(step);
        let (ticket, command) = (self.worker.begin(Kind::Survey), Command::Survey { task, file: None });
        vec![match photo {
            Some(photo) => send_with(ticket, command, &photo),
            None => Effect::Send(ticket, command),
        }]
    }

    pub(crate) fn take_survey(&mut self, event: Event) -> Vec<Effect> {
        match (event, &self.survey.step) {
            (Event::Surveyed(Surveyed::Found { sha256, found, picture }), Some(Step::Find(photo))) => {
                let photo = photo.clone();
                photo.know(&sha256);
                self.survey.files.insert(photo.serial, sha256.clone());
                let mut kept = None;
                if let (Some(found), Some((_, known))) = (found, self.survey.kept.last_mut()) {
                    known.insert(sha256.clone(), Known { found: found.into(), picture: picture.into() });
                    kept = self.survey.keeps(&sha256);
                }
                self.lay_out_image(&photo);
                return kept.into_iter().collect();
            }
            (Event::Surveyed(surveyed), Some(Step::Mark(..))) => self.survey.finder.take(surveyed),
            (Event::Done { .. }, _) => {
                self.worker.end(Kind::Survey);
                self.survey.step = None;
                return self.next_step();
            }
            _ => {}
        }
        vec![]
    }

    /// Said in the row alone: the others are none the worse.
    pub(crate) fn survey_failed(&mut self, why: Fault) -> Vec<Effect> {
        self.worker.end(Kind::Survey);
        if let Some(step) = self.survey.step.take() {
            self.give_up_step(&step, why);
        }
        self.next_step()
    }

    /// Goes on without a step.
    pub(super) fn give_up_step(&mut self, step: &Step, why: Fault) {
        match step {
            Step::Find(photo) => {
                self.survey.failed.insert(photo.serial, why);
                self.lay_out_image(photo);
            }
            Step::Mark(..) => self.survey.finder.skip(),
        }
    }
}
