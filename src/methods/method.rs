//! Methods, and finding one by its name.

use std::any::Any;
use std::pin::Pin;

use super::methods;
use crate::card::Card;
use crate::error::{Error, Fault, Result};
use crate::fault;
use crate::measurement::Measurement;
use crate::named::did_you_mean;
use crate::run::Run;

/// Running method.
pub type Work<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// Part of a metric in the evidence whether a map can be believed ([`trust`](crate::trust::trust)).
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    /// Steps to take, where it has some; few, since a person waits.
    pub steps: Option<i64>,
    /// Whether the method whose map is measured runs again at each step.
    pub runs_again: bool,
    /// Sentence of the verdict, made of the measurement.
    pub says: fn(&Measurement) -> Option<Fault>,
}

/// Method that can be run, in the registry or not.
pub trait Explain: Any + Sync {
    /// Card of the method.
    fn card(&self) -> &Card;

    /// Its part in the evidence whether a map can be believed; none of a method that measures nothing, or takes too long for a person
    /// who waits.
    fn evidence(&self) -> Option<&Evidence> {
        None
    }

    /// Runs it. What it gives is emitted through `run`.
    fn run<'a>(&'a self, run: Run<'a>) -> Work<'a>;
}

/// Method made of a card and a function.
pub struct Method {
    /// Card of the method.
    pub card: Card,
    /// The function, boxed: `|run| Box::pin(name(run))`.
    pub run: for<'a> fn(Run<'a>) -> Work<'a>,
}

impl Explain for Method {
    fn card(&self) -> &Card {
        &self.card
    }

    fn run<'a>(&'a self, run: Run<'a>) -> Work<'a> {
        (self.run)(run)
    }
}

impl std::fmt::Debug for dyn Explain + '_ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Method").field(&self.card().id).finish()
    }
}

/// The method of that name.
///
/// # Errors
/// [`Error::Request`] naming the nearest, and those there are.
pub fn method(id: &str) -> Result<&'static dyn Explain> {
    methods().find(|method| method.card().id == id).ok_or_else(|| {
        let names: Vec<&str> = methods().map(|method| method.card().id.as_ref()).collect();
        let known = names.join(", ");
        Error::Request(fault!(
            "method-unknown",
            "there is no method {method}{near}; choose one of {known}",
            @near = did_you_mean(id, &names),
            method = id,
            known
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::Convention;

    #[test]
    fn method_names_are_unique_and_unknown_ones_are_refused() {
        for one in methods() {
            let card = one.card();
            assert_eq!(methods().filter(|other| other.card().id == card.id).count(), 1);
            assert_eq!(method(&card.id).unwrap().card().title, card.title);
        }
        let error = method("grad-cam").unwrap_err().to_string();
        assert!(error.contains("did you mean grad_cam?"), "{error}");
        let error = method("tea_leaves").unwrap_err().to_string();
        assert!(error.contains("one of grad_cam") && !error.contains("did you mean"), "{error}");
    }

    #[test]
    fn cards_are_whole() {
        for card in methods().map(|method| method.card()) {
            assert!(card.paper.url.starts_with("https://") && !card.paper.cite.is_empty(), "{}", card.id);
            assert!(card.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{}", card.id);
            for sentence in [&card.shows, &card.limits] {
                assert!(sentence.ends_with('.') && sentence.len() > 20, "{}: {sentence}", card.id);
            }
            assert!(!card.conventions.is_empty() && !card.command.is_empty(), "{}", card.id);
            for variant in card.conventions.iter() {
                assert_eq!(Convention::named(&variant.name).unwrap().name, variant.name, "{}", card.id);
                assert!(variant.defaults.iter().all(|(id, _)| card.param(id).is_some()), "{}", card.id);
            }
            for param in card.params.iter() {
                for (variant, quick) in card.conventions.iter().flat_map(|variant| [(variant, false), (variant, true)])
                {
                    let value = card.default(param, &variant.name, quick);
                    assert_eq!(param.check(&value), Ok(()), "{}", card.id);
                }
                assert!(!param.help.is_empty() && !param.help.ends_with('.'), "{}: {}", card.id, param.id);
            }
        }
    }
}
