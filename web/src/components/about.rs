//! What is to be known about a technique or a method.

use yew::prelude::*;

use crate::words::use_words;

/// The keys of what a person should know, and the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct About {
    /// The key of what it shows.
    pub shows: &'static str,
    /// The key of what to look for.
    pub look: &'static str,
    /// The key of what it does not prove.
    pub limits: &'static str,
    /// The paper's authors and year.
    pub paper: &'static str,
    /// The paper's address.
    pub link: &'static str,
}

/// Properties of [`Explained`].
#[derive(Properties, PartialEq)]
pub(crate) struct ExplainedProps {
    /// What is to be known.
    pub about: About,
    /// Whether there is little room, so that only what it shows is said until more is asked for.
    pub brief: bool,
}

/// What it shows, and, in a fold, what to look for, what it does not prove, and the paper.
#[component]
pub(crate) fn Explained(props: &ExplainedProps) -> Html {
    let words = use_words();
    let About { shows, look, limits, paper, link } = props.about;
    html! {
        <details class="about" data-testid="about" open={!props.brief}>
            <summary>{ words.say(shows) }</summary>
            <p><strong>{ words.say("look-for") }</strong>{ " " }{ words.say(look) }</p>
            <p><strong>{ words.say("not-proved") }</strong>{ " " }{ words.say(limits) }</p>
            <p><strong>{ words.say("paper") }</strong>{ " " }<a href={link} target="_blank" rel="noopener noreferrer">{ paper }</a></p>
        </details>
    }
}
