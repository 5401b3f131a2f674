//! Preprocessing of an image to the network's input, the way the model's makers did it: the first source of mismatch between tools.

mod nearest;
mod preset;
mod resample;
mod side;

use serde::{Deserialize, Serialize};

pub use self::preset::Preset;
use self::side::{Side, margin};
use crate::error::Fault;
use crate::fault;
use crate::image::Image;
use crate::named::named;

/// Way to bring an image to the input's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Fit {
    /// Both sides to the input's, whatever the aspect ratio (Keras `load_img(target_size=...)`).
    Squash,
    /// The short side to `short_side`, then the middle (torchvision `Resize` and `CenterCrop`).
    CentreCrop {
        /// Length of the short side before cropping, in pixels.
        short_side: u32,
    },
}

/// Way to find pixels between pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// The pixel whose area holds the new pixel's centre: Pillow's `NEAREST`, pixel for pixel.
    Nearest,
    /// A triangle filter as wide as the shrinking asks for: the `BILINEAR` of Pillow 9 to 12, to the last bit. Pillow 13 takes the
    /// vertical pass first where that is less work, which rounds some pixels to the other side, by 1 of 255.
    Bilinear,
}

named!(Interpolation {
    Nearest = "nearest", "The pixel whose area holds the new pixel's centre (Pillow's `NEAREST`)";
    Bilinear = "bilinear", "A triangle filter as wide as the shrinking asks for (Pillow's `BILINEAR`)";
});

/// The order of an input's three channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channels {
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red.
    Bgr,
}

named!(Channels {
    Rgb = "rgb", "Red, green, blue";
    Bgr = "bgr", "Blue, green, red";
});

/// `input = (pixel * scale - mean) / std`, with pixels from 0 to 255 and channels in the model's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preprocessing {
    /// Input width in pixels.
    pub width: u32,
    /// Input height in pixels.
    pub height: u32,
    /// Way to bring the image to that size.
    pub fit: Fit,
    /// Way to find pixels between pixels.
    pub interpolation: Interpolation,
    /// The order of the channels, of `mean` and of `std`.
    pub channels: Channels,
    /// Factor that a pixel's value of 0 to 255 is multiplied with.
    pub scale: f32,
    /// Mean that is subtracted from each channel.
    pub mean: [f32; 3],
    /// Standard deviation that each channel is divided by.
    pub std: [f32; 3],
}

