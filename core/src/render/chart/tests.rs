//! Where the marks of charts lie, and their words.

use super::*;
use crate::measurement::{Better, Unit};

fn measured(reading: Reading, baselines: Vec<(Reference, Reading)>) -> Measurement {
    let (metric, layer) = ("deletion".into(), "conv".into());
    Measurement { metric, layer, blank: None, better: Better::Lower, reading, baselines }
}

fn curve(points: &[(f32, f32)]) -> Reading {
    let curve = Curve::new("pixels taken away", "probability", Unit::Probability, points.to_vec());
    Reading { value: Some(curve.area()), curve: Some(curve) }
}

fn texts(chart: &Chart) -> Vec<String> {
    let text = |mark: &Mark| if let Mark::Text(_, _, text) = mark { Some(text.clone()) } else { None };
    chart.marks.iter().filter_map(text).collect()
}

#[test]
fn a_curve_lies_between_its_axes_with_those_of_baselines_behind_it() {
    let random = curve(&[(0.0, 0.8), (1.0, 0.4)]);
    let one = measured(curve(&[(0.0, 0.8), (0.5, 0.1), (1.0, 0.0)]), vec![(Reference::Random, random)]);
    let chart = Chart::of(&one, &ChartWords::english());
    let lines = chart.marks.iter().filter_map(|mark| match mark {
        Mark::Line(series, points) => Some((*series, points.clone())),
        _ => None,
    });
    let lines: Vec<_> = lines.collect();
    // Two curves, and a piece of each in the legend.
    assert_eq!(
        lines.iter().map(|(series, _)| *series).collect::<Vec<_>>(),
        [Some(Reference::Random), None, None, Some(Reference::Random)]
    );
    // The largest number of all is at the top, 0 at the bottom.
    assert_eq!(lines[1].1[0], (PLOT[0], PLOT[1]));
    assert_eq!(lines[1].1[2], (PLOT[2], PLOT[3]));
    assert!((lines[0].1[1].1 - (PLOT[1] + PLOT[3]) / 2.0).abs() < 1e-3);
    let said = texts(&chart);
    for words in ["0.8", "0.4", "0", "1", "pixels taken away", "probability", "this map", "random numbers"] {
        assert!(said.iter().any(|said| said == words), "{words}: {said:?}");
    }
    assert!(chart.marks.iter().any(|mark| matches!(mark, Mark::Area(points) if points.len() == 5)));
}

#[test]
fn a_title_is_as_many_lines_as_it_needs() {
    let one = measured(curve(&[(0.0, 0.8), (1.0, 0.0)]), vec![]);
    let plain = Chart::of(&one, &ChartWords::english());
    let short = plain.clone().titled("Deletion of conv: 0.4");
    assert_eq!(short.size[1], plain.size[1] + TITLE);
    let title = "Deletion of fire9/concat for tabby: 0.1234, and more words than fit into one";
    let long = plain.clone().titled(title);
    let said = texts(&long);
    let lines: Vec<&String> = said.iter().rev().take(2).rev().collect();
    assert_eq!(format!("{} {}", lines[0], lines[1]), title);
    assert!(lines.iter().all(|line| 6.0 * line.len() as f32 <= WIDTH), "{lines:?}");
    assert_eq!(long.size[1], plain.size[1] + 2.0 * TITLE);
    // What was below the title is still below it.
    let top = |chart: &Chart| {
        chart.marks.iter().find_map(|mark| match mark {
            Mark::Axis(points) => Some(points[0].1),
            _ => None,
        })
    };
    assert_eq!(top(&long), top(&plain).map(|top| top + 2.0 * TITLE));
    let chinese = plain.titled(&"猫".repeat(40));
    assert_eq!(texts(&chinese).iter().filter(|text| text.contains('猫')).count(), 2);
}

#[test]
fn numbers_are_bars_from_zero() {
    let one = measured(0.5.into(), vec![(Reference::Random, (-0.25).into()), (Reference::Edges, Reading::default())]);
    let chart = Chart::of(&one, &ChartWords::english());
    let bars = chart.marks.iter().filter_map(|mark| if let Mark::Bar(_, bar) = mark { Some(*bar) } else { None });
    let bars: Vec<[f32; 4]> = bars.collect();
    let [start, end, ..] = BARS;
    assert_eq!(bars.len(), 2, "what is not defined has no bar");
    assert!((bars[0][0] + bars[0][2] - end).abs() < 1e-3 && (bars[1][0] - start).abs() < 1e-3, "{bars:?}");
    assert!((bars[0][0] - (bars[1][0] + bars[1][2])).abs() < 1e-3, "both end at 0: {bars:?}");
    assert!(texts(&chart).contains(&"the image's edges".to_owned()));
}
