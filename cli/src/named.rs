//! Arguments that are a choice among a few.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use convscope::named::Named;

/// A parser of the choices' names, which says in help what each means.
pub(crate) fn named<T: Named>() -> impl TypedValueParser<Value = T> {
    let values = T::CHOICES.iter().map(|choice| PossibleValue::new(choice.name()).help(choice.about()));
    PossibleValuesParser::new(values).try_map(|name| T::named(&name).ok_or_else(|| format!("there is no {name}")))
}
