//! Means over all images, per metric and method, beside those of the baselines.

use std::collections::BTreeMap;

use convscope::digits::digits;
use convscope::measurement::{Better, Measurement, Reference};

use super::interval::Interval;

/// What was measured so far.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The metrics in their order, with which of two numbers is the better.
    metrics: Vec<(String, Better)>,
    /// The rows of methods in their order: method and layer.
    rows: Vec<String>,
    /// Numbers by metric, row and image.
    values: BTreeMap<(String, String, String), f64>,
}

impl Table {
    /// Adds what was measured of a method's map of an image.
    pub(super) fn add(&mut self, image: &str, method: &str, one: Measurement) {
        if self.metrics.iter().all(|(metric, _)| *metric != one.metric) {
            self.metrics.push((one.metric.clone(), one.better));
        }
        let row = format!("{method} {}", one.layer);
        if !self.rows.contains(&row) {
            self.rows.push(row.clone());
        }
        let mut put = |row: &str, value: Option<f64>| {
            if let Some(value) = value {
                self.values.insert((one.metric.clone(), row.into(), image.into()), value);
            }
        };
        put(&row, one.reading.value);
        for (baseline, reading) in &one.baselines {
            put(baseline.name(), reading.value);
        }
    }

    /// The table, line by line: a paragraph a metric.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![];
        for (metric, better) in &self.metrics {
            let told = match better {
                Better::Neither => String::new(),
                better => format!(", {} is better", better.name()),
            };
            lines.push(format!("{metric}{told}; mean and 95 % interval by Student's t"));
            lines.extend(self.rows.iter().filter_map(|row| self.line(metric, row, *better)));
            let baselines =
                Reference::ALL.iter().filter_map(|baseline| self.line(metric, baseline.name(), Better::Neither));
            lines.extend(baselines);
        }
        lines
    }

    /// The numbers of a row, by image.
    fn of<'a>(&'a self, metric: &'a str, row: &'a str) -> impl Iterator<Item = (&'a str, f64)> {
        let mine = move |key: &(String, String, String)| key.0 == metric && key.1 == row;
        self.values.iter().filter(move |(key, _)| mine(key)).map(|((_, _, image), value)| (image.as_str(), *value))
    }

    fn line(&self, metric: &str, row: &str, better: Better) -> Option<String> {
        let values: Vec<f64> = self.of(metric, row).map(|(_, value)| value).collect();
        let found = Interval::of(&values)?;
        let beats = self.beats(metric, row, better).unwrap_or_default();
        Some(format!("  {row:<34} {} of {}{beats}", told(found), found.count))
    }

    /// Whether a row beats random numbers, image by image.
    fn beats(&self, metric: &str, row: &str, better: Better) -> Option<String> {
        let random: BTreeMap<&str, f64> = self.of(metric, Reference::Random.name()).collect();
        let pairs: Vec<[f64; 2]> =
            self.of(metric, row).filter_map(|(image, value)| Some([value, *random.get(image)?])).collect();
        let gains: Vec<f64> = pairs.iter().map(|[own, random]| own - random).collect();
        let won = pairs.iter().filter(|[own, random]| better.beats(*own, *random) == Some(true)).count();
        let gain = Interval::of(&gains)?;
        let verdict = match (gain.half, better.beats(gain.mean, 0.0)?) {
            (Some(half), true) if gain.mean.abs() > half => "beats random",
            (Some(half), false) if gain.mean.abs() > half => "worse than random",
            _ => "not told from random",
        };
        Some(format!("; {verdict}: {} from it, better on {won} of {}", told(gain), gain.count))
    }
}

fn told(Interval { mean, half, .. }: Interval) -> String {
    match half {
        Some(half) => format!("{:>10} ± {}", digits(mean), digits(half)),
        None => format!("{:>10}", digits(mean)),
    }
}

#[cfg(test)]
mod tests {
    use convscope::measurement::Reading;

    use super::*;

    fn measurement(value: f64, random: f64) -> Measurement {
        Measurement {
            metric: "insertion".into(),
            layer: "conv".into(),
            blank: None,
            better: Better::Higher,
            reading: value.into(),
            baselines: vec![(Reference::Random, random.into())],
        }
    }

    #[test]
    fn means_stand_beside_those_of_random_numbers() {
        let mut table = Table::default();
        for (image, value, random) in [("a", 0.5, 0.2), ("b", 0.7, 0.3), ("c", 0.6, 0.3)] {
            table.add(image, "grad_cam", measurement(value, random));
            table.add(image, "rise", measurement(random, random));
        }
        // A map that was blank is in no mean.
        table.add("d", "rise", Measurement { reading: Reading::default(), ..measurement(0.0, 0.4) });
        let lines = table.lines();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert!(lines[0].contains("insertion, higher is better"));
        // Gains of .3, .4, .3: mean .3333, deviation .05774, times 4.303 / sqrt 3.
        assert!(lines[1].contains("grad_cam conv") && lines[1].contains("0.6000 ± 0.2484 of 3"), "{}", lines[1]);
        assert!(lines[1].contains("beats random:     0.3333 ± 0.1434 from it, better on 3 of 3"), "{}", lines[1]);
        assert!(
            lines[2].contains("of 3; not told from random:          0 ± 0 from it, better on 0 of 3"),
            "{}",
            lines[2]
        );
        assert!(
            lines[3].contains("random") && lines[3].contains("0.3000") && lines[3].contains("of 4"),
            "{}",
            lines[3]
        );
    }
}
