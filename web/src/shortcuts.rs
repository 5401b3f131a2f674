//! Keys that do something when they are pressed alone. Whoever speaks to the machine, or whose hand slips, can switch them off or put
//! them on other keys (WCAG 2.2, success criterion 2.1.4); the choice stays on this machine.

use crate::words::key;

/// Key under which the choice is kept.
const KEPT: &str = "convscope.keys";
/// What is kept where they are switched off.
const OFF: &str = "off";

/// A thing that a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Open the help.
    Help,
    /// Search for a class.
    Search,
    /// Choose an image.
    Open,
    /// Keep an explanation to compare with, or let go of it.
    Keep,
    /// Hide the map for as long as the key is held.
    Alone,
    /// Say what the method shows.
    About,
}

impl Shortcut {
    /// All of them, each with its usual key and what is said of it.
    pub const ALL: [(Self, char, &'static str); 6] = [
        (Self::Help, '?', key("help-help")),
        (Self::Search, '/', key("help-search")),
        (Self::Open, 'o', key("help-open")),
        (Self::Keep, 'k', key("help-keep")),
        (Self::Alone, 'b', key("help-alone")),
        (Self::About, 'i', key("help-about")),
    ];
}

/// The choice of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortcuts {
    /// Whether keys do anything when they are pressed alone.
    pub on: bool,
    /// The key of each shortcut, in the order of [`Shortcut::ALL`]; none where another has it.
    keys: [Option<char>; Shortcut::ALL.len()],
}

impl Default for Shortcuts {
    fn default() -> Self {
        Self { on: true, keys: Shortcut::ALL.map(|(_, usual, _)| Some(usual)) }
    }
}

impl Shortcuts {
    /// The choice that is kept, or the usual one.
    pub fn kept() -> Self {
        let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
        let kept = storage.and_then(|storage| storage.get_item(KEPT).ok().flatten());
        kept.map_or_else(Self::default, |kept| Self::parse(&kept))
    }

    /// Keeps it. A browser that keeps nothing has the usual keys next time.
    pub fn keep(&self) {
        let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
        if let Some(storage) = storage {
            let _ = storage.set_item(KEPT, &self.text());
        }
    }

    /// The choice as it is kept: `off` or `on`, and the keys, a space where there is none.
    fn text(&self) -> String {
        let keys: String = self.keys.iter().map(|key| key.unwrap_or(' ')).collect();
        format!("{} {keys}", if self.on { "on" } else { OFF })
    }

    fn parse(text: &str) -> Self {
        let (on, keys) = text.split_once(' ').unwrap_or((text, ""));
        let mut shortcuts = Self { on: on != OFF, ..Self::default() };
        for (place, letter) in shortcuts.keys.iter_mut().zip(keys.chars()) {
            *place = (!letter.is_whitespace()).then_some(letter);
        }
        shortcuts
    }

    /// The key of the shortcut in a place of [`Shortcut::ALL`].
    pub fn key(&self, place: usize) -> Option<char> {
        self.keys.get(place).copied().flatten()
    }

    /// The same with another key in a place, which it takes away from another shortcut; digits and spaces are none.
    #[must_use]
    pub fn with(mut self, place: usize, letter: Option<char>) -> Self {
        let letter = letter.filter(|letter| !letter.is_whitespace() && !letter.is_ascii_digit());
        let letter = letter.and_then(|letter| letter.to_lowercase().next());
        if letter.is_some() {
            self.keys.iter_mut().filter(|key| **key == letter).for_each(|key| *key = None);
        }
        if let Some(key) = self.keys.get_mut(place) {
            *key = letter;
        }
        self
    }

    /// What a key does, upper and lower case being one.
    pub fn of(&self, pressed: &str) -> Option<Shortcut> {
        let mut letters = pressed.chars();
        let (Some(letter), None, true) = (letters.next(), letters.next(), self.on) else { return None };
        let letter = letter.to_lowercase().next();
        let place = self.keys.iter().position(|key| key.is_some() && *key == letter)?;
        Some(Shortcut::ALL[place].0)
    }
}
