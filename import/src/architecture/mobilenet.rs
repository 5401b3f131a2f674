//! `MobileNetV2`: Sandler et al. 2018, <https://arxiv.org/abs/1801.04381>, table 2.

use super::draft::{Active, Conv, Draft, EPSILON};
use super::{Architecture, Port};

pub(super) static ALL: [Architecture; 1] = [Architecture {
    id: "mobilenet_v2",
    title: "MobileNetV2",
    paper: "Sandler et al. 2018, arXiv 1801.04381",
    port: Port::Torchvision,
    draw,
}];

/// Expansion, channels, blocks, and stride of the first.
const STAGES: [[usize; 4]; 7] =
    [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]];

fn draw(draft: &mut Draft) {
    let mut last = unit(draft, "features.0", Draft::INPUT, Conv::new(32, 3, 2));
    let mut place = 1;
    for [expansion, channels, blocks, first] in STAGES {
        for block in 0..blocks {
            let stride = if block == 0 { first } else { 1 };
            last = inverted_residual(draft, &format!("features.{place}"), &last, [expansion, channels, stride]);
            place += 1;
        }
    }
    last = unit(draft, &format!("features.{place}"), &last, Conv::new(1280, 1, 1));
    last = draft.mean("avgpool", &last);
    draft.classes("classifier.1", &last);
}

/// Convolution, batch normalization and ReLU6.
fn unit(draft: &mut Draft, name: &str, input: &str, conv: Conv) -> String {
    let last = draft.conv(&format!("{name}.0"), input, conv);
    let last = draft.norm(&format!("{name}.1"), &last, EPSILON);
    draft.active(name, &last, Active::Relu6)
}

fn inverted_residual(draft: &mut Draft, name: &str, input: &str, [expansion, channels, stride]: [usize; 3]) -> String {
    let between = draft.channels(input) * expansion;
    let mut convs = vec![Conv::new(between, 3, stride).depthwise()];
    if expansion > 1 {
        convs.insert(0, Conv::new(between, 1, 1));
    }
    let mut last = input.to_owned();
    for (place, conv) in convs.iter().enumerate() {
        last = unit(draft, &format!("{name}.conv.{place}"), &last, *conv);
    }
    last = draft.conv(&format!("{name}.conv.{}", convs.len()), &last, Conv::new(channels, 1, 1));
    last = draft.norm(&format!("{name}.conv.{}", convs.len() + 1), &last, EPSILON);
    if stride == 1 && draft.channels(input) == channels { draft.add(name, input, &last) } else { last }
}
