//! The weight and bias that affine ops share.

use crate::error::Fault;
use crate::fault;

/// The parameter tensors' names: weight, then bias.
pub(super) fn names<'a>(weight: &'a str, bias: Option<&'a str>) -> Vec<&'a str> {
    std::iter::once(weight).chain(bias).collect()
}

/// The shape of the weight.
pub(super) fn weight(parameters: &[Vec<usize>]) -> Result<&[usize], Fault> {
    let weight = parameters.first().ok_or(fault!("weight-none", "has no weight"))?;
    Ok(weight)
}

/// Refuses a bias that has not one number for each of `out` outputs.
pub(super) fn check_bias(parameters: &[Vec<usize>], out: usize) -> Result<(), Fault> {
    match parameters.get(1) {
        Some(bias) if bias[..] != [out] => Err(fault!(
            "bias-shape",
            "has a bias of shape {bias} for {out} outputs",
            bias = format_args!("{bias:?}"),
            out
        )),
        _ => Ok(()),
    }
}
