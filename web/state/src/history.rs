//! History of the page: which changes of what is seen are entries that Back and Forward walk.

use super::{Link, State};

/// Seconds within which changes of one kind are one entry.
const SAME_SECONDS: f64 = 1.0;

/// Kind of a choice that makes an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Model,
    Image,
    Method,
    Class,
    Layer,
    Drill,
    Grid,
    View,
}

/// What is done with the address of what is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// It is an entry of its own, behind the one before.
    Enter,
    /// It takes the place of the one before.
    Replace,
}

/// History of what has been seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The view of the newest entry.
    seen: Option<Link>,
    /// The choice that made it or changed it last, and when, in seconds.
    last: Option<(Kind, f64)>,
    /// Whether a link is being followed: its address is there already.
    follows: bool,
}

impl Kind {
    /// The kind of choice that leads from one view to another. A choice brings others with it: another image its likeliest class.
    fn of(old: &Link, new: &Link) -> Option<Self> {
        let changed = [
            (old.model != new.model || old.hash != new.hash, Self::Model),
            (old.image != new.image, Self::Image),
            (old.method != new.method, Self::Method),
            (old.class != new.class, Self::Class),
            (old.layer != new.layer, Self::Layer),
            ((&old.rows, &old.columns) != (&new.rows, &new.columns), Self::Grid),
            (old.view != new.view, Self::View),
            (old.drill != new.drill || old.unit != new.unit, Self::Drill),
        ];
        changed.into_iter().find(|(changed, _)| *changed).map(|(_, kind)| kind)
    }
}

impl History {
    /// Somebody has gone back or forward, or followed a link.
    pub fn follow(&mut self) {
        self.follows = true;
    }

    /// The address of what is seen from now on, by a clock in seconds, and what is done with it; nothing where it is the one before, or
    /// something is still on its way.
    pub fn visit(&mut self, state: &State, now: f64) -> Option<(Link, Visit)> {
        let link = state.link()?;
        // Nobody chooses the frames of a camera, one after the other.
        let is_frame = state.image.photo.as_ref().is_some_and(|photo| photo.frame);
        let visit = self.step(&link, now, is_frame)?;
        Some((link, visit))
    }

    fn step(&mut self, link: &Link, now: f64, is_frame: bool) -> Option<Visit> {
        let followed = std::mem::take(&mut self.follows);
        let old = self.seen.replace(link.clone());
        if old.as_ref() == Some(link) {
            return None;
        }
        let entered = old.as_ref().filter(|_| !is_frame);
        let kind = entered.and_then(|old| Kind::of(old, link));
        let Some(kind) = kind.filter(|_| !followed) else {
            if followed {
                self.last = None;
            }
            return Some(Visit::Replace);
        };
        let goes_on = self.last.is_some_and(|(last, then)| last == kind && now - then < SAME_SECONDS);
        self.last = Some((kind, now));
        Some(if goes_on { Visit::Replace } else { Visit::Enter })
    }
}
