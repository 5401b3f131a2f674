//! Sizes of the workspace's panes and which are closed, kept on this machine.

use convscope_page::{Closed, Pane};

/// The largest width of a pane, or height of the layers, in hundredths of the window's.
pub const WIDEST: f64 = 40.0;

/// Key under which the closed panes are kept.
const CLOSED: &str = "convscope.closed";

/// Width without a choice, in hundredths of the window's; of the layers the height, 0 where it is as small as it can be.
pub const fn usual_width(pane: Pane) -> f64 {
    match pane {
        Pane::Left => 15.0,
        Pane::Right => 20.5,
        Pane::Below => 0.0,
    }
}

/// Key under which the width is kept.
fn key(pane: Pane) -> String {
    format!("convscope.width.{}", pane.name())
}

/// Width of a pane when the page was left, in hundredths of the window's.
pub fn kept_width(pane: Pane) -> f64 {
    let kept = storage().and_then(|storage| storage.get_item(&key(pane)).ok().flatten());
    let kept = kept.and_then(|kept| kept.parse().ok()).filter(|width| (0.0..=WIDEST).contains(width));
    kept.unwrap_or(usual_width(pane))
}

/// Keeps the width of a pane, cut to what it may be.
pub fn keep_width(pane: Pane, width: f64) -> f64 {
    let width = width.clamp(0.0, WIDEST);
    if let Some(storage) = storage() {
        let _ = storage.set_item(&key(pane), &format!("{width:.1}"));
    }
    width
}

/// The panes that were closed when the page was left.
pub fn closed() -> Closed {
    let kept = storage().and_then(|storage| storage.get_item(CLOSED).ok().flatten()).unwrap_or_default();
    // Pages of before kept them with spaces between.
    Closed::parse(&kept.replace(' ', ",")).unwrap_or_default()
}

/// Keeps which panes are closed. A browser that keeps nothing has all of them open next time.
pub fn keep_closed(closed: Closed) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(CLOSED, &closed.to_string());
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
