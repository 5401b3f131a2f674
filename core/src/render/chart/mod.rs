//! Charts of measurements: marks in units of their own, which a page draws in its own letters and colours, and [`draw_chart`] as an
//! image.
//!
//! ```
//! use convscope_core::measurement::{Better, Curve, Measurement, Reading, Unit};
//! use convscope_core::render::{Chart, ChartWords, draw_chart};
//!
//! let curve = Curve::new("pixels taken away", "probability", Unit::Probability, vec![(0.0, 0.9), (0.5, 0.2), (1.0, 0.0)]);
//! let reading = Reading { value: Some(curve.area()), curve: Some(curve) };
//! let (metric, layer) = ("deletion".to_owned(), "conv10".to_owned());
//! let one = Measurement { metric, layer, blank: None, better: Better::Lower, reading, baselines: vec![] };
//! let chart = Chart::of(&one, &ChartWords::english());
//! assert_eq!(draw_chart(&chart)?.width(), 960);
//! # Ok::<(), convscope_core::Error>(())
//! ```

mod raster;

use crate::measurement::{Curve, Measurement, Reading, Reference};
pub use raster::{Stroke, draw_chart};

/// Width of a chart.
const WIDTH: f32 = 320.0;
/// Height of a line of text above a chart.
const TITLE: f32 = 20.0;
/// From the edge of a chart to the text above it.
const EDGE: f32 = 4.0;
/// Width of a letter of that text, in the letters that browsers have: of Latin ones, and of Chinese ones.
const LETTER: [f32; 2] = [6.0, 11.5];
/// A plot's left, top, right and bottom edge.
const PLOT: [f32; 4] = [46.0, 24.0, 308.0, 162.0];
/// Where numbers of the horizontal axis and its name stand below a plot.
const BELOW: [f32; 2] = [14.0, 30.0];
/// Where the names of the lines begin below a plot, how far their rows are apart, and how long the line before a name is.
const LEGEND: [f32; 3] = [48.0, 15.0, 22.0];
/// Where bars begin, where the longest ends, how thick they are, and how far one is from the next.
const BARS: [f32; 4] = [122.0, 270.0, 14.0, 22.0];
/// From a bar to what stands beside it, and from its lower edge up to the line that its name stands on.
const BESIDE: [f32; 2] = [6.0, 3.0];

/// What a line or a bar is of: the map that was measured, or a map that knows nothing of the network.
pub type Series = Option<Reference>;

/// Side of a text at which its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// Mark of a chart.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// Area below the curve of the map: a polygon.
    Area(Vec<(f32, f32)>),
    /// Axes.
    Axis(Vec<(f32, f32)>),
    /// Line through points.
    Line(Series, Vec<(f32, f32)>),
    /// Bar: left and top edge, width and height.
    Bar(Series, [f32; 4]),
    /// Text, at the line that its letters stand on.
    Text((f32, f32), Anchor, String),
}

/// Words of a chart.
pub struct ChartWords<'a> {
    /// Name of what an axis counts.
    pub axis: &'a dyn Fn(&str) -> String,
    /// Name of what a line or a bar is of.
    pub series: &'a dyn Fn(Series) -> String,
}

/// English name of what a line or a bar is of.
fn english(series: Series) -> String {
    match series {
        None => "this map",
        Some(Reference::Random) => "random numbers",
        Some(Reference::Center) => "the middle",
        Some(Reference::Edges) => "the image's edges",
    }
    .to_owned()
}

impl ChartWords<'static> {
    /// English ones.
    pub fn english() -> Self {
        Self { axis: &str::to_owned, series: &english }
    }
}

impl std::fmt::Debug for ChartWords<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChartWords").finish_non_exhaustive()
    }
}

/// Chart of a measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Width and height.
    pub size: [f32; 2],
    /// Marks, those in front last.
    pub marks: Vec<Mark>,
}

impl Chart {
    /// Curves with their axes, or bars, of a measurement beside its baselines.
    pub fn of(one: &Measurement, words: &ChartWords<'_>) -> Self {
        match &one.reading.curve {
            Some(curve) => plot(one, curve, words),
            None => bars(one, words),
        }
    }

    /// The chart below a text, in as many lines as that needs.
    #[must_use]
    pub fn titled(self, title: &str) -> Self {
        let lines = lines(title, self.size[0] - 2.0 * EDGE);
        let above = TITLE * lines.len() as f32;
        let down = |(x, y): (f32, f32)| (x, y + above);
        let all = |points: Vec<(f32, f32)>| points.into_iter().map(down).collect();
        let lower = |mark| match mark {
            Mark::Area(points) => Mark::Area(all(points)),
            Mark::Axis(points) => Mark::Axis(all(points)),
            Mark::Line(series, points) => Mark::Line(series, all(points)),
            Mark::Bar(series, [left, top, width, height]) => Mark::Bar(series, [left, top + above, width, height]),
            Mark::Text(place, anchor, text) => Mark::Text(down(place), anchor, text),
        };
        let line =
            |(row, text): (usize, String)| Mark::Text((EDGE, TITLE * (row + 1) as f32 - 6.0), Anchor::Start, text);
        let [width, height] = self.size;
        let title = lines.into_iter().enumerate().map(line);
        Self { size: [width, height + above], marks: self.marks.into_iter().map(lower).chain(title).collect() }
    }
}

