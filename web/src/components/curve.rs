//! A curve with its axes, and the area under it in words.

use convscope_core::artifact::Curve;
use convscope_page::Shared;
use yew::prelude::*;

use crate::words::use_words;

/// The plot's corners in the image's units: left, top, right, bottom.
const PLOT: [f32; 4] = [46.0, 12.0, 308.0, 158.0];

/// Properties of [`Chart`].
#[derive(Properties, PartialEq)]
pub struct ChartProps {
    /// The curve.
    pub curve: Shared<Curve>,
    /// Whether something else has been chosen since.
    pub stale: bool,
}

/// The range of an axis: with 0, and never empty.
fn range(values: impl Iterator<Item = f32>) -> [f32; 2] {
    let [least, most] = values.fold([0.0_f32, 0.0], |[least, most], value| [least.min(value), most.max(value)]);
    [least, if most > least { most } else { least + 1.0 }]
}

/// A number on an axis.
fn tick(value: f32) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The chart.
#[component]
pub fn Chart(props: &ChartProps) -> Html {
    let words = use_words();
    let Curve { layer, x, y, points, area } = &*props.curve;
    let [left, top, right, bottom] = PLOT;
    let across = range(points.iter().map(|(x, _)| *x));
    let up = range(points.iter().map(|(_, y)| *y));
    let at_x = |value: f32| left + (value - across[0]) / (across[1] - across[0]) * (right - left);
    let at_y = |value: f32| bottom - (value - up[0]) / (up[1] - up[0]) * (bottom - top);
    let line: Vec<String> = points.iter().map(|&(x, y)| format!("{:.1},{:.1}", at_x(x), at_y(y))).collect();
    let ends = points.first().zip(points.last());
    let below = ends.map(|(first, last)| {
        format!("{:.1},{:.1} {} {:.1},{:.1}", at_x(first.0), at_y(0.0), line.join(" "), at_x(last.0), at_y(0.0))
    });
    let middle = |[least, most]: [f32; 2]| [least, (least + most) / 2.0, most];
    let told = words.with("curve-area", [("area", format!("{area:.3}").into()), ("layer", layer.as_str().into())]);
    html! {
        <figure class={classes!("curve", props.stale.then_some("stale"))} data-testid="curve">
            <svg viewBox="0 0 320 200" role="img" aria-label={format!("{y} / {x}. {}", crate::words::plain(&told))}>
                { for below.map(|points| html! { <polygon class="curve-area" {points} /> }) }
                <polyline class="curve-line" points={line.join(" ")} />
                <path class="curve-axis" d={format!("M{left},{top}V{bottom}H{right}")} />
                { for middle(across).map(|value| html! {
                    <text class="curve-text" x={at_x(value).to_string()} y={(bottom + 14.0).to_string()} text-anchor="middle">{ tick(value) }</text>
                }) }
                { for middle(up).map(|value| html! {
                    <text class="curve-text" x={(left - 5.0).to_string()} y={(at_y(value) + 3.5).to_string()} text-anchor="end">{ tick(value) }</text>
                }) }
                <text class="curve-text" x={((left + right) / 2.0).to_string()} y="192" text-anchor="middle">{ x }</text>
                <text class="curve-text" transform={format!("translate(11 {}) rotate(-90)", (top + bottom) / 2.0)} text-anchor="middle">{ y }</text>
            </svg>
            <figcaption data-testid="area">{ crate::words::marked(&told) }</figcaption>
        </figure>
    }
}
