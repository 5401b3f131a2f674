//! VGG: Simonyan and Zisserman 2014, <https://arxiv.org/abs/1409.1556>, table 1, A, B, D and E.

use super::Architecture;
use super::draft::{Conv, Draft, EPSILON};

const PAPER: &str = "Simonyan and Zisserman 2014, arXiv 1409.1556";

/// Channels of the five stages.
const STAGES: [usize; 5] = [64, 128, 256, 512, 512];

const fn vgg(id: &'static str, title: &'static str, draw: fn(&mut Draft)) -> Architecture {
    Architecture { id, title, paper: PAPER, scaled: None, draw }
}

pub(super) static ALL: [Architecture; 8] = [
    vgg("vgg11", "VGG11", |draft| draw(draft, [1, 1, 2, 2, 2], false)),
    vgg("vgg13", "VGG13", |draft| draw(draft, [2, 2, 2, 2, 2], false)),
    vgg("vgg16", "VGG16", |draft| draw(draft, [2, 2, 3, 3, 3], false)),
    vgg("vgg19", "VGG19", |draft| draw(draft, [2, 2, 4, 4, 4], false)),
    vgg("vgg11_bn", "VGG11 with batch normalization", |draft| draw(draft, [1, 1, 2, 2, 2], true)),
    vgg("vgg13_bn", "VGG13 with batch normalization", |draft| draw(draft, [2, 2, 2, 2, 2], true)),
    vgg("vgg16_bn", "VGG16 with batch normalization", |draft| draw(draft, [2, 2, 3, 3, 3], true)),
    vgg("vgg19_bn", "VGG19 with batch normalization", |draft| draw(draft, [2, 2, 4, 4, 4], true)),
];

fn draw(draft: &mut Draft, convs: [usize; 5], normalized: bool) {
    let mut last = Draft::INPUT.to_owned();
    let mut places = (0..).map(|place| format!("features.{place}"));
    let mut next = || places.next().unwrap_or_default();
    for (out, count) in STAGES.into_iter().zip(convs) {
        for _ in 0..count {
            last = draft.conv(&next(), &last, Conv::new(out, 3, 1).with_bias());
            if normalized {
                last = draft.norm(&next(), &last, EPSILON);
            }
            last = draft.relu(&next(), &last);
        }
        last = draft.max_pool(&next(), &last, [2, 2, 0], false);
    }
    last = draft.flatten(&last, 7);
    for place in [0, 3] {
        last = draft.dense(&format!("classifier.{place}"), &last, 4096);
        last = draft.relu(&format!("classifier.{}", place + 1), &last);
    }
    draft.classes("classifier.6", &last);
}
