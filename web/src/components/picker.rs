//! The choice of a method: families as tabs, and the methods of the one that is open.

use convscope_core::card::{Card, Family};
use convscope_core::error::Fault;
use convscope_page::{ExplanationAction, Shared, State};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Methods of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Kin {
    /// The kind.
    pub family: Family,
    /// Its methods, each with why the model cannot be asked for it, if it cannot.
    pub methods: Vec<(Shared<Card>, Option<Fault>)>,
}

impl Kin {
    /// The first method that the model can be asked for.
    fn first(&self) -> Option<&Shared<Card>> {
        self.methods.iter().find(|(_, refusal)| refusal.is_none()).map(|(card, _)| card)
    }
}

/// The methods by their families, each family once, in the order of its first method.
pub fn families(state: &State) -> Vec<Kin> {
    let mut all: Vec<Kin> = vec![];
    for card in &state.model.methods {
        let method = (card.clone(), state.refusal(card));
        match all.iter_mut().find(|kin| kin.family == card.family) {
            Some(kin) => kin.methods.push(method),
            None => all.push(Kin { family: card.family, methods: vec![method] }),
        }
    }
    all
}

/// Action that opens the family of that index: its first method is chosen, unless one of the family is.
pub fn open(state: &State, index: usize) -> Option<ExplanationAction> {
    let all = families(state);
    let kin = all.get(index)?;
    if state.card().is_some_and(|card| card.family == kin.family) {
        return None;
    }
    Some(ExplanationAction::ChooseMethod(kin.first()?.id.to_string()))
}

/// Properties of [`Picker`].
#[derive(Properties, PartialEq)]
pub struct PickerProps {
    /// The methods by their families.
    pub families: Vec<Kin>,
    /// The chosen method.
    pub chosen: Option<Shared<Card>>,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

impl PickerProps {
    /// The properties for that state.
    pub fn of(state: &State, dispatch: Dispatch) -> Self {
        Self { families: families(state), chosen: state.card().cloned(), dispatch }
    }
}

/// Tabs of families, and below them the methods of the one that is open. Either is walked along with the arrow keys, Home and End.
#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let words = use_words();
    let PickerProps { families, chosen, dispatch } = props;
    let open = chosen.as_ref().map(|card| card.family);
    let choose = |id: &str| {
        let id = id.to_owned();
        dispatch.reform(move |_: MouseEvent| ExplanationAction::ChooseMethod(id.clone()))
    };
    let tab = |kin: &Kin| {
        let (name, here, first) = (kin.family.name(), open == Some(kin.family), kin.first());
        html! {
            <button type="button" role="tab" class="tab" id={tab_id(kin.family)} data-testid={tab_id(kin.family)}
                aria-selected={here.to_string()} aria-controls="technique" tabindex={if here { "0" } else { "-1" }}
                disabled={first.is_none()} title={first.is_none().then(|| words.say("technique-missing"))}
                onclick={first.filter(|_| !here).map(|card| choose(&card.id))} key={name}>
                { words.family_title(kin.family) }
            </button>
        }
    };
    let method = |(card, refusal): &(Shared<Card>, Option<Fault>)| {
        let here = chosen.as_ref() == Some(card);
        let why = refusal.as_ref().map(|fault| words.fault(fault));
        html! {
            <button type="button" role="radio" class="method" id={method_id(&card.id)} data-testid={method_id(&card.id)}
                aria-checked={here.to_string()} aria-disabled={why.is_some().then_some("true")} title={why.clone()}
                tabindex={if here { "0" } else { "-1" }} onclick={why.is_none().then(|| choose(&card.id))} key={card.id.to_string()}>
                { words.method_title(card) }
            </button>
        }
    };
    let methods = families.iter().find(|kin| Some(kin.family) == open).map_or(&[][..], |kin| &kin.methods);
    let tabs = {
        let offered = families.iter().filter_map(|kin| Some((tab_id(kin.family), kin.first()?.id.to_string())));
        walk(offered.collect(), open.map(tab_id), dispatch)
    };
    let radios = {
        let offered = methods.iter().filter(|(_, refusal)| refusal.is_none());
        let offered = offered.map(|(card, _)| (method_id(&card.id), card.id.to_string()));
        walk(offered.collect(), chosen.as_ref().map(|card| method_id(&card.id)), dispatch)
    };
    html! {
        <div class="picker" data-testid="picker">
            <div class="tabs" role="tablist" aria-label={words.say("techniques")} onkeydown={tabs}>{ for families.iter().map(tab) }</div>
            <div class="methods" role="radiogroup" aria-label={words.say("technique")} onkeydown={radios}>{ for methods.iter().map(method) }</div>
        </div>
    }
}

fn tab_id(family: Family) -> String {
    format!("tab-{}", family.name())
}

fn method_id(id: &str) -> String {
    format!("method-{id}")
}

/// Keys that walk along elements, each given by its id, and choose the method that goes with it.
fn walk(along: Vec<(String, String)>, chosen: Option<String>, dispatch: &Dispatch) -> Callback<KeyboardEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |event: KeyboardEvent| {
        let at = along.iter().position(|(id, _)| Some(id) == chosen.as_ref()).unwrap_or(0);
        let count = along.len().max(1);
        let to = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => (at + 1) % count,
            "ArrowLeft" | "ArrowUp" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        if let Some((id, method)) = along.get(to) {
            focus(id);
            dispatch.emit(ExplanationAction::ChooseMethod(method.clone()));
        }
    })
}

fn focus(id: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let element = document.and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
