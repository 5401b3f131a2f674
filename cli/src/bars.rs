//! Progress bars on standard error. Where that is no terminal, nothing is drawn.

use std::sync::LazyLock;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// A bar of so many steps, below those that are there.
pub(super) fn bar(steps: usize, template: &str) -> ProgressBar {
    let bar = BARS.add(ProgressBar::new(steps as u64));
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Writes lines that no bar is drawn over.
pub(super) fn beside<T>(write: impl FnOnce() -> T) -> T {
    BARS.suspend(write)
}
