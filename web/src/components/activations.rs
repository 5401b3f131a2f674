//! A layer in numbers.

use convscope_core::artifact::Sheet;
use convscope_page::{ExplanationAction, Shared};
use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Channels that are seen.
const TOP: usize = 10;

/// Properties of [`Activations`].
#[derive(Properties, PartialEq)]
pub struct ActivationsProps {
    /// Feature maps, if they have come.
    pub sheet: Option<Shared<Sheet>>,
    /// The channel that lies over the image.
    pub channel: Option<usize>,
    /// Whether the model has a classifier.
    pub classifier: bool,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// The strongest channels of a layer.
#[component]
pub fn Activations(props: &ActivationsProps) -> Html {
    let words = use_words();
    let ranking = props.sheet.as_ref().map(|sheet| {
        let activation = &sheet.activation;
        let most = activation.channels.first().map_or(1.0, |(_, sum)| sum.max(f64::MIN_POSITIVE));
        let row = |(channel, sum): &(usize, f64)| {
            let channel = *channel;
            let here = props.channel == Some(channel);
            let choose = props.dispatch.reform(move |_| ExplanationAction::ChooseChannel((!here).then_some(channel)));
            html! {
                <li>
                    <button type="button" class="class" aria-pressed={here.to_string()} onclick={choose}
                        data-testid={format!("channel-{channel}")}>
                        <span class="name">{ words.with("channel", [("channel", channel.into())]) }</span>
                        <span class="number">{ format!("{sum:.1}") }</span>
                        <svg class="track" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                            <rect class="rest" width="100" height="1" /><rect class="part" width={(100.0 * sum / most).max(0.0).to_string()} height="1" />
                        </svg>
                    </button>
                </li>
            }
        };
        html! {
            <>
                <p class="hint" data-testid="activation">
                    { words.rich("strongest-words", [
                        ("layer", activation.layer.as_str().into()),
                        ("mean", format!("{:.3}", activation.mean).into()),
                        ("maximum", format!("{:.2}", activation.maximum).into()),
                        ("zeros", format!("{:.0}%", 100.0 * activation.zeros).into()),
                    ]) }
                </p>
                <ol class="bars">{ for activation.channels.iter().take(TOP).map(row) }</ol>
            </>
        }
    });
    html! {
        <section class="classes" aria-labelledby="activations-title">
            <h2 id="activations-title">{ words.say("strongest") }</h2>
            if !props.classifier {
                <p class="hint">{ words.say("no-classifier") }</p>
            }
            { for ranking }
        </section>
    }
}
