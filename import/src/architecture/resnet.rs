//! Residual networks: He et al. 2015, <https://arxiv.org/abs/1512.03385>, table 1, with the stride in the 3 x 3 convolution.

use super::draft::{Conv, Draft, EPSILON};
use super::{Architecture, Port};

const fn resnet(id: &'static str, title: &'static str, draw: fn(&mut Draft)) -> Architecture {
    Architecture { id, title, paper: "He et al. 2015, arXiv 1512.03385", port: Port::Torchvision, draw }
}

pub(super) static ALL: [Architecture; 3] = [
    resnet("resnet18", "ResNet-18", |draft| draw(draft, [2, 2, 2, 2], false)),
    resnet("resnet34", "ResNet-34", |draft| draw(draft, [3, 4, 6, 3], false)),
    resnet("resnet50", "ResNet-50", |draft| draw(draft, [3, 4, 6, 3], true)),
];

/// Channels of the stages within their blocks.
const STAGES: [usize; 4] = [64, 128, 256, 512];

/// Factor by which a bottleneck's channels grow at its end.
const EXPANSION: usize = 4;

fn draw(draft: &mut Draft, blocks: [usize; 4], bottleneck: bool) {
    let last = unit(draft, ["conv1", "bn1"], Draft::INPUT, Conv::new(64, 7, 2));
    let last = draft.relu("relu", &last);
    let mut last = draft.max_pool("maxpool", &last, [3, 2, 1], false);
    for (stage, (channels, count)) in STAGES.into_iter().zip(blocks).enumerate() {
        for block in 0..count {
            let stride = if stage > 0 && block == 0 { 2 } else { 1 };
            last = residual(draft, &format!("layer{}.{block}", stage + 1), &last, channels, stride, bottleneck);
        }
    }
    let last = draft.mean("avgpool", &last);
    draft.classes("fc", &last);
}

fn unit(draft: &mut Draft, [conv, norm]: [&str; 2], input: &str, shape: Conv) -> String {
    let last = draft.conv(conv, input, shape);
    draft.norm(norm, &last, EPSILON)
}

fn residual(draft: &mut Draft, name: &str, input: &str, channels: usize, stride: usize, bottleneck: bool) -> String {
    let convs = if bottleneck {
        vec![Conv::new(channels, 1, 1), Conv::new(channels, 3, stride), Conv::new(EXPANSION * channels, 1, 1)]
    } else {
        vec![Conv::new(channels, 3, stride), Conv::new(channels, 3, 1)]
    };
    let out = convs.last().map_or(0, |conv| conv.out);
    let mut last = input.to_owned();
    for (number, &conv) in (1..).zip(&convs) {
        last = unit(draft, [&format!("{name}.conv{number}"), &format!("{name}.bn{number}")], &last, conv);
        if number < convs.len() {
            last = draft.relu(&format!("{name}.relu{number}"), &last);
        }
    }
    let mut shortcut = input.to_owned();
    if stride > 1 || draft.channels(input) != out {
        let names = [format!("{name}.downsample.0"), format!("{name}.downsample.1")];
        shortcut = unit(draft, names.each_ref().map(String::as_str), input, Conv::new(out, 1, stride));
    }
    let sum = draft.add(&format!("{name}.add"), &last, &shortcut);
    draft.relu(name, &sum)
}
