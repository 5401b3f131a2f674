//! Folds affine maps (batch normalization, added biases, scaled inputs) into the linear layers beside them.

use std::collections::HashSet;

use super::draft::{Affine, Conv, Dense, Draft, Kind};
use convscope_core::nn::{Op, Padding};

/// Ratio of the largest scale to the smallest up to which a map is joined to the layer behind it. That layer's weights of one
/// output get these scales, and int8 has one step for all of them: batch normalization behind a ReLU that is dead in training
/// gives its channel a huge scale and so drowns the others (logits of the brain MRI model were off by up to 4.8 in int8).
const MAX_SPREAD: f32 = 4.0;

/// Leaves no [`Kind::Affine`] behind. An affine map is joined to the linear layer before it if nobody else reads that one, else
/// to those behind it. Where neither can be, it becomes a convolution with one 1x1 kernel a channel: between two nonlinear ops, in
/// front of a convolution whose padding it would have to shift too, and where it would make the weights behind it uneven
/// ([`MAX_SPREAD`]). `output` must stay what it is.
pub(super) fn fold(drafts: &mut [Draft], output: Option<usize>) {
    // What nobody reads any more, since a convolution took a pad's zeros as its own, or several nodes became one op.
    let mut read: HashSet<usize> = output.into_iter().collect();
    for id in (0..drafts.len()).rev() {
        let kind = &drafts[id].kind;
        let goes = matches!(kind, Kind::Plain(Op::Pad(_) | Op::Clip(_) | Op::Sigmoid(_) | Op::HardSigmoid(_)));
        let goes = goes || matches!(kind, Kind::Affine(_) | Kind::Erf);
        // Without an output, any of these may be the last that is wanted.
        let goes = goes && (output.is_some() || matches!(kind, Kind::Plain(Op::Pad(_))));
        if goes && !read.contains(&id) {
            drafts[id].kind = Kind::Alias;
        } else {
            read.extend(drafts[id].inputs.iter().flatten());
        }
    }
    for id in 0..drafts.len() {
        let Kind::Affine(affine) = &drafts[id].kind else { continue };
        let affine = affine.clone();
        let is_output = output == Some(id);
        if affine.is_identity() && !is_output {
            drafts[id].kind = Kind::Alias;
            continue;
        }
        let readers = readers(drafts, id);
        // Mul and Add of one batch normalization.
        if let (&[reader], false) = (&readers[..], is_output)
            && let Kind::Affine(next) = &mut drafts[reader].kind
        {
            *next = affine.then(next);
            drafts[id].kind = Kind::Alias;
            continue;
        }
        let input = drafts[id].inputs[0].map(|input| resolve(drafts, input));
        drafts[id].inputs[0] = input.flatten();
        let before = drafts[id].inputs[0];
        let alone = |of: usize| {
            self::readers(drafts, of) == [id] && output.is_none_or(|output| resolve(drafts, output) != Some(of))
        };
        if let Some(before) = before.filter(|&before| alone(before))
            && after(&mut drafts[before].kind, &affine)
        {
            drafts[id].kind = Kind::Alias;
            continue;
        }
        let fits = |&reader: &usize| takes_before(&drafts[reader].kind, &affine);
        if !is_output && !readers.is_empty() && readers.iter().all(fits) {
            readers.iter().for_each(|&reader| self::before(&mut drafts[reader].kind, &affine));
            drafts[id].kind = Kind::Alias;
        } else {
            drafts[id].kind = Kind::Conv(Conv::depthwise(affine));
        }
    }
    for id in 0..drafts.len() {
        let inputs = drafts[id].inputs.iter().map(|input| input.and_then(|input| resolve(drafts, input))).collect();
        drafts[id].inputs = inputs;
    }
}

/// The factor by which the first affine map that reads the image scales it: that of the largest channel.
pub(super) fn own_scale(drafts: &[Draft]) -> Option<f32> {
    let scales = drafts.iter().find_map(|draft| match &draft.kind {
        Kind::Affine(affine) if draft.inputs == [None] => Some(&affine.scale),
        _ => None,
    });
    scales.map(|scales| scales.iter().fold(0.0, |largest, scale| scale.abs().max(largest)))
}

