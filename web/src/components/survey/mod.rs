//! Survey of the images to choose from: how often the model is right, the images themselves, what is taken for what, where each class is
//! seen, and the marks that give a class away.

mod accuracy;
mod confusion;
mod filters;
mod gallery;
mod marks;
mod means;
mod tile;

use convscope_page::{State, Survey as Surveyed, SurveyAction, SurveyFile};
use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::words::{Words, key, use_words};
use accuracy::Accuracy;
use confusion::ConfusionTable;
use filters::Filters;
use gallery::Gallery;
use marks::MarksView;
use means::Means;

/// Properties of [`Survey`].
#[derive(Properties, PartialEq)]
pub struct SurveyProps {
    /// What is seen.
    pub survey: Surveyed,
    /// The method's name for people.
    method: String,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

impl SurveyProps {
    /// The properties for that state, if the survey is what is seen.
    pub fn of(state: &State, words: &Words, dispatch: Dispatch) -> Option<Self> {
        let survey = state.surveyed()?;
        let card = state.model.methods.iter().find(|card| card.id == survey.method);
        let method = card.map_or_else(|| survey.method.clone(), |card| words.method_title(card));
        Some(Self { survey, method, dispatch })
    }
}

/// The survey.
#[component]
pub fn Survey(props: &SurveyProps) -> Html {
    let words = use_words();
    let SurveyProps { survey, method, dispatch } = props;
    let act = |action: SurveyAction| dispatch.reform(move |_: MouseEvent| action.clone());
    let Surveyed { rows, images, count, done, .. } = survey;
    let start = match (survey.begun || survey.stale, survey.stale, done < count) {
        (false, ..) => Some(key("survey-start")),
        (_, true, _) => Some(key("survey-anew")),
        (_, _, true) => Some(key("survey-go-on")),
        _ => None,
    };
    let save = |file, testid: &'static str, title: &'static str| {
        html! { <button type="button" class="button" onclick={act(SurveyAction::Save(file))} data-testid={testid}>{ words.say(title) }</button> }
    };
    html! {
        <section class="survey-view" aria-labelledby="survey-title" data-testid="survey">
            <div class="survey-head">
                <h2 id="survey-title">{ words.say("survey-title") }</h2>
                if survey.goes_on {
                    <button type="button" class="button" onclick={act(SurveyAction::Stop)} data-testid="survey-stop">{ words.say("survey-stop") }</button>
                } else if let Some(start) = start {
                    <button type="button" class="button primary" onclick={act(SurveyAction::Start)} data-testid="survey-start">
                        { words.with(start, [("count", (*count).into())]) }
                    </button>
                }
                <span class="hint" role="status" data-testid="survey-progress">
                    if survey.begun || survey.stale {
                        { words.with("survey-progress", [("done", (*done).into()), ("count", (*count).into())]) }
                    }
                </span>
                if survey.goes_on && done < count {
                    <progress max={count.to_string()} value={done.to_string()} aria-label={words.say("survey-title")} />
                }
                <span class="spacer"></span>
                if *done > 0 {
                    { save(SurveyFile::Table, "survey-table", key("survey-save-table")) }
                    { save(SurveyFile::Page, "survey-page", key("survey-save-page")) }
                    { save(SurveyFile::All, "survey-all", key("survey-save-all")) }
                }
                <button type="button" class="button" onclick={act(SurveyAction::Open(false))} data-testid="survey-close">{ words.say("drill-close") }</button>
            </div>
            <div class="survey-body" tabindex="0" role="group" aria-label={words.say("survey-title")}>
                <p class="hint">
                    { words.with("survey-how", [("model", survey.model.as_str().into()), ("method", method.as_str().into())]) }
                    if survey.stale { { words.gap() }{ words.say("survey-stale") } }
                </p>
                if *done > 0 {
                    <Accuracy rows={rows.clone()} />
                    <ConfusionTable rows={rows.clone()} filter={survey.filter.clone()} dispatch={dispatch.clone()} />
                    <Filters rows={rows.clone()} filter={survey.filter.clone()} dispatch={dispatch.clone()} />
                    <Gallery rows={rows.clone()} images={images.clone()} filter={survey.filter.clone()} dispatch={dispatch.clone()} />
                    <Means rows={rows.clone()} />
                    <MarksView marks={survey.marks.clone()} images={images.clone()} whole={done == count} dispatch={dispatch.clone()} />
                }
            </div>
        </section>
    }
}
