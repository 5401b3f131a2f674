//! What metrics say, as the report shows it: a curve or a bar, with those of the baselines, and the numbers in words.

use convscope::digits::digits;
use convscope::measurement::{Better, Curve, Measurement, Reading, Reference};
use maud::{Markup, html};

/// Of a drawing, in its own units.
const WIDTH: f32 = 300.0;
/// Of a curve.
const HEIGHT: f32 = 150.0;
/// Of a bar, and the distance from one to the next.
const BAR: f32 = 12.0;
const LINE: f32 = 18.0;
/// Where bars begin.
const NAMES: f32 = 60.0;

/// A measurement, under the metric's name where others stand beside it.
pub(super) fn measurement(one: &Measurement, title: Option<&str>) -> Markup {
    let readings: Vec<(&str, &Reading)> = std::iter::once(("map", &one.reading))
        .chain(one.baselines.iter().map(|(baseline, reading)| (baseline.name(), reading)))
        .collect();
    let curves: Vec<(&str, &Curve)> =
        readings.iter().filter_map(|(name, reading)| Some((*name, reading.curve.as_ref()?))).collect();
    html! {
        figure {
            h3 { @if let Some(title) = title { (title) " " } code { (one.layer) } }
            @if let Some(blank) = one.blank { p.error { "This map is blank: " (blank.to_string()) "." } }
            @if curves.is_empty() { (bars(&readings)) } @else { (lines(&curves)) }
            figcaption.muted {
                @if let Some(curve) = &one.reading.curve { (axes(curve, &curves)) }
                (words(one))
            }
        }
    }
}

/// The numbers in words.
fn words(one: &Measurement) -> String {
    let number = |reading: &Reading| reading.value.map_or_else(|| "none".into(), digits);
    let of = |name: &str, reading: &Reading| format!("{name} {}", number(reading));
    let named = |baseline: Reference| match baseline {
        Reference::Random => "random numbers",
        Reference::Center => "a Gaussian in the middle",
        Reference::Edges => "the image's edges",
    };
    let others: Vec<String> = one.baselines.iter().map(|(baseline, reading)| of(named(*baseline), reading)).collect();
    let beside = if others.is_empty() { String::new() } else { format!("; beside it {}", others.join(", ")) };
    let better = match one.better {
        Better::Higher => " Higher is better.",
        Better::Lower => " Lower is better.",
        Better::Neither => "",
    };
    let what = if one.is_area() { "The area under it is" } else { "It is" };
    format!("{what} {}{beside}.{better}", number(&one.reading))
}

/// What the axes are.
fn axes(curve: &Curve, curves: &[(&str, &Curve)]) -> String {
    let [least, most] = range(curves);
    let [least, most] = [least, most].map(|end| digits(end.into()));
    format!("From left to right: {}, none to all. Upwards: {}, from {least} to {most}. ", curve.x, curve.y)
}

/// The least and the most of all curves, with 0.
fn range(curves: &[(&str, &Curve)]) -> [f32; 2] {
    let heights = || curves.iter().flat_map(|(_, curve)| curve.points.iter().map(|(_, y)| *y));
    [heights().fold(0.0, f32::min), heights().fold(f32::MIN_POSITIVE, f32::max)]
}

/// Curves on one pair of axes: the map's whole, those of baselines broken, each in its own way.
fn lines(curves: &[(&str, &Curve)]) -> Markup {
    let [least, most] = range(curves);
    let up = |y: f32| HEIGHT * (most - y) / (most - least);
    let points = |curve: &Curve| {
        let points: Vec<String> = curve.points.iter().map(|&(x, y)| format!("{:.2},{:.2}", x * WIDTH, up(y))).collect();
        points.join(" ")
    };
    let names: Vec<&str> = curves.iter().map(|(name, _)| *name).collect();
    html! {
        svg viewBox={ "-2 -2 " (WIDTH + 4.0) " " (HEIGHT + LINE + 4.0) } role="img" aria-label={ "Curves of " (names.join(", ")) } {
            path d={ "M0 0V" (HEIGHT) "M0 " (up(0.0)) "H" (WIDTH) } stroke="currentColor" stroke-width="1" opacity="0.5" {}
            @for (index, (name, curve)) in curves.iter().enumerate() {
                @let dashes = ["", "8 4", "4 4", "1 4"][index % 4];
                @let width = if index == 0 { "2.5" } else { "1.2" };
                @let left = index as f32 * WIDTH / 4.0;
                polyline points=(points(curve)) fill="none" stroke="currentColor" stroke-width=(width) stroke-dasharray=(dashes) {}
                path d={ "M" (left) " " (HEIGHT + 13.0) "h20" } stroke="currentColor" stroke-width=(width) stroke-dasharray=(dashes) {}
                text x=(left + 24.0) y=(HEIGHT + 17.0) font-size="11" fill="currentColor" { (name) }
            }
        }
    }
}

/// Numbers as bars from 0.
fn bars(readings: &[(&str, &Reading)]) -> Markup {
    let values = || readings.iter().filter_map(|(_, reading)| reading.value);
    let [least, most] = [values().fold(0.0, f64::min), values().fold(f64::MIN_POSITIVE, f64::max)];
    let along = |value: f64| NAMES + ((value - least) / (most - least)) as f32 * (WIDTH - NAMES);
    let height = readings.len() as f32 * LINE;
    html! {
        svg viewBox={ "-2 -2 " (WIDTH + 4.0) " " (height + 4.0) } role="img" aria-label="The number of the map and of the baselines" {
            @for (index, (name, reading)) in readings.iter().enumerate() {
                @let top = index as f32 * LINE;
                text x="0" y=(top + BAR - 2.0) font-size="11" fill="currentColor" { (name) }
                @if let Some(value) = reading.value {
                    @let ends = [along(value.min(0.0)), along(value.max(0.0))];
                    rect x=(ends[0]) y=(top) width=((ends[1] - ends[0]).max(1.0)) height=(BAR) fill="currentColor"
                        opacity=(if index == 0 { "0.9" } else { "0.4" }) {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use convscope::measurement::Unit;

    use super::*;

    fn measured(reading: Reading, random: Reading) -> Measurement {
        let baselines = vec![(Reference::Random, random)];
        let (metric, layer) = ("deletion".into(), "conv".into());
        Measurement { metric, layer, blank: None, better: Better::Lower, reading, baselines }
    }

    #[test]
    fn numbers_are_bars_and_curves_are_lines() {
        let html = measurement(&measured(0.25.into(), 0.5.into()), Some("Average drop")).into_string();
        assert_eq!(html.matches("<rect").count(), 2);
        assert!(html.contains("It is 0.2500; beside it random numbers 0.5000. Lower is better."), "{html}");
        let curve = |last| {
            let curve =
                Curve::new("pixels taken away", "probability", Unit::Probability, vec![(0.0, 1.0), (1.0, last)]);
            Reading { value: Some(curve.area()), curve: Some(curve) }
        };
        let html = measurement(&measured(curve(0.0), curve(0.5)), None).into_string();
        assert_eq!(html.matches("<polyline").count(), 2);
        assert!(html.contains("The area under it is 0.5000") && html.contains("from 0 to 1.000"), "{html}");
    }

    #[test]
    fn a_map_that_shows_nothing_has_no_number() {
        let blank = Some(convscope::explain::Blank::DeadLayer);
        let one = Measurement { blank, ..measured(Reading::default(), (-1.0).into()) };
        let html = measurement(&one, None).into_string();
        assert!(html.contains("This map is blank") && html.contains("It is none"), "{html}");
        assert_eq!(html.matches("<rect").count(), 1);
    }
}
