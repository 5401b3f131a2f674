//! Sums of classes as people write them.

use super::Target;
use crate::error::{Error, Result};
use crate::fault;

/// Class as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// By its index.
    Index(usize),
    /// By its place among the classes of an image, the likeliest of which has 1.
    Top(usize),
}

/// Target as it was written, before an image says which class is the likeliest. The grammar:
///
/// ```text
/// target = "not " class | term { (" + " | " - ") term }
/// term   = [ number "*" ] class
/// class  = an index, a name, "a name", index:N, name:NAME, output N or topK
/// ```
///
/// Signs of a sum stand between spaces, so that `black-and-tan coonhound` is a name. What stands between double quotes is a name,
/// whatever is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression(Vec<(Place, f32)>);

impl Expression {
    /// What `text` means, where `class` says which class a word means.
    ///
    /// # Errors
    /// [`Error::Request`] where it is no sum of classes, and what `class` says.
    pub fn parse(text: &str, class: impl Fn(&str) -> Result<Place>) -> Result<Self> {
        let text = text.trim();
        let parts = parts(text);
        if let Some(one) = text.strip_prefix("not ") {
            if parts.len() > 1 {
                return Err(Error::Request(fault!(
                    "target-not-of-sum",
                    "{text} is not clear, since not takes one class; write what it is against with a minus, as in 282 - 285",
                    text
                )));
            }
            return Ok(Self(vec![(class(one.trim())?, -1.0)]));
        }
        let several = parts.len() > 1;
        let term = |(sign, term): (f32, &str)| {
            if several && term.is_empty() {
                return Err(Error::Request(fault!(
                    "target-term-missing",
                    "a class is missing beside a sign in {text}; write it as in 285 - 282",
                    text
                )));
            }
            let (weight, word) = weighted(term);
            Ok((class(word)?, sign * weight))
        };
        parts.into_iter().map(term).collect::<Result<_>>().map(Self)
    }

    /// The target for an image with its classes `ranked`, the likeliest first.
    ///
    /// # Errors
    /// [`Error::Request`] where there are not so many classes, or nothing is left of the sum.
    pub fn resolve(&self, ranked: &[usize]) -> Result<Target> {
        let index = |&(place, weight): &(Place, f32)| match place {
            Place::Index(index) => Ok((index, weight)),
            Place::Top(rank) => match ranked.get(rank.wrapping_sub(1)) {
                Some(&index) => Ok((index, weight)),
                None => Err(no_top(rank, ranked.len())),
            },
        };
        Target::new(self.0.iter().map(index).collect::<Result<Vec<_>>>()?)
    }
}

impl From<Place> for Expression {
    fn from(place: Place) -> Self {
        Self(vec![(place, 1.0)])
    }
}

/// The error of asking for more of the likeliest classes than there are.
pub(crate) fn no_top(rank: usize, count: usize) -> Error {
    Error::Request(fault!(
        "class-top-unknown",
        "there is no top{rank} among {count} classes; give a number from 1 to {count}",
        rank,
        count
    ))
}

/// The terms of a sum, each with its sign.
fn parts(text: &str) -> Vec<(f32, &str)> {
    let (mut parts, mut start, mut sign, mut quoted) = (vec![], 0, 1.0, false);
    let bytes = text.as_bytes();
    let space = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_whitespace);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'+' | b'-' if !quoted && space(at.checked_sub(1)) && space(Some(at + 1)) => {
                parts.push((sign, text[start..at].trim()));
                sign = if *byte == b'-' { -1.0 } else { 1.0 };
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push((sign, text[start..].trim()));
    parts
}

/// The weight of a term, and the rest of it.
fn weighted(term: &str) -> (f32, &str) {
    let (number, word) = term.split_once('*').unwrap_or(("", term));
    match number.trim().parse() {
        Ok(weight) => (weight, word.trim()),
        Err(_) => (1.0, term),
    }
}
