//! The arrangement of everything: around the stage three panes that can be closed, or on a narrow screen a sheet of four tabs below it.

use convscope_page::{Closed, Pane, PaneAction};
use yew::prelude::*;

use super::Splitter;
use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// A tab of the sheet on a narrow screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    /// Images.
    Images,
    /// Layers, and how far the map can be trusted.
    Explain,
    /// The method and its form.
    Method,
    /// Drawing, comparing and saving.
    Compare,
}

impl Tab {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Images, "images", key("picture")),
        (Self::Explain, "explain", key("sheet-explain")),
        (Self::Method, "method", key("technique")),
        (Self::Compare, "compare", key("sheet-compare")),
    ];
}

/// Properties of [`Workspace`].
#[derive(Properties, PartialEq)]
pub struct WorkspaceProps {
    /// The stage, with what belongs to it.
    pub center: Html,
    /// Images and classes.
    pub left: Html,
    /// The method, and trust.
    pub right: Html,
    /// The layers.
    pub below: Html,
    /// Panes that are closed.
    pub closed: Closed,
    /// Hears which are closed and opened.
    pub dispatch: Dispatch,
}

/// The workspace. What is seen where is a matter of the style sheet: each part is there once.
#[component]
pub fn Workspace(props: &WorkspaceProps) -> Html {
    let words = use_words();
    let tab = use_state(|| Tab::Explain);
    let workspace = use_node_ref();
    let pane = |pane: Pane, content: &Html, title: &'static str| {
        let is_closed = props.closed.has(pane);
        let toggle = props.dispatch.reform(move |_: MouseEvent| PaneAction::Toggle(pane));
        let name = words.say(title);
        let label = if is_closed { key("pane-open") } else { key("pane-close") };
        let label = words.with(label, [("pane", name.as_str().into())]);
        html! {
            <div class={classes!("pane", pane.name(), is_closed.then_some("closed"))} id={format!("pane-{}", pane.name())}>
                <button type="button" class="pane-toggle" onclick={toggle} aria-expanded={(!is_closed).to_string()} aria-label={label.clone()}
                    title={label} data-testid={format!("toggle-{}", pane.name())}><span class="arrow" aria-hidden="true"></span></button>
                <div class="pane-content">{ content.clone() }</div>
                if !is_closed {
                    <Splitter {pane} label={words.with("pane-edge", [("pane", name.as_str().into())])} workspace={workspace.clone()} />
                }
            </div>
        }
    };
    let here = *tab;
    let choose = |(one, name, title): &(Tab, &'static str, &'static str)| {
        let (one, tab) = (*one, tab.clone());
        html! {
            <button type="button" class="sheet-tab" aria-pressed={(one == here).to_string()} onclick={move |_| tab.set(one)}
                data-testid={format!("sheet-{name}")}>{ words.say(title) }</button>
        }
    };
    let shown = Tab::ALL.iter().find(|(one, ..)| *one == here).map(|(_, name, _)| format!("on-{name}"));
    let without =
        Pane::ALL.into_iter().filter(|pane| props.closed.has(*pane)).map(|pane| format!("no-{}", pane.name()));
    html! {
        <main ref={workspace.clone()} class={classes!("workspace", shown, without.collect::<Vec<_>>())}>
            { props.center.clone() }
            { pane(Pane::Left, &props.left, key("pane-left")) }
            { pane(Pane::Right, &props.right, key("pane-right")) }
            { pane(Pane::Below, &props.below, key("pane-below")) }
            <nav class="sheet-tabs" aria-label={words.say("sheet-tabs")}>{ for Tab::ALL.iter().map(choose) }</nav>
        </main>
    }
}
