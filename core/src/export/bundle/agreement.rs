//! Agreement of results with those of a bundle, number by number.
//!
//! Two devices do not round alike, and a ReLU whose input is nearly 0 opens on one and not on the other: what such a position
//! passes back differs by more than rounding. So numbers agree where nearly all of them do, and how far the others are apart is said.

use serde_json::Value;

use super::Bundle;
use crate::error::Fault;
use crate::export::earlier::FILES;
use crate::fault;
use crate::image::{Image, array};

/// Difference of two numbers of an array as a share of its largest magnitude, from which they do not agree.
const OF_ARRAYS: f64 = 1e-3;
/// Difference of two values of a pixel as a share of white.
const OF_PICTURES: f64 = 8.0 / 255.0;
/// Difference of two numbers of a table or a manifest as a share of the larger, and the least number that shares are of.
const OF_TABLES: (f64, f64) = (1e-2, 1e-2);
/// Share of an array's or a picture's numbers that may be further apart.
const OTHERS: f64 = 0.02;
/// Members that are another each time, or said elsewhere.
const NOT_COMPARED: [&str; 4] = ["seconds", "device", "picture", "picture_sha256"];

/// Whether one part of a bundle is what comes out when it is made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The file, or what else it is about.
    pub part: String,
    /// Whether it agrees.
    pub agrees: bool,
    /// To which tolerance, or what differs.
    pub says: Fault,
}

impl Agreement {
    /// Agreement of every result of a bundle, and of its files, with what was made again.
    pub fn all(recorded: &Bundle, again: &Bundle) -> Vec<Self> {
        let results = |bundle: &Bundle| bundle.manifest["results"].as_array().cloned().unwrap_or_default();
        let (old, new) = (results(recorded), results(again));
        let mut lines = vec![];
        for (index, entry) in old.iter().enumerate() {
            let Some(other) = new.get(index) else {
                let says = fault!("agreement-not-made", "it is not made again");
                lines.push(Self { part: part(entry), agrees: false, says });
                continue;
            };
            lines.push(Self::of_numbers(part(entry), &Numbers::of_entry(entry), &Numbers::of_entry(other)));
            lines.extend(
                FILES.iter().filter_map(|member| of_files(recorded, again, [&entry[*member], &other[*member]])),
            );
        }
        for entry in new.iter().skip(old.len()) {
            let says = fault!("agreement-new", "it is made now and was not before");
            lines.push(Self { part: part(entry), agrees: false, says });
        }
        lines
    }

    fn of_numbers(part: String, old: &Numbers, new: &Numbers) -> Self {
        if let Some((old, new)) = old.texts.iter().zip(&new.texts).find(|(old, new)| old != new) {
            let says = fault!("agreement-text", "differs: it was {old} and is {new}", old, new);
            return Self { part, agrees: false, says };
        }
        if old.values.len() != new.values.len() || old.texts.len() != new.texts.len() {
            let (old, new) = (old.values.len(), new.values.len());
            let says = fault!("agreement-count", "differs: it had {old} numbers and has {new}", old, new);
            return Self { part, agrees: false, says };
        }
        let (agrees, says) = old.compared(new);
        Self { part, agrees, says }
    }
}

/// What an entry is about: the method and the layer, and the channel or filter where it is of one.
fn part(entry: &Value) -> String {
    let text = |member: &str| match &entry[member] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(format!("{member} {number}")),
        _ => None,
    };
    let parts = ["method", "layer", "channel", "filter"].into_iter().filter_map(text);
    parts.collect::<Vec<_>>().join(" ")
}

/// Agreement of two files that entries name; none where neither does.
fn of_files(recorded: &Bundle, again: &Bundle, names: [&Value; 2]) -> Option<Agreement> {
    let [old, new] = names.map(|name| name.as_str().unwrap_or_default());
    if old.is_empty() && new.is_empty() {
        return None;
    }
    let part = if old.is_empty() { new } else { old };
    let (Some(old), Some(new)) = (recorded.files.get(old), again.files.get(new)) else {
        let says = fault!("agreement-file", "one of the two has no such file");
        return Some(Agreement { part: part.into(), agrees: false, says });
    };
    if old == new {
        let says = fault!("agreement-exact", "the same to the last bit");
        return Some(Agreement { part: part.into(), agrees: true, says });
    }
    Some(match (Numbers::of_file(part, old), Numbers::of_file(part, new)) {
        (Some(old), Some(new)) => Agreement::of_numbers(part.into(), &old, &new),
        _ => {
            let says = fault!("agreement-unread", "its numbers cannot be read");
            Agreement { part: part.into(), agrees: false, says }
        }
    })
}

