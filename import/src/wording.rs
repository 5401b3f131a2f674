//! Lists of names in sentences for people: short ones, and the one that was probably meant. They are arguments of faults, so that no word
//! of any language stands in them.

use std::fmt::Display;

use convscope_core::error::Fault;
use convscope_core::fault;

/// Likeness of two names, 0 to 1, from which on one is offered in place of the other.
const ALIKE: f64 = 0.7;

/// The first `most` names, and how many more there are: `a, b, .. (+2)`.
pub(crate) fn few(names: impl IntoIterator<Item: Display>, most: usize) -> String {
    let mut names = names.into_iter();
    let shown: Vec<String> = names.by_ref().take(most).map(|name| name.to_string()).collect();
    match (shown.is_empty(), names.count()) {
        (true, _) => "-".into(),
        (false, 0) => shown.join(", "),
        (false, more) => format!("{}, .. (+{more})", shown.join(", ")),
    }
}

/// The name most like `wanted`, if one is like it.
pub(crate) fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // What is a weight to PyTorch is a kernel to Keras.
    let plain = |name: &str| name.replace("kernel", "weight");
    let wanted = plain(wanted);
    let likeness = |name: &'a str| (strsim::jaro_winkler(&wanted, &plain(name)), name);
    let best = names.into_iter().map(likeness).max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|&(likeness, _)| likeness >= ALIKE).map(|(_, name)| name)
}

/// Part of a sentence behind a name that is not there: the nearest one that is, or nothing.
pub(crate) fn nearest_is(nearest: Option<&str>) -> Fault {
    match nearest {
        Some(near) => fault!("nearest-is", " (the nearest is {near})", near),
        None => fault!("nearest-is-nothing", ""),
    }
}

/// A name that is not there, with the nearest one that is: `a (b?)`.
pub(crate) fn beside(name: String, nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("{name} ({nearest}?)"),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_and_counted() {
        assert_eq!(few(["a", "b"], 2), "a, b");
        assert_eq!(few(["a", "b", "c", "d"], 2), "a, b, .. (+2)");
        assert_eq!(few([""; 0], 2), "-");
    }

    #[test]
    fn the_nearest_name_is_offered_if_there_is_one() {
        let names = ["conv1/kernel", "conv1/bias", "fc/kernel"];
        assert_eq!(nearest("conv1/kernle", names), Some("conv1/kernel"));
        assert_eq!(nearest("fc/weight", names), Some("fc/kernel"));
        assert_eq!(nearest("zzz", names), None);
        assert_eq!(beside("a".into(), Some("b")), "a (b?)");
        assert_eq!(beside("a".into(), None), "a");
    }
}
