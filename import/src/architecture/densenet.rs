//! `DenseNet`: Huang et al. 2016, <https://arxiv.org/abs/1608.06993>, table 1.

use super::draft::{Conv, Draft, EPSILON};
use super::{Architecture, Port};

pub(super) static ALL: [Architecture; 1] = [Architecture {
    id: "densenet121",
    title: "DenseNet-121",
    paper: "Huang et al. 2016, arXiv 1608.06993",
    port: Port::Torchvision,
    draw: |draft| draw(draft, [6, 12, 24, 16]),
}];

/// Channels that a layer adds.
const GROWTH: usize = 32;
/// Channels between a layer's convolutions, in channels that it adds.
const BETWEEN: usize = 4;

fn draw(draft: &mut Draft, blocks: [usize; 4]) {
    let last = draft.conv("features.conv0", Draft::INPUT, Conv::new(64, 7, 2));
    let last = draft.norm("features.norm0", &last, EPSILON);
    let last = draft.relu("features.relu0", &last);
    let mut last = draft.max_pool("features.pool0", &last, [3, 2, 1], false);
    for (block, layers) in (1..).zip(blocks) {
        for layer in 1..=layers {
            last = dense_layer(draft, &format!("features.denseblock{block}.denselayer{layer}"), &last);
        }
        if block < blocks.len() {
            last = transition(draft, &format!("features.transition{block}"), &last);
        }
    }
    let last = draft.norm("features.norm5", &last, EPSILON);
    let last = draft.relu("features.relu5", &last);
    let last = draft.mean("avgpool", &last);
    draft.classes("classifier", &last);
}

/// What came before, with what two convolutions make of it.
fn dense_layer(draft: &mut Draft, name: &str, input: &str) -> String {
    let mut last = input.to_owned();
    for (number, conv) in [(1, Conv::new(BETWEEN * GROWTH, 1, 1)), (2, Conv::new(GROWTH, 3, 1))] {
        last = draft.norm(&format!("{name}.norm{number}"), &last, EPSILON);
        last = draft.relu(&format!("{name}.relu{number}"), &last);
        last = draft.conv(&format!("{name}.conv{number}"), &last, conv);
    }
    draft.concat(name, &[input.to_owned(), last])
}

fn transition(draft: &mut Draft, name: &str, input: &str) -> String {
    let last = draft.norm(&format!("{name}.norm"), input, EPSILON);
    let last = draft.relu(&format!("{name}.relu"), &last);
    let last = draft.conv(&format!("{name}.conv"), &last, Conv::new(draft.channels(input) / 2, 1, 1));
    draft.average_pool(&format!("{name}.pool"), &last, 2)
}
