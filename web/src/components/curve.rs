//! What a metric says of a map, beside the same of maps that know nothing of the network: a chart, and the numbers in words.

use convscope_core::measurement::{Better, Measurement, Reading, Reference};
use convscope_core::render::{Anchor, Chart as Drawn, ChartWords, Mark, Series};
use convscope_page::{Shared, State};
use yew::prelude::*;

use super::work::metric_title;
use crate::words::{Words, key, marked, plain, use_words};

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

fn number(reading: Option<&Reading>) -> String {
    reading.and_then(|reading| reading.value).map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
}

/// What the metric says, in a sentence or a few, the first with its number.
fn told(words: &Words, title: &str, one: &Measurement) -> Vec<String> {
    let sentence = match (one.reading.value, &one.reading.curve) {
        (None, _) => key("measured-none"),
        (Some(_), Some(_)) if one.is_area() => key("measured-area"),
        (Some(_), Some(_)) => key("measured-mean"),
        (Some(_), None) => key("measured-value"),
    };
    let values = [
        ("metric", title.into()),
        ("layer", words.layer_title(&one.layer).into()),
        ("value", number(Some(&one.reading)).into()),
    ];
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
    sentences
}

/// The chart.
#[component]
pub fn Chart(props: &ChartProps) -> Html {
    let words = use_words();
    let one = &*props.measurement;
    let told = words.join(&told(&words, &props.title, one));
    html! {
        <figure class={classes!("curve", props.stale.then_some("stale"))} data-testid="curve">
            { svg(&chart(&words, one), &told) }
            <figcaption data-testid="area">{ marked(&told) }</figcaption>
        </figure>
    }
}

/// The chart of a measurement, in the page's language.
fn chart(words: &Words, one: &Measurement) -> Drawn {
    Drawn::of(one, &ChartWords { axis: &|own| words.axis(own), series: &|series| words.say(series_key(series)) })
}

/// Charts that are saved with what is seen, each below its metric's name and number.
pub fn charts(state: &State, words: &Words) -> Vec<Drawn> {
    let titled = |one: &Shared<Measurement>| {
        let told = told(words, &metric_title(state, words, &one.metric), one);
        chart(words, one).titled(&told.first().map(|first| plain(first)).unwrap_or_default())
    };
    state.charted().iter().map(titled).collect()
}

/// The key of the name of what a line or a bar is of.
fn series_key(series: Series) -> &'static str {
    match series {
        None => key("legend-map"),
        Some(Reference::Random) => key("legend-random"),
        Some(Reference::Center) => key("legend-center"),
        Some(Reference::Edges) => key("legend-edges"),
    }
}

fn svg(chart: &Drawn, told: &str) -> Html {
    let [width, height] = chart.size;
    html! {
        <svg viewBox={format!("0 0 {width} {height}")} role="img" aria-label={plain(told)}>
            { for chart.marks.iter().map(mark) }
        </svg>
    }
}

fn mark(mark: &Mark) -> Html {
    let points = |points: &[(f32, f32)]| {
        let places: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        places.join(" ")
    };
    match mark {
        Mark::Area(corners) => html! { <polygon class="curve-area" points={points(corners)} /> },
        Mark::Axis(line) => html! { <polyline class="curve-axis" points={points(line)} /> },
        Mark::Line(None, line) => html! { <polyline class="curve-line" points={points(line)} /> },
        Mark::Line(Some(baseline), line) => html! {
            <polyline class={classes!("curve-baseline", baseline.name())} points={points(line)} />
        },
        Mark::Bar(series, [left, top, width, height]) => html! {
            <rect class={classes!("curve-bar", series.map(|_| "baseline"))} x={left.to_string()} y={top.to_string()}
                width={width.to_string()} height={height.to_string()} />
        },
        Mark::Text((x, y), anchor, text) => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            html! { <text class="curve-text" x={x.to_string()} y={y.to_string()} text-anchor={anchor}>{ text.clone() }</text> }
        }
    }
}
