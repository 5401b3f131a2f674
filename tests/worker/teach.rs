//! Teaching, and the model that comes of it.

use convscope::model::Manifest;
use convscope::protocol::Taught;
use convscope::teach::{Examples, PENALTY};

use super::*;

/// A file of stripes of some width and shade, across or down.
fn stripes(down: bool, width: u32, shade: u8) -> Vec<u8> {
    let inked = |at: u32| ((if down { at % 8 } else { at / 8 }) / width).is_multiple_of(2);
    let rgb = (0..64).flat_map(|at| [if inked(at) { shade } else { 255 - shade }; 3]).collect();
    Image::from_rgb(8, 8, rgb).unwrap().png().unwrap()
}

fn features(worker: &mut Worker, stage: &Stage, layer: Option<&str>, file: Vec<u8>) -> (Vec<f32>, String) {
    let events = say(worker, stage, Command::Features { layer: layer.map(Into::into), file });
    match events.back() {
        Some(Event::Features { features, sha256, .. }) if events.len() == 1 => (features.clone(), sha256.clone()),
        other => panic!("no features: {other:?}"),
    }
}

/// Examples of stripes across and down.
fn examples(worker: &mut Worker, stage: &Stage) -> Examples {
    let images: Vec<(&str, Vec<u8>)> = (0..8)
        .map(|at| (if at % 2 == 0 { "across" } else { "down" }, stripes(at % 2 == 1, 1 + at / 4, 200 + 5 * at as u8)))
        .collect();
    let labels: Vec<&str> = images.iter().map(|(label, _)| *label).collect();
    let mut examples = Examples::of_labels(&labels).unwrap();
    for (at, (label, file)) in images.into_iter().enumerate() {
        let (features, sha256) = features(worker, stage, None, file);
        assert_eq!(examples.meet(&at.to_string(), label, sha256).unwrap(), None);
        examples.add(&at.to_string(), label, features);
    }
    examples
}

fn teach(examples: &Examples) -> Command {
    Command::Teach { id: "own-stripes".into(), layer: None, examples: examples.clone() }
}

#[test]
fn a_taught_model_is_kept_and_says_what_its_head_says() {
    let (mut worker, stage) = (Worker::default(), stage());
    let Some(Event::Ready(ready)) = say(&mut worker, &stage, open("tiny")).pop_back() else { panic!("not ready") };
    let layer = ready.features.clone().unwrap();
    let examples = examples(&mut worker, &stage);
    let own = stripes(true, 2, 240);
    let (seen, _) = features(&mut worker, &stage, None, own.clone());
    assert_eq!(seen, features(&mut worker, &stage, Some(&layer), own.clone()).0, "the default is the one that is told");

    let events = say(&mut worker, &stage, teach(&examples));
    let steps = events.iter().filter(|event| matches!(event, Event::Progress { total: 8, .. })).count();
    let Some(Event::Taught(Taught { id, bytes, layer: on, trial, .. })) = events.back() else { panic!("{events:?}") };
    assert_eq!((steps, id.as_str(), on), (8, "own-stripes", &layer));
    let (head, trying) = examples.teach(PENALTY).unwrap();
    assert_eq!(Some(trial), trying.end().as_ref());
    let kept = stage.kept.borrow()["own-stripes"].clone();
    let shards: usize = kept.iter().filter(|(name, _)| *name != "model.json").map(|(_, file)| file.len()).sum();
    assert_eq!(shards as u64, *bytes);
    let base = Manifest::parse(&kept["model.json"]).unwrap().base.unwrap();
    assert_eq!((base.sha256, base.layer), (ready.hash, layer));

    say(&mut worker, &stage, open("own-stripes"));
    let events = say(&mut worker, &stage, Command::Look { name: "own.png".into(), file: own });
    let Some(Event::Looked { classes, .. }) = events.back() else { panic!("{events:?}") };
    for (index, expected) in head.probabilities(&seen).into_iter().enumerate() {
        let class = classes.iter().find(|class| class.index == index).unwrap();
        assert_eq!(class.name, examples.classes[index]);
        let found = f64::from(class.probability.unwrap());
        assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
    }
    let events = say(&mut worker, &stage, ask("grad_cam", Layers::All, &[]));
    assert!(matches!(events.back(), Some(Event::Done { .. })), "{events:?}");
}

#[test]
fn what_cannot_be_taught_is_said_and_nothing_is_kept() {
    let (mut worker, stage) = (Worker::default(), stage());
    assert!(message(&say(&mut worker, &stage, teach(&Examples::default()))).contains("no model is loaded"));
    say(&mut worker, &stage, open("tiny"));
    assert!(message(&say(&mut worker, &stage, teach(&Examples::default()))).contains("two classes or more"));
    let mut examples = examples(&mut worker, &stage);
    let unknown = Command::Features { layer: Some("z".into()), file: stripes(true, 1, 9) };
    assert!(message(&say(&mut worker, &stage, unknown)).contains("no layer z"));
    assert!(message(&say(&mut worker, &stage, Command::Features { layer: None, file: vec![1] })).contains("image"));
    stage.patience.set(2);
    let events = say(&mut worker, &stage, teach(&examples));
    assert!(events.iter().all(|event| matches!(event, Event::Progress { .. })), "a newer command: {events:?}");
    stage.patience.set(usize::MAX);
    examples.all[0].features.push(1.0);
    assert!(message(&say(&mut worker, &stage, teach(&examples))).contains("another layer"));
    assert!(stage.kept.borrow().is_empty());
}
