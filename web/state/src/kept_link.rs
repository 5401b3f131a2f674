//! Comparisons in links: a link says what is kept as a link within, which is followed first.

use super::{Busy, Effect, Link, State, Text};

impl State {
    /// Shows what a link says beside what it keeps. What is kept of another model is left out: loading two takes long.
    pub(super) fn follow(&mut self, mut link: Link, problem: Option<Text>) -> Vec<Effect> {
        let kept = link.kept.take().filter(|kept| kept.model == link.model);
        self.comparison.shared_scale = link.shared_scale;
        self.link.then = None;
        match kept {
            // It is there already, as after a step back.
            Some(kept) if self.comparison.link.as_ref() == Some(&*kept) => self.follow_one(link, problem),
            Some(kept) => {
                self.let_go();
                self.link.then = Some(link);
                let effects = self.follow_one(*kept, problem);
                self.goes_on(effects)
            }
            None => {
                self.let_go();
                self.follow_one(link, problem)
            }
        }
    }

    /// Keeps what is seen, with the link to it.
    pub(super) fn keep(&mut self) {
        self.comparison.kept = self.view();
        let link = self.link().filter(|_| self.comparison.kept.is_some());
        let alone = link.map(|link| Link { kept: None, shared_scale: None, panes: None, view: None, ..link });
        // As a link says it, so that it can be told whether another says the same.
        self.comparison.link = alone.and_then(|link| Link::parse(&link.encode())).map(|(link, _)| link);
    }

    /// Lets go of what is kept.
    pub(super) fn let_go(&mut self) {
        self.comparison.kept = None;
        self.comparison.link = None;
    }

    /// Comparison as a link says it: what is kept of the same model.
    pub(super) fn compared_in(&self, link: Link) -> Link {
        let kept = self.comparison.link.clone().filter(|kept| self.kept().is_some() && kept.model == link.model);
        let shared_scale = self.comparison.shared_scale.filter(|_| kept.is_some());
        Link { kept: kept.map(Box::new), shared_scale, ..link }
    }

    /// What comes after what a link keeps has been shown, or cannot be without being asked for: that is what it compares with.
    pub(super) fn follow_then(&mut self) -> Vec<Effect> {
        let Some(link) = self.link.then.take() else { return vec![] };
        // Another image stands in for one that is gone, and is not what was kept.
        if self.link.lost.is_none() {
            self.keep();
        }
        self.follow_one(link, None)
    }

    /// Goes on at once where nothing is to be waited for: neither model, image nor run.
    pub(super) fn goes_on(&mut self, mut effects: Vec<Effect>) -> Vec<Effect> {
        let runs = self.worker.busy() == Busy::Explaining;
        if !runs && self.link.pending.is_none() && self.worker.answers() {
            effects.extend(self.follow_then());
        }
        effects
    }
}
