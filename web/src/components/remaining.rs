//! Time that work will still take.

use js_sys::Date;
use yew::prelude::*;

/// Seconds before which nothing is said: the first steps are slower than the rest.
const LEAST: f64 = 2.0;

/// Seconds that are left of work that has done so much of so much, at the speed that it has had since it began; `None` where too
/// little has been done to say.
#[hook]
pub(crate) fn use_remaining(progress: Option<(f64, f64)>) -> Option<f64> {
    // When the work was first seen, how far it was then, and how far it was last.
    let seen = use_mut_ref(|| None::<(f64, f64, f64)>);
    let mut seen = seen.borrow_mut();
    let (done, total) = match progress {
        Some(progress) => progress,
        None => {
            *seen = None;
            return None;
        }
    };
    let now = Date::now() / 1e3;
    let (start, first) = match *seen {
        // Less than before is other work.
        Some((start, first, last)) if done >= last => (start, first),
        _ => (now, done),
    };
    *seen = Some((start, first, done));
    remaining(now - start, done - first, total - done)
}

fn remaining(elapsed: f64, done: f64, left: f64) -> Option<f64> {
    (elapsed >= LEAST && done > 0.0).then(|| elapsed * left / done)
}