/// Numbers of a file or an entry, and the texts between them.
struct Numbers {
    values: Vec<f64>,
    texts: Vec<String>,
    kind: Kind,
}

/// Way in which numbers are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Array,
    Picture,
    Table,
}

impl Numbers {
    fn of_entry(entry: &Value) -> Self {
        let mut numbers = Self { values: vec![], texts: vec![], kind: Kind::Table };
        numbers.take("", entry);
        numbers
    }

    fn take(&mut self, path: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                let skipped = |name: &str| path.is_empty() && (FILES.contains(&name) || NOT_COMPARED.contains(&name));
                for (name, value) in members.iter().filter(|(name, _)| !skipped(name)) {
                    self.take(&format!("{path}{}{name}", if path.is_empty() { "" } else { "." }), value);
                }
            }
            Value::Array(list) => list.iter().for_each(|value| self.take(path, value)),
            Value::Number(number) => self.values.extend(number.as_f64()),
            other => self.texts.push(format!("{path} {other}")),
        }
    }

    fn of_file(name: &str, bytes: &[u8]) -> Option<Self> {
        let ending = name.rsplit_once('.')?.1;
        match ending {
            "npy" => {
                let (shape, values) = array(bytes)?;
                let values = values.into_iter().map(f64::from).collect();
                Some(Self { values, texts: vec![format!("shape {shape:?}")], kind: Kind::Array })
            }
            "png" => {
                let image = Image::decode(bytes).ok()?;
                let values = image.rgb().iter().map(|&value| f64::from(value) / 255.0).collect();
                let size = format!("size {} x {}", image.width(), image.height());
                Some(Self { values, texts: vec![size], kind: Kind::Picture })
            }
            "csv" => {
                let mut numbers = Self { values: vec![], texts: vec![], kind: Kind::Table };
                for cell in std::str::from_utf8(bytes).ok()?.split([',', '\n']) {
                    match cell.parse() {
                        Ok(value) => numbers.values.push(value),
                        Err(_) => numbers.texts.push(cell.into()),
                    }
                }
                Some(numbers)
            }
            _ => None,
        }
    }

    /// Whether two lists of numbers agree, and to which tolerance; they are of one length.
    fn compared(&self, other: &Self) -> (bool, Fault) {
        let count = self.values.len();
        // That of what is made here: a stranger's one huge number is not to make all others small.
        let finite = other.values.iter().filter(|value| value.is_finite());
        let scale = finite.fold(0_f64, |most, value| most.max(value.abs()));
        let apart = |(one, two): (&f64, &f64)| {
            if one == two || one.is_nan() && two.is_nan() {
                return 0.0;
            }
            let of = match self.kind {
                Kind::Array => scale,
                Kind::Picture => 1.0,
                Kind::Table => one.abs().max(two.abs()).max(OF_TABLES.1),
            };
            // What is not a number on one side alone is as far away as can be.
            let share = (one - two).abs() / of;
            if share.is_nan() { f64::INFINITY } else { share }
        };
        let (tolerance, allowed) = match self.kind {
            Kind::Array => (OF_ARRAYS, OTHERS),
            Kind::Picture => (OF_PICTURES, OTHERS),
            Kind::Table => (OF_TABLES.0, 0.0),
        };
        let (mut most, mut beyond) = (0_f64, 0_usize);
        for share in self.values.iter().zip(&other.values).map(apart) {
            most = most.max(share);
            beyond += usize::from(share > tolerance);
        }
        if most == 0.0 {
            return (true, fault!("agreement-numbers", "the same numbers"));
        }
        let (largest, tolerance) = (format!("{most:.1e}"), format!("{tolerance:.1e}"));
        if beyond == 0 {
            let says = fault!(
                "agreement-within",
                "agrees: the {count} numbers are at most {largest} of the scale apart",
                count,
                largest
            );
            return (true, says);
        }
        let percent = format!("{:.1}", 100.0 * beyond as f64 / count as f64);
        if beyond as f64 <= allowed * count as f64 {
            let says = fault!(
                "agreement-mostly",
                "agrees but for {percent} % of the {count} numbers: these are more than {tolerance} of the scale apart, at most {largest}, as where a ReLU opens on one device and not on the other",
                percent,
                count,
                tolerance,
                largest
            );
            return (true, says);
        }
        let says = fault!(
            "agreement-differs",
            "differs: {percent} % of the {count} numbers are more than {tolerance} of the scale apart, at most {largest}",
            percent,
            count,
            tolerance,
            largest
        );
        (false, says)
    }
}

#[cfg(test)]
mod tests;
