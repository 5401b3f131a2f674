//! VGG: Simonyan and Zisserman 2014, <https://arxiv.org/abs/1409.1556>, table 1, A, B, D and E.

use super::draft::{Conv, Draft, EPSILON};
use super::{Architecture, Port};

const PAPER: &str = "Simonyan and Zisserman 2014, arXiv 1409.1556";

/// Channels of the five stages.
const STAGES: [usize; 5] = [64, 128, 256, 512, 512];

const fn vgg(id: &'static str, title: &'static str, draw: fn(&mut Draft)) -> Architecture {
    Architecture { id, title, paper: PAPER, port: Port::Torchvision, draw }
}

/// What Keras publishes, under its own names.
const fn of_keras(id: &'static str, title: &'static str, draw: fn(&mut Draft)) -> Architecture {
    Architecture { id, title, paper: PAPER, port: Port::Keras, draw }
}

pub(super) static ALL: [Architecture; 10] = [
    vgg("vgg11", "VGG11", |draft| draw(draft, [1, 1, 2, 2, 2], false)),
    vgg("vgg13", "VGG13", |draft| draw(draft, [2, 2, 2, 2, 2], false)),
    vgg("vgg16", "VGG16", |draft| draw(draft, [2, 2, 3, 3, 3], false)),
    vgg("vgg19", "VGG19", |draft| draw(draft, [2, 2, 4, 4, 4], false)),
    vgg("vgg11_bn", "VGG11 with batch normalization", |draft| draw(draft, [1, 1, 2, 2, 2], true)),
    vgg("vgg13_bn", "VGG13 with batch normalization", |draft| draw(draft, [2, 2, 2, 2, 2], true)),
    vgg("vgg16_bn", "VGG16 with batch normalization", |draft| draw(draft, [2, 2, 3, 3, 3], true)),
    vgg("vgg19_bn", "VGG19 with batch normalization", |draft| draw(draft, [2, 2, 4, 4, 4], true)),
    of_keras("vgg16_keras", "VGG16 (Keras)", |draft| draw_as_keras(draft, [2, 2, 3, 3, 3])),
    of_keras("vgg19_keras", "VGG19 (Keras)", |draft| draw_as_keras(draft, [2, 2, 4, 4, 4])),
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

/// With the names of `keras.applications`: a layer is called as its tensors, and its linear part apart.
fn draw_as_keras(draft: &mut Draft, convs: [usize; 5]) {
    let mut last = Draft::INPUT.to_owned();
    for (block, (out, count)) in STAGES.into_iter().zip(convs).enumerate() {
        for conv in 1..=count {
            let name = format!("block{}_conv{conv}", block + 1);
            last = draft.conv_as(&format!("{name}/linear"), &name, &last, Conv::new(out, 3, 1).with_bias());
            last = draft.relu(&name, &last);
        }
        last = draft.max_pool(&format!("block{}_pool", block + 1), &last, [2, 2, 0], false);
    }
    last = draft.flatten(&last, 7);
    for name in ["fc1", "fc2"] {
        last = draft.dense_as(&format!("{name}/linear"), name, &last, 4096);
        last = draft.relu(name, &last);
    }
    draft.classes("predictions", &last);
}
