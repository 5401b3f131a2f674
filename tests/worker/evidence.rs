//! What the worker says of a map beside the map: how far it can be trusted, and what it is in other conventions.

use super::*;

fn trust(layer: &str) -> Command {
    Command::Trust { layer: layer.into() }
}

#[test]
fn a_map_is_measured_and_judged() {
    let (mut worker, stage) = ready_and_looked();
    assert!(message(&say(&mut worker, &stage, trust("b"))).contains("no whole result"));
    say(&mut worker, &stage, explain("all"));
    let events = say(&mut worker, &stage, trust("b"));
    let measured = events.iter().filter_map(|event| match event {
        Event::Artifact(Artifact::Measurement(one)) => Some((one.metric.as_str(), one.layer.as_str())),
        _ => None,
    });
    let metrics: Vec<(&str, &str)> = measured.collect();
    assert!(metrics.len() == 4 && metrics.iter().all(|(_, layer)| *layer == "b"), "{metrics:?}");
    let [.., Event::Verdict(verdict), Event::Done { .. }] = &events.iter().cloned().collect::<Vec<_>>()[..] else {
        panic!("{events:?}")
    };
    assert!(verdict.iter().any(|sentence| sentence.code() == "verdict-limits"), "{verdict:?}");
    assert!(message(&say(&mut worker, &stage, trust("pool"))).contains("no map of pool"));
    // What was explained can still be written down.
    let export = Command::Export(Export { style: MapStyle::default(), form: Form::Manifest });
    assert!(matches!(say(&mut worker, &stage, export).back(), Some(Event::Saved { .. })));
}

#[test]
fn measuring_stops_at_the_next_step() {
    let (mut worker, stage) = ready_and_looked();
    say(&mut worker, &stage, explain("all"));
    stage.patience.set(1);
    let events = say(&mut worker, &stage, trust("b"));
    assert!(events.len() <= 2 && !events.iter().any(|event| matches!(event, Event::Verdict(_))), "{events:?}");
}

#[test]
fn a_map_is_compared_in_all_conventions_of_its_method() {
    let compare = |layer: &str| match explain(layer) {
        Command::Run(request) => Command::CompareConventions(request),
        other => other,
    };
    let (mut worker, stage) = (Worker::default(), stage());
    assert!(message(&say(&mut worker, &stage, compare("b"))).contains("no model"));
    say(&mut worker, &stage, open("tiny"));
    assert!(message(&say(&mut worker, &stage, compare("b"))).contains("no image"));
    say(&mut worker, &stage, look(90));
    say(&mut worker, &stage, explain("all"));
    assert!(message(&say(&mut worker, &stage, compare("all"))).contains("one layer at a time"));
    let mut events = say(&mut worker, &stage, compare("b"));
    assert!(matches!(events.pop_back(), Some(Event::Done { .. })));
    let Some(Event::Conventions(compared)) = events.pop_back() else { panic!("{events:?}") };
    assert!(!events.is_empty() && events.iter().all(|event| matches!(event, Event::Progress { .. })), "{events:?}");
    let names: Vec<&str> = compared.iter().map(|one| one.convention.name).collect();
    assert_eq!((names.len(), names[0], compared[0].map.layer.as_str()), (7, "paper", "b"));
    assert!(compared[0].difference.is_none() && compared[1..].iter().all(|one| one.difference.is_some()));
    // What was explained can still be written down, and a newer command stops it at the next step.
    let export = Command::Export(Export { style: MapStyle::default(), form: Form::Manifest });
    assert!(matches!(say(&mut worker, &stage, export).back(), Some(Event::Saved { .. })));
    stage.patience.set(1);
    let events = say(&mut worker, &stage, compare("a"));
    assert!(events.len() <= 2 && !events.iter().any(|event| matches!(event, Event::Conventions(_))), "{events:?}");
}

#[test]
fn what_was_measured_is_written_down_with_the_map() {
    let (mut worker, stage) = ready_and_looked();
    say(&mut worker, &stage, explain("all"));
    let saved = |worker: &mut Worker| {
        let export = Command::Export(Export { style: MapStyle::default(), form: Form::Bundle { image: None } });
        let events = say(worker, &stage, export);
        let Some(Event::Saved { bytes, .. }) = events.back().cloned() else { panic!("{events:?}") };
        convscope::export::Bundle::read(&bytes, 1 << 24).expect("a bundle")
    };
    let (bundle, evidence) = saved(&mut worker);
    let maps = bundle.manifest["results"].as_array().map_or(0, Vec::len);
    assert!(evidence.asked.metrics.is_empty() && maps == 4);
    say(&mut worker, &stage, trust("b"));
    // Again: it takes the place of the first.
    say(&mut worker, &stage, trust("b"));
    say(&mut worker, &stage, trust("a"));
    let (bundle, evidence) = saved(&mut worker);
    let metrics = &evidence.asked.metrics;
    let layers: Vec<String> = metrics.iter().map(|metric| metric.layers.to_string()).collect();
    assert_eq!(layers, ["b", "b", "b", "b", "a", "a", "a", "a"]);
    assert!(metrics.iter().all(|metric| metric.target.is_none() && metric.map.is_none()));
    assert!(metrics[0].values.contains_key("steps"), "as few steps as were taken");
    let results = bundle.manifest["results"].as_array().expect("results");
    assert_eq!(results.len(), maps + 8);
    assert!(results[maps..].iter().all(|entry| entry["layer"] == "b" || entry["layer"] == "a"), "{results:#?}");
    assert!(results[maps]["method"] == metrics[0].method.as_str());
    // Another run begins without.
    say(&mut worker, &stage, explain("b"));
    assert!(saved(&mut worker).1.asked.metrics.is_empty());
}
