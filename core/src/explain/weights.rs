//! Weighted sums of channels, as people write them.

use crate::error::Fault;
use crate::fault;

/// No layer has more channels.
const LIMIT: usize = 1_000_000;

/// Direction among a layer's channels. Written `random`, or a sum as in `3, -0.5*7`.
#[derive(Clone, Debug, PartialEq)]
pub enum Weights {
    /// All channels, each with a random weight.
    Random,
    /// Channels with their weights.
    These(Vec<(usize, f32)>),
}

impl std::str::FromStr for Weights {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || fault!("weights-form", "give channels with weights as in 3, -0.5*7, or random");
        if text.trim() == "random" {
            return Ok(Self::Random);
        }
        let term = |term: &str| {
            let (weight, channel) = term.split_once('*').unwrap_or(("1", term));
            let weight: f32 = weight.trim().parse().ok()?;
            let channel: usize = channel.trim().parse().ok()?;
            (weight.is_finite() && channel <= LIMIT).then_some((channel, weight))
        };
        let terms: Option<Vec<(usize, f32)>> = text.split(',').map(term).collect();
        let terms = terms.filter(|terms| terms.iter().any(|(_, weight)| *weight != 0.0));
        terms.map(Self::These).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_sums_or_random() {
        assert_eq!("random".parse(), Ok(Weights::Random));
        assert_eq!("3, -0.5*7,2 * 3".parse(), Ok(Weights::These(vec![(3, 1.0), (7, -0.5), (3, 2.0)])));
        for wrong in ["", "3,", "a", "0*3", "inf*3", "-1", "1*2*3", "3 7", "1*9999999"] {
            assert!(wrong.parse::<Weights>().unwrap_err().to_string().contains("-0.5*7"), "{wrong}");
        }
    }
}
