//! Blending of heat with the image below it.

use serde::{Deserialize, Serialize};

use crate::named::named;

/// Dependence of the heat's opacity on the number that it stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blend {
    /// Opacity that follows the number, so that heat hides nothing where there is none.
    #[default]
    ByValue,
    /// One opacity everywhere, as most tools of the field have it: the colour of 0 dyes the image.
    Plain,
}

named!(Blend {
    ByValue = "by_value", "Opacity follows the value: cold places show the image untouched";
    Plain = "plain", "One opacity everywhere, as most tools have it";
});

impl Blend {
    /// Share of the chosen opacity that a number of 0 to 1 has.
    pub fn opacity(self, value: f32) -> f32 {
        match self {
            Self::ByValue if value.is_nan() => 0.0,
            Self::ByValue => value.clamp(0.0, 1.0),
            Self::Plain => 1.0,
        }
    }

    /// Share of the chosen opacity that a number of -1 to 1 has. Colours with a sign pale towards 0 by themselves, so that it is the
    /// root of the magnitude: otherwise what is weak would fade twice.
    pub fn signed_opacity(self, value: f32) -> f32 {
        self.opacity(value.abs()).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opacity_follows_the_value_or_is_one_everywhere() {
        let of = |blend: Blend| [-0.5, 0.0, 0.25, 1.0, 2.0, f32::NAN].map(|value| blend.opacity(value));
        assert_eq!(of(Blend::ByValue), [0.0, 0.0, 0.25, 1.0, 1.0, 0.0]);
        assert_eq!(of(Blend::Plain), [1.0; 6]);
        let signed = |blend: Blend| [-1.0, -0.25, 0.0, 0.25].map(|value| blend.signed_opacity(value));
        assert_eq!(signed(Blend::ByValue), [1.0, 0.5, 0.0, 0.5]);
        assert_eq!(signed(Blend::Plain), [1.0; 4]);
    }
}
