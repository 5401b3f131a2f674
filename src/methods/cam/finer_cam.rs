//! Finer-CAM: Zhang et al. 2025, <https://arxiv.org/abs/2501.11309>: Grad-CAM of what tells a class from those most like it.
//!
//! The `n` classes `d` whose logits are nearest to `y_c` are weighed by their probabilities among themselves, `w_d = p_d / sum p`, and
//! explained is `sum_d w_d (y_c - alpha y_d)`, as in the authors' code in pytorch-grad-cam (`FinerWeightedTarget`). The weights depend on
//! the logits too, `dw_i / dy_d = w_i (1[i = d] - w_d)`, so that the gradient by the logits is
//!
//! - 1 for `c`, and
//! - `w_d (g_d - sum_i w_i g_i - alpha)` for each `d`, with `g_d = y_c - alpha y_d`:
//!
//! a weighted sum of classes, which one backward pass explains.

use super::grad_cam;
use crate::card;
use crate::card::{Asks, Gives, Variant};
use crate::error::{Error, Result};
use crate::explain::{Score, softmax};
use crate::fault;
use crate::methods::Method;
use crate::methods::layers::emit_maps;
use crate::param::Param;
use crate::predictions::Class;
use crate::run::Run;
use crate::target::Target;

const ALPHA: Param = Param::float(
    "alpha",
    "Contrast",
    "How much of the other classes' logits is taken from the class's own",
    0.0,
    10.0,
    1.0,
);
const COUNT: Param =
    Param::int("similar", "Similar classes", "How many classes with the nearest logits are compared with", 1, 100, 3);

/// Finer-CAM.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "finer_cam",
        title: "Finer-CAM",
        family: Cam,
        paper: ("Zhang et al. 2025", "https://arxiv.org/abs/2501.11309"),
        shows: "Finer-CAM is the Grad-CAM of what tells the class from those whose scores are nearest to its own: bright places \
                hold what speaks for it and not as much for them.",
        limits: "It depends on which classes the network happens to find similar in this image, and what all of them share is left \
                 out, however much the class depends on it.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::LayerMap { signed: true },
        params: [ALPHA, COUNT],
        conventions: LOGITS,
    },
    run: |run| Box::pin(finer_cam(run)),
};

/// Contrasts of probabilities are another method.
const LOGITS: &[Variant] = &[Variant::new("paper", "as in the paper: a contrast of logits")];

async fn finer_cam(run: Run<'_>) -> Result<()> {
    let seen = run.observation()?;
    let target = contrast(run.class()?, seen.classes(), run.float(&ALPHA), run.int(&COUNT))?;
    let layers = run.layers()?;
    emit_maps(&run, async |layer| {
        let gradients = seen.gradients(&target, Score::Logit, layer, &layers)?;
        Ok(grad_cam::METHOD.of(run.features(layer)?, gradients, &run.request().convention))
    })
    .await
}

/// The gradient, by the logits, of a class's contrast with the `count` of `classes` whose logits are nearest to its own.
///
/// # Errors
/// [`Error::Request`] where there is no other class.
fn contrast(class: usize, classes: &[Class], alpha: f64, count: usize) -> Result<Target> {
    let logit = |class: &Class| f64::from(class.logit);
    let own = classes.iter().find(|one| one.index == class).map_or(f64::NAN, logit);
    let mut near: Vec<&Class> = classes.iter().filter(|one| one.index != class).collect();
    // The first of equals, as a stable order of all classes by index has it.
    let far = |one: &Class| (logit(one) - own).abs();
    near.sort_by(|one, other| far(one).total_cmp(&far(other)).then(one.index.cmp(&other.index)));
    near.truncate(count);
    if near.is_empty() {
        return Err(Error::Request(fault!(
            "finer-cam-one-output",
            "the network has one output, so there is no other class to tell it from; use grad_cam"
        )));
    }
    let weights = softmax(&near.iter().map(|one| one.logit).collect::<Vec<_>>());
    let weighed = || near.iter().zip(&weights);
    let gain = |one: &Class| own - alpha * logit(one);
    let mean: f64 = weighed().map(|(one, weight)| weight * gain(one)).sum();
    let others = weighed().map(|(one, weight)| (one.index, (weight * (gain(one) - mean - alpha)) as f32));
    Target::new(std::iter::once((class, 1.0)).chain(others))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(logits: &[f32]) -> Vec<Class> {
        let class = |(index, &logit): (usize, &f32)| Class { index, name: String::new(), probability: None, logit };
        logits.iter().enumerate().map(class).collect()
    }

    /// What is explained, by the formula as it stands.
    fn explained(logits: &[f64], class: usize, near: &[usize], alpha: f64) -> f64 {
        let total: f64 = logits.iter().map(|logit| logit.exp()).sum();
        let share = |index: &usize| logits[*index].exp() / total;
        let sum: f64 = near.iter().map(share).sum();
        near.iter().map(|index| share(index) / sum * (logits[class] - alpha * logits[*index])).sum()
    }

    #[test]
    fn its_weights_are_the_gradient_of_the_formula() {
        let logits = [1.5_f32, -0.5, 1.0, 2.25, 0.0, 9.0];
        for (class, count, near) in
            [(0, 3, vec![2, 3, 4]), (3, 2, vec![0, 2]), (5, 1, vec![3]), (1, 9, vec![4, 2, 0, 3, 5])]
        {
            for alpha in [0.0, 0.6, 1.0, 2.5] {
                let target = contrast(class, &classes(&logits), alpha, count).unwrap();
                let weights = target.weights(6).unwrap();
                for at in 0..6 {
                    let moved = |by: f64| {
                        let mut logits = logits.map(f64::from);
                        logits[at] += by;
                        explained(&logits, class, &near, alpha)
                    };
                    let expected = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                    assert!((f64::from(weights[at]) - expected).abs() < 1e-6, "{class} {alpha} {at}: {weights:?}");
                }
            }
        }
    }

    #[test]
    fn of_classes_as_near_the_first_is_taken_and_two_classes_are_their_difference() {
        // 1 and 2 are both a half away.
        let target = contrast(0, &classes(&[1.0, 1.5, 0.5, 4.0]), 1.0, 1).unwrap();
        assert_eq!(target.to_string(), "0 - 1");
        assert_eq!(contrast(1, &classes(&[3.0, -2.0]), 0.5, 3).unwrap().to_string(), "1 - 0.5 * 0");
        let said = contrast(0, &classes(&[3.0]), 1.0, 3).unwrap_err().to_string();
        assert!(said.contains("no other class"), "{said}");
    }
}
