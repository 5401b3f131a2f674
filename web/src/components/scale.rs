//! Colour bar: what the colours over the image mean, with the numbers of its ends.

use convscope_core::card::Gives;
use convscope_core::image::Plane;
use convscope_core::render::{Blend, Colormap};
use convscope_page::{Paint, State};
use yew::prelude::*;

use crate::canvas;
use crate::words::{key, use_words};

/// Properties of [`Scale`].
#[derive(Properties, PartialEq)]
pub struct ScaleProps {
    /// The colour map.
    pub colormap: Colormap,
    /// Dependence of the opacity on the value.
    pub blend: Blend,
    /// Whether the colours tell for from against.
    pub signed: bool,
    /// The keys of what the ends mean.
    pub ends: [&'static str; 2],
    /// Number at the upper end, in the map's own units.
    pub most: Option<f32>,
}

impl ScaleProps {
    /// The properties for that state.
    pub fn of(state: &State) -> Self {
        let explanation = &state.explanation;
        let (signed, gives) = (state.draws_sign(), state.card().map(|card| card.gives));
        let ends = match (gives, signed) {
            (Some(Gives::Sheet), _) => [key("scale-weaker"), key("scale-stronger")],
            (_, true) => [key("scale-against"), key("scale-for")],
            (_, false) => [key("scale-less"), key("scale-more")],
        };
        // Compared maps are on a scale of their own, and so is a feature map.
        let alone = state.is_alone() && explanation.results.channel.is_none();
        let map = explanation.current().filter(|_| alone).map(|shown| &shown.map);
        let most = map.map(|map| if signed { map.signed.max().max(-map.signed.min()) } else { map.raw_maximum });
        let most = most.filter(|most| most.is_finite() && *most > 0.0);
        Self { colormap: explanation.colormap, blend: state.blend(), signed, ends, most }
    }
}

/// The bar between its ends.
#[component]
pub fn Scale(props: &ScaleProps) -> Html {
    let words = use_words();
    let bar = use_node_ref();
    {
        let bar = bar.clone();
        use_effect_with((props.colormap, props.blend, props.signed), move |(colormap, blend, signed)| {
            let (paint, least) = if *signed { (Paint::Signed, -1.0) } else { (Paint::Heat(*colormap), 0.0) };
            let ramp = (0..256).map(|step| least + (1.0 - least) * step as f32 / 255.0).collect();
            canvas::on(&bar, |canvas| canvas::draw_plane(canvas, &Plane::new(256, 1, ramp), paint, *blend));
        });
    }
    let [low, high] = props.ends.map(|end| words.say(end));
    let most = props.most.map(short);
    let least = most.as_ref().map(|most| if props.signed { format!("−{most}") } else { "0".into() });
    html! {
        <div class="scale" data-testid="scale">
            <span>{ low }{ " " }<b>{ least.unwrap_or_default() }</b></span>
            <canvas ref={bar} aria-hidden="true" />
            <span><b>{ most.unwrap_or_default() }</b>{ " " }{ high }</span>
        </div>
    }
}

/// A positive number in three digits, whatever its size.
fn short(number: f32) -> String {
    match number {
        0.001..1.0 => format!("{number:.3}"),
        1.0..1000.0 => format!("{number:.*}", 2 - (number.log10() as usize).min(2)),
        _ => format!("{number:.1e}"),
    }
}
