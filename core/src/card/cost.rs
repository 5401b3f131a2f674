//! Cost of methods, as far as their cards tell it.

use super::{Card, Family};

impl Card {
    /// Whether a method takes so long that a page waits until a person asks for it, and that nobody runs it again and again to measure it:
    /// it takes many passes, has a shorter form for who waits, or needs no image and makes one.
    pub fn is_expensive(&self) -> bool {
        let shortened = self.params.iter().any(|param| param.quick.is_some());
        let family = matches!(self.family, Family::Perturbation | Family::Metric | Family::Synthesis);
        self.many_passes || shortened || family || !self.asks.image
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card;
    use crate::card::{Asks, Gives};
    use crate::param::{Param, Value};

    const STEPS: Param = Param::int("steps", "Steps", "How many", 1, 99, 9);
    const SHORTENED: Param = Param::int("steps", "Steps", "How many", 1, 99, 9).quick(Value::Int(3));

    const CAM: Card = card! {
        id: "a", title: "A", family: Cam, paper: ("A", "https://a"), shows: "Shows.", limits: "Limits.",
        asks: Asks::CLASS_AT_LAYERS, gives: Gives::LayerMap { signed: false }, params: [STEPS],
    };

    #[test]
    fn many_passes_and_shorter_forms_are_expensive() {
        assert!(!CAM.is_expensive());
        assert!(Card { many_passes: true, ..CAM }.is_expensive());
        assert!(Card { params: vec![SHORTENED].into(), ..CAM }.is_expensive());
        assert!(Card { asks: Asks::NETWORK, ..CAM }.is_expensive());
        for family in Family::ALL {
            let expensive = [Family::Perturbation, Family::Metric, Family::Synthesis].contains(family);
            assert_eq!(Card { family: *family, ..CAM }.is_expensive(), expensive, "{family:?}");
        }
    }
}
