//! Channels of a layer, as people write them.

use std::collections::HashSet;

use crate::error::{Error, Fault, Result};
use crate::fault;

/// Number of channels that no layer exceeds.
const LIMIT: usize = 1_000_000;

/// Channels (filters) of a layer. Written `all`, `top4`, `first64`, `0..63` (both ends are meant), or `3,7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channels {
    /// Every one.
    All,
    /// The best so many, by what the question ranks them by.
    Top(usize),
    /// Channels with the lowest numbers, so many, or all where there are fewer.
    First(usize),
    /// Channels by number, in this order, each once.
    These(Vec<usize>),
}

impl std::str::FromStr for Channels {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || fault!("channels-form", "give numbers as in 3,7 or 0..63, the best few as in top4, or all");
        let number = |text: &str| text.trim().parse::<usize>().map_err(|_| wrong());
        let text = text.trim();
        if text == "all" {
            return Ok(Self::All);
        }
        let several = |text| number(text).and_then(|count| if count > 0 { Ok(count) } else { Err(wrong()) });
        if let Some(count) = text.strip_prefix("top") {
            return several(count).map(Self::Top);
        }
        if let Some(count) = text.strip_prefix("first") {
            return several(count).map(Self::First);
        }
        let (mut these, mut named) = (vec![], HashSet::new());
        for part in text.split(',') {
            let (first, last) = match part.split_once("..") {
                Some((first, last)) => (number(first)?, number(last)?),
                None => (number(part)?, number(part)?),
            };
            if last < first || last > LIMIT {
                return Err(wrong());
            }
            these.extend((first..=last).filter(|&channel| named.insert(channel)));
        }
        Ok(Self::These(these))
    }
}

impl Channels {
    /// Channels that `text` names.
    ///
    /// # Errors
    /// [`Error::Request`] saying how it is written.
    pub fn named(text: &str) -> Result<Self> {
        text.parse().map_err(|cause| {
            let text = format_args!("{text:?}");
            Error::Request(fault!("channels-unknown", "{text} names no channels: {cause}", cause = cause, text))
        })
    }
}

/// The error of a channel that a layer of `count` channels has not.
pub fn no_channel(layer: &str, channel: usize, count: usize) -> Error {
    Error::Request(fault!(
        "channel-unknown",
        "the layer {layer} has no channel {channel}; it has 0 to {last}",
        layer,
        channel,
        last = count - 1
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_ranges_lists_all_or_the_best() {
        let these = |numbers: &[usize]| Ok(Channels::These(numbers.to_vec()));
        assert_eq!("0..3".parse(), these(&[0, 1, 2, 3]));
        assert_eq!("3, 7,3".parse(), these(&[3, 7]));
        assert_eq!("1..2,0".parse(), these(&[1, 2, 0]));
        assert_eq!("all".parse(), Ok(Channels::All));
        assert_eq!("top64".parse(), Ok(Channels::Top(64)));
        assert_eq!("first64".parse(), Ok(Channels::First(64)));
        for wrong in ["", "top0", "first0", "top", "a", "3..1", "0..9999999999", "-1"] {
            assert!(wrong.parse::<Channels>().is_err(), "{wrong}");
            assert!(Channels::named(wrong).unwrap_err().to_string().contains("top4"));
        }
    }
}
