//! Choices with names: one spelling for the command line, links, `model.json` and messages.

use crate::error::Fault;
use crate::fault;

/// A choice among a few.
pub trait Named: Copy + PartialEq + Send + Sync + 'static {
    /// The choices that people may ask for.
    const CHOICES: &'static [Self];

    /// The name, as it is written.
    fn name(self) -> &'static str;

    /// A sentence for help, without a full stop.
    fn about(self) -> &'static str;

    /// The choice of that name.
    fn named(name: &str) -> Option<Self> {
        Self::CHOICES.iter().copied().find(|choice| choice.name() == name)
    }
}

/// Implements [`Named`] for an enum: `Variant = "name", "help";` in a row, and behind them, after `hidden`, what nobody may ask for.
#[macro_export]
macro_rules! named {
    ($type:ty { $($variant:ident = $name:literal, $about:literal;)+ } $(hidden $hidden:ident = $hidden_name:literal)*) => {
        impl $type {
            /// The choices that people may ask for.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The choices as those of a parameter: names, each with a sentence for help.
            pub const PAIRS: &'static [(::std::borrow::Cow<'static, str>, ::std::borrow::Cow<'static, str>)] =
                &[$((::std::borrow::Cow::Borrowed($name), ::std::borrow::Cow::Borrowed($about))),+];

            /// The name, as it is written.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                    $(Self::$hidden => $hidden_name,)*
                }
            }
        }

        impl $crate::named::Named for $type {
            const CHOICES: &'static [Self] = Self::ALL;

            fn name(self) -> &'static str {
                self.name()
            }

            fn about(self) -> &'static str {
                match self {
                    $(Self::$variant => $about,)+
                    $(Self::$hidden => "",)*
                }
            }
        }
    };
}

pub(crate) use named;

/// The fewest letters that are put in, left out, replaced or swapped with their neighbour between two texts.
pub fn edits(one: &str, other: &str) -> usize {
    strsim::osa_distance(one, other)
}

/// Part of a sentence behind a name that does not exist: the nearest of those that do, or nothing.
pub fn did_you_mean(name: &str, names: &[&str]) -> Fault {
    match nearest(name, names) {
        Some(near) => fault!("did-you-mean", " (did you mean {near}?)", near),
        None => fault!("did-you-mean-nothing", ""),
    }
}

/// The name nearest to one that does not exist, if it is near enough to have been meant.
fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let nearest = names.iter().map(|known| (strsim::levenshtein(name, known), *known)).min();
    nearest.filter(|(edits, known)| 3 * edits <= known.chars().count()).map(|(_, known)| known)
}
