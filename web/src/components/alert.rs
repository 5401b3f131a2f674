//! What went wrong.

use yew::prelude::*;

use crate::state::{Action, Message, Remedy};

/// Properties of [`Alert`].
#[derive(Properties, PartialEq)]
pub struct AlertProps {
    /// The message, if there is one.
    pub message: Option<Message>,
    /// Hears the buttons.
    pub dispatch: Callback<Action>,
}

/// A message that can be sent away, with a button for what helps. The element stays, so that a screen reader notices when it
/// is filled.
#[component]
pub fn Alert(props: &AlertProps) -> Html {
    let dismiss = props.dispatch.reform(|_| Action::Dismiss);
    let mend = props.dispatch.reform(|_| Action::Mend);
    let filled = props.message.as_ref().map(|message| {
        let label = match message.remedy {
            Remedy::None => None,
            Remedy::ListAgain | Remedy::OpenAgain => Some("Try again"),
            Remedy::Restart => Some("Restart"),
        };
        html! {
            <div class="alert">
                <p data-testid="alert">{ sentence(&message.text) }</p>
                <div class="alert-buttons">
                    if let Some(label) = label {
                        <button type="button" class="button" data-testid="mend" onclick={mend}>{ label }</button>
                    }
                    <button type="button" class="button quiet" data-testid="dismiss" onclick={dismiss}>{ "Dismiss" }</button>
                </div>
            </div>
        }
    });
    html! { <div role="alert" class={classes!(filled.is_none().then_some("vacant"))}>{ for filled }</div> }
}

/// With a capital letter and a full stop; errors of programs have neither.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    // The name of a file keeps its small letter.
    let word = text.split_whitespace().next().unwrap_or_default();
    let start = if word.contains(['/', '.']) { text.to_owned() } else { format!("{first}{}", letters.as_str()) };
    if start.ends_with(['.', '!', '?']) { start } else { format!("{start}.") }
}
