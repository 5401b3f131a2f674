//! The conventions there are. Each library's was read in its source and is compared with it run live
//! (`tests/tools/make_conventions.py`, `tests/methods/conventions.rs`).

use super::{Alpha, Base, Convention, Heat, Mix, Overlay, Ranges, Reduce, Score, Size, UsualLayer};
use crate::explain::{Normalisation, Synthesis};
use crate::image::Enlargement;
use crate::render::Colours;

/// matplotlib's opacity of a half, in the 8 bits in which it mixes.
const MATPLOTLIB_HALF: f64 = 127.0 / 255.0;

impl Convention {
    /// Grad-CAM as its paper has it (Selvaraju et al. 2016, <https://arxiv.org/abs/1610.02391>, equations 1 and 2).
    pub const PAPER: Self = Self {
        name: "paper",
        describes: "as in the paper: the gradient of the class's logit, the sum over the channels, divided by its largest number",
        layer: UsualLayer::LastConvolution,
        score: Score::Logit,
        reduce: Reduce::Sum,
        alpha: Alpha::Sum,
        rectifies: true,
        ranges: Ranges::at_layer(Normalisation::Maximum),
        enlargement: Enlargement::Bilinear,
        size: Size::Image,
        overlay: Overlay::CHOSEN,
        colours: Colours::True,
        rectify_input: false,
        raw_layers: None,
        synthesis: Synthesis::LUCID,
    };

    /// Grad-CAM and deconvnet as the Keras notebooks of convnet-interpretability-keras have them. Their quirks:
    ///
    /// - Differentiated is the softmax probability, not the logit ([`Score::Probability`]): its gradient vanishes as it nears 1.
    /// - Channels are averaged, not summed ([`Reduce::Mean`]), a factor that goes with the division by the maximum.
    /// - Each layer's map is divided by its own maximum, so layers do not compare. The notebook does so without a guard and gets NaN
    ///   where nothing is positive; that is not repeated: such a map is zero and says why ([`Blank`](crate::explain::Blank)).
    /// - Heat is enlarged to the image's own size (OpenCV's bilinear), cut to 8 bits, coloured with jet, and 0.4 of it is added to
    ///   the image, which saturates ([`Mix::Added`]); the sum is rounded, as `cv2.imwrite` does.
    /// - The image is squashed to 224 x 224 whatever its aspect ratio, by the nearest pixel: Keras's `load_img`. That is a matter
    ///   of the model's [`Preprocessing`](crate::preprocess::Preprocessing), so it holds in every convention.
    /// - `BGR` images are shown as if they were `RGB`: blue comes out red ([`Colours::AsStored`]).
    /// - A deconvnet's image is rectified at the input too ([`Convention::rectify_input`]), and from the
    ///   first block it is drawn as it is ([`Convention::draw`]).
    pub const KERAS_NOTEBOOK: Self = Self {
        name: "keras_notebook",
        describes: "as in the Keras notebooks: the gradient of the softmax probability, the mean over the channels, jet added to the image",
        layer: UsualLayer::All,
        score: Score::Probability,
        reduce: Reduce::Mean,
        overlay: Overlay { heat: Heat::OpencvJet, mix: Mix::Added(0.4), ..Overlay::CHOSEN },
        colours: Colours::AsStored,
        rectify_input: true,
        raw_layers: Some("block1"),
        synthesis: Synthesis::KERAS_NOTEBOOK,
        ..Self::PAPER
    };

    /// jacobgil/pytorch-grad-cam 1.5.7: `scale_cam_image` at the layer's size and again at the input's, `show_cam_on_image`. Its
    /// score is the model's output as it is, which of torchvision's models is the logit.
    pub const PYTORCH_GRAD_CAM: Self = Self {
        name: "pytorch_grad_cam",
        describes: "as pytorch-grad-cam does it: smallest to largest number becomes 0 to 1, twice, enlarged (bilinear) to the input's size, OpenCV's jet mixed in by half and brightened",
        layer: UsualLayer::Named,
        ranges: Ranges {
            layer: Normalisation::MinMax { epsilon: 1e-7 },
            enlarged: Normalisation::MinMax { epsilon: 1e-7 },
            drawn: Normalisation::None,
        },
        size: Size::Input,
        overlay: Overlay { heat: Heat::OpencvJet, mix: Mix::Brightened(0.5), ..Overlay::CHOSEN },
        ..Self::PAPER
    };

