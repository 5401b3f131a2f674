//! Arguments that are a choice among a few.

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use convscope::named::Named;

/// A parser of the choices' names, which says in help what each means.
pub(crate) fn named<T: Named>() -> impl TypedValueParser<Value = T> {
    let values = T::CHOICES.iter().map(|choice| PossibleValue::new(choice.name()).help(choice.about()));
    PossibleValuesParser::new(values).try_map(|name| T::named(&name).ok_or_else(|| format!("there is no {name}")))
}

/// Names that help lists and that the engine judges, whose sentence says what is possible with the rest of what is asked.
#[derive(Clone)]
pub(crate) struct Known(Vec<PossibleValue>);

impl Known {
    /// Names, each with what help says of it.
    pub(crate) fn new(names: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        Self(names.into_iter().map(|(name, about)| PossibleValue::new(name).help(about)).collect())
    }
}

impl TypedValueParser for Known {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().cloned()))
    }
}
