//! `EfficientNet`: Tan and Le 2019, <https://arxiv.org/abs/1905.11946>, table 1; and its Lite variant, without squeeze and excitation
//! and with ReLU6.

use super::draft::{Active, Conv, Draft, EPSILON};
use super::{Architecture, Port};
use convscope_core::nn::Padding;

const PAPER: &str = "Tan and Le 2019, arXiv 1905.11946";

pub(super) static ALL: [Architecture; 2] = [
    Architecture { id: "efficientnet_b0", title: "EfficientNet-B0", paper: PAPER, port: Port::Torchvision, draw },
    Architecture {
        id: "efficientnet_lite0",
        title: "EfficientNet-Lite0",
        paper: PAPER,
        port: Port::Scaled([127.0, 128.0]),
        draw: draw_lite,
    },
];

/// Expansion, kernel, stride of the first block, channels and blocks.
const STAGES: [[usize; 5]; 7] = [
    [1, 3, 1, 16, 1],
    [6, 3, 2, 24, 2],
    [6, 5, 2, 40, 2],
    [6, 3, 2, 80, 3],
    [6, 5, 1, 112, 3],
    [6, 5, 2, 192, 4],
    [6, 3, 1, 320, 1],
];

/// The side of the input that TensorFlow's padding was written into the weights' port for.
const SIDE: usize = 224;

/// TensorFlow's number added to the variance, which the port kept.
const LITE_EPSILON: f32 = 1e-3;

fn draw(draft: &mut Draft) {
    let mut last = unit(draft, "features.0", Draft::INPUT, Conv::new(32, 3, 2));
    for (stage, [expansion, kernel, first, channels, blocks]) in (1..).zip(STAGES) {
        for block in 0..blocks {
            let stride = if block == 0 { first } else { 1 };
            let name = format!("features.{stage}.{block}");
            last = inverted_residual(draft, &name, &last, expansion, Conv::new(channels, kernel, stride));
        }
    }
    last = unit(draft, "features.8", &last, Conv::new(1280, 1, 1));
    last = draft.mean("avgpool", &last);
    draft.classes("classifier.1", &last);
}

/// Convolution, batch normalization and `SiLU`.
fn unit(draft: &mut Draft, name: &str, input: &str, conv: Conv) -> String {
    let last = draft.conv(&format!("{name}.0"), input, conv);
    let last = draft.norm(&format!("{name}.1"), &last, EPSILON);
    draft.active(name, &last, Active::Silu)
}

/// `last` is the block's end, with the kernel and the stride of its depthwise convolution.
fn inverted_residual(draft: &mut Draft, name: &str, input: &str, expansion: usize, last: Conv) -> String {
    let Conv { out, kernel, stride, .. } = last;
    let before = draft.channels(input);
    let mut parts = (0..).map(|part| format!("{name}.block.{part}"));
    let mut next = || parts.next().unwrap_or_default();
    let mut maps = input.to_owned();
    if expansion > 1 {
        maps = unit(draft, &next(), &maps, Conv::new(before * expansion, 1, 1));
    }
    maps = unit(draft, &next(), &maps, Conv::new(before * expansion, kernel, stride).depthwise());
    maps = squeeze_excitation(draft, &next(), &maps, before / 4);
    let end = next();
    maps = draft.conv(&format!("{end}.0"), &maps, Conv::new(out, 1, 1));
    maps = draft.norm(&format!("{end}.1"), &maps, EPSILON);
    if stride == 1 && before == out { draft.add(name, &maps, input) } else { maps }
}

/// Hu et al. 2017, <https://arxiv.org/abs/1709.01507>.
fn squeeze_excitation(draft: &mut Draft, name: &str, input: &str, squeezed: usize) -> String {
    let mean = draft.mean(&format!("{name}.avgpool"), input);
    let one = draft.conv(&format!("{name}.fc1"), &mean, Conv::new(squeezed, 1, 1).with_bias());
    let one = draft.active(&format!("{name}.activation"), &one, Active::Silu);
    let other = draft.conv(&format!("{name}.fc2"), &one, Conv::new(draft.channels(input), 1, 1).with_bias());
    let gate = draft.sigmoid(&format!("{name}.scale_activation"), &other);
    draft.gate(name, input, &gate)
}

fn draw_lite(draft: &mut Draft) {
    let mut side = SIDE;
    let stem = same(Conv::new(32, 3, 2), &mut side);
    let mut last = lite_unit(draft, ["stem", "_conv_stem", "_bn0"], Draft::INPUT, stem);
    let mut place = 0;
    for [expansion, kernel, first, channels, blocks] in STAGES {
        for block in 0..blocks {
            let stride = if block == 0 { first } else { 1 };
            let tensors = format!("_blocks.{place}.");
            last = lite_block(
                draft,
                place,
                &last,
                &tensors,
                expansion,
                same(Conv::new(channels, kernel, stride), &mut side),
            );
            place += 1;
        }
    }
    last = lite_unit(draft, ["head", "_conv_head", "_bn1"], &last, Conv::new(1280, 1, 1));
    last = draft.mean("pool", &last);
    draft.classes("_fc", &last);
}

/// TensorFlow's padding for a side, which becomes the output's.
fn same(conv: Conv, side: &mut usize) -> Conv {
    let out = side.div_ceil(conv.stride);
    let all = ((out - 1) * conv.stride + conv.kernel).saturating_sub(*side);
    *side = out;
    let (before, after) = (all / 2, all - all / 2);
    conv.padded(Padding { top: before, left: before, bottom: after, right: after })
}

fn lite_unit(draft: &mut Draft, [name, conv, norm]: [&str; 3], input: &str, shape: Conv) -> String {
    let last = draft.conv(conv, input, shape);
    let last = draft.norm(norm, &last, LITE_EPSILON);
    draft.active(name, &last, Active::Relu6)
}

/// `end` is the block's end, with the depthwise convolution's kernel, stride and padding.
fn lite_block(draft: &mut Draft, place: usize, input: &str, tensors: &str, expansion: usize, end: Conv) -> String {
    let before = draft.channels(input);
    let of = |part: &str| format!("{tensors}{part}");
    let mut maps = input.to_owned();
    if expansion > 1 {
        let names = [format!("block{place}/expand"), of("_expand_conv"), of("_bn0")];
        maps = lite_unit(draft, names.each_ref().map(String::as_str), &maps, Conv::new(before * expansion, 1, 1));
    }
    let names = [format!("block{place}/depthwise"), of("_depthwise_conv"), of("_bn1")];
    let depthwise = Conv { out: before * expansion, ..end }.depthwise();
    maps = lite_unit(draft, names.each_ref().map(String::as_str), &maps, depthwise);
    maps = draft.conv(&of("_project_conv"), &maps, Conv::new(end.out, 1, 1));
    maps = draft.norm(&of("_bn2"), &maps, LITE_EPSILON);
    if end.stride == 1 && before == end.out { draft.add(&format!("block{place}"), &maps, input) } else { maps }
}