    /// frgfm/torch-cam 0.5.0: `_normalize`, `overlay_mask`. Its Grad-CAM++ is another ([`Alpha::Squares`]).
    pub const TORCH_CAM: Self = Self {
        name: "torch_cam",
        describes: "as torch-cam does it: smallest to largest number becomes 0 to 1, enlarged (bicubic) to the image's size, matplotlib's jet of its square under seven tenths of the image; its Grad-CAM++ loses a division",
        layer: UsualLayer::LastMap,
        alpha: Alpha::Squares,
        ranges: Ranges::at_layer(Normalisation::MinMax { epsilon: 1e-8 }),
        enlargement: Enlargement::Bicubic,
        overlay: Overlay { heat: Heat::MatplotlibJet, squared: true, mix: Mix::Opacity(0.3), ..Overlay::CHOSEN },
        ..Self::PAPER
    };

    /// tf-keras-vis 0.8.7, with its documentation's `ReplaceToLinear` (the logit) and its examples' drawing. The map is enlarged
    /// first and scaled afterwards; its Grad-CAM++ divides alpha by its sum, as the paper's authors' code does.
    pub const TF_KERAS_VIS: Self = Self {
        name: "tf_keras_vis",
        describes: "as tf-keras-vis does it: enlarged corner to corner (bilinear) to the input's size, then smallest to largest number becomes 0 to 1, matplotlib's jet mixed in by half",
        alpha: Alpha::Shares,
        ranges: Ranges {
            layer: Normalisation::None,
            enlarged: Normalisation::MinMax { epsilon: 1e-7 },
            drawn: Normalisation::None,
        },
        enlargement: Enlargement::Corners,
        size: Size::Input,
        overlay: Overlay { heat: Heat::MatplotlibJet, mix: Mix::Opacity(MATPLOTLIB_HALF), ..Overlay::CHOSEN },
        ..Self::PAPER
    };

    /// captum 0.9.0: `LayerGradCam`, whose ReLU is off by default, `LayerAttribution.interpolate`, and `visualize_image_attr` with
    /// `blended_heat_map` and both signs. Maps of other methods than Grad-CAM are finished in the same way.
    pub const CAPTUM: Self = Self {
        name: "captum",
        describes: "as captum does it: not rectified, enlarged to the nearest to the input's size, 2 % of the weight cut off, red against and green for the class over the grey image",
        layer: UsualLayer::Named,
        rectifies: false,
        ranges: Ranges {
            layer: Normalisation::None,
            enlarged: Normalisation::None,
            drawn: Normalisation::Outliers { share: 0.02 },
        },
        enlargement: Enlargement::Nearest,
        size: Size::Input,
        overlay: Overlay {
            heat: Heat::RedWhiteGreen,
            base: Base::Grey,
            mix: Mix::Opacity(MATPLOTLIB_HALF),
            ..Overlay::CHOSEN
        },
        ..Self::PAPER
    };

    /// xplique 2.0.2: `GradCAM`, `GradCAMPP` and `plot_attribution`, at the logit as its documentation recommends.
    pub const XPLIQUE: Self = Self {
        name: "xplique",
        describes: "as xplique does it: enlarged (bicubic) to the input's size, 0.1 % cut from either end, smallest to largest number becomes 0 to 1, matplotlib's jet mixed in by half",
        alpha: Alpha::Mean,
        ranges: Ranges {
            layer: Normalisation::None,
            enlarged: Normalisation::None,
            drawn: Normalisation::Percentiles { share: 0.001 },
        },
        enlargement: Enlargement::BicubicSteps,
        size: Size::Input,
        overlay: Overlay {
            heat: Heat::MatplotlibJet,
            base: Base::Stretched,
            mix: Mix::Opacity(MATPLOTLIB_HALF),
            ..Overlay::CHOSEN
        },
        ..Self::PAPER
    };

    /// Feature visualisation as lucid has it ([`Synthesis::LUCID`]).
    pub const LUCID: Self = Self { name: "lucid", ..Self::PAPER };

    /// Scores read as softmax probabilities.
    pub const SOFTMAX: Self = Self { name: "softmax", score: Score::Probability, ..Self::PAPER };

    /// Scores read as logits.
    pub const LOGIT: Self = Self { name: "logit", ..Self::PAPER };

    /// Deletion and insertion as the program of RISE's authors has them: what differs are parameters.
    pub const RISE: Self = Self { name: "rise", ..Self::PAPER };

    /// All conventions.
    pub const ALL: [Self; 11] = [
        Self::PAPER,
        Self::KERAS_NOTEBOOK,
        Self::PYTORCH_GRAD_CAM,
        Self::TORCH_CAM,
        Self::TF_KERAS_VIS,
        Self::CAPTUM,
        Self::XPLIQUE,
        Self::LUCID,
        Self::SOFTMAX,
        Self::LOGIT,
        Self::RISE,
    ];
}
