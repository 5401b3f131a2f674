//! Artifacts as files: their names, their bytes, and what the manifest says of them.

use serde_json::{Value, json};

use super::{LayerWords, Maker, joined};
use crate::artifact::{Artifact, Measure, Panel, Sheet};
use crate::card::Card;
use crate::error::Result;
use crate::explain::{AttributionMap, Convention};
use crate::image::{Image, npy};
use crate::measurement::{Measurement, Reading};
use crate::preprocess::Preprocessing;
use crate::render::{Chart, ChartWords, MapStyle, beside, draw_chart, draw_map};
use crate::target::Explained;

/// Image that results are about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The file's path or name.
    pub name: &'a str,
    /// SHA-256 of the file.
    pub sha256: &'a str,
    /// The image.
    pub image: &'a Image,
}

/// Origin of the results of one request, and how they are written down.
#[derive(Clone, Copy, Debug)]
pub struct Made<'a> {
    /// The model and the device.
    pub maker: Maker<'a>,
    /// The model's preprocessing.
    pub preprocessing: &'a Preprocessing,
    /// The model's layers as parts of file names.
    pub layers: &'a LayerWords,
    /// The method.
    pub card: &'a Card,
    /// The convention.
    pub convention: Convention,
    /// The image, of methods that ask for one.
    pub about: Option<About<'a>>,
    /// Target with its classes, of methods that ask for a class.
    pub explained: Option<&'a Explained>,
    /// Picture that the charts of measurements stand beside; the image where there is none.
    pub picture: Option<&'a Image>,
    /// Drawing style of maps and sheets.
    pub style: MapStyle,
    /// Seconds that all results of the image took.
    pub seconds: f64,
}

