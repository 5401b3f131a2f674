//! What a metric says of a map, beside the same of maps that know nothing of the network: curves with their axes, or bars, and the
//! numbers in words.

use convscope_core::measurement::{Better, Curve, Measurement, Reading, Reference};
use convscope_page::Shared;
use yew::prelude::*;

use crate::words::{Words, key, marked, plain, use_words};

/// The plot's corners in the image's units: left, top, right, bottom.
const PLOT: [f32; 4] = [46.0, 12.0, 308.0, 158.0];
/// Where bars begin, how thick they are, and how far one is from the next.
const BARS: [f32; 3] = [122.0, 14.0, 22.0];

/// Properties of [`Chart`].
#[derive(Properties, PartialEq)]
pub struct ChartProps {
    /// What the metric says.
    pub measurement: Shared<Measurement>,
    /// The metric's name.
    pub title: String,
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

fn number(reading: Option<&Reading>) -> String {
    reading.and_then(|reading| reading.value).map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}

/// What the metric says, in a sentence or two.
fn told(words: &Words, title: &str, one: &Measurement) -> String {
    let sentence = match (one.reading.value, &one.reading.curve) {
        (None, _) => key("measured-none"),
        (Some(_), Some(_)) if one.is_area() => key("measured-area"),
        (Some(_), Some(_)) => key("measured-mean"),
        (Some(_), None) => key("measured-value"),
    };
    let values =
        [("metric", title.into()), ("layer", one.layer.as_str().into()), ("value", number(Some(&one.reading)).into())];
    let mut sentences = vec![words.with(sentence, values)];
    if let [(_, random), (_, center), (_, edges)] = &one.baselines[..] {
        let values = [("random", random), ("center", center), ("edges", edges)];
        sentences.push(words.with("measured-beside", values.map(|(name, one)| (name, number(Some(one)).into()))));
    }
    match one.better {
        Better::Higher => sentences.push(words.say("measured-higher")),
        Better::Lower => sentences.push(words.say("measured-lower")),
        Better::Neither => {}
    }
    sentences.join(" ")
}

/// The chart.
#[component]
pub fn Chart(props: &ChartProps) -> Html {
    let words = use_words();
    let one = &*props.measurement;
    let told = told(&words, &props.title, one);
    html! {
        <figure class={classes!("curve", props.stale.then_some("stale"))} data-testid="curve">
            if let Some(curve) = &one.reading.curve {
                { plot(&words, curve, one, &told) }
                if !one.baselines.is_empty() {
                    { legend(&words) }
                }
            } else {
                { bars(&words, one, &told) }
            }
            <figcaption data-testid="area">{ marked(&told) }</figcaption>
        </figure>
    }
}

fn plot(words: &Words, curve: &Curve, one: &Measurement, told: &str) -> Html {
    let Curve { x, y, points, .. } = curve;
    let [x, y] = [x, y].map(|own| words.axis(own));
    let others: Vec<(&str, &Curve)> = one
        .baselines
        .iter()
        .filter_map(|(baseline, reading)| Some((baseline.name(), reading.curve.as_ref()?)))
        .collect();
    let [left, top, right, bottom] = PLOT;
    let across = range(points.iter().map(|(x, _)| *x));
    let up = range(points.iter().chain(others.iter().flat_map(|(_, curve)| &curve.points)).map(|(_, y)| *y));
    let at_x = |value: f32| left + (value - across[0]) / (across[1] - across[0]) * (right - left);
    let at_y = |value: f32| bottom - (value - up[0]) / (up[1] - up[0]) * (bottom - top);
    let line = |points: &[(f32, f32)]| {
        let places: Vec<String> = points.iter().map(|&(x, y)| format!("{:.1},{:.1}", at_x(x), at_y(y))).collect();
        places.join(" ")
    };
    let ends = points.first().zip(points.last());
    let below = ends.map(|(first, last)| {
        format!("{:.1},{:.1} {} {:.1},{:.1}", at_x(first.0), at_y(0.0), line(points), at_x(last.0), at_y(0.0))
    });
    let middle = |[least, most]: [f32; 2]| [least, (least + most) / 2.0, most];
    html! {
        <svg viewBox="0 0 320 200" role="img" aria-label={format!("{y} / {x}. {}", plain(told))}>
            { for below.map(|points| html! { <polygon class="curve-area" {points} /> }) }
            { for others.iter().map(|(name, curve)| html! {
                <polyline class={classes!("curve-baseline", name.to_string())} points={line(&curve.points)} />
            }) }
            <polyline class="curve-line" points={line(points)} />
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
    }
}

/// Names of the lines of a plot.
fn legend(words: &Words) -> Html {
    let line =
        |baseline: &Reference| html! { <span class={baseline.name()}>{ words.say(reference_key(*baseline)) }</span> };
    html! {
        <p class="legend" aria-hidden="true">
            <span class="map">{ words.say("legend-map") }</span>
            { for Reference::ALL.iter().map(line) }
        </p>
    }
}

/// The key of a baseline's name.
fn reference_key(baseline: Reference) -> &'static str {
    match baseline {
        Reference::Random => key("legend-random"),
        Reference::Center => key("legend-center"),
        Reference::Edges => key("legend-edges"),
    }
}

fn bars(words: &Words, one: &Measurement, told: &str) -> Html {
    let readings: Vec<(String, &Reading)> = std::iter::once((words.say("legend-map"), &one.reading))
        .chain(one.baselines.iter().map(|(baseline, reading)| (words.say(reference_key(*baseline)), reading)))
        .collect();
    let [start, thick, apart] = BARS;
    let across = range(readings.iter().filter_map(|(_, reading)| reading.value).map(|value| value as f32));
    let at = |value: f32| start + (value - across[0]) / (across[1] - across[0]) * (PLOT[2] - start);
    let bar = |(index, (name, reading)): (usize, &(String, &Reading))| {
        let top = index as f32 * apart;
        let ends = reading.value.map(|value| value as f32).map(|value| [at(value.min(0.0)), at(value.max(0.0))]);
        html! {
            <>
                <text class="curve-text" x={(start - 6.0).to_string()} y={(top + thick - 3.0).to_string()} text-anchor="end">{ name.clone() }</text>
                { for ends.map(|[left, right]| html! {
                    <rect class={classes!("curve-bar", (index > 0).then_some("baseline"))} x={left.to_string()} y={top.to_string()}
                        width={(right - left).max(1.0).to_string()} height={thick.to_string()} />
                }) }
            </>
        }
    };
    html! {
        <svg viewBox={format!("0 0 320 {}", readings.len() as f32 * apart)} role="img" aria-label={plain(told)}>
            { for readings.iter().enumerate().map(bar) }
        </svg>
    }
}
