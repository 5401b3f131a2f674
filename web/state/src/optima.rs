//! Optima of channels that are kept on this machine, by the model's hash and what was asked: they take long, and are the same each time.

use convscope_core::artifact::Panel;
use convscope_core::export::sha256;

use super::aside::Aside;
use super::{Effect, Shared, State};

impl Aside {
    /// Name under which its panel is kept; none of what is about an image.
    pub(super) fn key(&self) -> Option<String> {
        let alone = self.photo.is_none() && self.model.is_none();
        let json = serde_json::to_vec(&(&self.hash, &self.request)).ok().filter(|_| alone)?;
        Some(sha256(&json))
    }
}

impl State {
    /// Looks up the optimum of the channel that is looked into, once.
    pub(super) fn look_up_optimum(&mut self) -> Option<Effect> {
        let aside = self.optimum_aside().filter(|aside| self.answer(aside).is_none())?;
        let key = aside.key().filter(|key| self.drill.looked_up.iter().all(|(other, _)| other != key))?;
        self.drill.looked_up.push((key.clone(), aside));
        Some(Effect::GetOptimum(key))
    }

    /// Takes up an optimum that was kept, unless it has been asked for meanwhile.
    pub(super) fn optimum_kept(&mut self, key: &str, panel: Option<Shared<Panel>>) {
        let aside = self.drill.looked_up.iter().find(|(other, _)| other == key).map(|(_, aside)| aside.clone());
        if let (Some(aside), Some(panel)) = (aside, panel)
            && self.answer(&aside).is_none()
        {
            self.know(aside, panel);
        }
    }
}
