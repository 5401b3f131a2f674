//! The form of a method: its convention and its parameters. All of it is read from the methods' cards.

use convscope_core::card::Card;
use convscope_core::param::{Kind, Param};
use convscope_page::{ExplanationAction, Form as Chosen, Shared, State};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::choice::{Choice, Choices, Group};
use crate::dispatch::Dispatch;
use crate::words::{Words, use_words};

/// Properties of [`Form`].
#[derive(Properties, PartialEq)]
pub struct FormProps {
    /// The chosen method.
    pub card: Shared<Card>,
    /// Values chosen of it.
    pub form: Chosen,
    /// The methods whose maps it can measure, if it measures one, and the id of the chosen one.
    pub measurable: Option<(Vec<Shared<Card>>, String)>,
    /// Whether maps are drawn with their sign.
    pub signed: bool,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

impl FormProps {
    /// The properties for that state and the chosen method.
    pub fn of(state: &State, card: &Shared<Card>, dispatch: Dispatch) -> Self {
        let measured = || state.measured(card).map_or_else(String::new, |card| card.id.to_string());
        Self {
            form: state.explanation.form(&card.id),
            measurable: card.asks.map.then(|| (state.measurable(), measured())),
            signed: state.explanation.signed,
            card: card.clone(),
            dispatch,
        }
    }
}

/// The method that it measures, the convention, the parameters, and the sign.
#[component]
pub fn Form(props: &FormProps) -> Html {
    let words = use_words();
    let FormProps { card, form, dispatch, .. } = props;
    let conventions = card.conventions.iter().map(|variant| Choice {
        value: variant.name.to_string(),
        name: words.convention_title(&variant.name),
        about: Some(variant.describes.to_string()),
        disabled: false,
    });
    let conventions = vec![Group { options: conventions.collect(), ..Group::default() }];
    let signed = props.signed;
    let problem = |param: &Param| {
        let values = [
            ("title", words.param_title(card, param).into()),
            ("value", form.text(card, param).into()),
            ("range", words.range(param).into()),
        ];
        html! { <p class="problem" role="alert" data-testid="problem">{ words.with("value-wrong", values) }</p> }
    };
    html! {
        <div class="form">
            <div class="fields">
                if let Some((measurable, measured)) = &props.measurable {
                    <Choices label={words.say("measured")} id="map" groups={families(&words, measurable)} value={measured.clone()}
                        onchange={dispatch.reform(ExplanationAction::ChooseMeasured)} />
                }
                if card.conventions.len() > 1 {
                    <Choices label={words.say("convention")} id="convention" groups={conventions} value={form.convention(card).to_owned()}
                        onchange={dispatch.reform(ExplanationAction::ChooseConvention)} />
                }
                { for card.params.iter().map(|param| field(props, &words, param)) }
                if card.gives.signed() {
                    <button type="button" class="button toggle" aria-pressed={signed.to_string()} data-testid="signed" title={words.say("signed-title")}
                        onclick={dispatch.reform(move |_: MouseEvent| ExplanationAction::ChooseSigned(!signed))}>
                        { words.say("signed") }
                    </button>
                }
            </div>
            { for form.problems(card).into_iter().map(problem) }
        </div>
    }
}

/// Methods by their families, each family once.
fn families(words: &Words, methods: &[Shared<Card>]) -> Vec<Group> {
    let mut groups: Vec<Group> = vec![];
    for card in methods {
        let title = words.family_title(card.family);
        let option = Choice { value: card.id.to_string(), name: words.method_title(card), ..Choice::default() };
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.options.push(option),
            None => groups.push(Group { title, options: vec![option] }),
        }
    }
    groups
}

/// The field of a parameter.
fn field(props: &FormProps, words: &Words, param: &Param) -> Html {
    let FormProps { card, form, dispatch, .. } = props;
    let (id, value) = (param.id.to_string(), form.text(card, param));
    let (label, title, testid) =
        (words.param_title(card, param), words.param_help(card, param), format!("param-{}", param.id));
    let onchange = dispatch.reform(move |value: String| ExplanationAction::SetValue(id.clone(), value));
    let typed = onchange.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value());
    let number = |least: String, most: Option<String>, step: &'static str| {
        html! {
            <label class="field number" title={title.clone()}>
                <span>{ &label }</span>
                <input type="number" min={least} max={most} {step} value={value.clone()} onchange={typed.clone()}
                    aria-invalid={param.parse(&value).is_err().to_string()} data-testid={testid.clone()} />
            </label>
        }
    };
    match &param.kind {
        Kind::Int { min, max, .. } => number(min.to_string(), Some(max.to_string()), "1"),
        Kind::Float { min, max, .. } => number(min.to_string(), Some(max.to_string()), "any"),
        Kind::Seed => number("0".into(), None, "1"),
        Kind::Choice { choices, .. } => {
            let options = choices.iter().map(|(name, about)| Choice {
                value: name.to_string(),
                name: words.choice_title(param, name),
                about: Some(about.to_string()),
                disabled: false,
            });
            let groups = vec![Group { options: options.collect(), ..Group::default() }];
            html! { <Choices {label} title={Some(title.clone())} id={testid.clone()} {groups} {value} {onchange} /> }
        }
        Kind::Channels { .. } | Kind::Weights { .. } | Kind::Box { .. } => html! {
            <label class="field" title={format!("{title}: {}", words.range(param))}>
                <span>{ &label }</span>
                <input type="text" value={value.clone()} onchange={typed.clone()} autocomplete="off" spellcheck="false"
                    aria-invalid={param.parse(&value).is_err().to_string()} data-testid={testid.clone()} />
            </label>
        },
    }
}
