//! A measurement of a map: the curve with those of maps that know nothing of the network, and the number that it comes to.

use convscope_core::measurement::{Baseline, Better, Curve, Measurement, Reading};
use convscope_page::Shared;
use yew::prelude::*;

use crate::words::{Argument, Words, key, marked, plain, use_words};

/// Corners of the plot in the drawing's units: left, top, right, bottom.
const PLOT: [f32; 4] = [46.0, 12.0, 308.0, 158.0];

/// Properties of [`Measured`].
#[derive(Properties, PartialEq)]
pub struct MeasuredProps {
    /// The metric's name.
    pub metric: String,
    /// The measurement.
    pub measurement: Shared<Measurement>,
    /// Whether something else has been chosen since.
    pub stale: bool,
}

/// The chart, if the metric is a curve, and its numbers in words.
#[component]
pub fn Measured(props: &MeasuredProps) -> Html {
    let words = use_words();
    let Measurement { reading, baselines, .. } = &*props.measurement;
    let told = told(&words, &props.metric, &props.measurement);
    let plot = reading.curve.as_ref().map(|curve| {
        let lines = baselines.iter().filter_map(|(baseline, reading)| Some((*baseline, reading.curve.as_ref()?)));
        chart(&words, curve, &lines.collect::<Vec<_>>(), &plain(&told.join(" ")))
    });
    html! {
        <figure class={classes!("curve", props.stale.then_some("stale"))} data-testid="measured">
            { plot }
            <figcaption data-testid="area">{ for told.iter().map(|sentence| html! { <>{ marked(sentence) }{ " " }</> }) }</figcaption>
        </figure>
    }
}

/// The number, which way it should go, and what the same metric says of maps that know nothing.
fn told(words: &Words, metric: &str, measurement: &Measurement) -> Vec<String> {
    let Measurement { layer, better, reading, .. } = measurement;
    let about: [Argument<'_>; 2] = [("metric", metric.into()), ("layer", layer.as_str().into())];
    let Some(value) = reading.value else { return vec![words.with(key("measured-none"), about)] };
    let value = [("value", format!("{value:.3}").into())];
    let sentence = if reading.curve.is_some() { key("measured-area") } else { key("measured-value") };
    let own = words.with(sentence, about.into_iter().chain(value));
    let better = match better {
        Better::Higher => Some(words.say("measured-higher")),
        Better::Lower => Some(words.say("measured-lower")),
        Better::Neither => None,
    };
    let number = |baseline| {
        let value = measurement.baseline(baseline).and_then(|reading: &Reading| reading.value);
        value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
    };
    let beside = (!measurement.baselines.is_empty()).then(|| {
        let [random, center, edges] = [Baseline::Random, Baseline::Center, Baseline::Edges].map(number);
        words.with("measured-beside", [("random", random.into()), ("center", center.into()), ("edges", edges.into())])
    });
    [Some(own), better, beside].into_iter().flatten().collect()
}

/// Range of an axis: with 0, and never empty.
fn range(values: impl Iterator<Item = f32>) -> [f32; 2] {
    let [least, most] = values.fold([0.0_f32, 0.0], |[least, most], value| [least.min(value), most.max(value)]);
    [least, if most > least { most } else { least + 1.0 }]
}

/// Number on an axis.
fn tick(value: f32) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A curve's own line over the area under it, the baselines' lines behind it, and the axes.
fn chart(words: &Words, curve: &Curve, baselines: &[(Baseline, &Curve)], label: &str) -> Html {
    let [left, top, right, bottom] = PLOT;
    let all = || baselines.iter().map(|(_, curve)| *curve).chain([curve]).flat_map(|curve| &curve.points);
    let (across, up) = (range(all().map(|(x, _)| *x)), range(all().map(|(_, y)| *y)));
    let at_x = |value: f32| left + (value - across[0]) / (across[1] - across[0]) * (right - left);
    let at_y = |value: f32| bottom - (value - up[0]) / (up[1] - up[0]) * (bottom - top);
    let line = |curve: &Curve| {
        let points = curve.points.iter().map(|&(x, y)| format!("{:.1},{:.1}", at_x(x), at_y(y)));
        points.collect::<Vec<_>>().join(" ")
    };
    let ends = curve.points.first().zip(curve.points.last());
    let below = ends.map(|(first, last)| {
        format!("{:.1},{:.1} {} {:.1},{:.1}", at_x(first.0), at_y(0.0), line(curve), at_x(last.0), at_y(0.0))
    });
    let middle = |[least, most]: [f32; 2]| [least, (least + most) / 2.0, most];
    let legend = || [Baseline::Random, Baseline::Center, Baseline::Edges].into_iter();
    html! {
        <>
            <svg viewBox="0 0 320 200" role="img" aria-label={format!("{} / {}. {label}", words.axis(&curve.y), words.axis(&curve.x))}>
                { for below.map(|points| html! { <polygon class="curve-area" {points} /> }) }
                { for baselines.iter().map(|(baseline, curve)| html! {
                    <polyline class={classes!("curve-baseline", baseline_class(*baseline))} points={line(curve)} />
                }) }
                <polyline class="curve-line" points={line(curve)} />
                <path class="curve-axis" d={format!("M{left},{top}V{bottom}H{right}")} />
                { for middle(across).map(|value| html! {
                    <text class="curve-text" x={at_x(value).to_string()} y={(bottom + 14.0).to_string()} text-anchor="middle">{ tick(value) }</text>
                }) }
                { for middle(up).map(|value| html! {
                    <text class="curve-text" x={(left - 5.0).to_string()} y={(at_y(value) + 3.5).to_string()} text-anchor="end">{ tick(value) }</text>
                }) }
                <text class="curve-text" x={((left + right) / 2.0).to_string()} y="192" text-anchor="middle">{ words.axis(&curve.x) }</text>
                <text class="curve-text" transform={format!("translate(11 {}) rotate(-90)", (top + bottom) / 2.0)} text-anchor="middle">{ words.axis(&curve.y) }</text>
            </svg>
            if !baselines.is_empty() {
                <p class="legend" aria-hidden="true">
                    <span class="legend-map">{ words.say("legend-map") }</span>
                    { for legend().map(|baseline| html! { <span class={baseline_class(baseline)}>{ words.say(baseline_key(baseline)) }</span> }) }
                </p>
            }
        </>
    }
}

fn baseline_class(baseline: Baseline) -> &'static str {
    match baseline {
        Baseline::Random => "baseline-random",
        Baseline::Center => "baseline-center",
        Baseline::Edges => "baseline-edges",
    }
}

/// The key of a baseline's name.
fn baseline_key(baseline: Baseline) -> &'static str {
    match baseline {
        Baseline::Random => key("legend-random"),
        Baseline::Center => key("legend-center"),
        Baseline::Edges => key("legend-edges"),
    }
}
