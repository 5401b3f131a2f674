//! The results as Markdown.

use std::fmt::Write;

use super::Record;

/// Results that differ by more than this, relative to the norm, are not the same answer.
const TOLERANCE: f64 = 1e-3;

/// One table for every model and place, in the order of the records: milliseconds, and each peer's ratio to Convscope's.
pub fn of(records: &[Record]) -> String {
    let mut text = String::new();
    let mut heading = None;
    let all: Vec<&Record> = records.iter().filter(|record| record.contestant == "convscope").collect();
    for ours in &all {
        let this = (&ours.model, &ours.device);
        if heading != Some(this) {
            let _ = write!(
                text,
                "\n### {}, {}\n\n| task | contestant | median ms | min | max | first | Convscope / it | result |\n|---|---|---|---|---|---|---|---|\n",
                ours.model, ours.device
            );
            heading = Some(this);
        }
        let same = |record: &&Record| (&record.model, &record.device) == this && record.task == ours.task;
        for record in records.iter().filter(same) {
            let _ = writeln!(text, "{}", row(record, ours));
        }
        let mine: Vec<&Record> = all.iter().filter(|record| (&record.model, &record.device) == this).copied().collect();
        if mine.last().is_some_and(|last| std::ptr::eq(*last, *ours)) {
            text.push_str(&shares(&mine));
            let here = |record: &&Record| (&record.model, &record.device) == this;
            text.push_str(&on_gpu(records.iter().filter(here)));
        }
    }
    text
}

/// Shares of what Convscope's tasks cost beside each other, since nothing should be computed twice.
fn shares(records: &[&Record]) -> String {
    let median =
        |task: &str| records.iter().find(|record| record.task == task).map(|record| spread(&record.milliseconds)[0]);
    let share = |(this, that): (&str, &str)| Some(format!("{this} / {that}: {:.2}", median(this)? / median(that)?));
    let shares = [("all_layers", "input_gradient"), ("another_class", "forward")].into_iter().filter_map(share);
    format!("\n{}\n", shares.collect::<Vec<_>>().join("; "))
}

/// Table of what contestants asked of the GPU, in one round.
fn on_gpu<'a>(records: impl Iterator<Item = &'a Record>) -> String {
    let mut text = String::new();
    for record in records {
        let Some(gpu) = &record.gpu else { continue };
        if text.is_empty() {
            text.push_str(
                "\n| task | contestant | dispatches | submits | MB moved | MB uploaded | MB copied | MB held |\n",
            );
            text.push_str("|---|---|---|---|---|---|---|---|\n");
        }
        let [moved, uploaded, copied, held] = [gpu.moved, gpu.uploaded, gpu.copied, gpu.held].map(|bytes| bytes / 1e6);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {moved:.1} | {uploaded:.2} | {copied:.2} | {held:.1} |",
            record.task, record.contestant, gpu.dispatches, gpu.submits
        );
    }
    text
}

fn row(record: &Record, ours: &Record) -> String {
    let (task, about) = (&record.task, if record.about.is_empty() { &record.contestant } else { &record.about });
    if let Some(why) = &record.failed {
        return format!("| {task} | {about} | {} | | | | | |", why.replace('|', "/"));
    }
    let [median, min, max] = spread(&record.milliseconds);
    let ratio = spread(&ours.milliseconds)[0] / median;
    let difference = (record.norm - ours.norm).abs() / ours.norm;
    let result = if difference <= TOLERANCE { "same".into() } else { format!("norm {difference:.1e} off") };
    let first = record.first.unwrap_or(f64::NAN);
    format!("| {task} | {about} | {median:.1} | {min:.1} | {max:.1} | {first:.0} | {ratio:.2} | {result} |")
}

/// Median, least and greatest.
fn spread(numbers: &[f64]) -> [f64; 3] {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    [at(sorted.len() / 2), at(0), at(sorted.len().saturating_sub(1))]
}

#[cfg(test)]
mod tests {
    use super::super::Counts;
    use super::*;

    fn record(contestant: &str, milliseconds: &[f64], norm: f64) -> Record {
        Record {
            model: "m".into(),
            device: "native-cpu".into(),
            task: "forward".into(),
            contestant: contestant.into(),
            about: contestant.into(),
            milliseconds: milliseconds.into(),
            first: Some(9.0),
            sum: 0.0,
            norm,
            count: 1,
            memory: None,
            gpu: None,
            failed: None,
        }
    }

    #[test]
    fn ratios_are_of_medians_and_other_answers_are_told() {
        let mut broken = record("none", &[], 0.0);
        broken.failed = Some("a | b".into());
        let table = of(&[record("convscope", &[1.0, 3.0, 2.0], 5.0), record("peer", &[8.0, 4.0, 1.0], 6.0), broken]);
        assert!(table.contains("| forward | convscope | 2.0 | 1.0 | 3.0 | 9 | 1.00 | same |"), "{table}");
        assert!(table.contains("| forward | peer | 4.0 | 1.0 | 8.0 | 9 | 0.50 | norm 2.0e-1 off |"), "{table}");
        assert!(table.contains("| forward | none | a / b |"), "{table}");
        assert!(!table.contains("dispatches"), "{table}");
    }

    #[test]
    fn what_was_asked_of_a_gpu_is_told() {
        let mut record = record("convscope", &[1.0], 5.0);
        let (moved, uploaded, copied, held) = (2.5e6, 1e4, 0.0, 3e6);
        record.gpu = Some(Counts { dispatches: 7.0, submits: 2.0, pipelines: 0.0, moved, uploaded, copied, held });
        let table = of(&[record]);
        assert!(table.contains("| forward | convscope | 7 | 2 | 2.5 | 0.01 | 0.00 | 3.0 |"), "{table}");
    }
}