impl Made<'_> {
    /// The target as the end of a file's stem, `.285`; nothing where there is none.
    pub fn target(&self) -> String {
        self.explained.map(|explained| format!(".{}", explained.target.file_word())).unwrap_or_default()
    }

    /// Names of the files of an artifact, which begin with `stem`; none where there is nothing to see.
    pub fn files(&self, stem: &str, artifact: &Artifact) -> Vec<String> {
        let word = self.card.word();
        let target = self.target();
        let name = |layer: &str, rest: &str| format!("{stem}.{word}.{}{rest}", self.layers.of(layer));
        match artifact {
            Artifact::Map(map) => {
                let sign = if self.style.signed { "_signed" } else { "" };
                let name = format!("{stem}.{word}{sign}.{}{target}", self.layers.of(&map.layer));
                vec![format!("{name}.png"), format!("{name}.npy")]
            }
            Artifact::Panel(Panel { drawing: None, .. }) => vec![],
            Artifact::Panel(panel) => {
                let channel = panel.channel.map_or_else(|| "together".to_owned(), |channel| channel.to_string());
                // Of another class the same channel has another share.
                let of_target = if matches!(panel.measure, Measure::Share(_)) { &*target } else { "" };
                let name = name(&panel.layer, &format!(".{channel}{of_target}"));
                let array = matches!(panel.measure, Measure::Sum(_)).then(|| format!("{name}.npy"));
                std::iter::once(format!("{name}.png")).chain(array).collect()
            }
            Artifact::Sheet(sheet) => vec![self.sheet(stem, &sheet.activation.layer)],
            Artifact::Measurement(one) => {
                let file = |ending: &str| name(&one.layer, &format!("{target}.{ending}"));
                let csv = one.reading.curve.as_ref().map(|_| file("csv"));
                one.is_charted().then(|| file("png")).into_iter().chain(csv).collect()
            }
        }
    }

    /// Name of the file of a layer's sheet, which begins with `stem`: it is known before the sheet is made.
    pub fn sheet(&self, stem: &str, layer: &str) -> String {
        format!("{stem}.{}.{}.png", self.card.word(), self.layers.of(layer))
    }

    /// Bytes of the files of [`Made::files`], in their order.
    ///
    /// # Errors
    /// [`Error::Image`](crate::Error::Image) where memory is short or a sheet too large.
    pub fn bytes(&self, artifact: &Artifact) -> Result<Vec<Vec<u8>>> {
        Ok(match artifact {
            Artifact::Map(map) => {
                let array = if self.style.signed { map.signed.npy() } else { map.normalised.npy() };
                let drawn = self
                    .about
                    .map(|about| draw_map(map, about.image, self.preprocessing, self.convention, self.style)?.png());
                drawn.transpose()?.into_iter().chain([array]).collect()
            }
            Artifact::Panel(panel) => match &panel.drawing {
                None => vec![],
                Some(drawing) => {
                    let (height, width) = (drawing.height as usize, drawing.width as usize);
                    let array = || npy(&[3, height, width], &panel.values);
                    let array = matches!(panel.measure, Measure::Sum(_)).then(array);
                    std::iter::once(drawing.image()?.png()?).chain(array).collect()
                }
            },
            Artifact::Sheet(sheet) => vec![sheet.draw(self.style.colormap)?.png()?],
            Artifact::Measurement(one) => {
                let chart = one.is_charted().then(|| self.chart(one)?.png()).transpose()?;
                chart.into_iter().chain(csv(one)).collect()
            }
        })
    }

    /// Manifest entry of an artifact. `files` are those of [`Made::files`], if they were written.
    pub fn entry(&self, artifact: &Artifact, files: Option<&[String]>) -> Value {
        let file = |index: usize| files.and_then(|files| files.get(index));
        let mut entry =
            self.about.map_or(Value::Null, |about| json!({ "picture": about.name, "picture_sha256": about.sha256 }));
        entry = joined(entry, json!({ "method": self.card.word() }));
        if self.card.conventions.len() > 1 {
            entry = joined(entry, json!({ "convention": self.convention.name }));
        }
        let own = match artifact {
            Artifact::Map(map) => joined(self.told(), self.map_entry(map, file(0), file(1))),
            Artifact::Panel(panel) => self.panel_entry(panel, file(0), file(1)),
            Artifact::Sheet(Sheet { activation: one, .. }) => json!({
                "layer": one.layer, "shape": one.shape, "mean": one.mean, "maximum": one.maximum, "zeros": one.zeros,
                "sheet": file(0),
            }),
            Artifact::Measurement(one) => self.measurement_entry(one, file(0), file(1)),
        };
        self.maker.entry(joined(entry, own))
    }

    /// What is explained, in JSON.
    fn told(&self) -> Value {
        self.explained.map_or_else(|| json!({ "class": null }), Explained::json)
    }

    fn map_entry(&self, map: &AttributionMap, overlay: Option<&String>, array: Option<&String>) -> Value {
        let region = self.about.map(|about| self.preprocessing.region(about.image.width(), about.image.height()));
        json!({
            "layer": map.layer, "signed": self.style.signed,
            "shape": [map.normalised.height, map.normalised.width], "region": region,
            "raw_maximum": map.raw_maximum.is_finite().then_some(map.raw_maximum),
            "blank": map.blank.map(|blank| blank.to_string()),
            "diagnosis": map.diagnoses.iter().map(|one| one.json()).collect::<Value>(), "seconds": self.seconds, "overlay": overlay, "map": array,
        })
    }

    fn measurement_entry(&self, one: &Measurement, chart: Option<&String>, csv: Option<&String>) -> Value {
        let entry = json!({
            "layer": one.layer, "metric": one.metric, "better": one.better, "value": one.reading.value,
            "blank": one.blank.map(|blank| blank.to_string()), "baselines": baselines(one), "seconds": self.seconds, "chart": chart,
        });
        let mut entry = joined(self.told(), entry);
        if let Reading { curve: Some(curve), .. } = &one.reading {
            let own = json!({ "x": curve.x, "y": curve.y, "points": curve.points, "area": curve.area(), "curve": csv });
            entry = joined(entry, own);
        }
        entry
    }

    /// The chart of a measurement beside what it is of.
    fn chart(&self, one: &Measurement) -> Result<Image> {
        let value = one.reading.value.map_or_else(String::new, |value| format!(": {value:.4}"));
        let title = format!("{} of {}{value}", self.card.title, one.layer);
        let chart = draw_chart(&Chart::of(one, &ChartWords::english()).titled(&title))?;
        let picture = self.picture.or(self.about.map(|about| about.image));
        picture.map_or(Ok(chart.clone()), |picture| beside(picture, &chart))
    }

    fn panel_entry(&self, panel: &Panel, image: Option<&String>, array: Option<&String>) -> Value {
        let Panel { layer, channel, measure, .. } = panel;
        match measure {
            Measure::Sum(sum) => json!({
                "layer": layer, "channel": channel, "sum": sum, "seconds": self.seconds, "image": image, "array": array,
            }),
            Measure::Share(one) => joined(
                self.told(),
                json!({
                    "layer": layer, "channel": channel, "value": one.value, "share": one.share, "seconds": self.seconds, "image": image,
                }),
            ),
            Measure::Objective(objective) => {
                json!({ "layer": layer, "filter": channel, "last": objective, "image": image })
            }
            Measure::Optimized(one) => json!({
                "layer": layer, "filter": channel, "first": one.first, "last": one.last, "drawn": one.drawn, "rank": one.rank,
                "dead_at_start": one.dead_at_start(), "dead": one.dead(), "image": image,
            }),
        }
    }
}

/// The numbers of a measurement's baselines, by their names.
pub fn baselines(one: &Measurement) -> Value {
    one.baselines.iter().map(|(baseline, reading)| (baseline.name().to_owned(), json!(reading.value))).collect()
}

/// A curve as a table of comma-separated values, a line a point, below its axes' names; those of baselines stand beside it.
fn csv(one: &Measurement) -> Option<Vec<u8>> {
    let curve = one.reading.curve.as_ref()?;
    let others: Vec<_> = one
        .baselines
        .iter()
        .filter_map(|(baseline, reading)| Some((baseline.name(), reading.curve.as_ref()?)))
        .collect();
    let names: String = others.iter().map(|(name, _)| format!(",{name}")).collect();
    let row = |(index, (x, y)): (usize, &(f32, f32))| {
        let cell = |(_, curve): &(_, &crate::measurement::Curve)| {
            curve.points.get(index).map_or_else(|| ",".to_owned(), |(_, y)| format!(",{y}"))
        };
        format!("{x},{y}{}\n", others.iter().map(cell).collect::<String>())
    };
    let rows = curve.points.iter().enumerate().map(row);
    Some(std::iter::once(format!("{},{}{names}\n", curve.x, curve.y)).chain(rows).collect::<String>().into_bytes())
}
