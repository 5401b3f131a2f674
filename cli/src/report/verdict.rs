//! What measurements come to, in the sentences of the page's trust panel.

use convscope::error::Fault;
use convscope::measurement::Measurement;
use convscope::measurement::verdict::limits;
use convscope::methods::method;
use maud::{Markup, html};

/// Sentences about the maps of an image, and what can be said of the numbers beside which they stand.
#[derive(Default)]
pub(super) struct Verdict {
    /// Layers and sentences.
    sentences: Vec<(String, Fault)>,
    /// Whether there is a measurement with baselines beside it, and one without.
    compared: bool,
    alone: bool,
}

impl Verdict {
    /// Takes in a measurement.
    pub(super) fn add(&mut self, one: &Measurement) {
        self.alone |= one.baselines.is_empty();
        self.compared |= !one.baselines.is_empty();
        let evidence = method(&one.metric).ok().and_then(|metric| metric.evidence());
        let sentence = evidence.and_then(|part| (part.says)(one));
        self.sentences.extend(sentence.map(|sentence| (one.layer.clone(), sentence)));
    }

    /// The sentences, each with its layer where there are several; nothing where nothing is said.
    pub(super) fn sentences(&self) -> Markup {
        let first = self.sentences.first().map(|(layer, _)| layer);
        let several = self.sentences.iter().any(|(layer, _)| Some(layer) != first);
        html! {
            @if first.is_some() {
                ul {
                    @for (layer, sentence) in &self.sentences {
                        li { @if several { code { (layer) } " " } (sentence) }
                    }
                    li { (limits()) }
                }
            }
        }
    }

    /// What the numbers stand beside.
    pub(super) fn introduction(&self) -> &'static str {
        match (self.compared, self.alone) {
            (true, false) => {
                "Each number stands beside the same of maps that know nothing of the network: random numbers, a Gaussian in the middle, \
                 and the image's edges. A map that does not beat them shows nothing of the network that they do not."
            }
            (true, true) => {
                "Where other numbers stand beside one, they are the same of maps that know nothing of the network: random numbers, a \
                 Gaussian in the middle, and the image's edges. A map that does not beat them shows nothing of the network that they do \
                 not. The others stand alone: what they measure, such maps do not have."
            }
            (false, _) => "Each number stands alone: nothing else was measured to compare it with.",
        }
    }
}

#[cfg(test)]
mod tests {
    use convscope::measurement::{Better, Curve, Reading, Reference, Unit};

    use super::*;

    fn deletion(layer: &str, baselines: bool) -> Measurement {
        let to = |after| {
            let curve = Curve::new(
                "pixels taken away",
                "probability",
                Unit::Probability,
                vec![(0.0, 0.6), (0.1, after), (1.0, 0.0)],
            );
            Reading { value: Some(curve.area()), curve: Some(curve) }
        };
        let random = baselines.then(|| (Reference::Random, to(0.5)));
        Measurement {
            metric: "deletion".into(),
            layer: layer.into(),
            blank: None,
            better: Better::Lower,
            reading: to(0.1),
            baselines: random.into_iter().collect(),
        }
    }

    #[test]
    fn a_verdict_says_what_the_trust_panel_says() {
        let mut verdict = Verdict::default();
        assert_eq!(verdict.sentences().into_string(), "");
        verdict.add(&deletion("conv1", true));
        let html = verdict.sentences().into_string();
        assert!(html.contains("from 60 % to 10 %") && html.contains("None of this says"), "{html}");
        assert!(!html.contains("conv1"), "there is one map only");
        verdict.add(&deletion("conv2", true));
        let html = verdict.sentences().into_string();
        assert!(html.contains("<code>conv1</code>") && html.contains("<code>conv2</code>"), "{html}");
    }

    #[test]
    fn nothing_is_said_of_baselines_that_are_not_there() {
        let introduced = |with: &[bool]| {
            let mut verdict = Verdict::default();
            with.iter().for_each(|&with| verdict.add(&deletion("conv", with)));
            verdict.introduction()
        };
        assert!(introduced(&[true]).starts_with("Each number stands beside the same of maps that know nothing"));
        assert!(introduced(&[true, false]).starts_with("Where other numbers stand beside one"));
        assert!(introduced(&[false]).starts_with("Each number stands alone"));
    }
}
