//! Presets: the preprocessing that networks of the frameworks' zoos were trained with, by name.

use serde::{Deserialize, Serialize};

use super::{Channels, Fit, Interpolation, Preprocessing};
use crate::named::named;

/// Preprocessing by a name that people know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Preset {
    /// torchvision's and timm's.
    Torchvision,
    /// `keras.applications`' mode `torch`.
    Torch,
    /// `keras.applications`' mode `caffe`, and Caffe's own models.
    Caffe,
    /// `keras.applications`' mode `tf`.
    Tf,
    /// Pixels from 0 to 1.
    ZeroToOne,
    /// Pixels from -1 to 1.
    MinusOneToOne,
    /// Pixels as they are.
    ZeroTo255,
}

named!(Preset {
    Torchvision = "torchvision", "ImageNet's mean and standard deviation, the middle of an image (torchvision, timm)";
    Torch = "torch", "ImageNet's mean and standard deviation, the whole image squashed (Keras's mode `torch`: DenseNet)";
    Caffe = "caffe", "Blue, green, red from 0 to 255 less ImageNet's mean (Keras's mode `caffe`: VGG, ResNet)";
    Tf = "tf", "-1 to 1, resized as Keras does (Keras's mode `tf`: MobileNet, Inception, Xception, ResNetV2)";
    ZeroToOne = "0..1", "Red, green, blue from 0 to 1";
    MinusOneToOne = "-1..1", "Red, green, blue from -1 to 1";
    ZeroTo255 = "0..255", "Red, green, blue as they are, for a network that scales them itself";
});

/// Length of torchvision's short side for an input of 224 pixels.
const SHORT_SIDE: u32 = 256;

/// torchvision's input that it holds.
const OF_INPUT: u32 = 224;

/// Mean and standard deviation of ImageNet's pixels from 0 to 1: red, green, blue.
const IMAGENET: ([f32; 3], [f32; 3]) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

/// Mean of ImageNet's pixels from 0 to 255, as Caffe's models have it: blue, green, red.
const CAFFE: [f32; 3] = [103.939, 116.779, 123.68];

impl Preset {
    /// The preprocessing, to an input of `[height, width]` pixels.
    pub fn preprocessing(self, [height, width]: [u32; 2]) -> Preprocessing {
        let (channels, scale, (mean, std)) = match self {
            Self::Torchvision | Self::Torch => (Channels::Rgb, 1.0 / 255.0, IMAGENET),
            Self::Caffe => (Channels::Bgr, 1.0, (CAFFE, [1.0; 3])),
            Self::Tf | Self::MinusOneToOne => (Channels::Rgb, 1.0 / 127.5, ([1.0; 3], [1.0; 3])),
            Self::ZeroToOne => (Channels::Rgb, 1.0 / 255.0, ([0.0; 3], [1.0; 3])),
            Self::ZeroTo255 => (Channels::Rgb, 1.0, ([0.0; 3], [1.0; 3])),
        };
        let fit = if self == Self::Torchvision { Fit::around([height, width]) } else { Fit::Squash };
        // Keras's `load_img` takes the nearest pixel.
        let is_keras = matches!(self, Self::Torch | Self::Caffe | Self::Tf);
        let interpolation = if is_keras { Interpolation::Nearest } else { Interpolation::Bilinear };
        Preprocessing { width, height, fit, interpolation, channels, scale, mean, std }
    }
}

impl Fit {
    /// The middle of an image, with as much around an input of `[height, width]` pixels as torchvision leaves out around 224.
    pub fn around([height, width]: [u32; 2]) -> Self {
        Self::CentreCrop { short_side: height.max(width).saturating_mul(SHORT_SIDE).div_ceil(OF_INPUT) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Image;

    #[test]
    fn presets_give_the_numbers_of_those_they_are_named_after() {
        let pixel = Image::from_rgb(1, 1, vec![255, 128, 0]).unwrap();
        // NumPy: (np.float32([255, 128, 0]) / 255 - mean) / std, and [0, 128, 255] - [103.939, 116.779, 123.68]; the others by hand.
        let expected: [(Preset, [f32; 3]); 7] = [
            (Preset::Torchvision, [2.248_908_3, 0.205_182_1, -1.804_444_4]),
            (Preset::Torch, [2.248_908_3, 0.205_182_1, -1.804_444_4]),
            (Preset::Caffe, [-103.939, 11.221, 131.32]),
            (Preset::Tf, [1.0, 0.003_921_6, -1.0]),
            (Preset::ZeroToOne, [1.0, 0.501_960_8, 0.0]),
            (Preset::MinusOneToOne, [1.0, 0.003_921_6, -1.0]),
            (Preset::ZeroTo255, [255.0, 128.0, 0.0]),
        ];
        assert_eq!(expected.map(|(preset, _)| preset)[..], *Preset::ALL);
        for (preset, expected) in expected {
            let preprocessing = preset.preprocessing([1, 1]);
            preprocessing.check().unwrap();
            let found = preprocessing.values(&pixel);
            let close = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-5);
            assert!(close, "{}: {found:?}", preset.name());
        }
    }

    #[test]
    fn torchvisions_crop_is_that_of_224_at_every_size() {
        let side = |size| match Preset::Torchvision.preprocessing(size).fit {
            Fit::CentreCrop { short_side } => short_side,
            Fit::Squash => 0,
        };
        assert_eq!([side([224, 224]), side([448, 448]), side([299, 224])], [256, 512, 342]);
    }
}
