//! The weight and bias that affine ops share.

/// The parameter tensors' names: weight, then bias.
pub(super) fn names<'a>(weight: &'a str, bias: Option<&'a str>) -> Vec<&'a str> {
    std::iter::once(weight).chain(bias).collect()
}

/// Refuses a bias that has not one number for each of `out` outputs.
pub(super) fn check_bias(parameters: &[Vec<usize>], out: usize) -> Result<(), String> {
    match parameters.get(1) {
        Some(bias) if bias[..] != [out] => Err(format!("has a bias of shape {bias:?} for {out} outputs")),
        _ => Ok(()),
    }
}