/// A text in lines of a width, broken at spaces, and in Chinese anywhere.
fn lines(text: &str, width: f32) -> Vec<String> {
    let wide = |text: &str| text.chars().map(|letter| LETTER[usize::from(!letter.is_ascii())]).sum::<f32>();
    let (mut lines, mut line) = (vec![], String::new());
    for word in text.split_inclusive(|letter: char| letter == ' ' || !letter.is_ascii()) {
        if !line.is_empty() && wide(&line) + wide(word.trim_end()) > width {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
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

fn plot(one: &Measurement, curve: &Curve, words: &ChartWords<'_>) -> Chart {
    let others =
        one.baselines.iter().filter_map(|(baseline, reading)| Some((Some(*baseline), reading.curve.as_ref()?)));
    let lines: Vec<(Series, &Curve)> = others.chain([(None, curve)]).collect();
    let [left, top, right, bottom] = PLOT;
    let across = range(curve.points.iter().map(|(x, _)| *x));
    let up = range(lines.iter().flat_map(|(_, curve)| &curve.points).map(|(_, y)| *y));
    let at = |(x, y): (f32, f32)| {
        let along = |value: f32, [least, most]: [f32; 2]| (value - least) / (most - least);
        (left + along(x, across) * (right - left), bottom - along(y, up) * (bottom - top))
    };
    let through = |curve: &Curve| curve.points.iter().map(|&point| at(point)).collect::<Vec<_>>();
    let mut marks = vec![];
    if let (Some(first), Some(last)) = (curve.points.first(), curve.points.last()) {
        let below = [at((last.0, 0.0)), at((first.0, 0.0))];
        marks.push(Mark::Area(through(curve).into_iter().chain(below).collect()));
    }
    marks.extend(lines.iter().map(|(series, curve)| Mark::Line(*series, through(curve))));
    marks.push(Mark::Axis(vec![(left, top), (left, bottom), (right, bottom)]));
    let middle = |[least, most]: [f32; 2]| [least, (least + most) / 2.0, most];
    for value in middle(across) {
        marks.push(Mark::Text((at((value, 0.0)).0, bottom + BELOW[0]), Anchor::Middle, tick(value)));
    }
    for value in middle(up) {
        marks.push(Mark::Text((left - 5.0, at((0.0, value)).1 + 3.5), Anchor::End, tick(value)));
    }
    marks.push(Mark::Text(((left + right) / 2.0, bottom + BELOW[1]), Anchor::Middle, (words.axis)(&curve.x)));
    marks.push(Mark::Text((4.0, top - 10.0), Anchor::Start, (words.axis)(&curve.y)));
    let rows = if lines.len() > 1 { legend(&lines, words, &mut marks) } else { 0 };
    let low = if rows > 0 { LEGEND[0] + LEGEND[1] * (rows - 1) as f32 } else { BELOW[1] };
    Chart { size: [WIDTH, bottom + low + 8.0], marks }
}

/// Names of the lines, two a row; the number of rows.
fn legend(lines: &[(Series, &Curve)], words: &ChartWords<'_>, marks: &mut Vec<Mark>) -> usize {
    let [first, apart, long] = LEGEND;
    // The map's comes first here, and last where it is to lie in front.
    let ordered = lines.iter().cycle().skip(lines.len() - 1).take(lines.len());
    for (place, (series, _)) in ordered.enumerate() {
        let x = [PLOT[0], (PLOT[0] + PLOT[2]) / 2.0][place % 2];
        let y = PLOT[3] + first + apart * (place / 2) as f32;
        marks.push(Mark::Line(*series, vec![(x, y - 3.5), (x + long, y - 3.5)]));
        marks.push(Mark::Text((x + long + 5.0, y), Anchor::Start, (words.series)(*series)));
    }
    lines.len().div_ceil(2)
}

fn bars(one: &Measurement, words: &ChartWords<'_>) -> Chart {
    let own: (Series, &Reading) = (None, &one.reading);
    let others = one.baselines.iter().map(|(baseline, reading)| (Some(*baseline), reading));
    let readings: Vec<(Series, &Reading)> = std::iter::once(own).chain(others).collect();
    let [start, end, thick, apart] = BARS;
    let across = range(readings.iter().filter_map(|(_, reading)| reading.value).map(|value| value as f32));
    let at = |value: f32| start + (value - across[0]) / (across[1] - across[0]) * (end - start);
    let mut marks = vec![];
    for (place, (series, reading)) in readings.iter().enumerate() {
        let top = place as f32 * apart + 4.0;
        let base = top + thick - BESIDE[1];
        marks.push(Mark::Text((start - BESIDE[0], base), Anchor::End, (words.series)(*series)));
        if let Some(value) = reading.value {
            let value = value as f32;
            let [left, right] = [at(value.min(0.0)), at(value.max(0.0))];
            marks.push(Mark::Bar(*series, [left, top, (right - left).max(1.0), thick]));
            marks.push(Mark::Text((right + BESIDE[0], base), Anchor::Start, tick(value)));
        }
    }
    Chart { size: [WIDTH, readings.len() as f32 * apart + 8.0], marks }
}

#[cfg(test)]
mod tests;
