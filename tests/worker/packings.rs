//! A model beside itself in other packings of its weights.

use convscope::explain::{InPacking, correlation};
use convscope::model::load;

use super::*;

fn compare(models: &[&str], layers: Layers) -> Command {
    let request = Request { method: "grad_cam".into(), target: Some(1.into()), layers, ..Request::default() };
    Command::ComparePackings { request, layer: "b".into(), models: models.iter().map(|&id| id.into()).collect() }
}

fn compared(events: &VecDeque<Event>) -> &[InPacking] {
    let packings =
        events.iter().find_map(|event| if let Event::Packings(packings) = event { Some(packings) } else { None });
    packings.unwrap_or_else(|| panic!("no packings: {events:?}"))
}

/// The map and the classes of a model that is run by itself.
fn alone(model: &str, layer: &str) -> (Vec<f32>, Vec<(usize, f32)>) {
    let stage = stage();
    let source = block_on(stage.source(model));
    let model = std::sync::Arc::new(block_on(load(&source, &convscope::device::Opened::cpu(), |_| {})).unwrap());
    let seen = model.observe(Image::from_rgb(8, 8, vec![90; 192]).unwrap()).unwrap();
    let classes = seen.classes().iter().map(|class| (class.index, class.logit)).collect();
    let map = seen.explain("grad_cam").unwrap().class(1).layer(layer).map().unwrap();
    (map.normalised.values.clone(), classes)
}

#[test]
fn other_packings_of_the_model_are_compared_with_the_finest() {
    let (mut worker, stage) = (Worker::default(), stage());
    say(&mut worker, &stage, open("tiny"));
    say(&mut worker, &stage, look(90));
    let first = say(&mut worker, &stage, explain("all"));
    let export = Command::Export(Export { style: MapStyle::default(), form: Form::Manifest });
    let saved = say(&mut worker, &stage, export.clone());

    let events = say(&mut worker, &stage, compare(&["other", "exact"], Layers::All));
    assert!(matches!(events.back(), Some(Event::Done { .. })), "{events:?}");
    let [exact, own] = compared(&events) else { panic!("{events:?}") };
    assert_eq!([exact, own].map(|one| (one.id.as_str(), one.stored.as_str())), [("exact", "f32"), ("tiny", "int8")]);
    assert!(exact.bytes > own.bytes && exact.agreement.is_none());
    let agreement = own.agreement.as_ref().unwrap();
    assert_eq!(agreement.layers.iter().map(|(layer, _)| layer.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "join"]);
    for (layer, actual) in &agreement.layers {
        let [finer, coarser] = ["exact", "tiny"].map(|model| alone(model, layer).0);
        let is_blank = |map: &[f32]| map.iter().all(|&one| one == 0.0);
        let expected = match [&finer, &coarser].map(|map| is_blank(map)) {
            [true, true] => None,
            [false, false] => correlation(&finer, &coarser).map(|one| one as f32),
            _ => Some(0.0),
        };
        let alike = |expected: f32| actual.is_some_and(|actual| (actual - expected).abs() < 1e-5);
        assert!(expected.map_or(actual.is_none(), alike), "{layer}: {actual:?}, not {expected:?}");
    }
    for one in [exact, own] {
        let (map, classes) = alone(&one.id, "b");
        assert_eq!(one.map.as_ref().unwrap().normalised.values, map, "{}", one.id);
        assert_eq!(one.classes.iter().map(|class| (class.index, class.logit)).collect::<Vec<_>>(), classes);
    }
    assert_ne!(exact.classes, own.classes, "bytes are no floats");
    // What was there stays.
    assert_eq!(say(&mut worker, &stage, export), saved);
    assert_eq!(say(&mut worker, &stage, explain("all")), first);
}

#[test]
fn where_there_is_no_other_packing_there_is_one_and_what_cannot_be_read_is_said() {
    let (mut worker, stage) = (Worker::default(), stage());
    say(&mut worker, &stage, open("tiny"));
    assert!(message(&say(&mut worker, &stage, compare(&["exact"], Layers::All))).contains("no image"));
    say(&mut worker, &stage, look(90));
    let events = say(&mut worker, &stage, compare(&["other"], Layers::All));
    assert!(matches!(compared(&events), [InPacking { agreement: None, .. }]), "{events:?}");
    let events = say(&mut worker, &stage, compare(&["gone", "other"], Layers::All));
    assert!(
        matches!(events.back(), Some(Event::Failed(fault)) if fault.to_string().contains("model.json")),
        "{events:?}"
    );
    assert_eq!(compared(&say(&mut worker, &stage, compare(&["gone", "exact"], Layers::All))).len(), 2);
    // A newer command stops it.
    stage.patience.set(0);
    let events = say(&mut worker, &stage, compare(&["exact"], Layers::All));
    assert!(!events.iter().any(|event| matches!(event, Event::Packings(_) | Event::Done { .. })), "{events:?}");
}

#[test]
fn a_model_is_called_as_it_was_asked_for() {
    let (mut worker, stage) = (Worker::default(), stage());
    let events = say(&mut worker, &stage, open("exact"));
    assert!(matches!(events.back(), Some(Event::Ready(ready)) if ready.id == "exact"), "its own name is tiny");
}
