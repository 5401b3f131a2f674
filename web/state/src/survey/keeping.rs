//! Findings that outlive the page: each is kept on this machine as it comes, and a survey of the same images goes on from there.

use convscope_core::survey::KeptFinding;

use super::{Known, SurveyState};
use crate::{Effect, State};

impl SurveyState {
    /// Has a finding with the present plan kept.
    pub(super) fn keeps(&self, sha256: &str) -> Option<Effect> {
        let (plan, known) = self.kept.last()?;
        let Known { found, picture } = known.get(sha256)?;
        let finding = KeptFinding { found: (**found).clone(), picture: picture.to_vec() };
        Some(Effect::KeepFinding { plan: plan.key(), sha256: sha256.to_owned(), finding: finding.into() })
    }
}

impl State {
    /// Takes up findings of earlier visits, if they are still waited for: the survey begins behind them. Of an image that was looked at
    /// meanwhile, the new one counts.
    pub(super) fn take_kept_findings(&mut self, plan: &str, findings: Vec<(String, KeptFinding)>) -> Vec<Effect> {
        if self.survey.awaited.as_deref() != Some(plan) {
            return vec![];
        }
        self.survey.awaited = None;
        if let Some((_, known)) = self.survey.kept.last_mut() {
            for (sha256, KeptFinding { found, picture }) in findings {
                // A map that is not as it was written is made again.
                if found.is_whole() {
                    known.entry(sha256).or_insert(Known { found: found.into(), picture: picture.into() });
                }
            }
        }
        self.lay_out_survey();
        self.next_step()
    }
}
