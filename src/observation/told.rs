//! Maps that were told of an image, to find those that are the same whatever class is asked for.

use std::collections::BTreeSet;

use super::Observation;
use crate::explain::{AttributionMap, Diagnosis};
use crate::request::Checked;
use crate::target::Target;

/// Maps of the request that was made last, each with its target.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// The request, without its target and layers.
    asked: Option<(String, Checked)>,
    /// The newest map of each layer.
    maps: Vec<(Target, AttributionMap)>,
}

impl Observation {
    /// Says of a map that it is the same as that for another class, where the method was asked for that before in the same way.
    pub(crate) fn tell(&self, method: &str, request: &Checked, map: &mut AttributionMap) {
        let Some(target) = request.target.clone() else { return };
        let asked = Checked { target: None, layers: Default::default(), ..request.clone() };
        let asked = Some((method.to_owned(), asked));
        let mut told = self.told.borrow_mut();
        if told.asked != asked {
            *told = Told { asked, maps: vec![] };
        }
        match told.maps.iter_mut().find(|(_, old)| old.layer == map.layer) {
            Some(old) => {
                let classes = |target: &Target| target.terms().iter().map(|term| term.class).collect::<BTreeSet<_>>();
                if classes(&old.0) != classes(&target) && old.1.is_same_as(map) {
                    map.diagnoses.push(Diagnosis::SameForClasses);
                }
                *old = (target, map.clone());
            }
            None => told.maps.push((target, map.clone())),
        }
    }
}
