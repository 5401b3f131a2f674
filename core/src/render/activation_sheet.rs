//! All feature maps of a layer on one sheet, as in Chollet's Deep Learning with Python, whose code the Keras notebooks of this field
//! descend from: a line of one pixel between tiles, sixteen a row by default, channels that are zero everywhere left black.

use serde::{Deserialize, Serialize};

use super::{Colormap, stitch};
use crate::error::Result;
use crate::image::Image;
use crate::named::named;

/// Scaling of a sheet's channels to 0..1. Either can mislead: choose with open eyes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// Each by its own mean and standard deviation, `(x - mean) / std * 64 + 128` of 255 (Chollet, Deep Learning with Python):
    /// faint channels are seen, but look as strong as strong ones.
    #[default]
    Channel,
    /// All by the layer's largest magnitude: strengths compare, faint channels vanish.
    Layer,
}

named!(Scaling {
    Channel = "channel", "Each by its own mean and standard deviation: faint channels are seen, but look as strong as strong ones";
    Layer = "layer", "All by the layer's largest magnitude: strengths compare, faint channels vanish";
});

/// A layer's feature maps `[C, height, width]` as tiles with a black line between, `columns` a row. A channel that is zero
/// everywhere is a black tile.
///
/// # Errors
/// [`Error::Image`](crate::Error::Image) where the sheet would be too large.
pub fn activation_sheet(
    maps: &[f32],
    [height, width]: [usize; 2],
    columns: usize,
    scaling: Scaling,
    colormap: Colormap,
) -> Result<Image> {
    let largest = maps.iter().fold(0_f32, |most, value| most.max(value.abs()));
    let tile = |map: &[f32]| {
        let rgb = if map.iter().all(|&value| value == 0.0) {
            vec![0; 3 * map.len()]
        } else {
            let scale = scale(map, scaling, largest);
            map.iter().flat_map(|&value| colormap.colour(scale(value))).collect()
        };
        Image::from_rgb(width as u32, height as u32, rgb)
    };
    let tiles: Vec<Image> = maps.chunks_exact(height * width).map(tile).collect::<Result<_>>()?;
    stitch(&tiles, columns, 1)
}

/// Function from a channel's numbers to 0..1.
fn scale(map: &[f32], scaling: Scaling, largest: f32) -> impl Fn(f32) -> f32 {
    let count = map.len() as f64;
    let mean = map.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
    let variance = map.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
    let (mean, deviation) = (mean as f32, variance.sqrt() as f32);
    move |value| match scaling {
        // A channel of one value has no contrast to show: it is grey.
        Scaling::Channel if deviation == 0.0 => 128.0 / 255.0,
        Scaling::Channel => ((value - mean) / deviation * 64.0 + 128.0) / 255.0,
        Scaling::Layer => value / largest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalings_differ_and_dead_channels_are_black() {
        // Three channels of 1 x 2: strong, faint, dead.
        let maps = [0.0, 100.0, 0.0, 1.0, 0.0, 0.0];
        let tile = |scaling, index: usize| {
            let sheet = activation_sheet(&maps, [1, 2], 16, scaling, Colormap::Viridis).unwrap();
            assert_eq!((sheet.width(), sheet.height()), (8, 1));
            sheet.rgb()[9 * index..9 * index + 6].to_vec()
        };
        assert_eq!(tile(Scaling::Channel, 0), tile(Scaling::Channel, 1));
        assert_ne!(tile(Scaling::Layer, 0), tile(Scaling::Layer, 1));
        let lows: Vec<u8> = [64.0, 192.0].into_iter().flat_map(|of| Colormap::Viridis.colour(of / 255.0)).collect();
        assert_eq!(tile(Scaling::Channel, 0), lows);
        for scaling in [Scaling::Channel, Scaling::Layer] {
            assert_eq!(tile(scaling, 2), [0; 6]);
        }
    }
}
