//! Slow loops of the ops that [`run`](super::run) leaves out.

use crate::FloatTensor;
use convscope_core::nn::{
    Crop, Elu, Gelu, GroupNorm, HardSigmoid, LayerNorm, LeakyRelu, LocalResponseNorm, Op, Padding, ReflectPad,
};

type Map = (Vec<f32>, [usize; 3]);

/// An op's output; `each` makes it of a function of channel, row and column.
#[expect(clippy::type_complexity, reason = "a function of a function, said once")]
pub(super) fn run(
    op: &Op,
    inputs: &[&Map],
    parameters: &[&FloatTensor],
    each: &dyn Fn(&dyn Fn(usize, usize, usize) -> f32) -> Vec<f32>,
) -> Vec<f32> {
    let (x, [channels, height, width]) = inputs[0];
    let (channels, height, width) = (*channels, *height, *width);
    let at = |c: usize, y: usize, i: usize| x[(c * height + y) * width + i];
    let number = |value: &dyn Fn(f32) -> f32| x.iter().map(|&x| value(x)).collect::<Vec<f32>>();
    let normalized = |value: f32, all: &[f32], epsilon: f32| {
        let mean = all.iter().sum::<f32>() / all.len() as f32;
        let variance = all.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / all.len() as f32;
        (value - mean) / (variance + epsilon).sqrt()
    };
    match op {
        Op::LeakyRelu(LeakyRelu { slope }) => number(&|x| if x > 0.0 { x } else { slope * x }),
        Op::Elu(Elu { alpha }) => number(&|x| if x > 0.0 { x } else { alpha * (x.exp() - 1.0) }),
        Op::Tanh(_) => number(&f32::tanh),
        Op::HardSigmoid(HardSigmoid { slope, shift }) => number(&|x| (slope * x + shift).clamp(0.0, 1.0)),
        Op::HardSwish(_) => number(&|x| x * (x + 3.0).clamp(0.0, 6.0) / 6.0),
        Op::Gelu(Gelu { tanh: false }) => number(&|x| {
            // The integral of the normal density from 0, by Simpson's rule.
            let (steps, density) = (200, |t: f64| (-t * t / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt());
            let (x, weight) = (f64::from(x), |step: i32| [2.0, 4.0][step as usize % 2]);
            let inner: f64 =
                (1..steps).map(|step| weight(step) * density(x * f64::from(step) / f64::from(steps))).sum();
            let integral = x / f64::from(steps) / 3.0 * (density(0.0) + inner + density(x));
            (x * (0.5 + integral)) as f32
        }),
        Op::Prelu(_) => each(&|c, y, i| {
            let x = at(c, y, i);
            if x > 0.0 { x } else { parameters[0].values[c] * x }
        }),
        Op::Multiply(_) => each(&|c, y, i| {
            let of = |(values, [channels, height, width]): &Map| {
                values[(c % channels * height + y % height) * width + i % width]
            };
            inputs.iter().map(|map| of(map)).product()
        }),
        Op::LayerNorm(LayerNorm { epsilon }) => each(&|c, y, i| {
            let all: Vec<f32> = (0..channels).map(|c| at(c, y, i)).collect();
            normalized(at(c, y, i), &all, *epsilon)
        }),
        Op::GroupNorm(GroupNorm { groups, epsilon }) => each(&|c, y, i| {
            let numbers = channels / groups * height * width;
            let group = c / (channels / groups);
            normalized(at(c, y, i), &x[group * numbers..][..numbers], *epsilon)
        }),
        Op::LocalResponseNorm(LocalResponseNorm { size, alpha, beta, bias }) => each(&|c, y, i| {
            let first = c.saturating_sub((size - 1) / 2);
            let last = (c + size / 2).min(channels - 1);
            let sum: f32 = (first..=last).map(|c| at(c, y, i).powi(2)).sum();
            at(c, y, i) / (bias + alpha / *size as f32 * sum).powf(*beta)
        }),
        Op::SelectChannels(select) => each(&|c, y, i| at(select.channels[c], y, i)),
        Op::Crop(Crop { sides: Padding { top, left, .. }, stride: [down, along] }) => {
            each(&|c, y, i| at(c, top + y * down, left + i * along))
        }
        Op::ReflectPad(ReflectPad { padding: Padding { top, left, .. } }) => each(&|c, y, i| {
            let mirrored = |place: usize, before: usize, size: usize| {
                let place = (place as isize - before as isize).unsigned_abs();
                if place < size { place } else { 2 * (size - 1) - place }
            };
            at(c, mirrored(y, *top, height), mirrored(i, *left, width))
        }),
        other => panic!("no loop of {}", other.name()),
    }
}
