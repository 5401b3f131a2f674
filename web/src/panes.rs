//! Panes of the workspace: which are open and how wide they are, kept on this machine.

/// The largest width of a pane, in hundredths of the window's.
pub const WIDEST: f64 = 40.0;

/// Key under which the closed panes are kept.
const CLOSED: &str = "convscope.closed";

/// A pane that can be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// Images and classes, on the left.
    Left,
    /// The method and trust, on the right.
    Right,
    /// The layers, below.
    Below,
}

impl Pane {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Left, Self::Right, Self::Below];

    /// Name in the page's classes and in what is kept.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Below => "below",
        }
    }

    /// Width without a choice, in hundredths of the window's.
    pub const fn usual_width(self) -> f64 {
        match self {
            Self::Left => 15.0,
            Self::Right => 20.5,
            Self::Below => 100.0,
        }
    }

    /// Key under which the width is kept.
    fn key(self) -> String {
        format!("convscope.width.{}", self.name())
    }
}

/// Width of a pane when the page was left, in hundredths of the window's.
pub fn kept_width(pane: Pane) -> f64 {
    let kept = storage().and_then(|storage| storage.get_item(&pane.key()).ok().flatten());
    let kept = kept.and_then(|kept| kept.parse().ok()).filter(|width| (0.0..=WIDEST).contains(width));
    kept.unwrap_or(pane.usual_width())
}

/// Keeps the width of a pane, cut to what it may be.
pub fn keep_width(pane: Pane, width: f64) -> f64 {
    let width = width.clamp(0.0, WIDEST);
    if let Some(storage) = storage() {
        let _ = storage.set_item(&pane.key(), &format!("{width:.1}"));
    }
    width
}

/// The panes that are closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closed(Vec<Pane>);

impl Closed {
    /// Those that were closed when the page was left.
    pub fn kept() -> Self {
        let kept = storage().and_then(|storage| storage.get_item(CLOSED).ok().flatten()).unwrap_or_default();
        Self(Pane::ALL.into_iter().filter(|pane| kept.split(' ').any(|name| name == pane.name())).collect())
    }

    /// Whether a pane is closed.
    pub fn has(&self, pane: Pane) -> bool {
        self.0.contains(&pane)
    }

    /// With a pane opened that is closed, or closed that is open. It is kept; a browser that keeps nothing has all of them open next time.
    pub fn toggled(&self, pane: Pane) -> Self {
        let closed = Pane::ALL.into_iter().filter(|&one| self.has(one) != (one == pane)).collect();
        let closed = Self(closed);
        if let Some(storage) = storage() {
            let names: Vec<&str> = closed.0.iter().map(|pane| pane.name()).collect();
            let _ = storage.set_item(CLOSED, &names.join(" "));
        }
        closed
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
