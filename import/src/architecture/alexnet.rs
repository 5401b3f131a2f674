//! AlexNet on one GPU: Krizhevsky 2014, <https://arxiv.org/abs/1404.5997>.

use super::draft::{Conv, Draft};
use super::{Architecture, Port};
use convscope_core::nn::Padding;

pub(super) static ALL: [Architecture; 1] = [Architecture {
    id: "alexnet",
    title: "AlexNet",
    paper: "Krizhevsky 2014, arXiv 1404.5997",
    port: Port::Torchvision,
    draw,
}];

/// Place among the features, channels, kernel, stride and padding of the convolutions, and whether a pool follows the ReLU.
const CONVS: [(usize, usize, usize, usize, usize, bool); 5] = [
    (0, 64, 11, 4, 2, true),
    (3, 192, 5, 1, 2, true),
    (6, 384, 3, 1, 1, false),
    (8, 256, 3, 1, 1, false),
    (10, 256, 3, 1, 1, true),
];

fn draw(draft: &mut Draft) {
    let mut last = Draft::INPUT.to_owned();
    for (place, out, kernel, stride, padding, pooled) in CONVS {
        let conv = Conv::new(out, kernel, stride).with_bias().padded(Padding::all(padding));
        last = draft.conv(&format!("features.{place}"), &last, conv);
        last = draft.relu(&format!("features.{}", place + 1), &last);
        if pooled {
            last = draft.max_pool(&format!("features.{}", place + 2), &last, [3, 2, 0], false);
        }
    }
    last = draft.flatten(&last, 6);
    for place in [1, 4] {
        last = draft.dense(&format!("classifier.{place}"), &last, 4096);
        last = draft.relu(&format!("classifier.{}", place + 1), &last);
    }
    draft.classes("classifier.6", &last);
}
