//! Alert that says what went wrong.

use convscope_page::{Message, NoticeAction, Recovery};
use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Properties of [`Alert`].
#[derive(Properties, PartialEq)]
pub struct AlertProps {
    /// The message, if there is one.
    pub message: Option<Message>,
    /// Hears the buttons.
    pub dispatch: Dispatch,
}

/// A message that can be sent away, with a button for what helps. The element stays, so that a screen reader notices when it
/// is filled.
#[component]
pub fn Alert(props: &AlertProps) -> Html {
    let words = use_words();
    let dismiss = props.dispatch.reform(|_| NoticeAction::Dismiss);
    let mend = props.dispatch.reform(|_| NoticeAction::Retry);
    let filled = props.message.as_ref().map(|message| {
        let label = match message.recovery {
            Recovery::None => None,
            Recovery::ListAgain | Recovery::OpenAgain => Some(words.say("again")),
            Recovery::Restart => Some(words.say("restart")),
            Recovery::Reload => Some(words.say("reload")),
        };
        html! {
            <div class="alert">
                <p data-testid="alert">{ words.tell(&message.text) }</p>
                <div class="alert-buttons">
                    if let Some(label) = label {
                        <button type="button" class="button" data-testid="mend" onclick={mend}>{ label }</button>
                    }
                    <button type="button" class="button quiet" data-testid="dismiss" onclick={dismiss}>{ words.say("dismiss") }</button>
                </div>
            </div>
        }
    });
    html! { <div role="alert" class={classes!(filled.is_none().then_some("vacant"))}>{ for filled }</div> }
}