/// The draft that really gives the output of `id`; `None` is the image.
pub(super) fn resolve(drafts: &[Draft], mut id: usize) -> Option<usize> {
    while matches!(drafts[id].kind, Kind::Alias) {
        id = drafts[id].inputs[0]?;
    }
    Some(id)
}

/// Drafts that read `id`, themselves or through aliases.
fn readers(drafts: &[Draft], id: usize) -> Vec<usize> {
    let reads = |draft: &Draft| draft.inputs.iter().flatten().any(|&input| resolve(drafts, input) == Some(id));
    let alive = |other: &usize| !matches!(drafts[*other].kind, Kind::Alias) && reads(&drafts[*other]);
    (id + 1..drafts.len()).filter(alive).collect()
}

/// Joins `affine` to the layer that it follows, if that is linear.
fn after(kind: &mut Kind, affine: &Affine) -> bool {
    let (weight, bias) = match kind {
        Kind::Conv(Conv { weight, bias, .. }) => {
            let one = weight.len() / bias.len();
            for (filter, scale) in weight.chunks_exact_mut(one).zip(&affine.scale) {
                filter.iter_mut().for_each(|value| *value *= scale);
            }
            (None, bias)
        }
        Kind::Dense(Dense { weight, bias, .. }) => (Some(weight), bias),
        _ => return false,
    };
    if let Some(weight) = weight {
        for row in weight.chunks_exact_mut(bias.len()) {
            row.iter_mut().zip(&affine.scale).for_each(|(value, scale)| *value *= scale);
        }
    }
    for (bias, (scale, shift)) in bias.iter_mut().zip(affine.scale.iter().zip(&affine.shift)) {
        *bias = *bias * scale + shift;
    }
    true
}

/// Whether a layer should do `affine` on what it reads: zeros around a map stay zeros only under a map that does not shift.
fn takes_before(kind: &Kind, affine: &Affine) -> bool {
    let sizes = || affine.scale.iter().map(|scale| scale.abs());
    if sizes().fold(0.0, f32::max) > MAX_SPREAD * sizes().fold(f32::INFINITY, f32::min) {
        return false;
    }
    match kind {
        Kind::Conv(conv) => conv.padding == Padding::default() || affine.shift.iter().all(|&shift| shift == 0.0),
        Kind::Dense(_) => true,
        _ => false,
    }
}

/// Joins `affine` to a layer that reads it: `W (s x + t) + b = (W s) x + (b + W t)`, with sums in double precision.
fn before(kind: &mut Kind, affine: &Affine) {
    match kind {
        Kind::Conv(Conv { weight, weight_shape: [_, per_group, height, width], bias, groups, .. }) => {
            let (one, outs) = (*height * *width, bias.len());
            for (out, filter) in weight.chunks_exact_mut(*per_group * one).enumerate() {
                let first = out / (outs / *groups) * *per_group;
                let mut sum = f64::from(bias[out]);
                for (index, kernel) in filter.chunks_exact_mut(one).enumerate() {
                    let (scale, shift) = (affine.scale[first + index], affine.shift[first + index]);
                    sum += f64::from(shift) * kernel.iter().map(|&value| f64::from(value)).sum::<f64>();
                    kernel.iter_mut().for_each(|value| *value *= scale);
                }
                bias[out] = sum as f32;
            }
        }
        Kind::Dense(Dense { weight, bias, .. }) => {
            let mut sums: Vec<f64> = bias.iter().map(|&value| f64::from(value)).collect();
            for (row, (&scale, &shift)) in
                weight.chunks_exact_mut(bias.len()).zip(affine.scale.iter().zip(&affine.shift))
            {
                for (value, sum) in row.iter_mut().zip(&mut sums) {
                    *sum += f64::from(shift) * f64::from(*value);
                    *value *= scale;
                }
            }
            *bias = sums.into_iter().map(|sum| sum as f32).collect();
        }
        _ => {}
    }
}
