//! Words about what was taught.

use std::path::Path;

use convscope::teach::{Examples, Lesson, Trial, verdict};
use serde_json::{Value, json};

use crate::files::parent;

/// Images that are told to be wrong.
const WRONG: usize = 10;
/// Letters of a class's name in the table.
const LETTERS: usize = 12;

/// What there is to tell.
pub(super) struct Told<'a> {
    pub(super) lesson: &'a Lesson<'a>,
    /// Name of the layer.
    pub(super) layer: &'a str,
    /// The base's id.
    pub(super) base: &'a str,
    pub(super) examples: &'a Examples,
    pub(super) trial: &'a Trial,
    /// Seconds that looking at the images took, and teaching with its trial.
    pub(super) seconds: [f64; 2],
    /// Bytes of the model's files.
    pub(super) bytes: u64,
    pub(super) out: &'a Path,
}

impl Told<'_> {
    /// One object with everything.
    pub(super) fn json(&self) -> Value {
        let (classes, trial) = (self.lesson.classes, self.trial);
        let images = self.examples.all.iter().zip(&trial.found);
        let images = images
            .map(|(one, found)| json!({ "image": one.name, "class": classes[one.class], "found": classes[*found] }));
        json!({
            "model": self.lesson.id, "base": self.base, "base_sha256": self.lesson.base, "layer": self.layer,
            "classes": classes, "right": trial.right.count, "of": trial.right.of, "accuracy": trial.right.share(),
            "interval": trial.right.interval, "left_out": trial.left_out,
            "confusion": trial.confusion.chunks(classes.len()).collect::<Vec<_>>(),
            "images": images.collect::<Vec<_>>(), "seconds": self.seconds, "bytes": self.bytes,
        })
    }

    /// The lines for people.
    pub(super) fn lines(&self) -> Vec<String> {
        let lesson = self.lesson;
        let mut sentences = verdict(self.trial).into_iter().map(|sentence| sentence.to_string());
        let mut lines: Vec<String> = sentences.next().into_iter().collect();
        lines.extend(self.table());
        let wrong = self.examples.wrong(self.trial);
        let wrong: Vec<String> =
            wrong.map(|(one, found)| format!("  {}: taken for {}", one.name, lesson.classes[found])).collect();
        lines.extend(wrong.iter().take(WRONG).cloned());
        if wrong.len() > WRONG {
            lines.push(format!("  and {} others", wrong.len() - WRONG));
        }
        lines.extend(sentences);
        let (folder, place) = (self.out.display(), parent(self.out).display());
        let [looking, teaching] = self.seconds;
        lines.push(format!(
            "{} on {} of {}: {:.1} MB in {folder}; {looking:.1} s for the images, {teaching:.1} s for the head",
            lesson.id,
            self.layer,
            self.base,
            self.bytes as f64 / 1e6
        ));
        lines.push(format!(
            "what it looks at: convscope survey FOLDER --labels folders --weights {place} --model {} --out DIR",
            lesson.id
        ));
        lines
    }

    /// The table of classes and what they were taken for.
    fn table(&self) -> Vec<String> {
        let classes = self.lesson.classes;
        let cut = |name: &str| name.chars().take(LETTERS).collect::<String>();
        let head: String = classes.iter().map(|class| format!(" {:>LETTERS$}", cut(class))).collect();
        let mut lines = vec![format!("{:LETTERS$}{head}   (found)", "")];
        for (class, row) in classes.iter().zip(self.trial.confusion.chunks(classes.len())) {
            let cells: String = row.iter().map(|count| format!(" {count:>LETTERS$}")).collect();
            lines.push(format!("{:LETTERS$}{cells}", cut(class)));
        }
        lines
    }
}
