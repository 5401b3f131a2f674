//! Marks by which a class is told.

use convscope_core::survey::Cue;
use convscope_page::{Finding, Marks, Shared, SurveyAction, SurveyImage};
use yew::prelude::*;

use super::tile::Picture;
use crate::dispatch::Dispatch;
use crate::words::{Words, key, use_words};

/// Images that are shown of each.
const SHOWN: usize = 8;
/// Where a mark lies, by thirds down and across.
const PLACES: [[&str; 3]; 3] = [
    [key("survey-upper-left"), key("survey-upper"), key("survey-upper-right")],
    [key("survey-left"), key("survey-middle"), key("survey-right-edge")],
    [key("survey-lower-left"), key("survey-lower"), key("survey-lower-right")],
];

/// Properties of [`MarksView`].
#[derive(Properties, PartialEq)]
pub(super) struct MarksProps {
    /// The marks.
    pub marks: Marks,
    /// The rows' images.
    pub images: Shared<Vec<SurveyImage>>,
    /// Whether all images have been looked at.
    pub whole: bool,
    /// Hears that they are to be looked for.
    pub dispatch: Dispatch,
}

/// The marks with some of the images that bear them, or what looks for them.
#[component]
pub(super) fn MarksView(props: &MarksProps) -> Html {
    let words = use_words();
    let MarksProps { marks, images, whole, dispatch } = props;
    let state = match marks.finding {
        Finding::No => None,
        Finding::On(None) => Some(words.say("survey-marks-begun")),
        Finding::On(Some(left)) => Some(words.with("survey-marks-left", [("count", left.into())])),
        Finding::Done if marks.cues.is_empty() => Some(words.say("survey-marks-none")),
        Finding::Done => Some(words.with("survey-marks-found", [("count", marks.cues.len().into())])),
    };
    let cue = |cue: &Cue| {
        let pictures = cue.suspect.rows.iter().filter_map(|&at| images.get(at)).take(SHOWN);
        html! {
            <li>
                <p>{ sentence(&words, cue) }</p>
                <div class="survey-marked">{ for pictures.map(|image| html! { <Picture key={image.photo.serial} picture={image.picture.clone()} /> }) }</div>
            </li>
        }
    };
    html! {
        <section class="survey-marks" aria-labelledby="survey-marks">
            <h3 id="survey-marks">{ words.say("survey-marks") }</h3>
            if marks.finding == Finding::No {
                <p class="hint">{ words.say("survey-marks-hint") }</p>
                if *whole {
                    <button type="button" class="button" onclick={dispatch.reform(|_: MouseEvent| SurveyAction::FindMarks)} data-testid="survey-find-marks">
                        { words.say("survey-find-marks") }
                    </button>
                }
            }
            <p class="hint" role="status" data-testid="survey-marks-state">{ for state }</p>
            if !marks.cues.is_empty() {
                <ul data-testid="survey-cues">{ for marks.cues.iter().map(cue) }</ul>
            }
        </section>
    }
}

/// The sentence about a mark.
fn sentence(words: &Words, cue: &Cue) -> String {
    let [own, covered, elsewhere] = cue.probability.map(|share| format!("{:.0}", 100.0 * share));
    let [down, across] = cue.thirds().map(|third| third.min(2));
    let values = [
        ("count", cue.suspect.rows.len().into()),
        ("of", cue.suspect.of.into()),
        ("class", words.class(&cue.suspect.name).into()),
        ("place", words.say(PLACES[down][across]).into()),
        ("own", own.into()),
        ("covered", covered.into()),
        ("elsewhere", elsewhere.into()),
    ];
    words.with("survey-cue", values)
}