/// The part of an image, in its own pixels, that the network sees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Preprocessing {
    /// The input's shape `[C, H, W]`.
    pub const fn input_shape(&self) -> [usize; 3] {
        [3, self.height as usize, self.width as usize]
    }

    /// Whether the input's numbers are the pixels' as they are.
    pub fn keeps_pixels(&self) -> bool {
        (self.scale, self.mean, self.std) == (1.0, [0.0; 3], [1.0; 3])
    }

    /// Numbers at the network's input of a pixel whose three channels are `value`, 0 to 255.
    pub fn grey(&self, value: f32) -> [f32; 3] {
        std::array::from_fn(|channel| (value * self.scale - self.mean[channel]) / self.std[channel])
    }

    /// Bounds, smallest and largest, of the numbers that each channel of the network's input can have.
    pub fn range(&self) -> [[f32; 3]; 2] {
        let (black, white) = (self.grey(0.0), self.grey(255.0));
        [f32::min, f32::max].map(|bound| std::array::from_fn(|channel| bound(black[channel], white[channel])))
    }

    /// Checks that the numbers make sense.
    ///
    /// # Errors
    /// Half a sentence that says which do not.
    pub fn check(&self) -> Result<(), Fault> {
        let Self { width, height, .. } = *self;
        if [width, height].iter().any(|&side| side == 0 || side > 4096) {
            return Err(fault!("input-size", "an input of {width} x {height} pixels is none", width, height));
        }
        if let Fit::CentreCrop { short_side } = self.fit
            && (short_side < width || short_side < height || short_side > 4096)
        {
            return Err(fault!(
                "short-side",
                "a short side of {side} does not hold an input of {width} x {height}",
                side = short_side,
                width,
                height
            ));
        }
        let numbers = [self.scale].into_iter().chain(self.mean).chain(self.std);
        if numbers.into_iter().any(|number| !number.is_finite()) || self.std.contains(&0.0) {
            return Err(fault!("preprocessing", "the preprocessing divides by 0 or has a number that is none"));
        }
        Ok(())
    }

    /// The image as the network sees it, before its channels are ordered and scaled.
    pub fn view(&self, image: &Image) -> Image {
        let image = image.image();
        let (width, height) = self.before_crop(image.width(), image.height());
        let columns = Side::middle(image.width(), width, self.width);
        let rows = Side::middle(image.height(), height, self.height);
        let view = match self.interpolation {
            Interpolation::Bilinear => resample::bilinear(image, &columns, &rows),
            Interpolation::Nearest => nearest::nearest(image, &columns, &rows),
        };
        Image::from_rgb(view.width(), view.height(), view.into_raw())
            .unwrap_or_else(|_| unreachable!("the input's size was checked"))
    }

    /// The part of an image of `width` x `height` pixels that the network sees.
    pub fn region(&self, width: u32, height: u32) -> Region {
        let (full_width, full_height) = (width as f32, height as f32);
        match self.fit {
            Fit::Squash => Region { x: 0.0, y: 0.0, width: full_width, height: full_height },
            Fit::CentreCrop { .. } => {
                let (wide, high) = self.before_crop(width, height);
                let (along, down) = (full_width / wide as f32, full_height / high as f32);
                Region {
                    x: margin(wide - self.width) as f32 * along,
                    y: margin(high - self.height) as f32 * down,
                    width: self.width as f32 * along,
                    height: self.height as f32 * down,
                }
            }
        }
    }

    /// The input's numbers, channel after channel, row after row.
    pub fn values(&self, image: &Image) -> Vec<f32> {
        let view = self.view(image);
        let order = match self.channels {
            Channels::Rgb => [0, 1, 2],
            Channels::Bgr => [2, 1, 0],
        };
        let plane = |(channel, colour): (usize, usize)| {
            let pixels = view.rgb().chunks_exact(3);
            let value =
                move |pixel: &[u8]| (f32::from(pixel[colour]) * self.scale - self.mean[channel]) / self.std[channel];
            pixels.map(value).collect::<Vec<_>>()
        };
        order.into_iter().enumerate().flat_map(plane).collect()
    }

    fn before_crop(&self, width: u32, height: u32) -> (u32, u32) {
        let Fit::CentreCrop { short_side } = self.fit else { return (self.width, self.height) };
        // torchvision's Resize: the long side is cut to a whole number.
        let long = |long: u32, short: u32| (u64::from(short_side) * u64::from(long) / u64::from(short)) as u32;
        if width <= height { (short_side, long(height, width)) } else { (long(width, height), short_side) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keras(width: u32, height: u32) -> Preprocessing {
        Preprocessing {
            width,
            height,
            fit: Fit::Squash,
            interpolation: Interpolation::Nearest,
            channels: Channels::Bgr,
            scale: 1.0,
            mean: [103.939, 116.779, 123.68],
            std: [1.0; 3],
        }
    }

    #[test]
    fn greys_and_the_range_are_those_of_the_networks_input() {
        let mut preprocessing =
            Preprocessing { scale: 0.5, mean: [1.0, 2.0, 3.0], std: [1.0, 2.0, -4.0], ..keras(1, 1) };
        assert_eq!(preprocessing.grey(10.0), [4.0, 1.5, -0.5]);
        // The last channel runs the other way.
        assert_eq!(preprocessing.range(), [[-1.0, -1.0, -31.125], [126.5, 62.75, 0.75]]);
        preprocessing.scale = -0.5;
        assert_eq!(preprocessing.range()[0][0], -128.5);
    }

    #[test]
    fn keras_order_is_blue_green_red_minus_the_mean() {
        let red = Image::from_rgb(1, 1, vec![255, 10, 0]).unwrap();
        assert_eq!(keras(1, 1).values(&red), [-103.939, 10.0 - 116.779, 255.0 - 123.68]);
    }

    #[test]
    fn nearest_takes_the_pixel_under_the_centre() {
        // Pillow: Image.fromarray([[0, 1, 2, 3, 4]]).resize((2, 1), NEAREST) is [[1, 3]].
        let row: Vec<u8> = (0..5).flat_map(|value| [value; 3]).collect();
        let view = keras(2, 1).view(&Image::from_rgb(5, 1, row).unwrap());
        assert_eq!(view.rgb(), [1, 1, 1, 3, 3, 3]);
    }

    #[test]
    fn centre_crop_sees_the_middle() {
        let crop = Preprocessing { fit: Fit::CentreCrop { short_side: 4 }, ..keras(2, 2) };
        // 8 x 4 pixels stay as they are; the 2 x 2 in the middle start at (3, 1).
        let columns: Vec<u8> = (0..32).flat_map(|index| [index % 8; 3]).collect();
        let image = Image::from_rgb(8, 4, columns).unwrap();
        assert_eq!(crop.view(&image).rgb(), [3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4]);
        assert_eq!(crop.region(8, 4), Region { x: 3.0, y: 1.0, width: 2.0, height: 2.0 });
        assert_eq!(crop.region(16, 8), Region { x: 6.0, y: 2.0, width: 4.0, height: 4.0 });
    }

    #[test]
    fn a_line_is_cropped_before_it_is_resized() {
        // Whole, either would be 4,194,304 x 256 pixels and fill 3.2 GB. Pillow 12.0.0, of the line alone:
        // np.asarray(line.resize((4194304, 1), resample))[0, 2097040:2097264][[0, 111, 112, 223]]
        let expected = [(Interpolation::Nearest, [255, 255, 0, 0]), (Interpolation::Bilinear, [239, 128, 127, 16])];
        for (interpolation, expected) in expected {
            let crop = Preprocessing { fit: Fit::CentreCrop { short_side: 256 }, interpolation, ..keras(224, 224) };
            let line: Vec<u8> = (0..16_384).flat_map(|place| [if place < 8192 { 255 } else { 0 }; 3]).collect();
            let across = crop.view(&Image::from_rgb(16_384, 1, line.clone()).unwrap());
            let down = crop.view(&Image::from_rgb(1, 16_384, line).unwrap());
            let places = [0, 111, 112, 223];
            assert_eq!(places.map(|place| across.image().get_pixel(place, 3).0[0]), expected);
            assert_eq!(places.map(|place| down.image().get_pixel(3, place).0[0]), expected);
        }
    }

    #[test]
    fn a_crop_that_holds_no_input_is_refused() {
        assert!(Preprocessing { fit: Fit::CentreCrop { short_side: 1 }, ..keras(2, 2) }.check().is_err());
        assert!(Preprocessing { std: [0.0; 3], ..keras(2, 2) }.check().is_err());
        assert!(keras(2, 2).check().is_ok());
    }
}
