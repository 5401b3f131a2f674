//! Numbers in the space of the network's input, as images.

use serde::{Deserialize, Serialize};

use crate::image::Image;
use crate::named::named;
use crate::preprocess::Channels;

/// Addend to a standard deviation, in the numbers' own units, which keeps a division off 0 (Keras's `deprocess_image`).
pub const EPSILON: f32 = 1e-5;

/// Colours that the channels are shown as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colours {
    /// Red as red, whatever the network's order.
    True,
    /// The network's first channel as red: the notebooks show blue as red, since they never turn `BGR` round.
    AsStored,
}

named!(Colours {
    True = "true", "Red as red, whatever the network's order";
    AsStored = "as_stored", "The network's first channel as red: the notebooks show blue as red";
});

/// An image `[3, H, W]` as an image: mean to grey, standard deviation to a tenth of the range, the rest cut off, as in the
/// notebooks' `deprocess_image` and in lucid's forerunners: `(x - mean) / (std + 1e-5) * 0.1 + 0.5`.
pub fn deprocess(image: &[f32], width: usize, height: usize, channels: Channels, colours: Colours) -> Image {
    let count = image.len() as f64;
    let mean = image.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
    let variance = image.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
    let (mean, deviation) = (mean as f32, variance.sqrt() as f32);
    let byte = |value: f32| (((value - mean) / (deviation + EPSILON) * 0.1 + 0.5).clamp(0.0, 1.0) * 255.0) as u8;
    interleave(image, width, height, channels, colours, byte)
}

/// An image `[3, H, W]` whose numbers are taken as 0 to 255.
pub fn as_it_is(image: &[f32], width: usize, height: usize, channels: Channels, colours: Colours) -> Image {
    interleave(image, width, height, channels, colours, |value| value.clamp(0.0, 255.0) as u8)
}

fn interleave(
    image: &[f32],
    width: usize,
    height: usize,
    channels: Channels,
    colours: Colours,
    byte: impl Fn(f32) -> u8,
) -> Image {
    let size = width * height;
    let order = match (channels, colours) {
        (Channels::Bgr, Colours::True) => [2, 1, 0],
        _ => [0, 1, 2],
    };
    let rgb = (0..size).flat_map(|place| order.map(|channel| byte(image[channel * size + place]))).collect();
    Image::from_rgb(width as u32, height as u32, rgb).unwrap_or_else(|_| unreachable!("an input's size was checked"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_true_or_as_stored() {
        let image = [255.0, 0.0, 10.0];
        assert_eq!(as_it_is(&image, 1, 1, Channels::Bgr, Colours::True).rgb(), [10, 0, 255]);
        assert_eq!(as_it_is(&image, 1, 1, Channels::Bgr, Colours::AsStored).rgb(), [255, 0, 10]);
        assert_eq!(as_it_is(&image, 1, 1, Channels::Rgb, Colours::True).rgb(), [255, 0, 10]);
    }

    #[test]
    fn the_mean_is_grey_and_ten_deviations_fill_the_range() {
        let image = [1.0, 1.0, 1.0, 3.0, 3.0, 3.0];
        let grey = |steps: f32| ((steps / (1.0 + EPSILON) * 0.1 + 0.5) * 255.0) as u8;
        let image = deprocess(&image, 2, 1, Channels::Rgb, Colours::True);
        assert_eq!(image.rgb(), [grey(-1.0), grey(-1.0), grey(1.0), grey(-1.0), grey(1.0), grey(1.0)]);
        assert_eq!(deprocess(&[7.0; 3], 1, 1, Channels::Rgb, Colours::True).rgb(), [127; 3]);
    }
}
