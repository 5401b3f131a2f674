//! `SqueezeNet`: Iandola et al. 2016, <https://arxiv.org/abs/1602.07360>, versions 1.0 and 1.1.

use super::draft::{Conv, Draft};
use super::{Architecture, Port};
use convscope_core::nn::Padding;

const PAPER: &str = "Iandola et al. 2016, arXiv 1602.07360";

pub(super) static ALL: [Architecture; 2] = [
    Architecture {
        id: "squeezenet1_0",
        title: "SqueezeNet 1.0",
        paper: PAPER,
        port: Port::Torchvision,
        draw: |draft| draw(draft, Conv::new(96, 7, 2), [2, 6, 11]),
    },
    Architecture {
        id: "squeezenet1_1",
        title: "SqueezeNet 1.1",
        paper: PAPER,
        port: Port::Torchvision,
        draw: |draft| draw(draft, Conv::new(64, 3, 2), [2, 5, 8]),
    },
];

/// Channels that the fires squeeze to; they expand to four times as many by either kernel.
const SQUEEZED: [usize; 8] = [16, 16, 32, 32, 48, 48, 64, 64];

/// `pools` are the places of pools among the features.
fn draw(draft: &mut Draft, stem: Conv, pools: [usize; 3]) {
    let stem = draft.conv("features.0", Draft::INPUT, stem.with_bias().padded(Padding::default()));
    let mut last = draft.relu("features.1", &stem);
    let mut squeezed = SQUEEZED.into_iter();
    for place in 2..=12 {
        let name = format!("features.{place}");
        if pools.contains(&place) {
            last = draft.max_pool(&name, &last, [3, 2, 0], true);
        } else if let Some(channels) = squeezed.next() {
            last = fire(draft, &name, &last, channels);
        }
    }
    draft.classes_by_conv("classifier.1", "classifier.2", &last);
}

fn fire(draft: &mut Draft, name: &str, input: &str, squeezed: usize) -> String {
    let mut unit = |part: &str, input: &str, out, kernel| {
        let conv = draft.conv(&format!("{name}.{part}"), input, Conv::new(out, kernel, 1).with_bias());
        draft.relu(&format!("{name}.{part}_activation"), &conv)
    };
    let squeeze = unit("squeeze", input, squeezed, 1);
    let expanded =
        [("expand1x1", 1), ("expand3x3", 3)].map(|(part, kernel)| unit(part, &squeeze, 4 * squeezed, kernel));
    draft.concat(name, &expanded)
}
