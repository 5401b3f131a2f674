//! Classes that the network takes the image for.

use convscope_core::model::Domain;
use convscope_core::predictions::Class;
use convscope_core::target::Target;
use convscope_page::{ClassSearch, ExplanationAction, FoundClasses, Observation, SearchKey, Shared};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::number;
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Likeliest classes that are seen.
const TOP: usize = 5;

/// Properties of [`Classes`].
#[derive(Properties, PartialEq)]
pub struct ClassesProps {
    /// Numbers that the network made of the image, once it has.
    pub observation: Option<Shared<Observation>>,
    /// What the model was made for, where that is little.
    pub domain: Option<Domain>,
    /// Target that is explained.
    pub target: Option<Target>,
    /// Whether that stays for other images.
    pub pinned: bool,
    /// Field of the search, for the key that leads to it.
    pub search: NodeRef,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// The likeliest classes as bars, and a search over all of them.
#[component]
pub fn Classes(props: &ClassesProps) -> Html {
    let words = use_words();
    let search = use_state(ClassSearch::default);
    let typed = {
        let search = search.clone();
        Callback::from(move |event: InputEvent| {
            search.set(ClassSearch::typed(event.target_unchecked_into::<HtmlInputElement>().value()))
        })
    };
    let pressed = {
        let (search, observation, dispatch) = (search.clone(), props.observation.clone(), props.dispatch.clone());
        let words = words.clone();
        Callback::from(move |event: KeyboardEvent| {
            let classes = observation.as_deref().map_or(&[][..], |observation| &observation.classes);
            let Some(meaning) = search.press(&event.key(), classes, &|name| words.class(name)) else { return };
            event.prevent_default();
            match meaning {
                SearchKey::Marked(marked) => search.set(marked),
                SearchKey::Chosen(class) => dispatch.emit(ExplanationAction::ChooseClass(class)),
                SearchKey::Cleared => search.set(ClassSearch::default()),
            }
        })
    };
    let terms = props.target.as_ref().map_or(&[][..], Target::terms);
    let is_chosen = |class: &Class| terms.iter().any(|term| term.class == class.index);
    let bar = |class: &Class| {
        html! {
            <Bar key={class.index} class={class.clone()} chosen={is_chosen(class)} dispatch={props.dispatch.clone()} />
        }
    };
    let classes = props.observation.as_deref().map_or(&[][..], |observation| &observation.classes);
    let top = &classes[..TOP.min(classes.len())];
    let FoundClasses { classes: found, misspelt } = search.found(classes, &|name| words.class(name));
    let wanted = search.text.trim();
    let at = search.at.min(found.len().saturating_sub(1));
    let marked = |(place, class): (usize, &&Class)| {
        html! {
            <Bar key={class.index} class={(*class).clone()} chosen={is_chosen(class)} marked={place == at} dispatch={props.dispatch.clone()} />
        }
    };
    // The chosen classes are always seen, and once only.
    let outside = classes.iter().skip(TOP).filter(|class| is_chosen(class));
    let outside = outside.filter(|class| wanted.is_empty() || !found.contains(class));
    let typed_target = props.dispatch.reform(|event: Event| {
        ExplanationAction::ChooseTarget(event.target_unchecked_into::<HtmlInputElement>().value())
    });
    let pin = props
        .dispatch
        .reform(|event: Event| ExplanationAction::Pin(event.target_unchecked_into::<HtmlInputElement>().checked()));
    html! {
        <section class="classes" aria-labelledby="classes-title">
            <h2 id="classes-title">{ words.say("classes-title") }</h2>
            if classes.is_empty() {
                <ul class="bars skeleton" aria-hidden="true">{ for (0..TOP).map(|_| html! { <li></li> }) }</ul>
            } else {
                if let Some(made) = &props.domain {
                    <super::Domain made={made.clone()} doubt={props.observation.as_deref().and_then(|observation| observation.doubt.clone())} />
                }
                <p class="hint">{ words.say("classes-hint") }</p>
                <ul class="bars" data-testid="top">{ for top.iter().chain(outside).map(bar) }</ul>
                if classes.len() > TOP {
                    <label class="field search">
                        <span>{ words.with("classes-search", [("count", classes.len().into())]) }</span>
                        <input ref={props.search.clone()} type="search" placeholder={words.say("classes-placeholder")} value={search.text.clone()} oninput={typed}
                            onkeydown={pressed} autocomplete="off" spellcheck="false" data-testid="search" />
                    </label>
                    if !wanted.is_empty() {
                        if misspelt {
                            <p class="hint" data-testid="misspelt">{ words.with("classes-near", [("text", wanted.into())]) }</p>
                        }
                        <ul class="bars" data-testid="found">{ for found.iter().enumerate().map(marked) }</ul>
                        if found.is_empty() {
                            <p class="hint">{ words.say("classes-none") }</p>
                        }
                    }
                }
                <label class="field search">
                    <span title={words.say("target-help")}>{ words.say("target") }</span>
                    <input type="text" value={props.target.as_ref().map(ToString::to_string)} onchange={typed_target}
                        placeholder={words.say("target-placeholder")} title={words.say("target-help")}
                        autocomplete="off" spellcheck="false" maxlength="200" aria-describedby="target-hint" data-testid="target" />
                </label>
                <label class="check">
                    <input type="checkbox" checked={props.pinned} onchange={pin} data-testid="pin" />
                    <span>{ words.say("target-pin") }</span>
                </label>
                <p class="hint" id="target-hint">{ words.say("target-hint") }</p>
            }
        </section>
    }
}

/// Properties of [`Bar`].
#[derive(Properties, PartialEq)]
pub(super) struct BarProps {
    pub(super) class: Class,
    pub(super) chosen: bool,
    /// Whether Enter chooses it.
    #[prop_or_default]
    pub(super) marked: bool,
    pub(super) dispatch: Dispatch,
}

/// One class: its name, its probability, and that as a bar.
#[component]
pub(super) fn Bar(props: &BarProps) -> Html {
    let words = use_words();
    let Class { index, name, probability, .. } = &props.class;
    let share = probability.unwrap_or_default();
    let index = *index;
    let choose = props.dispatch.reform(move |_| ExplanationAction::ChooseClass(index));
    html! {
        <li>
            <button type="button" class={classes!("class", props.marked.then_some("marked"))} aria-pressed={props.chosen.to_string()}
                aria-current={props.marked.then_some("true")} onclick={choose}
                data-testid={format!("class-{index}")}>
                <span class="name">{ words.class(name) }</span>
                <span class="number">{ number(&props.class) }</span>
                // A drawing, since a width in a `style` attribute would be forbidden by a strict Content-Security-Policy.
                <svg class="track" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="rest" width="100" height="1" /><rect class="part" width={(100.0 * share).to_string()} height="1" />
                </svg>
            </button>
        </li>
    }
}
