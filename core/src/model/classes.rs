//! Classes by what people call them.

use super::Manifest;
use crate::error::{Error, Result};
use crate::fault;

/// Word for the likeliest class of an image.
const TOP: &str = "top1";

impl Manifest {
    /// The class that `text` means: none where it is `top1`, the likeliest of an image; an index, or a name (case, `_` and spaces do
    /// not matter). `index:3` is the index alone, and `name:3` the name, where a class is called by a number.
    ///
    /// # Errors
    /// [`Error::Request`] saying which classes there are, or which of them could be meant.
    pub fn class(&self, text: &str) -> Result<Option<usize>> {
        let labels = &self.labels;
        if labels.is_empty() {
            return Err(self.no_classifier());
        }
        if text == TOP {
            return Ok(None);
        }
        let index = |text: &str| text.parse().ok().filter(|&index: &usize| index < labels.len());
        let (index, named) = match (text.strip_prefix("index:"), text.strip_prefix("name:")) {
            (Some(number), _) => (index(number), vec![]),
            (_, Some(name)) => (None, self.classes_named(name)),
            _ => (index(text), self.classes_named(text)),
        };
        match (index, &named[..]) {
            (Some(index), []) => Ok(Some(index)),
            (Some(index), [named]) if index == *named => Ok(Some(index)),
            (None, [named]) => Ok(Some(*named)),
            (None, []) => Err(self.no_class(text)),
            (index, named) => Err(self.which_class(text, index, named)),
        }
    }

    /// The classes of that name.
    fn classes_named(&self, name: &str) -> Vec<usize> {
        let plain = |name: &str| name.to_lowercase().replace('_', " ");
        let labels = self.labels.iter().enumerate();
        labels.filter(|(_, label)| plain(label) == plain(name)).map(|(index, _)| index).collect()
    }

    /// Fault that several classes could be meant, and how to say which.
    fn which_class(&self, text: &str, index: Option<usize>, named: &[usize]) -> Error {
        let Self { id, labels, .. } = self;
        let ways = || named.iter().map(|&index| format!("index:{index} ({})", labels[index])).collect::<Vec<_>>();
        Error::Request(match index {
            Some(index) => fault!(
                "class-index-or-name",
                "in the model {model}, {text} is the index of {class} and the name of another; say index:{text} or name:{text}",
                model = id,
                text,
                class = labels[index]
            ),
            None => fault!(
                "class-name-of-several",
                "in the model {model}, {text} is the name of {count} classes; say {ways}",
                model = id,
                text,
                count = named.len(),
                ways = ways().join(" or ")
            ),
        })
    }

    fn no_class(&self, text: &str) -> Error {
        let labels = &self.labels;
        let wanted = text.trim_start_matches("name:").to_lowercase();
        let near: Vec<&str> =
            labels.iter().filter(|label| label.to_lowercase().contains(&wanted)).take(5).map(String::as_str).collect();
        let (model, last, example) = (&self.id, labels.len() - 1, &labels[0]);
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

    /// The error of a request for a class where the model has none.
    pub fn no_classifier(&self) -> Error {
        Error::Request(fault!(
            "no-classifier",
            "the model {model} has no classifier, so there is no class to explain; choose another model, or look at its activations",
            model = self.id
        ))
    }
}
