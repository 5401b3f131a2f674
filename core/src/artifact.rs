//! Artifacts: what a method gives, one after the other.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::explain::{AttributionMap, no_channel};
use crate::image::{Image, Plane};
use crate::measurement::Measurement;
use crate::predictions::Activation;
use crate::render::{Colormap, Scaling, activation_sheet};

/// Result, or a part of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Artifact {
    /// Attribution map of a layer or of the input.
    Map(AttributionMap),
    /// Image of a channel, in the place of an earlier one of the same channel.
    Panel(Panel),
    /// All feature maps of a layer.
    Sheet(Sheet),
    /// What a metric says of a map.
    Measurement(Measurement),
}

impl Artifact {
    /// The attribution map, where it is one.
    pub fn into_map(self) -> Option<AttributionMap> {
        if let Self::Map(map) = self { Some(map) } else { None }
    }
}

/// Image in 8 bits, to be drawn as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Red, green, blue, row by row.
    #[serde(with = "crate::bytes")]
    pub rgb: Vec<u8>,
}

impl From<&Image> for Drawing {
    fn from(image: &Image) -> Self {
        Self { width: image.width(), height: image.height(), rgb: image.rgb().to_vec() }
    }
}

impl Drawing {
    /// The image.
    ///
    /// # Errors
    /// [`Error::Image`](crate::Error::Image) where the size is none of an image.
    pub fn image(&self) -> Result<Image> {
        Image::from_rgb(self.width, self.height, self.rgb.clone())
    }
}

/// Image of a channel of a layer, or of several together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    /// Layer's name.
    pub layer: String,
    /// Channel; none of an image that is of several together.
    pub channel: Option<usize>,
    /// Numbers known about it.
    pub measure: Measure,
    /// Image; none of a channel with nothing to see.
    pub drawing: Option<Drawing>,
    /// Numbers behind the image, `[3, height, width]` in the network's order of channels, or of several images one after the other. They stay on the side that computed them.
    #[serde(skip)]
    pub values: Vec<f32>,
}

/// Numbers known about a channel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Measure {
    /// Sum of its feature map.
    Sum(f64),
    /// Its share in a score.
    Share(Share),
    /// Objective of an optimisation that goes on.
    Objective(f32),
    /// Objectives of an optimisation that has come to its end.
    Optimized(Optimized),
}

/// Share of a channel in a score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Part of the score, with its sign.
    pub value: f64,
    /// The same as a share of all parts above zero; none where there are none.
    pub share: Option<f64>,
}

impl Share {
    /// The shares of all parts of a score.
    pub fn of(parts: &[f64]) -> Vec<Self> {
        let total: f64 = parts.iter().filter(|part| **part > 0.0).sum();
        let share = |&value: &f64| Self { value, share: (total > 0.0).then(|| value / total) };
        parts.iter().map(share).collect()
    }
}

/// Objectives of an optimisation: the mean of the unit over all positions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Optimized {
    /// Objective of the noise it started from.
    pub first: f32,
    /// Objective of the image.
    pub last: f32,
    /// Objective of the image as it is drawn, in 8 bits and true colours, seen by the network like any image file. This is what to
    /// compare conventions by: the notebook's images leave the range of colours, and grow the objective by contrast that no file can
    /// hold.
    pub drawn: f32,
    /// Number that units are ranked by: the objective of the image, or that before the last step
    /// ([`Synthesis::ranks_before_last`](crate::explain::Synthesis)).
    pub rank: f32,
}

impl Optimized {
    /// Whether the unit did not fire at the start.
    pub fn dead_at_start(&self) -> bool {
        self.first.is_nan() || self.first <= 0.0
    }

    /// Whether the unit does not fire at the end, so that there is nothing to see.
    pub fn dead(&self) -> bool {
        self.rank.is_nan() || self.rank <= 0.0
    }
}

/// All feature maps of a layer, and how they are laid out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Layer, its shape and its numbers.
    pub activation: Activation,
    /// Feature maps `[C, H, W]`, row-major.
    pub values: Vec<f32>,
    /// Scaling of the channels to 0..1.
    pub scaling: Scaling,
    /// Feature maps in a row.
    pub columns: usize,
}

impl Sheet {
    /// The feature maps as tiles with a black line of one pixel between.
    ///
    /// # Errors
    /// [`Error::Image`](crate::Error::Image) where the sheet would be too large.
    pub fn draw(&self, colormap: Colormap) -> Result<Image> {
        let [_, height, width] = self.activation.shape;
        activation_sheet(&self.values, [height, width], self.columns, self.scaling, colormap)
    }

    /// One feature map `[H, W]` divided by its largest magnitude, -1 to 1, and that magnitude.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where the layer has no such channel.
    pub fn channel(&self, channel: usize) -> Result<(Plane, f32)> {
        let Activation { layer, shape: [channels, height, width], .. } = &self.activation;
        let Some(map) = self.values.chunks_exact((height * width).max(1)).nth(channel) else {
            return Err(no_channel(layer, channel, *channels));
        };
        let maximum = map.iter().fold(0_f32, |most, value| most.max(value.abs()));
        let scale = if maximum > 0.0 { maximum } else { 1.0 };
        Ok((Plane::new(*width, *height, map.iter().map(|value| value / scale).collect()), maximum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_what_speaks_for_the_score() {
        let shares = |parts: &[f64]| Share::of(parts).iter().map(|one| one.share).collect::<Vec<_>>();
        assert_eq!(shares(&[3.0, -2.0, 1.0, 0.0]), [Some(0.75), Some(-0.5), Some(0.25), Some(0.0)]);
        assert_eq!(shares(&[-2.0, 0.0]), [None, None]);
    }

    #[test]
    fn a_sheet_gives_single_channels() {
        let activation = Activation {
            layer: "conv".into(),
            shape: [2, 1, 2],
            mean: 0.0,
            maximum: 1.0,
            zeros: 0.5,
            channels: vec![],
        };
        let values = vec![1.0, -4.0, 0.0, 0.0];
        let sheet = Sheet { activation, values, scaling: Scaling::Layer, columns: 2 };
        assert_eq!(sheet.channel(0).unwrap(), (Plane::new(2, 1, vec![0.25, -1.0]), 4.0));
        assert_eq!(sheet.channel(1).unwrap(), (Plane::new(2, 1, vec![0.0; 2]), 0.0));
        assert!(sheet.channel(2).unwrap_err().to_string().contains("no channel 2; it has 0 to 1"));
        let drawn = sheet.draw(Colormap::Viridis).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (5, 1));
        assert_eq!(Drawing::from(&drawn).image().unwrap().rgb(), drawn.rgb());
    }
}
