//! Progress bars on standard error. Where that is no terminal, nothing is drawn.

use std::sync::LazyLock;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// A bar of so many steps, below those that are there; it is gone with the last of its handles.
pub(super) fn bar(steps: usize, template: &str) -> ProgressBar {
    let bar = BARS.add(ProgressBar::new(steps as u64).with_finish(ProgressFinish::AndClear));
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// From now on, draws nothing.
pub(super) fn hide() {
    BARS.set_draw_target(ProgressDrawTarget::hidden());
}

/// Steps of work with names, in a bar.
pub(super) struct Steps(ProgressBar);

impl Steps {
    /// The bar of so many steps.
    pub(super) fn new(steps: usize) -> Self {
        let bar = bar(steps, "{bar:30} {pos}/{len} {msg}, {eta} left");
        bar.tick();
        Self(bar)
    }

    /// Does a step, and counts it as done whatever comes of it.
    pub(super) fn step<T>(&self, name: String, work: impl FnOnce() -> T) -> T {
        self.0.set_message(name);
        let done = work();
        self.0.inc(1);
        done
    }
}

/// Writes lines that no bar is drawn over.
pub(super) fn beside<T>(write: impl FnOnce() -> T) -> T {
    BARS.suspend(write)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_named_while_they_are_done_and_counted_afterwards() {
        let steps = Steps::new(3);
        let seen = || (steps.0.message(), steps.0.position(), steps.0.length());
        let during = steps.step("deletion of rise".into(), seen);
        assert_eq!(during, ("deletion of rise".into(), 0, Some(3)));
        assert_eq!(steps.step("road of rise".into(), seen), ("road of rise".into(), 1, Some(3)));
        assert_eq!(steps.0.position(), 2);
    }
}
