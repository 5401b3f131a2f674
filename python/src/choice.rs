//! Choices by their names, and numbers within bounds.

use convscope::error::{Error, Result};
use convscope::fault;
use convscope::named::Named;

/// The choice of that name, of a parameter that is called `what`.
pub(crate) fn choice<T: Named>(what: &str, name: Option<&str>) -> Result<Option<T>> {
    let Some(name) = name else { return Ok(None) };
    let wrong = || {
        let known: Vec<&str> = T::CHOICES.iter().map(|choice| choice.name()).collect();
        Error::Request(fault!(
            "python-choice",
            "{what} is {name}, but must be one of {known}",
            what,
            name,
            known = known.join(", ")
        ))
    };
    T::named(name).map(Some).ok_or_else(wrong)
}

/// A share, 0 to 1.
pub(crate) fn share(what: &str, number: Option<f32>) -> Result<Option<f32>> {
    match number {
        Some(number) if !(0.0..=1.0).contains(&number) => Err(Error::Request(fault!(
            "python-share",
            "{what} is {number}, but must be from 0 to 1",
            what,
            number = number.to_string()
        ))),
        number => Ok(number),
    }
}
