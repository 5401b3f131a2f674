//! Filters in the worker: they are shown while they grow, and the best are kept.

use std::collections::VecDeque;

use convscope::artifact::{Measure, Panel};
use convscope::protocol::{Command, Event};

use super::{filters, panels, ready_and_looked, say};

#[test]
fn filters_grow_and_the_best_are_kept() {
    let (mut worker, stage) = ready_and_looked();
    let mut events = say(&mut worker, &stage, filters("0..1"));
    assert!(matches!(events.pop_back(), Some(Event::Done { .. })));
    let growing = |panel: &&Panel| matches!(panel.measure, Measure::Objective(_));
    // Two filters, shown at the start and after each of two steps; the third is the last.
    assert_eq!(panels(&events).iter().filter(growing).count(), 6);
    let Some(Event::Progress { done: 8, total: 8 }) = events.pop_back() else { panic!("{events:?}") };
    let rank = |panel: &Panel| match panel.measure {
        Measure::Optimized(optimized) => Some(optimized.rank),
        _ => None,
    };
    let all = |events: &VecDeque<Event>| -> Vec<Panel> {
        panels(events).into_iter().filter(|panel| rank(panel).is_some()).collect()
    };
    assert_eq!(all(&events).iter().map(|panel| panel.channel).collect::<Vec<_>>(), [Some(0), Some(1)]);
    let best = all(&say(&mut worker, &stage, filters("top1")));
    let every = all(&say(&mut worker, &stage, filters("all")));
    assert_eq!((best.len(), every.len()), (1, 4));
    assert!(every.iter().all(|panel| rank(panel) <= rank(&best[0])));

    // Cancelled within a step, quietly.
    stage.patience.set(1);
    let events = say(&mut worker, &stage, filters("0..1"));
    assert!(events.len() == 2 && !matches!(events.back(), Some(Event::Done { .. } | Event::Failed(_))), "{events:?}");
    assert!(say(&mut worker, &stage, Command::Stop).is_empty());
}
