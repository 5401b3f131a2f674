//! How often the model is right, in a sentence.

use convscope_core::survey::Row;
use convscope_core::survey::summary::{Calibration, accuracy, duplicates};
use convscope_page::Shared;
use yew::prelude::*;

use crate::words::{key, use_words};

/// Properties of [`Accuracy`].
#[derive(Properties, PartialEq)]
pub(super) struct AccuracyProps {
    /// The rows.
    pub rows: Shared<Vec<Row>>,
}

/// The share of right images with its interval, how far probabilities can be believed, and what is there twice or without a result.
#[component]
pub(super) fn Accuracy(props: &AccuracyProps) -> Html {
    let words = use_words();
    let rows = &props.rows;
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    let right = accuracy(rows).map(|right| {
        let [low, high] = right.interval.map(percent);
        let values = [
            ("share", percent(right.share()).into()),
            ("count", right.count.into()),
            ("of", right.of.into()),
            ("low", low.into()),
            ("high", high.into()),
        ];
        words.rich("survey-right", values)
    });
    let calibration =
        Calibration::of(rows).map(|one| words.with("survey-calibration", [("error", percent(one.error).into())]));
    let twice = duplicates(rows).len();
    let failed = rows.iter().filter(|row| row.error.is_some()).count();
    let blank = rows.iter().filter(|row| row.found.as_ref().is_some_and(|found| found.blank.is_some())).count();
    let told = |sentence: &str, count: usize| (count > 0).then(|| words.with(sentence, [("count", count.into())]));
    let more = [told(key("survey-twice"), twice), told(key("survey-failed"), failed), told(key("survey-blank"), blank)];
    let more: Vec<String> = calibration.into_iter().chain(more.into_iter().flatten()).collect();
    html! {
        <>
            <p class="survey-right" data-testid="survey-right">{ right.unwrap_or_else(|| html! { { words.say("survey-no-labels") } }) }</p>
            if !more.is_empty() {
                <p class="hint">{ words.join(&more) }</p>
            }
        </>
    }
}
