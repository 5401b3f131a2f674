//! Classes by what people call them.

use super::Manifest;
use crate::error::{Error, Fault, Result};
use crate::fault;
use crate::target::{Expression, Place, no_top};

/// Word for the likeliest classes of an image, before their place.
const TOP: &str = "top";

/// The outputs of a model, by what people call them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outputs<'a> {
    /// The model's id.
    pub model: &'a str,
    /// The classes' names, by index; none where the model has no classifier.
    pub labels: &'a [String],
    /// Index of the class that is the network's own first output: 1 where a network's one logit makes two classes, else 0.
    pub first: usize,
}

impl Outputs<'_> {
    /// The target that `text` means: a class, or a sum of classes as [`Expression`] has it. A class is an index, a name (case, `_` and
    /// spaces do not matter) or `topK`, the likeliest classes of an image. `index:3` is the index alone, and `name:3` the name, where a
    /// class is called by a number; `output 0` is the network's first output. A text that as a whole is a class's name means that class.
    ///
    /// # Errors
    /// [`Error::Request`] saying which classes there are, or which of them could be meant.
    pub fn target(&self, text: &str) -> Result<Expression> {
        if self.labels.is_empty() {
            return Err(Error::Request(no_classifier(self.model)));
        }
        let text = text.trim();
        let is_name = !self.classes_named(text.strip_prefix("name:").unwrap_or(text)).is_empty();
        if is_name {
            // Its signs, if there are any, are part of the name.
            return self.class(text).map(Expression::from);
        }
        Expression::parse(text, |word| self.class(word))
    }

    /// The class that a word means.
    fn class(&self, text: &str) -> Result<Place> {
        let labels = self.labels;
        if let Some(rank) = text.strip_prefix(TOP).and_then(|rank| rank.parse().ok()) {
            if (1..=labels.len()).contains(&rank) {
                return Ok(Place::Top(rank));
            }
            return Err(no_top(rank, labels.len()));
        }
        let index = |text: &str| text.parse().ok().filter(|&index: &usize| index < labels.len());
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let (index, named) = match (text.strip_prefix("index:"), quoted.or(text.strip_prefix("name:"))) {
            (Some(number), _) => (index(number), vec![]),
            (_, Some(name)) => (None, self.classes_named(name)),
            _ => (index(text).or_else(|| self.output(text)), self.classes_named(text)),
        };
        match (index, &named[..]) {
            (Some(index), []) => Ok(Place::Index(index)),
            (Some(index), [named]) if index == *named => Ok(Place::Index(index)),
            (None, [named]) => Ok(Place::Index(*named)),
            (None, []) => Err(self.no_class(text)),
            (index, named) => Err(self.which_class(text, index, named)),
        }
    }

    /// The class that is the network's own output of that number, written `output 0`.
    fn output(&self, text: &str) -> Option<usize> {
        let number: usize = text.strip_prefix("output ")?.trim().parse().ok()?;
        let index = number.checked_add(self.first)?;
        (index < self.labels.len()).then_some(index)
    }

    /// The classes of that name.
    fn classes_named(&self, name: &str) -> Vec<usize> {
        let plain = |name: &str| name.to_lowercase().replace('_', " ");
        let labels = self.labels.iter().enumerate();
        labels.filter(|(_, label)| plain(label) == plain(name)).map(|(index, _)| index).collect()
    }

    /// Fault that several classes could be meant, and how to say which.
    fn which_class(&self, text: &str, index: Option<usize>, named: &[usize]) -> Error {
        let Self { model, labels, .. } = self;
        let ways = || named.iter().map(|&index| format!("index:{index} ({})", labels[index])).collect::<Vec<_>>();
        Error::Request(match index {
            Some(index) => fault!(
                "class-index-or-name",
                "in the model {model}, {text} is the index of {class} and the name of another; say index:{text} or name:{text}",
                model,
                text,
                class = labels[index]
            ),
            None => fault!(
                "class-name-of-several",
                "in the model {model}, {text} is the name of {count} classes; say {ways}",
                model,
                text,
                count = named.len(),
                ways = ways().join(" or ")
            ),
        })
    }

    /// The sum that a text probably means whose sign does not stand between two spaces.
    fn spaced(&self, text: &str) -> Option<String> {
        let known = |word: &str| {
            let word = word.rsplit('*').next().unwrap_or(word).trim();
            let number = word.strip_prefix(TOP).unwrap_or(word).parse().ok();
            number.is_some_and(|number: usize| number <= self.labels.len()) || !self.classes_named(word).is_empty()
        };
        text.match_indices(['-', '+']).find_map(|(at, sign)| {
            let (left, right) = (text[..at].trim(), text[at + 1..].trim());
            (known(left) && known(right)).then(|| format!("{left} {sign} {right}"))
        })
    }

    fn no_class(&self, text: &str) -> Error {
        let labels = self.labels;
        if let Some(sum) = self.spaced(text) {
            return Error::Request(fault!(
                "class-sign-spaces",
                "the model {model} has no class {class}; a sign of a sum stands between two spaces, as in {sum}",
                model = self.model,
                class = text,
                sum
            ));
        }
        let wanted = text.trim_start_matches("name:").to_lowercase();
        let near: Vec<&str> =
            labels.iter().filter(|label| label.to_lowercase().contains(&wanted)).take(5).map(String::as_str).collect();
        let (model, last, example) =
            (self.model, labels.len().saturating_sub(1), labels.first().map_or("", String::as_str));
        Error::Request(if near.is_empty() {
            fault!(
                "class-unknown",
                "the model {model} has no class {class}; give an index from 0 to {last}, a name such as {example}, or top1",
                model,
                class = text,
                last,
                example
            )
        } else {
            fault!(
                "class-unknown-near",
                "the model {model} has no class {class}; give an index from 0 to {last}, a name such as {example}, or top1; near to it: {near}",
                model,
                class = text,
                last,
                example,
                near = near.join(", ")
            )
        })
    }
}

impl Manifest {
    /// The outputs, by what people call them.
    pub fn outputs(&self) -> Outputs<'_> {
        Outputs { model: &self.id, labels: &self.labels, first: usize::from(self.is_one_logit()) }
    }

    /// The target that `text` means; see [`Outputs::target`].
    ///
    /// # Errors
    /// [`Error::Request`] saying which classes there are, or which of them could be meant.
    pub fn target(&self, text: &str) -> Result<Expression> {
        self.outputs().target(text)
    }

    /// The error of a request for a class where the model has none.
    pub fn no_classifier(&self) -> Error {
        Error::Request(no_classifier(&self.id))
    }
}

/// The fault of a request for a class where the model has none.
pub(crate) fn no_classifier(model: &str) -> Fault {
    fault!(
        "no-classifier",
        "the model {model} has no classifier, so there is no class to explain; choose another model, or look at its activations",
        model
    )
}
